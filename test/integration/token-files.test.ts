// Tokenized files through core: real ones that datatrove wrote, and ones that are cut off, half-made or contradict themselves.
import { spawnSync } from 'node:child_process';
import { appendFile, copyFile, cp, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { DatasetInfo } from '../../core/api/dataset-shape.ts';
import type { ErrorCode } from '../../core/api/errors.ts';
import { type DatasetView, wholeDataset } from '../../core/lib/datasets/view.ts';
import { unpackTokens } from '../../core/rpc/token-columns.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { eventOf } from '../support/event-of.ts';
import {
  repositoryFolder,
  startTestCore,
  type TestCore,
  type TestFolder,
  temporaryFolder,
} from '../support/test-core.ts';

const fixtures = join(repositoryFolder, 'test', 'fixtures', 'token-files');
const tokenizers = join(repositoryFolder, 'test', 'fixtures', 'tokenizers');
const code = (wanted: ErrorCode) => expect.objectContaining({ code: wanted }) as Error;

const expectedFile = z.object({
  bytes: z.number(),
  ends: z.array(z.number()),
  documents: z.array(z.object({ ids: z.array(z.number()), text: z.string() })),
});
type Expected = z.infer<typeof expectedFile>;
let expected: Readonly<Record<string, Expected>>;
const first = 'corpus/00000_unshuffled.ds';
const second = 'corpus/00001_unshuffled.ds';

let studio: TestCore;
let folder: TestFolder;

beforeAll(async () => {
  ensureChildBuilt('native-tokens', 'core/services/tokenizers');
  ensureChildBuilt('native-duckdb', 'native/duckdb');
  expected = z
    .record(z.string(), expectedFile)
    .parse(JSON.parse(await readFile(join(fixtures, 'expected.json'), 'utf8')));
  studio = await startTestCore();
});

beforeEach(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder.path, 'studio.yaml'), 'name: test\n');
  await mkdir(join(folder.path, 'models'));
  await mkdir(join(folder.path, 'tokenizers'));
  // Where the metadata say that it is.
  await cp(join(tokenizers, 'byte-level'), join(folder.path, 'tokenizers', 'byte-level'), {
    recursive: true,
  });
  await cp(join(tokenizers, 'gpt2'), join(folder.path, 'models', 'gpt2'), { recursive: true });
  for (const name of ['corpus', 'wide'])
    await cp(join(fixtures, name), join(folder.path, name), { recursive: true });
  await studio.client.workspace.open({ path: folder.path });
  return async () => {
    await folder[Symbol.asyncDispose]();
  };
});

afterAll(() => studio[Symbol.asyncDispose]());

async function open(path: string): Promise<DatasetInfo> {
  return (await eventOf(studio.client.datasets.open({ path }), 'ready')).dataset;
}

async function column(
  path: string,
  name: string,
  limit = 100,
  tokenizer?: string,
): Promise<readonly unknown[]> {
  const page = await studio.client.datasets.page({
    path,
    firstRow: 0,
    limit,
    columns: [name],
    ...(tokenizer === undefined ? {} : { tokenizer }),
  });
  return page.rows.map(([cell]) => cell);
}

describe('a file of datatrove', () => {
  it('opens as documents with their lengths, first and last tokens', async () => {
    const info = await open(first);
    const documents = expected[first]?.documents ?? [];
    expect(info).toMatchObject({ format: 'ds', rows: documents.length, textColumn: 'text' });
    expect(info.tokens).toEqual({
      named: 'tokenizers/byte-level/tokenizer.json',
      tokenizer: { path: 'tokenizers/byte-level/tokenizer.json', name: 'byte-level', vocabularySize: 700 },
      tokens: documents.reduce((sum, { ids }) => sum + ids.length, 0),
      bytesPerToken: 2,
      largestId: Math.max(...documents.flatMap(({ ids }) => ids)),
      findings: [],
      moreFindings: 0,
    });
    expect(await column(first, 'tokens')).toEqual(documents.map(({ ids }) => ids.length));
    expect(await column(first, 'first_token_id')).toEqual(documents.map(({ ids }) => ids[0]));
    expect(await column(first, 'last_token_id')).toEqual(documents.map(({ ids }) => ids.at(-1)));
    expect(await column(first, 'text')).toEqual(documents.map(({ text }) => text));
  });

  it('gives one document whole, with the place of every token', async () => {
    await open(first);
    const documents = expected[first]?.documents ?? [];
    for (const [row, { ids, text }] of documents.entries()) {
      const document = await studio.client.datasets.document({ path: first, row });
      expect(document.fields.find(({ name }) => name === 'text')).toMatchObject({
        value: text,
        truncated: false,
      });
      const placed = await studio.client.datasets.rowTokens({ path: first, row });
      const columns = await unpackTokens(placed.data, placed.tokens);
      expect([...columns.ids]).toEqual(ids);
      expect(placed).toMatchObject({ text, exact: true, allTokens: ids.length });
      expect(columns.ends.at(-1)).toBe(text.length);
      // The token at the end of a document is a special one that its text spells.
      expect(columns.kinds.at(-1)).toBe(1);
    }
  });

  it('is one dataset with the others of its folder', async () => {
    const info = await open('corpus');
    const all = [...(expected[first]?.documents ?? []), ...(expected[second]?.documents ?? [])];
    expect(info).toMatchObject({ kind: 'folder', rows: all.length, format: 'ds' });
    expect(info.files).toHaveLength(2);
    expect(info.tokens?.tokens).toBe(all.reduce((sum, { ids }) => sum + ids.length, 0));
    expect(await column('corpus', 'text')).toEqual(all.map(({ text }) => text));
    const last = await studio.client.datasets.document({ path: 'corpus', row: all.length - 1 });
    expect(last.fields.find(({ name }) => name === 'text')?.value).toBe(all.at(-1)?.text);
  });

  it('is filtered and sorted by its numbers, with texts in the view', async () => {
    const all = (expected[first]?.documents ?? []).map(({ ids, text }) => ({ tokens: ids.length, text }));
    const view = { ...wholeDataset, sort: { column: 'tokens', descending: true } };
    let viewId = '';
    for await (const event of await studio.client.datasets.openView({ path: first, view })) {
      if (event.kind === 'ready') viewId = event.viewId;
    }
    const page = await studio.client.datasets.viewPage({
      viewId,
      first: 0,
      limit: 3,
      columns: ['tokens', 'text'],
    });
    const longest = all.toSorted((a, b) => b.tokens - a.tokens).slice(0, 3);
    expect(page.rows).toEqual(longest.map(({ tokens, text }) => [tokens, text]));
  });

  it('is searched for words in the decoded text of every document', async () => {
    const texts = expected[first]?.documents.map(({ text }) => text) ?? [];
    const words = (texts[1] ?? '').slice(3, 14).toUpperCase();
    const wanted = texts.flatMap((text, row) => (text.toUpperCase().includes(words) ? [row] : []));
    expect(wanted.length).toBeGreaterThan(0);
    const search = async (view: DatasetView, path = first) => {
      let viewId = '';
      for await (const event of await studio.client.datasets.openView({ path, view })) {
        if (event.kind === 'ready') ({ viewId } = event);
      }
      const page = await studio.client.datasets.viewPage({ viewId, first: 0, limit: 100, columns: ['text'] });
      return { viewId, rows: page.rowNumbers, texts: page.rows.map(([text]) => text) };
    };
    const found = await search({ ...wholeDataset, search: words });
    expect(found.rows).toEqual(wanted);
    expect(found.texts).toEqual(wanted.map((row) => texts[row]));
    expect((await search({ ...wholeDataset, search: 'not in any of them' })).rows).toEqual([]);
    const [longest = 0] = wanted;
    const tokens = expected[first]?.documents[longest]?.ids.length ?? 0;
    const narrowed = await search({
      filters: [{ kind: 'sql', condition: `tokens = ${tokens}`, negated: false }],
      search: words,
      sort: null,
    });
    expect(narrowed.rows).toContain(longest);
    expect(narrowed.rows.length).toBeLessThanOrEqual(wanted.length);
    // Facets and id lists follow the search.
    const values = await studio.client.datasets.values({
      path: first,
      view: { ...wholeDataset, search: words },
      column: 'document',
      limit: 100,
    });
    expect(values.rows).toBe(wanted.length);
    const wish = { path: first, output: 'ids.txt', format: 'ids' as const, overwrite: false };
    for await (const _ of await studio.client.datasets.exportView({
      ...wish,
      view: { ...wholeDataset, search: words },
    }));
    expect(await readFile(join(folder.path, 'ids.txt'), 'utf8')).toBe(
      wanted.map((row) => `${row}\n`).join(''),
    );
    // In a folder of several files, rows have the numbers of the whole dataset; files with text are searched too.
    await cp(join(folder.path, 'corpus'), join(folder.path, 'both'), { recursive: true });
    await writeFile(
      join(folder.path, 'both', 'plain.jsonl'),
      `${JSON.stringify({ text: `x ${words} y` })}\n{"text":null}\n`,
    );
    const all = await open('both');
    const base = all.files.find(({ name }) => name === '00000_unshuffled.ds')?.firstRow ?? -1;
    const plain = all.files.find(({ name }) => name === 'plain.jsonl')?.firstRow ?? -1;
    const everywhere = await search({ ...wholeDataset, search: words }, 'both');
    expect(everywhere.rows).toEqual(expect.arrayContaining([plain, ...wanted.map((row) => row + base)]));
    expect(everywhere.rows).not.toContain(plain + 1);
  });

  it('is not searched without its tokenizer, and a search can be cancelled', async () => {
    await rm(join(folder.path, 'tokenizers'), { recursive: true });
    const view = { ...wholeDataset, search: 'harbour' };
    const opening = async (signal?: AbortSignal) => {
      const wish = { path: first, view };
      for await (const _ of await studio.client.datasets.openView(wish, signal ? { signal } : {}));
    };
    await expect(opening()).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('no text to search') as string,
    });
    await expect(opening(AbortSignal.abort())).rejects.toThrow();
  });

  it('is refused wherever its text would be read as a column', async () => {
    const views: readonly DatasetView[] = [
      { ...wholeDataset, filters: [{ kind: 'contains', column: 'text', negated: false, text: 'x' }] },
      { ...wholeDataset, filters: [{ kind: 'sql', condition: 'text IS NULL', negated: false }] },
      { ...wholeDataset, filters: [{ kind: 'sql', condition: 'length("Text") < 5', negated: false }] },
      { ...wholeDataset, sort: { sql: 'lower(text)' } },
      { ...wholeDataset, sort: { column: 'text', descending: false } },
    ];
    for (const view of views) {
      const opening = async () => {
        for await (const _ of await studio.client.datasets.openView({ path: first, view }));
      };
      await expect(opening()).rejects.toThrow(code('INVALID_INPUT'));
    }
    const exporting = async () => {
      const wish = { path: first, view: wholeDataset, output: 'out.parquet', format: 'parquet' as const };
      for await (const _ of await studio.client.datasets.exportView({ ...wish, overwrite: false }));
    };
    await expect(exporting()).rejects.toThrow(/token ids/);
    const wish = { path: first, view: wholeDataset, column: 'text', limit: 10 };
    await expect(studio.client.datasets.values(wish)).rejects.toThrow(/token ids/);
    const facts = { campaign: 'people', name: 'People', dataset: first, documents: 2, seed: 1 };
    const campaign = { ...facts, stratifyBy: null, overlap: 1, blind: false, guideline: '' };
    await expect(studio.client.annotations.create(campaign)).rejects.toThrow(/token ids/);
  });

  it('is read with another tokenizer when one is chosen', async () => {
    const own = await column(first, 'text', 1);
    const other = await column(first, 'text', 1, 'models/gpt2/tokenizer.json');
    expect(other).not.toEqual(own);
    await expect(column(first, 'text', 1, '../elsewhere')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(column(first, 'text', 1, 'models/none.json')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('four bytes a token', () => {
  const wide = 'wide/wide.ds';

  it('shows ids while the tokenizer that the metadata name is not at hand', async () => {
    const info = await open(wide);
    const documents = expected[wide]?.documents ?? [];
    expect(info.tokens).toMatchObject({
      named: 'somebody/tiny',
      tokenizer: null,
      bytesPerToken: 4,
      largestId: 70_000,
    });
    const [text] = await column(wide, 'text', 1);
    expect(text).toBe(`ids ${documents[0]?.ids.slice(0, 200).join(' ')}`);
    await expect(studio.client.datasets.rowTokens({ path: wide, row: 0 })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });

  it('finds the tokenizer by its name, and leaves out ids that it does not have', async () => {
    await cp(join(tokenizers, 'byte-level'), join(folder.path, 'models', 'Tiny'), { recursive: true });
    const info = await open(wide);
    expect(info.tokens?.tokenizer).toMatchObject({ path: 'models/Tiny/tokenizer.json', vocabularySize: 700 });
    expect(info.tokens?.largestId).toBeGreaterThan(700);
    const documents = expected[wide]?.documents ?? [];
    expect(await column(wide, 'text')).toEqual(documents.map(({ text }) => text));
    const placed = await studio.client.datasets.rowTokens({ path: wide, row: documents.length - 1 });
    const columns = await unpackTokens(placed.data, placed.tokens);
    expect([...columns.ids]).toEqual([70_000, 1]);
    expect(placed.exact).toBe(false);
    expect([...columns.ends]).toEqual([0, '<|end_of_text|>'.length]);
  });
});

describe('files that are not whole', () => {
  const path = () => join(folder.path, first);
  const findings = async () => (await open(first)).tokens?.findings ?? [];

  it('without metadata: the index tells the size of a token', async () => {
    await rm(`${path()}.metadata`);
    expect(await findings()).toEqual([
      '00000_unshuffled.ds has no metadata: the rank that wrote it crashed or is still at work',
    ]);
    const documents = expected[first]?.documents ?? [];
    expect(await column(first, 'tokens')).toEqual(documents.map(({ ids }) => ids.length));
    expect(await column(first, 'text', 1, 'tokenizers/byte-level/tokenizer.json')).toEqual([
      documents[0]?.text,
    ]);
  });

  it('without both: windows, and a guess that is said', async () => {
    await rm(`${path()}.metadata`);
    await rm(`${path()}.index`);
    const info = await open(first);
    expect(info.tokens?.findings.join('\n')).toMatch(
      /no metadata.*2 bytes are guessed.*windows of 2,048 tokens/s,
    );
    const ids = expected[first]?.documents.flatMap((document) => document.ids) ?? [];
    expect(info.rows).toBe(Math.ceil(ids.length / 2048));
    expect(await column(first, 'first_token_id')).toEqual([ids[0]]);
    const guessed = 'wide/wide.ds';
    await rm(join(folder.path, `${guessed}.metadata`));
    await rm(join(folder.path, `${guessed}.index`));
    expect((await open(guessed)).tokens?.bytesPerToken).toBe(4);
  });

  it('cut off in the middle of a token', async () => {
    const bytes = await readFile(path());
    await truncate(path(), bytes.length - 101);
    const said = (await findings()).join('\n');
    expect(said).toContain('ends in the middle of a token');
    expect(said).toMatch(/promise 921 tokens of 2 bytes, the file holds 870 tokens/);
    expect(said).toMatch(/goes to token 921, the file only to 870: the last documents are cut/);
    const documents = expected[first]?.documents ?? [];
    const rows = await column(first, 'tokens');
    expect(rows).toHaveLength(documents.length);
    expect(rows.reduce((sum: number, tokens) => sum + Number(tokens), 0)).toBe(870);
    expect(await column(first, 'text', 2)).toEqual(documents.slice(0, 2).map(({ text }) => text));
  });

  it('with tokens after the last document', async () => {
    await appendFile(path(), Buffer.alloc(20));
    expect((await findings()).join('\n')).toMatch(
      /ends at token 921: 10 tokens after it belong to no document/,
    );
  });

  it('with an index that goes backwards, is cut or is empty', async () => {
    const index = await readFile(`${path()}.index`);
    const backwards = Buffer.from(index);
    backwards.writeBigUInt64LE(1n, 16);
    await writeFile(`${path()}.index`, backwards);
    expect((await findings()).join('\n')).toMatch(
      /goes backwards at document 2: it cannot be used.*windows of/s,
    );
    await writeFile(`${path()}.index`, index.subarray(0, index.length - 3));
    expect((await findings()).join('\n')).toMatch(/index of 00000_unshuffled.ds is cut off/);
    await writeFile(`${path()}.index`, '');
    expect((await findings()).join('\n')).toMatch(/index of 00000_unshuffled.ds is empty/);
    await writeFile(`${path()}.index`, Buffer.alloc(16, 0xff));
    expect((await findings()).join('\n')).toMatch(/goes backwards/);
  });

  it('with metadata that are nonsense', async () => {
    for (const text of ['', 'no bar\n12\n', 'somebody/x|3\n921\n', Buffer.alloc(300, 0), 'a|2\nmany\n']) {
      await writeFile(`${path()}.metadata`, text);
      expect((await findings()).join('\n')).toMatch(/metadata of 00000_unshuffled.ds cannot be read/);
    }
  });

  it('empty, of one byte, or a folder', async () => {
    await writeFile(path(), '');
    await expect(open(first)).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
    await writeFile(path(), 'x');
    const info = await open(first);
    expect(info.tokens?.tokens).toBe(0);
    expect(await column(first, 'tokens')).toEqual(
      info.rows === 0 ? [] : Array.from({ length: info.rows }, () => 0),
    );
    await mkdir(join(folder.path, 'odd.ds'));
    await expect(open('odd.ds')).rejects.toThrow(code('NOT_FOUND'));
  });

  it('completed after it was opened: the findings go', async () => {
    await copyFile(`${path()}.metadata`, join(folder.path, 'kept'));
    await rm(`${path()}.metadata`);
    expect(await findings()).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await writeFile(`${path()}.metadata`, await readFile(join(folder.path, 'kept')));
    expect(await findings()).toEqual([]);
  });
});

describe('the command line', () => {
  const nesso = (...words: readonly string[]) =>
    spawnSync(process.execPath, [join(repositoryFolder, 'out/main/nesso.js'), ...words], {
      encoding: 'utf8',
      cwd: join(folder.path, 'models'),
      env: { ...process.env, NESSO_STATE_FOLDER: join(folder.path, 'state') },
    });

  it('decodes with the tokenizer that is named, and shows what is wrong', async () => {
    ensureChildBuilt('nesso', 'cli');
    await rm(join(folder.path, `${first}.metadata`));
    const words = ['data', 'head', join(folder.path, first), '--limit', '2'] as const;
    const withIds = z
      .object({ head: z.array(z.looseObject({ text: z.string() })) })
      .parse(JSON.parse(nesso(...words, '--json').stdout));
    expect(withIds.head[0]?.text).toMatch(/^ids \d+ \d+/);
    const tokenizer = join(folder.path, 'tokenizers', 'byte-level');
    const decoded = nesso(...words, '--tokenizer', tokenizer);
    expect(decoded.status).toBe(0);
    expect(decoded.stdout).toContain('! 00000_unshuffled.ds has no metadata');
    expect(decoded.stdout).toContain('The harbour woke slowly');
    const document = nesso(
      'data',
      'document',
      join(folder.path, first),
      '--row',
      '0',
      '--tokenizer',
      tokenizer,
    );
    expect(document.stdout).toContain(`text: ${expected[first]?.documents[0]?.text ?? '?'}`);
    const missing = nesso(...words, '--tokenizer', join(folder.path, 'nothing'));
    expect([missing.status, missing.stderr]).toEqual([
      expect.any(Number),
      expect.stringContaining('does not exist'),
    ]);
    expect(missing.status).not.toBe(0);
  });

  it('searches the decoded documents, shows them and writes their numbers', async () => {
    ensureChildBuilt('nesso', 'cli');
    const path = join(folder.path, first);
    const texts = expected[first]?.documents.map(({ text }) => text) ?? [];
    const wanted = texts.flatMap((text, row) => (text.toLowerCase().includes('harbour') ? [row] : []));
    expect(wanted.length).toBeGreaterThan(0);
    expect(wanted.length).toBeLessThan(texts.length);
    const tokenizer = ['--tokenizer', join(folder.path, 'tokenizers', 'byte-level')];
    const found = z.object({
      rows: z.number(),
      head: z.array(z.object({ row: z.number(), fields: z.looseObject({ text: z.string() }) })),
    });
    const query = nesso(
      'data',
      'query',
      path,
      '--search',
      'HARBOUR',
      '--limit',
      '100',
      ...tokenizer,
      '--json',
    );
    const { rows, head } = found.parse(JSON.parse(query.stdout));
    expect(rows).toBe(wanted.length);
    expect(head.map(({ row, fields }) => [row, fields.text])).toEqual(wanted.map((row) => [row, texts[row]]));
    const view = nesso('data', 'query', path, '--view', '{"search":"harbour"}', ...tokenizer, '--json');
    expect(found.parse(JSON.parse(view.stdout)).rows).toBe(wanted.length);
    const ids = join(folder.path, 'ids.txt');
    expect(nesso('data', 'export', path, '--search', 'harbour', '-o', ids, ...tokenizer).status).toBe(0);
    expect(await readFile(ids, 'utf8')).toBe(wanted.map((row) => `${row}\n`).join(''));
    await rm(`${path}.metadata`);
    const refused = nesso('data', 'query', path, '--search', 'harbour');
    expect([refused.status, refused.stderr]).toEqual([
      1,
      expect.stringContaining('there is no text to search'),
    ]);
  });
});
