// Views of datasets through core and the real DuckDB child, against the same questions answered in JavaScript from the lines.
import { spawnSync } from 'node:child_process';
import { appendFile, copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ExportViewEvent } from '../../core/api/dataset-rows.ts';
import type { ErrorCode } from '../../core/api/errors.ts';
import { type DatasetView, datasetView } from '../../core/lib/datasets/view.ts';
import { createDatasetEngine } from '../../core/services/datasets/engine.ts';
import { exportView } from '../../core/services/datasets/views/export-view.ts';
import { createDatasetLibrary } from '../../core/services/datasets/library.ts';
import { createViewRows } from '../../core/services/datasets/views/view-rows.ts';
import { spawnChild } from '../../core/services/native/spawn-child.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { eventOf } from '../support/event-of.ts';
import { mountSmallDisk } from '../support/small-disk.ts';
import {
  repositoryFolder,
  startTestCore,
  type TestCore,
  type TestFolder,
  temporaryFolder,
} from '../support/test-core.ts';
import { signalProcess } from '../support/processes.ts';

const sample = join(repositoryFolder, 'resources', 'sample-workspace', 'data');
const path = 'documents.jsonl';

const line = z.object({
  id: z.string(),
  text: z.string(),
  language: z.string(),
  token_count: z.number(),
  score_gemma: z.number(),
  fw2_kept: z.boolean(),
});
type Line = z.infer<typeof line> & { readonly row: number };

let studio: TestCore;
let folder: TestFolder;
let lines: readonly Line[];

beforeAll(async () => {
  ensureChildBuilt('native-duckdb', 'native/duckdb');
  ensureChildBuilt('nesso', 'cli');
  studio = await startTestCore();
  folder = await temporaryFolder();
  await writeFile(join(folder.path, 'studio.yaml'), 'name: test\n');
  await copyFile(join(sample, path), join(folder.path, path));
  await studio.client.workspace.open({ path: folder.path });
  lines = await readLines(join(folder.path, path));
});
afterAll(async () => {
  await studio[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

async function readLines(file: string): Promise<readonly Line[]> {
  const text = await readFile(file, 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((json, row) => ({ ...line.parse(JSON.parse(json)), row }));
}

const view = (value: unknown): DatasetView => datasetView.parse(value);
const code = (wanted: ErrorCode) => expect.objectContaining({ code: wanted }) as Error;

async function openView(value: unknown, file = path): Promise<{ viewId: string; rows: number }> {
  return eventOf(studio.client.datasets.openView({ path: file, view: view(value) }), 'ready');
}

/** Row numbers of the whole view, read in pages of 50. */
async function rowsOf(value: unknown, file = path): Promise<readonly number[]> {
  const { viewId, rows } = await openView(value, file);
  const numbers: number[] = [];
  while (numbers.length < rows) {
    const page = await studio.client.datasets.viewPage({
      viewId,
      first: numbers.length,
      limit: 50,
      columns: [],
    });
    if (page.rowNumbers.length === 0) break;
    numbers.push(...page.rowNumbers);
  }
  expect(numbers).toHaveLength(rows);
  return numbers;
}

const where = (keep: (document: Line) => boolean) => lines.filter(keep).map(({ row }) => row);

describe('a view', () => {
  it('keeps what the same conditions keep in JavaScript', async () => {
    const range = { kind: 'range', column: 'score_gemma', from: 2, to: 3, includesTo: false };
    const inRange = ({ score_gemma: score }: Line) => score >= 2 && score < 3;
    expect(await rowsOf({ filters: [range] })).toEqual(where(inRange));
    expect(await rowsOf({ filters: [{ ...range, negated: true }] })).toEqual(
      where((document) => !inRange(document)),
    );
    expect(
      await rowsOf({
        filters: [
          { kind: 'oneOf', column: 'language', values: ['ita', 'spa'] },
          { kind: 'equals', column: 'fw2_kept', value: true },
        ],
      }),
    ).toEqual(where((document) => ['ita', 'spa'].includes(document.language) && document.fw2_kept));
    expect(await rowsOf({ search: 'LA ' })).toEqual(where(({ text }) => text.toLowerCase().includes('la ')));
    expect(await rowsOf({ filters: [{ kind: 'isNull', column: 'text' }] })).toEqual([]);
    expect(await rowsOf({})).toEqual(lines.map(({ row }) => row));
  });

  it('sorts by numbers and text, equal values in the order of the file', async () => {
    const byTokens = lines.toSorted((a, b) => b.token_count - a.token_count).map(({ row }) => row);
    expect(await rowsOf({ sort: { column: 'token_count', descending: true } })).toEqual(byTokens);
    const byLanguage = lines
      .toSorted((a, b) => (a.language < b.language ? -1 : a.language > b.language ? 1 : 0))
      .map(({ row }) => row);
    expect(await rowsOf({ sort: { column: 'language' } })).toEqual(byLanguage);
  });

  it('puts rows without a number last either way, and keeps them out of ranges', async () => {
    const name = 'pyarrow.parquet';
    await copyFile(join(repositoryFolder, 'test/fixtures/datasets', name), join(folder.path, name));
    // Every tenth score is null, row 11 NaN, row 12 infinite; the rest is row / 50.
    const missing = Array.from({ length: 250 }, (_, row) => row).filter(
      (row) => row % 10 === 0 || row === 11 || row === 12,
    );
    const plain = Array.from({ length: 250 }, (_, row) => row).filter((row) => !missing.includes(row));
    const page = await studio.client.datasets.page({
      path: name,
      firstRow: 11,
      limit: 2,
      columns: ['score'],
    });
    const infinite = page.rows[0]?.[0] === 'Infinity' ? 11 : 12;
    const last = missing.filter((row) => row !== infinite);
    expect(await rowsOf({ sort: { column: 'score' } }, name)).toEqual([...plain, infinite, ...last]);
    expect(await rowsOf({ sort: { column: 'score', descending: true } }, name)).toEqual([
      infinite,
      ...plain.toReversed(),
      ...last,
    ]);
    const nan = await rowsOf({ filters: [{ kind: 'range', column: 'score', from: 0 }] }, name);
    expect(nan.filter((row) => missing.includes(row))).toEqual([infinite]);
    const nulls = await rowsOf({ filters: [{ kind: 'isNull', column: 'score' }] }, name);
    expect(nulls).toEqual(missing.filter((row) => row % 10 === 0));
  });

  it('pages cells by position, finds places and counts histograms', async () => {
    const value = {
      filters: [{ kind: 'equals', column: 'language', value: 'ita' }],
      sort: { column: 'token_count' },
    };
    const expected = lines
      .filter(({ language }) => language === 'ita')
      .toSorted((a, b) => a.token_count - b.token_count);
    const { viewId } = await openView(value);
    const page = await studio.client.datasets.viewPage({
      viewId,
      first: 5,
      limit: 10,
      columns: ['id', 'token_count'],
    });
    expect(page.rows).toEqual(expected.slice(5, 15).map(({ id, token_count: tokens }) => [id, tokens]));
    expect(page.rowNumbers).toEqual(expected.slice(5, 15).map(({ row }) => row));
    const place = await studio.client.datasets.viewPlace({ viewId, row: expected[7]?.row ?? -1 });
    expect(place).toEqual({ position: 7, previousRow: expected[6]?.row, nextRow: expected[8]?.row });
    const outside = lines.find(({ language }) => language !== 'ita')?.row ?? -1;
    expect((await studio.client.datasets.viewPlace({ viewId, row: outside })).position).toBeNull();
    const histogram = await studio.client.datasets.viewHistogram({ viewId, column: 'token_count', bins: 7 });
    expect(histogram.rows).toBe(expected.length);
    expect(histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(expected.length);
    expect([histogram.edges[0], histogram.edges[7]]).toEqual([
      expected[0]?.token_count,
      expected.at(-1)?.token_count,
    ]);
    await studio.client.datasets.closeView({ viewId });
    await expect(studio.client.datasets.viewPlace({ viewId, row: 0 })).rejects.toThrow(code('NOT_FOUND'));
  });

  it('counts the values of a column among the rows of the other filters', async () => {
    const filters = [
      { kind: 'equals', column: 'fw2_kept', value: true },
      { kind: 'equals', column: 'language', value: 'ita' },
    ];
    const values = await studio.client.datasets.values({
      path,
      view: view({ filters }),
      column: 'language',
      limit: 50,
    });
    const kept = lines.filter((document) => document.fw2_kept);
    expect(values.distinct).toBe(new Set(kept.map(({ language }) => language)).size);
    for (const { value, rows } of values.values)
      expect(rows).toBe(kept.filter(({ language }) => language === value).length);
    expect(values.values.map(({ rows }) => rows)).toEqual(
      values.values.map(({ rows }) => rows).toSorted((a, b) => b - a),
    );
  });

  it('refuses columns that are not there, and a file that changed', async () => {
    await expect(openView({ filters: [{ kind: 'isNull', column: 'gone' }] })).rejects.toThrow(
      code('INVALID_INPUT'),
    );
    const name = 'growing.jsonl';
    await copyFile(join(sample, path), join(folder.path, name));
    const { viewId } = await openView({ search: 'la' }, name);
    await appendFile(join(folder.path, name), '{"id":"new","text":"la"}\n');
    await expect(
      studio.client.datasets.viewPage({ viewId, first: 0, limit: 1, columns: [] }),
    ).rejects.toThrow(code('CONFLICT'));
  });
});

function openEngine() {
  const engine = createDatasetEngine({ spawn: () => spawnChild(repositoryFolder, 'native-duckdb') });
  const library = createDatasetLibrary({ engine, cacheFolder: async () => folder.path });
  return { engine, library, [Symbol.asyncDispose]: () => engine.dispose() };
}

describe('views and their child process', () => {
  it('are found again after the child was killed, and after others took their room', async () => {
    await using opened = openEngine();
    const { engine, library } = opened;
    const source = await library.open(join(sample, 'documents.parquet'));
    const views = createViewRows(engine);
    const { viewId } = await views.open(source, view({ sort: { column: 'token_count' } }), {});
    const request = { first: 100, limit: 20, columns: ['id'] };
    const before = await views.page(viewId, request);
    signalProcess(engine.pid, 'SIGKILL');
    await expect.poll(() => engine.pid).toBeNull();
    expect(await views.page(viewId, request)).toEqual(before);
    for (let index = 0; index < 6; index += 1) await views.open(source, view({ search: `${index}` }), {});
    expect(await views.page(viewId, request)).toEqual(before);
  });

  it('stop when they are cancelled, and leave the child alive', async () => {
    await using opened = openEngine();
    const { engine, library } = opened;
    const big = join(folder.path, 'big.parquet');
    await engine.query({
      path: big,
      statements: [
        `COPY (SELECT range AS id, repeat(md5(range::VARCHAR), 60) AS text FROM range(600000)) TO '${big}' (FORMAT parquet)`,
      ],
    });
    const source = await library.open(big);
    const { pid } = engine;
    const controller = new AbortController();
    // As soon as the child says that it has begun.
    const opening = createViewRows(engine).open(source, view({ search: 'zzz' }), {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(opening).rejects.toThrow(code('CANCELLED'));
    expect(engine.pid).toBe(pid);
    const out = join(folder.path, 'never.parquet');
    const second = new AbortController();
    await expect(
      exportView({
        source,
        view: view({}),
        output: out,
        format: 'parquet',
        overwrite: false,
        engine,
        nameOf: (name) => name,
        signal: second.signal,
        onProgress: () => second.abort(),
      }),
    ).rejects.toThrow(code('CANCELLED'));
    expect(
      (await readdir(folder.path)).filter((name) => name.startsWith('never') || name.endsWith('.tmp')),
    ).toEqual([]);
    // Far into a sorted view of many row groups, a page is still the right one.
    const views = createViewRows(engine);
    const sorted = await views.open(source, view({ sort: { column: 'id', descending: true } }), {});
    const page = await views.page(sorted.viewId, { first: 400_000, limit: 3, columns: ['id'] });
    expect(page.rows).toEqual([[199_999], [199_998], [199_997]]);
  });
});

const idLine = z.object({ id: z.string() });

describe('an export', () => {
  const wanted = {
    filters: [{ kind: 'equals', column: 'language', value: 'ita' }],
    sort: { column: 'token_count', descending: true },
  };
  const expected = (): readonly string[] =>
    lines
      .filter(({ language }) => language === 'ita')
      .toSorted((a, b) => b.token_count - a.token_count)
      .map(({ id }) => id);

  async function exportTo(output: string, format: 'parquet' | 'jsonl.zst' | 'ids'): Promise<ExportViewEvent> {
    const events: ExportViewEvent[] = [];
    const input = { path, view: view(wanted), output, format, overwrite: false };
    for await (const event of await studio.client.datasets.exportView(input)) events.push(event);
    const last = events.at(-1);
    if (!last) throw new Error('No event');
    return last;
  }

  it('holds the rows of the view in order, in each format, with a recipe', async () => {
    for (const format of ['parquet', 'jsonl.zst'] as const) {
      const output = `out/kept.${format}`;
      const done = await exportTo(output, format);
      expect(done).toMatchObject({ kind: 'done', output, rows: expected().length });
      const { viewId, rows } = await openView({}, output);
      const page = await studio.client.datasets.viewPage({ viewId, first: 0, limit: 1000, columns: ['id'] });
      expect(page.rows.map(([id]) => id)).toEqual(expected());
      expect(rows).toBe(expected().length);
      for await (const event of await studio.client.datasets.open({ path: output })) {
        if (event.kind !== 'ready') continue;
        const names = event.dataset.columns.map(({ name }) => name);
        expect(names).toContain('score_gemma');
        expect(names).not.toContain('file_row_number');
      }
      const recipe: unknown = JSON.parse(await readFile(join(folder.path, `${output}.recipe.json`), 'utf8'));
      expect(recipe).toMatchObject({
        source: { path, rows: lines.length },
        view: { sort: { column: 'token_count' } },
        rows: expected().length,
      });
    }
    await expect(exportTo('out/kept.parquet', 'parquet')).rejects.toThrow(code('ALREADY_EXISTS'));
    await exportTo('out/kept.ids', 'ids');
    const ids = await readFile(join(folder.path, 'out/kept.ids'), 'utf8');
    expect(ids.trimEnd().split('\n')).toEqual(expected());
    expect((await readdir(join(folder.path, 'out'))).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('never replaces the file it reads', async () => {
    await expect(
      (async () => {
        const input = { path, view: view({}), output: path, format: 'ids' as const, overwrite: true };
        for await (const event of await studio.client.datasets.exportView(input)) void event;
      })(),
    ).rejects.toThrow(code('INVALID_INPUT'));
  });

  it('writes ids as they are, whatever is in them', async () => {
    const name = 'odd-ids.jsonl';
    const ids = ['a,b', 'say "x"', 'two\nlines', ' ', 'ü'];
    await writeFile(
      join(folder.path, name),
      ids.map((id) => `${JSON.stringify({ id, text: 't' })}\n`).join(''),
    );
    const input = {
      path: name,
      view: view({}),
      output: 'odd.ids',
      format: 'ids' as const,
      overwrite: false,
    };
    for await (const event of await studio.client.datasets.exportView(input)) void event;
    const text = await readFile(join(folder.path, 'odd.ids'), 'utf8');
    expect(text).toBe('a,b\nsay "x"\ntwo lines\n \nü\n');
  });

  it('leaves the old file alone when the disk is full', async (test) => {
    await using opened = openEngine();
    using disk = mountSmallDisk(join(folder.path, 'small'), 48 * 1024);
    if (!disk) return test.skip('no permission to mount');
    const output = join(disk.path, 'kept.parquet');
    await writeFile(output, 'old');
    const source = await opened.library.open(join(sample, 'documents.parquet'));
    const request = {
      source,
      view: view({}),
      output,
      format: 'parquet' as const,
      overwrite: true,
      engine: opened.engine,
      nameOf: (name: string) => name,
    };
    await expect(exportView(request)).rejects.toThrow(code('DISK_FULL'));
    expect(await readdir(disk.path)).toEqual(['kept.parquet']);
    expect(await readFile(output, 'utf8')).toBe('old');
  });

  it('and a query do the same on the command line', () => {
    const nesso = (...words: readonly string[]) =>
      spawnSync(process.execPath, [join(repositoryFolder, 'out/main/nesso.js'), 'data', ...words, '--json'], {
        encoding: 'utf8',
        env: { ...process.env, NESSO_STATE_FOLDER: folder.path },
      });
    const file = join(folder.path, path);
    const query = nesso('query', file, '--view', JSON.stringify(wanted), '--limit', '3');
    expect(query.stderr).not.toContain('rror');
    const answer = z
      .object({ rows: z.number(), sql: z.string(), head: z.array(z.object({ fields: idLine })) })
      .parse(JSON.parse(query.stdout));
    expect(answer.rows).toBe(expected().length);
    expect(answer.head.map(({ fields }) => fields.id)).toEqual(expected().slice(0, 3));
    expect(answer.sql).toContain('ORDER BY "token_count" DESC');
    const out = join(folder.path, 'command.ids');
    const exported = nesso('export', file, '--where', JSON.stringify(wanted), '-o', out);
    expect(exported.status).toBe(0);
    expect(z.object({ rows: z.number() }).parse(JSON.parse(exported.stdout)).rows).toBe(expected().length);
    expect(nesso('query', file, '--view', '{"filters":3}').status).not.toBe(0);
  });
});
