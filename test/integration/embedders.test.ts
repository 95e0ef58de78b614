// Embedding models in their own process: vectors equal PyTorch's, what was computed is kept, a death or a bad folder is said.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readEmbeddingSetHeader } from '../../core/lib/jql/embedding-set.ts';
import { embedSet } from '../../core/services/embedders/embed-set.ts';
import { EmbeddingCache, textKey } from '../../core/services/embedders/embedding-cache.ts';
import { openOnnxEmbedder } from '../../core/services/embedders/onnx-embedder.ts';
import { openEmbedder } from '../../core/services/embedders/open-embedder.ts';
import { openBuiltinEmbedder } from '../../core/services/embedders/text-embedder.ts';
import { createQualityLab } from '../../core/services/quality/lab.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { openSql, type Sql } from '../support/scored-corpus.ts';
import { mountSmallDisk } from '../support/small-disk.ts';
import { repositoryFolder, type TestFolder, temporaryFolder } from '../support/test-core.ts';
import { ngramFeatures } from '../support/plain-head.ts';

const fixture = join(repositoryFolder, 'test/fixtures/embedder');
const expected = z
  .array(z.object({ text: z.string(), tokens: z.number(), vector: z.array(z.number()) }))
  .parse(JSON.parse(readFileSync(join(fixture, 'expected.json'), 'utf8')));
const texts = expected.map(({ text }) => text);
const WIDTH = 48;

let folder: TestFolder;
let sql: Sql;
let lab: ReturnType<typeof createQualityLab>;
const at = (name: string): string => join(folder.path, name);

beforeAll(async () => {
  ensureChildBuilt('native-onnx', 'native/onnx');
  ensureChildBuilt('native-duckdb', 'native/duckdb');
  folder = await temporaryFolder();
  sql = await openSql();
  lab = createQualityLab({ appFolder: repositoryFolder, stateFolder: at('state'), workspace: () => null });
});

afterAll(async () => {
  await lab.engine.dispose();
  sql[Symbol.dispose]();
  await folder[Symbol.asyncDispose]();
});

const open = (change: Partial<Parameters<typeof openOnnxEmbedder>[0]> = {}) =>
  openOnnxEmbedder({ folder: fixture, appFolder: repositoryFolder, threads: 1, ...change });

/** The largest difference of any component. */
function farthest(vectors: Float32Array, wanted: readonly (readonly number[])[]): number {
  return Math.max(...wanted.flat().map((value, place) => Math.abs(value - (vectors[place] ?? Number.NaN))));
}

function brokenModel(name: string, change: (path: string) => void): string {
  cpSync(fixture, at(name), { recursive: true });
  change(at(name));
  return at(name);
}

describe('a model folder', () => {
  it('gives the vectors PyTorch gives: nine languages, short, long and cut, empty', async () => {
    await using embedder = await open();
    expect(embedder.identity).toMatchObject({ id: 'embedder', dimensions: WIDTH });
    expect(embedder.identity.variant).toMatch(
      /^fp32 cls-l2 max256 onnxruntime-1\.\d+\.\d+ tokenizer-[0-9a-f]{8}$/,
    );
    expect(Math.max(...expected.map(({ tokens }) => tokens))).toBe(256);
    let tokens = 0;
    const together = await embedder.embed(texts, { onPart: (part) => void (tokens += part.tokens) });
    expect(
      farthest(
        together,
        expected.map(({ vector }) => vector),
      ),
    ).toBeLessThan(1e-4);
    expect(tokens).toBe(expected.reduce((sum, own) => sum + own.tokens, 0));
    for (const [index, text] of texts.entries()) {
      const alone = await embedder.embed([text]);
      expect(farthest(alone, [[...together.subarray(index * WIDTH, (index + 1) * WIDTH)]])).toBeLessThan(
        1e-5,
      );
    }
  });

  it('is refused with what it lacks', async () => {
    await expect(open({ folder: at('nowhere') })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(open({ folder: join(fixture, 'config.json') })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    const plain = brokenModel('no-tokenizer', (path) => rmSync(join(path, 'tokenizer.json')));
    await expect(open({ folder: plain })).rejects.toThrow(/no tokenizer\.json/);
    const bare = brokenModel('no-model', (path) => rmSync(join(path, 'onnx'), { recursive: true }));
    await expect(open({ folder: bare })).rejects.toThrow(/no model\.onnx/);
    const cut = brokenModel('cut', (path) => truncateSync(join(path, 'onnx/model.onnx'), 100_000));
    await expect(open({ folder: cut })).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
    const noise = brokenModel('noise', (path) => writeFileSync(join(path, 'tokenizer.json'), '{"model": 3}'));
    await expect(open({ folder: noise })).rejects.toThrow(/tokenizer\.json of noise cannot be used/);
    const list = brokenModel('list', (path) => writeFileSync(join(path, 'config.json'), '[1]'));
    await expect(open({ folder: list })).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
    await expect(open({ variant: 'int8' })).rejects.toMatchObject({ data: { hint: 'It has: fp32' } });
    await expect(open({ maxLength: 4096 })).rejects.toMatchObject({ data: { hint: 'Choose 3 to 256' } });
  });

  it('with other inputs or outputs is refused by their names', async () => {
    const renamed = (from: string, to: string) => (path: string) => {
      const file = join(path, 'onnx/model.onnx');
      const bytes = readFileSync(file).toString('latin1').replaceAll(from, to);
      writeFileSync(file, Buffer.from(bytes, 'latin1'));
    };
    const inputs = brokenModel('inputs', renamed('attention_mask', 'attentive_fork'));
    await expect(open({ folder: inputs })).rejects.toThrow(/asks for input_ids, attentive_fork/);
    const outputs = brokenModel('outputs', renamed('last_hidden_state', 'very_hidden_state'));
    await expect(open({ folder: outputs })).rejects.toThrow(/gives very_hidden_state/);
  });

  it('reads fewer tokens when memory is short, as a variant of its own', async () => {
    await using embedder = await open({ freeMemory: () => 3 * 8 * 2 * 150 ** 2 });
    expect(embedder.identity.variant).toContain(' max128 ');
    expect(embedder.warnings).toEqual([expect.stringContaining('memory for 128 tokens')]);
    await expect(open({ maxLength: 256, freeMemory: () => 1e6 })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      data: { hint: expect.stringContaining('128 tokens') },
    });
  });

  it('is loaded again after its process died, and hears a cancel', async () => {
    let pid = 0;
    await using embedder = await open({ onDeath: () => (pid += 1) });
    const { execFileSync } = await import('node:child_process');
    const child = Number(
      execFileSync('pgrep', ['-P', String(process.pid), '-f', 'native-onnx'], { encoding: 'utf8' })
        .trim()
        .split('\n')
        .at(-1),
    );
    const dying = embedder.embed(texts, { onPart: () => void process.kill(child, 'SIGKILL') });
    await expect(dying).rejects.toMatchObject({ code: 'RUNTIME_DIED' });
    expect(pid).toBe(1);
    const again = await embedder.embed(texts.slice(0, 2));
    expect(
      farthest(
        again,
        expected.slice(0, 2).map(({ vector }) => vector),
      ),
    ).toBeLessThan(1e-4);
    const controller = new AbortController();
    const cancelled = embedder.embed(texts, { signal: controller.signal, onPart: () => controller.abort() });
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
    expect(await embedder.embed(texts.slice(0, 1))).toEqual(again.slice(0, WIDTH));
  });
});

describe('models as they are published in other shapes', () => {
  const shapes = join(repositoryFolder, 'test/fixtures/embedder-variants');
  const vectors = z
    .record(z.string(), z.array(z.array(z.number())))
    .parse(JSON.parse(readFileSync(join(shapes, 'expected.json'), 'utf8')));
  const modelFrom = (name: string, file = 'model.onnx'): string => {
    mkdirSync(at(`shape-${name}/onnx`), { recursive: true });
    cpSync(join(fixture, 'tokenizer.json'), at(`shape-${name}/tokenizer.json`));
    cpSync(join(shapes, 'config.json'), at(`shape-${name}/config.json`));
    cpSync(join(shapes, `${name}.onnx`), at(`shape-${name}/onnx/${file}`));
    return at(`shape-${name}`);
  };

  it('8-bit weights give what onnxruntime gives in Python, whatever else is in the call', async () => {
    const wanted = vectors['int8'] ?? [];
    await using embedder = await open({ folder: modelFrom('int8', 'model_int8.onnx') });
    expect(embedder.identity).toMatchObject({ dimensions: 32 });
    expect(embedder.identity.variant).toMatch(/^int8-x64 |^int8-arm64 /);
    const found = await embedder.embed(texts);
    expect(wanted).toHaveLength(texts.length);
    // 5e-7 apart where the expected values were made (x64); those of full precision are 0.07 away.
    expect(farthest(found, wanted)).toBeLessThan(2e-3);
    for (const index of [0, 3, 11]) {
      const alone = await embedder.embed([texts[index] ?? '']);
      expect([...alone]).toEqual([...found.subarray(32 * index, 32 * (index + 1))]);
    }
  });

  it('an output of one vector a document is taken as it is', async () => {
    await using embedder = await open({ folder: modelFrom('sentence') });
    expect(farthest(await embedder.embed(texts), vectors['sentence'] ?? [])).toBeLessThan(1e-4);
  });

  it('token types are those of a first text', async () => {
    await using embedder = await open({ folder: modelFrom('types') });
    expect(farthest(await embedder.embed(texts), vectors['types'] ?? [])).toBeLessThan(1e-4);
  });

  it('other names of inputs are refused by name', async () => {
    await expect(open({ folder: modelFrom('renamed') })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: 'model.onnx asks for tokens, mask; an encoder asks for input_ids and attention_mask',
    });
  });
});

describe('the cache of embeddings', () => {
  const openCached = (root: string) =>
    openEmbedder({
      choice: { kind: 'model', folder: fixture, variant: null, maxLength: null },
      appFolder: repositoryFolder,
      cacheRoot: root,
      threads: 1,
    });

  it('computes nothing twice, not even after a cancel in the middle', async () => {
    const root = at('resume');
    const many = Array.from({ length: 2000 }, (_, index) => `document number ${index} of many`);
    const controller = new AbortController();
    let parts = 0;
    {
      await using embedder = await openCached(root);
      const stopped = embedder.embed(many, {
        signal: controller.signal,
        onPart: () => void ((parts += 1) === 5 && controller.abort()),
      });
      await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    }
    await using embedder = await openCached(root);
    await using cache = await EmbeddingCache.open(root, embedder.identity);
    const kept = cache.records;
    expect(kept).toBeGreaterThan(50);
    let computed = 0;
    const first = await embedder.embed([...many, many[0] ?? ''], {
      onPart: ({ places, tokens }) => void (computed += tokens > 0 ? places.length : 0),
    });
    // The text that comes twice counts at both places, when it had to be computed.
    expect([2000 - kept, 2001 - kept]).toContain(computed);
    let tokens = 0;
    const second = await embedder.embed(many, { onPart: (part) => void (tokens += part.tokens) });
    expect(tokens).toBe(0);
    expect(second).toEqual(first.subarray(0, 2000 * WIDTH));
    await using plain = await open();
    const fresh = await plain.embed(many.slice(0, 300));
    expect(farthest(second, [[...fresh]])).toBeLessThan(1e-5);
  });

  it('cuts a torn end off, and computes again what is damaged', async () => {
    const root = at('torn');
    const identity = { id: 'x', variant: 'v', dimensions: 3, sha256: null };
    const key = (index: number) => textKey(`text ${index}`);
    const keys = Array.from({ length: 100 }, (_, index) => key(index));
    const vectors = Float32Array.from({ length: 300 }, (_, index) => index / 7);
    let place = '';
    {
      await using cache = await EmbeddingCache.open(root, identity);
      await cache.append(keys, vectors);
      place = cache.folder;
    }
    const read = async (wanted: readonly number[]) => {
      await using cache = await EmbeddingCache.open(root, identity);
      const target = new Float32Array(wanted.length * 3);
      return { missing: await cache.read(wanted.map(key), target), target, records: cache.records };
    };
    truncateSync(join(place, 'vectors.bin'), 99 * 12 + 5);
    expect(await read([98, 99])).toMatchObject({ missing: [1], records: 99 });
    truncateSync(join(place, 'keys.bin'), 97 * 24 + 1);
    expect(await read([96, 97])).toMatchObject({ missing: [1], records: 97 });
    // As after a power failure: sizes are there, contents are not.
    const bytes = readFileSync(join(place, 'vectors.bin'));
    bytes.fill(0, 90 * 12);
    writeFileSync(join(place, 'vectors.bin'), bytes);
    expect(await read([89, 90])).toMatchObject({ missing: [1], records: 90 });
    bytes[12] = (bytes[12] ?? 0) ^ 0xff;
    writeFileSync(join(place, 'vectors.bin'), bytes.subarray(0, 90 * 12));
    expect(await read([0, 1, 2])).toMatchObject({
      missing: [1],
      target: Float32Array.of(...vectors.subarray(0, 3), 0, 0, 0, ...vectors.subarray(6, 9)),
    });
    {
      await using cache = await EmbeddingCache.open(root, identity);
      await cache.append([key(1), key(200)], Float32Array.of(1, 2, 3, 4, 5, 6));
    }
    expect(await read([1, 200, 0])).toMatchObject({
      missing: [],
      records: 92,
      target: Float32Array.of(1, 2, 3, 4, 5, 6, ...vectors.subarray(0, 3)),
    });
    writeFileSync(join(place, 'keys.bin'), 'not a cache');
    expect(await read([0])).toMatchObject({ missing: [0], records: 0 });
  });

  it('is shared by two who append at once', async () => {
    const root = at('shared');
    const identity = { id: 'x', variant: 'v', dimensions: 2, sha256: null };
    await using one = await EmbeddingCache.open(root, identity);
    await using two = await EmbeddingCache.open(root, identity);
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? one : two).append([textKey(`${index}`)], Float32Array.of(index, -index)),
      ),
    );
    await using cache = await EmbeddingCache.open(root, identity);
    const target = new Float32Array(40);
    expect(
      await cache.read(
        Array.from({ length: 20 }, (_, index) => textKey(`${index}`)),
        target,
      ),
    ).toEqual([]);
    expect([...target]).toEqual(
      Array.from({ length: 40 }, (_, place) => (place % 2 === 0 ? place / 2 : -(place - 1) / 2)),
    );
  });

  it('says that the disk is full and stays valid', async (test) => {
    using disk = mountSmallDisk(at('small'), 96 * 1024);
    if (!disk) return test.skip('no permission to mount');
    const identity = { id: 'x', variant: 'v', dimensions: 1000, sha256: null };
    await using cache = await EmbeddingCache.open(at('small'), identity);
    await cache.append([textKey('first')], new Float32Array(1000).fill(0.5));
    const many = Array.from({ length: 60 }, (_, index) => textKey(`${index}`));
    await expect(cache.append(many, new Float32Array(60_000))).rejects.toMatchObject({ code: 'DISK_FULL' });
    await using again = await EmbeddingCache.open(at('small'), identity);
    const target = new Float32Array(1000);
    expect([again.records, await again.read([textKey('first')], target), target[999]]).toEqual([1, [], 0.5]);
  });
});

describe('an embedding set', () => {
  const request = (change: Partial<Parameters<typeof embedSet>[0]>): Parameters<typeof embedSet>[0] => ({
    path: at('labelled.parquet'),
    labelColumn: 'rating',
    textColumn: null,
    idColumn: null,
    languageColumn: null,
    output: at('set.safetensors'),
    overwrite: true,
    embedder: openBuiltinEmbedder(16),
    engine: lab.engine,
    library: lab.library,
    nameOf: (path) => path,
    ...change,
  });

  beforeAll(async () => {
    await sql.run(`COPY (SELECT * FROM (VALUES
      ('d1', 'Ein Text über Gletscher', 'deu', 4.0), ('d1', 'A text about glaciers', 'eng', 4.5), ('d2', NULL, 'eng', 2.0),
      ('d3', '  ', 'eng', 1.0), ('d4', 'no label here', 'eng', NULL), ('d5', 'not a number', 'eng', 'nan'::DOUBLE),
      ('d6', 'Buy now', 'eng', 0.0)) AS t(id, text, language, rating)) TO '${at('labelled.parquet')}'`);
  });

  function readSet(path: string) {
    const bytes = new Uint8Array(readFileSync(path));
    const { facts, ...ranges } = readEmbeddingSetHeader(bytes);
    const part = ({ offset, sizeBytes }: { offset: number; sizeBytes: number }) =>
      bytes.slice(offset, offset + sizeBytes).buffer;
    return {
      facts,
      labels: [...new Float32Array(part(ranges.labels))],
      documents: [...new Uint32Array(part(ranges.documents))],
      languages: [...new Uint16Array(part(ranges.languages))],
      embeddings: new Float32Array(part(ranges.embeddings)),
      size: bytes.length - (ranges.languages.offset + ranges.languages.sizeBytes),
    };
  }

  it('holds vector, label, document and language of every labelled text', async () => {
    const made = await embedSet(request({}));
    expect(made).toMatchObject({ documents: 3, leftOut: 4, distinctDocuments: 2, languages: ['deu', 'eng'] });
    const set = readSet(made.output);
    expect(set).toMatchObject({ labels: [4, 4.5, 0], documents: [0, 0, 1], languages: [0, 1, 1], size: 0 });
    expect(set.facts).toMatchObject({
      documents: 3,
      labelColumn: 'rating',
      source: 'labelled.parquet',
      embedder: { id: 'hashed-ngrams', dimensions: 16 },
    });
    const wanted = ['Ein Text über Gletscher', 'A text about glaciers', 'Buy now'].flatMap((text) => [
      ...ngramFeatures(text, 16),
    ]);
    expect([...set.embeddings]).toEqual(wanted);
  });

  it('comes from a model as well', async () => {
    await using embedder = await open();
    const set = readSet((await embedSet(request({ embedder }))).output);
    const wanted = await embedder.embed(['Ein Text über Gletscher', 'A text about glaciers', 'Buy now']);
    expect(farthest(set.embeddings, [[...wanted]])).toBeLessThan(1e-5);
    expect(set.facts.embedder).toEqual(embedder.identity);
  });

  it('leaves what was there when it cannot be made', async () => {
    mkdirSync(at('kept'));
    const output = at('kept/set.safetensors');
    writeFileSync(output, 'old');
    const refused = async (change: Partial<Parameters<typeof embedSet>[0]>, code: string) => {
      await expect(embedSet(request({ output, ...change }))).rejects.toMatchObject({ code });
      expect(readFileSync(output, 'utf8')).toBe('old');
    };
    await refused({ labelColumn: 'text' }, 'INVALID_INPUT');
    await refused({ labelColumn: 'none' }, 'INVALID_INPUT');
    await refused({ textColumn: 'rating' }, 'INVALID_INPUT');
    await refused({ overwrite: false }, 'ALREADY_EXISTS');
    await refused({ path: at('nowhere.parquet') }, 'ENOENT');
    await expect(embedSet(request({ output, signal: AbortSignal.abort() }))).rejects.toThrow(
      /cancelled|aborted/i,
    );
    await refused({ output: at('set.bin') }, 'INVALID_INPUT');
  });

  it('says that the disk is full while it is written, and leaves the set that was there', async (test) => {
    using disk = mountSmallDisk(at('full'), 32 * 1024);
    if (!disk) return test.skip('no permission to mount');
    const output = at('full/set.safetensors');
    writeFileSync(output, 'old');
    const embedder = openBuiltinEmbedder(4096);
    await expect(embedSet(request({ output, embedder }))).rejects.toMatchObject({ code: 'DISK_FULL' });
    expect(readFileSync(output, 'utf8')).toBe('old');
    expect(readdirSync(at('full'))).toEqual(['set.safetensors']);
  });
});
