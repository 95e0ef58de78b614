// Token counts of the lab: from the column, estimated, or counted with a tokenizer, whose counts are those of the Python library;
// kept between calls, resumed after a cancel, made anew when they are damaged.
import { spawnSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ErrorCode } from '../../core/api/errors.ts';
import type { FilterChoice } from '../../core/api/quality.ts';
import type { CorpusTokens } from '../../core/api/quality-corpus.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import {
  repositoryFolder,
  startTestCore,
  type TestCore,
  type TestFolder,
  temporaryFolder,
} from '../support/test-core.ts';

const fixtures = join(repositoryFolder, 'test', 'fixtures');
const PATHS = ['data/a.jsonl', 'data/b.jsonl'];
/** More rows than one part of a count has. */
const COPIES = 1500;
const tokenizer = (name: string): CorpusTokens => ({ kind: 'tokenizer', path: `models/${name}` });
const code = (wanted: ErrorCode) => expect.objectContaining({ code: wanted }) as Error;
const choice: FilterChoice = {
  heads: ['score_a'],
  quantiles: { overall: 0.5, perLanguage: {}, perHead: {}, perLanguageAndHead: {} },
  operator: 'gte',
  rule: { kind: 'all' },
};

let studio: TestCore;
let folder: TestFolder;
let texts: Readonly<Record<string, string>>;
let python: Readonly<Record<string, Readonly<Record<string, number>>>>;

const cache = () => join(folder.path, '.studio', 'cache', 'quality');
const describeWith = async (tokens: CorpusTokens, paths: readonly string[] = PATHS) => {
  const events = await studio.client.quality.describe({ paths: [...paths], tokens });
  for await (const event of events) if (event.kind === 'ready') return event.description;
  throw new Error('No description came');
};

beforeAll(async () => {
  for (const child of ['native-duckdb', 'native-tokens']) ensureChildBuilt(child, 'native/duckdb');
  ensureChildBuilt('nesso', 'cli');
  studio = await startTestCore();
  folder = await temporaryFolder();
  const numbers = z.record(z.string(), z.record(z.string(), z.number()));
  texts = z
    .record(z.string(), z.string())
    .parse(JSON.parse(await readFile(join(fixtures, 'tokenizers', 'texts.json'), 'utf8')));
  python = numbers.parse(JSON.parse(await readFile(join(fixtures, 'quality', 'token-counts.json'), 'utf8')));
  await writeFile(join(folder.path, 'studio.yaml'), 'name: test\n');
  await mkdir(join(folder.path, 'data'));
  for (const name of ['byte-level', 'unigram']) {
    await cp(join(fixtures, 'tokenizers', name), join(folder.path, 'models', name), { recursive: true });
  }
  const line = (language: string, text: string | null, score: number): string =>
    `${JSON.stringify({ id: `${language}-${score}`, language, text, score_a: score })}\n`;
  const all = Object.entries(texts);
  const copies = Array.from({ length: COPIES }, (_, copy) =>
    all.map(([language, text], index) => line(language, text, copy + index / 100)).join(''),
  );
  await writeFile(join(folder.path, PATHS[0] ?? ''), copies.join(''));
  await writeFile(
    join(folder.path, PATHS[1] ?? ''),
    all.map(([name, text]) => line(name, text, 1)).join('') + line('none', null, 3),
  );
  await studio.client.workspace.open({ path: folder.path });
});
afterAll(async () => {
  await studio[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

describe('tokens of a corpus', () => {
  it.each(['byte-level', 'unigram'])(
    'are those of Python with %s, and its name goes with every figure',
    async (name) => {
      const description = await describeWith(tokenizer(name));
      const counts = python[name] ?? {};
      for (const [language, text] of Object.entries(texts)) {
        const found = description.languages.find((own) => own.language === language);
        expect([text, found?.tokens]).toEqual([text, (COPIES + 1) * (counts[language] ?? -1)]);
      }
      expect(description.tokens.kind).toBe('tokenizer');
      expect(description.tokens.tokenizer).toMatchObject({ name });
      expect(description.tokens.label).toMatch(new RegExp(`^counted with ${name} \\([0-9a-f]{8}\\)`));
      const tokens = tokenizer(name);
      const recipe = await studio.client.quality.makeRecipe({ paths: PATHS, tokens, choice, name: 'r' });
      expect(recipe.source.tokenizer).toEqual(description.tokens.tokenizer);
      expect(recipe.source.tokens).toBe(description.tokens.label);
      const lengths = await studio.client.quality.tokenLengths({
        paths: PATHS,
        tokens,
        language: null,
        bins: 9,
        scale: 'log',
      });
      expect(lengths).toMatchObject({ label: description.tokens.label, tokens: recipe.result.total.tokens });
      const cells = (
        await studio.client.quality.board({ paths: PATHS, tokens, filter: recipe, language: null })
      ).cells;
      expect(cells.reduce((sum, cell) => sum + (cell.tokens ?? 0), 0)).toBe(recipe.result.total.tokens);
      const applied = await studio.client.quality.apply({
        recipe,
        paths: PATHS,
        tokens,
        output: 'kept.jsonl',
        overwrite: true,
      });
      for await (const event of applied) {
        if (event.kind !== 'done') continue;
        expect(event).toMatchObject({ keptTokens: recipe.result.total.keptTokens, warnings: [] });
      }
    },
  );

  it('are kept: the second time nothing is counted', async () => {
    /** Inode and name: what is written anew is another file. */
    const listed = async (): Promise<readonly string[]> => {
      const names = (await readdir(cache())).filter((name) => name.startsWith('tokens-'));
      return Promise.all(names.map(async (name) => `${(await stat(join(cache(), name))).ino} ${name}`));
    };
    await describeWith(tokenizer('byte-level'));
    const before = await listed();
    const second = await startTestCore();
    try {
      await second.client.workspace.open({ path: folder.path });
      const found = await second.client.quality.thresholds({
        paths: PATHS,
        tokens: tokenizer('byte-level'),
        choice,
      });
      expect(found.tokenLabel).toContain('byte-level');
    } finally {
      await second[Symbol.asyncDispose]();
    }
    const after = await listed();
    expect(after).toEqual(before);
    expect(before.length).toBeGreaterThan(0);
    expect(before.every((line) => line.endsWith('.parquet'))).toBe(true);
  });

  it('stop when cancelled, and go on from the parts that are whole', async () => {
    await rm(cache(), { recursive: true, force: true });
    await using fresh = await startTestCore();
    await fresh.client.workspace.open({ path: folder.path });
    const controller = new AbortController();
    const partsOf = async (): Promise<readonly string[]> => {
      const [folderName] = (await readdir(cache()).catch(() => [])).filter((name) => name.endsWith('.parts'));
      return folderName === undefined ? [] : readdir(join(cache(), folderName));
    };
    const counting = fresh.client.quality
      .thresholds({ paths: PATHS, tokens: tokenizer('unigram'), choice }, { signal: controller.signal })
      .catch((error: unknown) => error);
    await expect.poll(partsOf, { timeout: 120_000, interval: 5 }).toContain('0.csv');
    controller.abort();
    expect(await counting).toBeInstanceOf(Error);
    expect(await partsOf()).toContain('0.csv');
    const again = await fresh.client.quality.thresholds({
      paths: PATHS,
      tokens: tokenizer('unigram'),
      choice,
    });
    expect(again.languages['thai']?.tokens).toBe((COPIES + 1) * (python['unigram']?.['thai'] ?? -1));
    expect((await readdir(cache())).filter((name) => name.endsWith('.parts'))).toEqual([]);
  });

  it('are counted anew after a part was damaged', async () => {
    await rm(cache(), { recursive: true, force: true });
    await describeWith(tokenizer('byte-level'), ['data/b.jsonl']);
    const [counts = ''] = (await readdir(cache())).filter((name) => name.startsWith('tokens-'));
    await rm(join(cache(), counts));
    const parts = join(cache(), counts.replace('.parquet', '.parts'));
    await mkdir(parts);
    await writeFile(join(parts, '0.csv'), '0,1\n0,1\n');
    const fresh = await startTestCore();
    try {
      await fresh.client.workspace.open({ path: folder.path });
      const ask = () =>
        fresh.client.quality.thresholds({ paths: ['data/b.jsonl'], tokens: tokenizer('byte-level'), choice });
      await expect(ask()).rejects.toThrow(code('CONFLICT'));
      expect((await ask()).total.documents).toBe(Object.keys(texts).length + 1);
    } finally {
      await fresh[Symbol.asyncDispose]();
    }
  });

  it('are estimated on request, and refused where they are not', async () => {
    const description = await describeWith({ kind: 'estimate' }, ['data/b.jsonl']);
    expect(description.tokens).toMatchObject({ kind: 'estimated', column: null, tokenizer: null });
    await expect(describeWith({ kind: 'column' }, ['data/b.jsonl'])).rejects.toThrow(code('INVALID_INPUT'));
    await expect(describeWith(tokenizer('nothing'), ['data/b.jsonl'])).rejects.toThrow(code('NOT_FOUND'));
    await expect(describeWith({ kind: 'tokenizer', path: '../outside' }, ['data/b.jsonl'])).rejects.toThrow();
  });

  it('are the same from the command line', async () => {
    const run = spawnSync(
      process.execPath,
      [
        join(repositoryFolder, 'out/main/nesso.js'),
        ...'quality threshold --heads a --quantile 0.5 --tokenizer models/byte-level -o r.json'.split(' '),
        ...PATHS,
      ],
      {
        encoding: 'utf8',
        cwd: folder.path,
        env: { ...process.env, NESSO_STATE_FOLDER: join(folder.path, 'state') },
      },
    );
    expect(run.stderr).not.toContain('rror');
    expect(run.stdout).toMatch(/Tokens: counted with byte-level \([0-9a-f]{8}\)/);
    const description = await describeWith(tokenizer('byte-level'));
    const written = z
      .object({
        source: z.object({ tokenizer: z.unknown() }),
        result: z.object({ total: z.object({ tokens: z.number() }) }),
      })
      .parse(JSON.parse(await readFile(join(folder.path, 'r.json'), 'utf8')));
    expect(written.source.tokenizer).toEqual(description.tokens.tokenizer);
    const all = description.languages.reduce((sum, { tokens }) => sum + (tokens ?? 0), 0);
    expect(written.result.total.tokens).toBe(all);
  });
});
