// A folder of FineWeb-2 whose documents say neither their language nor what was kept: one file that is made of it says both,
// whoever makes it, and gives the same answers.
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FilterChoice, QualityDescription } from '../../core/api/quality.ts';
import { encodeHead } from '../../core/lib/jql/head-file.ts';
import { randomHead } from '../../core/lib/jql/head.ts';
import { seededRandom } from '../../core/lib/jql/random.ts';
import { wholeDataset } from '../../core/lib/datasets/view.ts';
import type { Filter } from '../../core/lib/quality/recipe.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { eventOf } from '../support/event-of.ts';
import { openSql, type Sql } from '../support/scored-corpus.ts';
import {
  repositoryFolder,
  startTestCore,
  temporaryFolder,
  type TestCore,
  type TestFolder,
  writeFiles,
} from '../support/test-core.ts';

const SOURCE = 'data/fw2';
/** Folder, first id, documents, the text of the other columns. */
const files = [
  ['deu_Latn/train', 0, 40, ''],
  ['deu_Latn_removed/train', 100, 30, ''],
  ['ita_Latn/test', 200, 20, ''],
  ['ita_Latn/train', 300, 25, ''],
  // What was removed says so by its folder, not always by a reason.
  ['ita_Latn_removed/train', 400, 35, ", CASE WHEN range % 3 > 0 THEN 'list_ratio' END AS filter_reason"],
] as const;

let folder: TestFolder;
let studio: TestCore;
let sql: Sql;

const at = (name: string): string => join(folder.path, name);

beforeAll(async () => {
  ensureChildBuilt('nesso', 'cli');
  ensureChildBuilt('native-duckdb', 'native/duckdb');
  folder = await temporaryFolder();
  sql = await openSql();
  for (const [name, first, count, more] of files) {
    const path = at(`${SOURCE}/${name}/000_00000.parquet`);
    await mkdir(dirname(path), { recursive: true });
    await sql.run(`COPY (SELECT 'id-' || range AS id, 'some words of document ' || hash(range) AS text,
        (hash(range) % 1000 / 200)::FLOAT AS score_a, 10 + range % 7 AS token_count${more}
      FROM range(${first}, ${first + count})) TO '${path}'`);
  }
  await writeFile(at('head.safetensors'), encodeHead(randomHead(512, 16, seededRandom(5))));
  await writeFiles(folder.path, { 'studio.yaml': 'name: folders\n' });
  studio = await startTestCore();
  await studio.client.workspace.open({ path: folder.path });
});

afterAll(async () => {
  sql[Symbol.dispose]();
  await studio[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

function nesso(...words: readonly string[]): unknown {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(repositoryFolder, 'out/main/nesso.js'), 'quality', ...words, '--json'],
    { encoding: 'utf8', cwd: folder.path, env: { ...process.env, NESSO_STATE_FOLDER: at('state') } },
  );
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

const describeCorpus = async (path: string): Promise<QualityDescription> =>
  (await eventOf(await studio.client.quality.describe({ paths: [path] }), 'ready')).description;

const choice: FilterChoice = {
  heads: ['score_a'],
  quantiles: { overall: 0.7, perLanguage: {}, perHead: {}, perLanguageAndHead: {} },
  operator: 'gte',
  rule: { kind: 'all' },
};

/** Whatever the lab says of a corpus that does not name its files. */
async function answers(path: string) {
  const { languages, documents } = await describeCorpus(path);
  const { thresholds, total, filter } = await studio.client.quality.thresholds({ paths: [path], choice });
  const boards = await Promise.all(
    ['deu_Latn', 'ita_Latn'].map((language) => boardOf(path, filter, language)),
  );
  return { languages, documents, thresholds, total, boards };
}

const boardOf = (path: string, filter: Filter, language: string) =>
  studio.client.quality.board({ paths: [path], filter, language });

async function score(path: string, output: string, head = 'x') {
  const events = await studio.client.scoring.score({
    path,
    heads: [{ name: head, path: 'head.safetensors' }],
    embedder: { kind: 'builtin', dimensions: null },
    textColumn: null,
    output,
    overwrite: false,
  });
  return eventOf(events, 'done');
}

it('scored into one file by the window, it keeps its languages and what was kept', async () => {
  const before = await answers(SOURCE);
  expect(before.languages).toMatchObject([
    { language: 'deu_Latn', documents: 70, keptDocuments: 40 },
    { language: 'ita_Latn', documents: 80, keptDocuments: 45 },
  ]);
  expect(await score(SOURCE, 'scored/window.parquet')).toMatchObject({
    documents: 150,
    folderColumns: ['language', 'fw2_kept'],
  });
  expect(await answers('scored/window.parquet')).toEqual(before);
  expect(await describeCorpus('scored/window.parquet')).toMatchObject({
    languageSource: 'language',
    keptSource: 'column fw2_kept',
  });
  const rows = await sql.rows(`SELECT language, fw2_kept, count(*)::INTEGER, min(id), max(id)
    FROM '${at('scored/window.parquet')}' GROUP BY ALL ORDER BY ALL`);
  expect(rows).toEqual([
    ['deu_Latn', false, 30, 'id-100', 'id-129'],
    ['deu_Latn', true, 40, 'id-0', 'id-9'],
    ['ita_Latn', false, 35, 'id-400', 'id-434'],
    ['ita_Latn', true, 45, 'id-200', 'id-324'],
  ]);
  // A file that says it already is given nothing twice.
  const again = await score('scored/window.parquet', 'scored/deu_Latn/again.parquet', 'y');
  expect(again).toMatchObject({ folderColumns: [] });
  expect(await answers('scored/deu_Latn/again.parquet')).toEqual(before);
});

it('exported as rows of the folder, it does too', async () => {
  const wish = { path: SOURCE, view: wholeDataset, overwrite: false } as const;
  for (const [format, output] of [
    ['parquet', 'out/rows.parquet'],
    ['jsonl.zst', 'out/rows.jsonl.zst'],
  ] as const) {
    const events = studio.client.datasets.exportView({ ...wish, format, output });
    expect(await eventOf(events, 'done')).toMatchObject({ folderColumns: ['language', 'fw2_kept'] });
    expect((await answers(output)).languages).toEqual((await answers(SOURCE)).languages);
  }
  const events = studio.client.datasets.exportView({ ...wish, format: 'ids', output: 'out/rows.ids' });
  expect(await eventOf(events, 'done')).toMatchObject({ rows: 150, folderColumns: [] });
});

it('scored by the command, a recipe of either fits the other and keeps the same documents', async () => {
  const scored = nesso('score', SOURCE, '--heads', 'x=head.safetensors', '-o', 'scored/command.parquet');
  expect(scored).toMatchObject({ folderColumns: ['language', 'fw2_kept'] });
  const { thresholds, languages, total } = await studio.client.quality.thresholds({
    paths: [SOURCE],
    choice,
  });
  expect(languages).toMatchObject({ deu_Latn: { fw2Documents: 40 }, ita_Latn: { fw2Documents: 45 } });
  const wanted = ['--heads', 'score_a', '--quantile', '0.7', '-o', 'scored.json'];
  const ofScored = nesso('threshold', 'scored/command.parquet', ...wanted);
  expect(ofScored).toMatchObject({ thresholds, languages, total });
  const applied = nesso('apply', 'scored.json', SOURCE, '-o', 'kept.parquet');
  expect(applied).toMatchObject({
    keptDocuments: total.keptDocuments,
    folderColumns: ['language', 'fw2_kept'],
    warnings: [],
  });
  const documents = await sql.rows(`SELECT id, language, fw2_kept FROM '${at('kept.parquet')}' ORDER BY ALL`);
  expect(documents).toHaveLength(total.keptDocuments);
  // The other way round, and as JSON lines, which have no types.
  const recipe = await studio.client.quality.makeRecipe({ paths: [SOURCE], choice, name: 'folder' });
  const request = { recipe, output: 'kept.jsonl', overwrite: false };
  for (const paths of [[SOURCE], ['scored/command.parquet']]) {
    const events = await studio.client.quality.apply({ ...request, paths, overwrite: true });
    expect((await eventOf(events, 'done')).warnings).toEqual([]);
    const rows = await sql.rows(`SELECT id, language, fw2_kept FROM '${at('kept.jsonl')}' ORDER BY ALL`);
    expect(rows).toEqual(documents);
  }
});

it('a file beside those that name their language is still told by its folder', async () => {
  const write = (path: string, more: string) =>
    sql.run(`COPY (SELECT 'id-' || range AS id, 'words ' || range AS text, range::FLOAT AS score_a${more}
      FROM range(10)) TO '${at(path)}'`);
  await mkdir(at('data/partly/fra_Latn/train'), { recursive: true });
  await write('data/partly/spa_Latn.parquet', '');
  await write('data/partly/named.parquet', ", 'deu' AS language, 'Latn' AS language_script");
  await write('data/partly/fra_Latn/train/0.parquet', '');
  const before = (await describeCorpus('data/partly')).languages;
  expect(before.map(({ language, documents }) => [language, documents])).toEqual([
    ['deu_Latn', 10],
    ['fra_Latn', 10],
    ['spa_Latn', 10],
  ]);
  expect(await score('data/partly', 'scored/partly.parquet')).toMatchObject({
    folderColumns: ['folder_language', 'fw2_kept'],
  });
  expect((await describeCorpus('scored/partly.parquet')).languages).toEqual(before);
});
