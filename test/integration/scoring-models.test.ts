// Scoring over an embedding model: scores are the heads of PyTorch's vectors, a killed run goes on where it was, and scores of two
// variants never share a threshold.
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { encodeHead } from '../../core/lib/jql/head-file.ts';
import { type Head, randomHead, scoreDocuments } from '../../core/lib/jql/head.ts';
import { seededRandom } from '../../core/lib/jql/random.ts';
import { scoreCard } from '../../core/lib/quality/score-card.ts';
import { createHeadScorer } from '../../core/services/scoring/head-scorer.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { openSql, type Sql } from '../support/scored-corpus.ts';
import { slowChildren } from '../support/slow-child.ts';
import {
  repositoryFolder,
  startTestCore,
  type TestFolder,
  temporaryFolder,
  waitFor,
} from '../support/test-core.ts';

const fixture = join(repositoryFolder, 'test/fixtures/embedder');
const expected = z
  .array(z.object({ text: z.string(), vector: z.array(z.number()) }))
  .parse(JSON.parse(readFileSync(join(fixture, 'expected.json'), 'utf8')));
const command = join(repositoryFolder, 'out/main/nesso.js');
const small = randomHead(48, 16, seededRandom(1));
/** Large enough for the native product. */
const large = randomHead(48, 4000, seededRandom(2));

let folder: TestFolder;
let sql: Sql;
const at = (name: string): string => join(folder.path, name);

function nesso(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, 'quality', ...words, '--json'], {
    encoding: 'utf8',
    cwd: folder.path,
    env: { ...process.env, NESSO_STATE_FOLDER: at('state') },
  });
  return { status, stderr, json: (): unknown => JSON.parse(stdout) };
}

beforeAll(async () => {
  ensureChildBuilt('nesso', 'cli');
  ensureChildBuilt('native-onnx', 'native/onnx');
  ensureChildBuilt('native-duckdb', 'native/duckdb');
  folder = await temporaryFolder();
  sql = await openSql();
  writeFileSync(at('studio.yaml'), 'name: test\n');
  const lines = expected.map(({ text }, id) => JSON.stringify({ id, text, language: 'deu_Latn' }));
  writeFileSync(at('texts.jsonl'), `${lines.join('\n')}\n`);
  writeFileSync(at('small.safetensors'), encodeHead(small));
  writeFileSync(at('large.safetensors'), encodeHead(large));
});

afterAll(async () => {
  sql[Symbol.dispose]();
  await folder[Symbol.asyncDispose]();
});

describe('scoring over a model', () => {
  it('gives what the heads give on the vectors PyTorch made', async () => {
    const heads = 'a=small.safetensors,b=large.safetensors';
    const result = nesso(
      'score',
      'texts.jsonl',
      '--embedder',
      fixture,
      '--heads',
      heads,
      '-o',
      'out.parquet',
    );
    expect(result.stderr).toBe('');
    expect(result.json()).toMatchObject({
      documents: expected.length,
      // Empty and blank texts have no score.
      scoredDocuments: expected.length - 2,
      embedder: { id: 'embedder', variant: expect.stringMatching(/^fp32 cls-l2 max256 /) as string },
    });
    const rows = await sql.rows(`SELECT text, score_a, score_b FROM '${at('out.parquet')}'`);
    for (const [index, { text, vector }] of expected.entries()) {
      const score = (head: Head) => scoreDocuments(head, Float32Array.from(vector))[0] ?? Number.NaN;
      const [shown, a, b] = rows[index] ?? [];
      expect(shown).toBe(text);
      if (text.trim() === '') expect([a, b]).toEqual([null, null]);
      else {
        expect(Number(a)).toBeCloseTo(score(small), 4);
        expect(Number(b)).toBeCloseTo(score(large), 4);
      }
    }
    const card = scoreCard.parse(JSON.parse(readFileSync(at('out.scores.json'), 'utf8')));
    const hash = spawnSync('sha256sum', [join(fixture, 'onnx/model.onnx')], {
      encoding: 'utf8',
    }).stdout.slice(0, 64);
    expect(card.columns[0]?.embedder).toMatchObject({ id: 'embedder', dimensions: 48, sha256: hash });
  });

  it('computes heads natively as plain loops do, many at once', async () => {
    const random = seededRandom(5);
    const vectors = Float32Array.from({ length: 5000 * 48 }, () => random() - 0.5);
    const heads = [large, small, large];
    await using scorer = createHeadScorer(heads, repositoryFolder);
    const scores = await scorer.score(vectors);
    const wanted = heads.flatMap((head) => [...scoreDocuments(head, vectors)]);
    const farthest = wanted.reduce(
      (most, value, place) => Math.max(most, Math.abs(value - (scores[place] ?? 9))),
      0,
    );
    expect(farthest).toBeLessThan(1e-4);
  });

  it('refuses heads of another width or of another embedder, and warns of another variant', () => {
    writeFileSync(at('wide.safetensors'), encodeHead(randomHead(512, 4, seededRandom(3))));
    const said = (id: string, variant: string) =>
      encodeHead(small, { features: id, embedder_id: id, embedder_variant: variant });
    writeFileSync(at('other.safetensors'), said('someone/else', 'fp32'));
    writeFileSync(at('int8.safetensors'), said('embedder', 'int8-x64 max256'));
    const score = (head: string) =>
      nesso('score', 'texts.jsonl', '--embedder', fixture, '--heads', head, '-o', 'no.parquet').json();
    expect(score('wide.safetensors')).toMatchObject({
      error: { message: 'wide.safetensors takes 512 values a document and embedder makes 48' },
    });
    expect(score('other.safetensors')).toMatchObject({
      error: {
        code: 'INVALID_INPUT',
        message: 'other.safetensors was trained over someone/else, and this is embedder',
      },
    });
    expect(existsSync(at('no.parquet'))).toBe(false);
    expect(score('int8.safetensors')).toMatchObject({
      warnings: expect.arrayContaining([expect.stringContaining('trained over int8-x64 max256')]) as string[],
    });
  });

  it('never lets scores of two variants share a threshold: refused by name, in the command and live in the lab', async () => {
    const head = ['--heads', 'a=small.safetensors'];
    const score = (output: string, ...words: readonly string[]) =>
      nesso('score', 'texts.jsonl', '--embedder', fixture, ...head, '-o', output, ...words);
    mkdirSync(at('scored/one'), { recursive: true });
    mkdirSync(at('scored/two'), { recursive: true });
    expect(score('scored/one/000.parquet').status).toBe(0);
    expect(score('scored/two/000.parquet', '--max-length', '64').status).toBe(0);
    const names =
      /^The scores in score_a come from vectors of different embedders or variants and do not go together: one\/000\.parquet over embedder fp32 cls-l2 max256 .*; two\/000\.parquet over embedder fp32 cls-l2 max64 /;
    const quantile = ['--heads', 'score_a', '--quantile', '0.5'];
    const refused = { error: { code: 'INVALID_INPUT', message: expect.stringMatching(names) as string } };
    expect(nesso('threshold', 'scored', ...quantile).json()).toMatchObject(refused);
    // Without its card a file still says itself how it was made.
    rmSync(at('scored/two/000.scores.json'));
    expect(nesso('threshold', 'scored', ...quantile).json()).toMatchObject(refused);
    expect(nesso('threshold', 'scored/one', ...quantile, '-o', 'one.json').status).toBe(0);
    expect(nesso('apply', 'one.json', 'scored/one', '-o', 'kept.parquet').status).toBe(0);
    // What was kept still says how it was scored.
    mkdirSync(at('both'), { recursive: true });
    renameSync(at('kept.parquet'), at('both/kept.parquet'));
    cpSync(at('scored/two/000.parquet'), at('both/two.parquet'));
    expect(nesso('threshold', 'both', ...quantile).json()).toMatchObject({
      error: {
        message: expect.stringMatching(
          /kept\.parquet over embedder .* max256 .*; two\.parquet over .* max64 /,
        ) as string,
      },
    });
    expect(nesso('apply', 'one.json', 'scored/two', '-o', 'refused.parquet').json()).toMatchObject({
      error: {
        code: 'INVALID_INPUT',
        message: expect.stringMatching(
          /^The recipe's thresholds are for scores over embedder fp32 cls-l2 max256 .*: score_a of 000\.parquet was made over embedder fp32 cls-l2 max64 /,
        ) as string,
      },
    });
    expect(nesso('apply', 'one.json', 'scored', '-o', 'refused.parquet').json()).toMatchObject(refused);
    expect(existsSync(at('refused.parquet'))).toBe(false);

    await using core = await startTestCore();
    await core.client.workspace.open({ path: folder.path });
    const { quality } = core.client;
    const paths = ['scored'];
    for await (const event of await quality.describe({ paths })) {
      if (event.kind === 'ready') expect(event.description.warnings[0]).toMatch(names);
    }
    const choice = {
      heads: ['score_a'],
      quantiles: { overall: 0.5 },
      operator: 'gte' as const,
      rule: { kind: 'all' as const },
    };
    const { filter } = await quality.thresholds({ paths: ['scored/one'], choice });
    const cell = { fw2: null, jql: 'kept' as const };
    const order = { kind: 'random' as const, seed: 1 };
    const both = { paths, filter, language: null };
    for (const ask of [
      () => quality.thresholds({ paths, choice }),
      () => quality.makeRecipe({ paths, choice, name: 'both' }),
      () => quality.board(both),
      () => quality.samples({ ...both, cell, order, limit: 5 }),
      () => quality.distributions({ paths, head: 'score_a', language: null, bins: 10 }),
      () => quality.agreement({ paths, heads: ['score_a'], language: null, bins: 10 }),
    ]) {
      await expect(ask()).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringMatching(names) as string,
      });
    }
    // What no score takes part in is still answered.
    const lengths = await quality.tokenLengths({ paths, language: null, bins: 4, scale: 'linear' });
    expect(lengths.documents).toBe(2 * expected.length);
  });

  it('says which files nobody knows the maker of', async () => {
    await sql.run(
      `COPY (SELECT * FROM '${at('scored/one/000.parquet')}') TO '${at('scored/one/copied.parquet')}'`,
    );
    await using core = await startTestCore();
    await core.client.workspace.open({ path: folder.path });
    for await (const event of await core.client.quality.describe({ paths: ['scored/one'] })) {
      if (event.kind !== 'ready') continue;
      expect(event.description.warnings[0]).toBe(
        'Nothing says how score_a was made in copied.parquet: thresholds hold only if it was as in the other files',
      );
    }
    rmSync(at('scored/one/copied.parquet'));
  });

  it('goes on where a killed run was', async () => {
    const lines = Array.from({ length: 3000 }, (_, id) =>
      JSON.stringify({ text: `${id} ${'a long document '.repeat(12)}` }),
    );
    writeFileSync(at('many.jsonl'), lines.join('\n'));
    const words = [
      'score',
      'many.jsonl',
      '--embedder',
      fixture,
      '--heads',
      'small.safetensors',
      '-o',
      'many.parquet',
    ];
    const cache = join(folder.path, '.studio/cache/embeddings');
    const kept = (): number => {
      const sizes = existsSync(cache) ? readdirSync(cache).map((name) => join(cache, name, 'keys.bin')) : [];
      return sizes.reduce((sum, path) => sum + (existsSync(path) ? statSync(path).size / 24 : 0), 0);
    };
    const before = kept();
    const child = spawn(process.execPath, [command, 'quality', ...words], {
      cwd: folder.path,
      stdio: 'ignore',
    });
    // What was computed is written every second: a quick computer would be done by then.
    using slow = slowChildren('native-onnx', child.pid);
    await waitFor(() => kept() > before, 150_000);
    child.kill('SIGKILL');
    slow[Symbol.dispose]();
    await new Promise((resolve) => child.on('close', resolve));
    const afterKill = kept();
    expect(afterKill).toBeGreaterThan(before);
    expect(afterKill).toBeLessThan(before + 3000);
    expect(existsSync(at('many.parquet'))).toBe(false);
    expect(nesso(...words).json()).toMatchObject({ scoredDocuments: 3000 });
    // Every text once: nothing that the killed run kept was computed again.
    expect(kept()).toBe(before + 3000);
  });

  it('is offered to a window: heads, embedders, progress and result', async () => {
    await using core = await startTestCore();
    await core.client.workspace.open({ path: folder.path });
    const heads = await core.client.scoring.heads();
    expect(heads.find(({ name }) => name === 'large')).toMatchObject({
      inputs: 48,
      hidden: 4000,
      embedder: null,
    });
    expect(heads.some(({ path }) => path.endsWith('.parquet'))).toBe(false);
    const kinds = new Set<string>();
    const request = {
      path: 'many.jsonl',
      heads: [{ name: 'small', path: 'small.safetensors' }],
      embedder: { kind: 'builtin' as const, dimensions: null },
      textColumn: null,
      output: 'windowed.parquet',
      overwrite: false,
    };
    for await (const event of await core.client.scoring.score(request)) {
      kinds.add(event.kind);
      if (event.kind === 'done')
        expect(event).toMatchObject({ output: 'windowed.parquet', scoredDocuments: 3000 });
    }
    expect([...kinds]).toEqual(['progress', 'done']);
    await expect(
      (async () => {
        for await (const _ of await core.client.scoring.score(request)) continue;
      })(),
    ).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
  });
});
