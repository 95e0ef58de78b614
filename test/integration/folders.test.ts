// Everything that works on documents works on folders and globs as well: files of four formats and three schemas, told apart by
// folders of languages. Every number is counted a second time by DuckDB directly; damage inside is said of the file it is in.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JudgeQuestion } from '../../core/api/judges.ts';
import { encodeHead } from '../../core/lib/jql/head-file.ts';
import { randomHead, scoreDocuments } from '../../core/lib/jql/head.ts';
import { seededRandom } from '../../core/lib/jql/random.ts';
import { campaign as campaignSchema } from '../../core/lib/annotations/campaign.ts';
import { judgeEffort } from '../../core/lib/judges/judgement.ts';
import { wholeDataset } from '../../core/lib/datasets/view.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { eventOf } from '../support/event-of.ts';
import { openSql, type Sql } from '../support/scored-corpus.ts';
import { startTestCore, type TestCore, type TestFolder, temporaryFolder } from '../support/test-core.ts';
import { ngramFeatures } from '../support/plain-head.ts';

const ALL = 100;
const GERMAN = 70;
const ITALIAN = 30;
/** Folder, pattern, and the files one by one: the same documents. */
const FILES = ['deu_Latn/a.parquet', 'deu_Latn/b.jsonl', 'ita_Latn/c.csv', 'ita_Latn/d.jsonl.zst'] as const;
const paths = (root: string) => [
  [root],
  [`${root}/*_Latn/*`],
  [`${root}/deu_Latn`, `${root}/ita_Latn/c.csv`, `${root}/ita_Latn/*.zst`],
];
const head = randomHead(512, 16, seededRandom(9));

let studio: TestCore;
let folder: TestFolder;
let sql: Sql;
const at = (name: string): string => join(folder.path, name);

/** Documents `from` up to `to` of the whole: the score is a permutation of 0–99, the tokens their number. */
const rows = (from: number, to: number, columns: string): string =>
  `SELECT 'doc-' || range AS id, 'words of document ' || range || ' ' || md5(range::VARCHAR) AS text, ${columns}
   FROM range(${from}, ${to})`;
const score = '((range * 37) % 100)';

async function writeCorpus(root: string): Promise<void> {
  await mkdir(at(`${root}/deu_Latn`), { recursive: true });
  await mkdir(at(`${root}/ita_Latn`), { recursive: true });
  const copy = (name: string, select: string, options: string) =>
    sql.run(`COPY (${select}) TO '${at(`${root}/${name}`)}' (${options})`);
  const [a, b, c, d] = FILES;
  await copy(a, rows(0, 40, `${score}::FLOAT AS score_x, range::BIGINT AS token_count`), 'FORMAT parquet');
  const nested = `range AS token_count, {'host': 'h' || range} AS metadata`;
  await copy(b, rows(40, 70, `${score}::DOUBLE AS score_x, ${nested}`), 'FORMAT json');
  const noted = `range AS token_count, 'a note' AS note`;
  await copy(c, rows(70, 90, `${score} AS score_x, ${noted}`), 'FORMAT csv, HEADER true');
  const swapped = `range AS token_count, ${score} AS score_x`;
  await copy(d, rows(90, 100, swapped), 'FORMAT json, COMPRESSION zstd');
}

beforeAll(async () => {
  ensureChildBuilt('native-duckdb', 'native/duckdb');
  studio = await startTestCore();
  folder = await temporaryFolder();
  sql = await openSql();
  await writeFile(at('studio.yaml'), 'name: test\n');
  await writeFile(at('h.safetensors'), encodeHead(head));
  await writeCorpus('data/mixed');
  await studio.client.workspace.open({ path: folder.path });
});
afterAll(async () => {
  sql[Symbol.dispose]();
  await studio[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const choice = {
  heads: ['score_x'],
  quantiles: { overall: 0.7 },
  operator: 'gte' as const,
  rule: { kind: 'all' as const },
};
/** The three tenths with the highest scores of each language; scores are all different. */
const keptIds = (): Promise<readonly string[]> =>
  sql
    .rows(`WITH d AS (SELECT range AS id, ${score} AS score, range < ${GERMAN} AS german FROM range(${ALL})),
        t AS (SELECT german, quantile_cont(score, 0.7) AS cut FROM d GROUP BY german)
      SELECT 'doc-' || id FROM d JOIN t USING (german) WHERE score >= cut ORDER BY id`)
    .then((found) => found.map(([id]) => String(id)));

describe('a folder and a pattern of files that differ', () => {
  it('open with every row once, and export it', async () => {
    for (const path of ['data/mixed', 'data/mixed/*_Latn/*']) {
      const { dataset } = await eventOf(studio.client.datasets.open({ path, skipDamaged: false }), 'ready');
      expect(dataset).toMatchObject({ rows: ALL, format: 'mixed' });
      expect(dataset.files.map(({ rows: own }) => own)).toEqual([40, 30, 20, 10]);
      for (const format of ['parquet', 'jsonl.zst', 'ids'] as const) {
        const output = `out/all.${format === 'ids' ? 'txt' : format}`;
        const wish = { path, view: wholeDataset, output, format, overwrite: true };
        const done = await eventOf(studio.client.datasets.exportView(wish), 'done');
        expect(done.rows).toBe(ALL);
        const wanted = Array.from({ length: ALL }, (_, row) => `doc-${row}`);
        const ids =
          format === 'ids'
            ? (await readFile(at(output), 'utf8')).trim().split('\n')
            : (await sql.rows(`SELECT id FROM '${at(output)}'`)).map(([id]) => id);
        expect(ids).toEqual(wanted);
      }
    }
  });

  it('have thresholds and a board, and a recipe that keeps the same documents of them', async () => {
    const { quality } = studio.client;
    const wanted = await keptIds();
    const tokens = wanted.reduce((sum, id) => sum + Number(id.slice(4)), 0);
    for (const own of paths('data/mixed')) {
      const result = await quality.thresholds({ paths: own, choice });
      expect(result.languages).toMatchObject({
        deu_Latn: { documents: GERMAN, keptDocuments: 21 },
        ita_Latn: { documents: ITALIAN, keptDocuments: 9 },
      });
      expect(result.total).toMatchObject({
        documents: ALL,
        keptDocuments: wanted.length,
        keptTokens: tokens,
      });
      const board = await quality.board({ paths: own, filter: result.filter, language: null });
      // Folders named like those of FineWeb-2's kept documents.
      expect(board.cells.map(({ fw2, jql, documents }) => [fw2, jql, documents])).toEqual([
        ['kept', 'kept', wanted.length],
        ['kept', 'removed', ALL - wanted.length],
        ['removed', 'kept', 0],
        ['removed', 'removed', 0],
      ]);
      const recipe = await quality.makeRecipe({ paths: own, choice, name: 'seven tenths' });
      expect(recipe.source.files.map(({ rows: count }) => count)).toEqual([40, 30, 20, 10]);
      for (const output of ['out/kept.parquet', 'out/kept.jsonl.zst']) {
        const done = await eventOf(quality.apply({ recipe, paths: own, output, overwrite: true }), 'done');
        expect(done).toMatchObject({ documents: ALL, keptDocuments: wanted.length, keptTokens: tokens });
        expect((await sql.rows(`SELECT id FROM '${at(output)}'`)).map(([id]) => id)).toEqual(wanted);
      }
    }
  });

  it('are scored into one file, every document with the scores of its text', async () => {
    for (const [place, path] of ['data/mixed', 'data/mixed/*_Latn/*'].entries()) {
      const output = `out/scored-${place}.parquet`;
      const done = await eventOf(
        studio.client.scoring.score({
          path,
          heads: [{ name: 'h', path: 'h.safetensors' }],
          embedder: { kind: 'builtin', dimensions: null },
          textColumn: null,
          output,
          overwrite: false,
        }),
        'done',
      );
      expect(done).toMatchObject({ documents: ALL, scoredDocuments: ALL });
      const scored = await sql.rows(`SELECT id, text, score_h, score_x FROM '${at(output)}'`);
      expect(scored.map(([id]) => id)).toEqual(Array.from({ length: ALL }, (_, row) => `doc-${row}`));
      for (const [row, [, text, own, given]] of scored.entries()) {
        const [wanted = Number.NaN] = scoreDocuments(head, ngramFeatures(String(text), 512));
        expect(Number(own)).toBeCloseTo(wanted, 4);
        expect(Number(given)).toBe((row * 37) % ALL);
      }
    }
  });

  it('are annotated: documents of every file are drawn, each with its own text', async () => {
    const { annotations } = studio.client;
    for (const [place, dataset] of ['data/mixed', 'data/mixed/*_Latn/*'].entries()) {
      const campaign = `draw-${place}`;
      await annotations.create({
        campaign,
        name: campaign,
        dataset,
        documents: ALL,
        seed: 3,
        stratifyBy: null,
        overlap: 1,
        blind: true,
        guideline: 'Be fair',
      });
      const text = await readFile(at(`annotations/${campaign}/campaign.json`), 'utf8');
      const { documents } = campaignSchema.parse(JSON.parse(text));
      expect(documents.map(({ id }) => id).toSorted()).toEqual(
        Array.from({ length: ALL }, (_, row) => `doc-${row}`).toSorted(),
      );
      for (const position of [0, 33, 66, 99]) {
        const shown = await annotations.at({ campaign, annotator: 'ada', position });
        expect(shown.text).toMatch(
          new RegExp(`^words of ${documents[position]?.id.replace('doc-', 'document ') ?? ''} `),
        );
      }
    }
  });

  it('are judged: every document once', async () => {
    const { judges } = studio.client;
    const { text } = await judges.template({ name: 'educational' });
    for (const dataset of ['data/mixed', 'data/mixed/*_Latn/*']) {
      const question = questionOf(dataset, text);
      const wish = { question, answerTokens: 10, documentsPerSecond: 4, sharedPrompt: true };
      expect(await judges.estimate(wish)).toMatchObject({ documents: ALL, emptyDocuments: 0 });
    }
  });
});

const questionOf = (dataset: string, template: string): JudgeQuestion => ({
  dataset,
  textColumn: null,
  view: wholeDataset,
  selection: { kind: 'all' },
  judge: 'educational',
  template,
  rule: 'exact',
  endpoint: { baseUrl: 'http://127.0.0.1:9', api: 'chat', model: 'nobody' },
  keyName: null,
  tokenizer: null,
  effort: judgeEffort.parse({ concurrency: 1, timeoutSeconds: 5, retries: 0 }),
  price: { input: 2, output: 10 },
});

describe('damage in one file of many', () => {
  it('is said of that file by whoever reads it', async () => {
    await writeCorpus('data/broken');
    const [name] = FILES;
    const bytes = await readFile(at(`data/broken/${name}`));
    // The table of contents at the end stays whole: only the pages are wrong.
    bytes.fill(0xa5, 4, bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8));
    await writeFile(at(`data/broken/${name}`), bytes);
    const path = 'data/broken';
    const { datasets, quality, scoring, annotations, judges } = studio.client;
    const wanted = {
      code: 'CORRUPT_FILE',
      message: expect.stringMatching(/a\.parquet is damaged: a part of it cannot be read$/) as string,
      data: { path: at(`data/broken/${name}`) },
    };
    const campaign = {
      campaign: 'none',
      name: 'none',
      dataset: path,
      documents: 5,
      seed: 1,
      stratifyBy: null,
      overlap: 1,
      blind: true,
      guideline: '-',
    };
    const { text } = await judges.template({ name: 'educational' });
    const work = [
      () => datasets.histogram({ path, column: 'score_x', bins: 5 }),
      () =>
        eventOf(
          datasets.exportView({
            path,
            view: wholeDataset,
            output: 'out/no.parquet',
            format: 'parquet',
            overwrite: false,
          }),
          'done',
        ),
      () => quality.thresholds({ paths: [path], choice }),
      () =>
        eventOf(
          scoring.score({
            path,
            heads: [{ name: 'h', path: 'h.safetensors' }],
            embedder: { kind: 'builtin', dimensions: null },
            textColumn: null,
            output: 'out/no.parquet',
            overwrite: false,
          }),
          'done',
        ),
      () => annotations.create(campaign),
      () =>
        judges.estimate({
          question: questionOf(path, text),
          answerTokens: 10,
          documentsPerSecond: 4,
          sharedPrompt: true,
        }),
    ];
    for (const [index, one] of work.entries()) {
      await expect(one(), `work ${index}`).rejects.toMatchObject(wanted);
    }
    const recipe = await quality.makeRecipe({ paths: ['data/mixed'], choice, name: 'whole' });
    await expect(
      eventOf(quality.apply({ recipe, paths: [path], output: 'out/no.parquet', overwrite: false }), 'done'),
    ).rejects.toMatchObject(wanted);
    // Files that cannot even be opened: a cut one, and one that is no data.
    await writeFile(at('data/broken/ita_Latn/e.parquet'), bytes.subarray(0, 300));
    await expect(quality.thresholds({ paths: [path], choice })).rejects.toMatchObject({
      code: 'CORRUPT_FILE',
      data: { path: at('data/broken/ita_Latn/e.parquet') },
    });
  });
});
