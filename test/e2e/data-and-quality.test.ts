// From a folder of many files to a corpus that people and heads agree on, in a real Chromium against `nesso serve`: thresholds, the
// board, an export, a head of one's own, a fresh file scored with it, two people who rate. Every number is one that DuckDB in this
// process, scikit-learn or the command line says too.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { scoreDocuments } from '../../core/lib/jql/head.ts';
import { runNesso } from '../integration/cli-process.ts';
import { documentsSql, openSql, type Sql } from '../support/scored-corpus.ts';
import { type Studio, startStudio } from './harness/studio.ts';
import { decodeHead, ngramFeatures } from '../support/plain-head.ts';

/** A busy computer takes its time. */
const patiently = { timeout: 120_000 };
/** A training and a scoring are work, not a wait. */
const forWork = { timeout: 150_000 };
const DOCUMENTS = 4000;
const FRESH = 300;
const TWENTY = 20;
const heads = ['score_a', 'score_b', 'score_c'] as const;

const agreement = z
  .object({
    first: z.array(z.number()),
    second: z.array(z.number()),
    fullAgreement: z.number(),
    meanStandardDeviation: z.number(),
    krippendorffOrdinal: z.number(),
    krippendorffInterval: z.number(),
    cohen: z.number(),
    biasOfFirst: z.number(),
  })
  .parse(
    JSON.parse(
      readFileSync(join(import.meta.dirname, '..', 'fixtures', 'agreement', 'twenty-by-two.json'), 'utf8'),
    ),
  );

const thresholdOutput = z.object({
  thresholds: z.record(z.string(), z.record(z.string(), z.number())),
  total: z.object({ documents: z.number(), keptDocuments: z.number(), keptTokens: z.number() }),
  meanTokenChangePercent: z.number(),
});
const agreementOutput = z.object({
  documents: z.number(),
  ratings: z.number(),
  fullAgreement: z.number(),
  meanStandardDeviation: z.number(),
  krippendorff: z.object({ ordinal: z.number(), interval: z.number() }),
  pairs: z.array(z.object({ cohen: z.object({ none: z.number() }) })),
});

/** As FineWeb-2 has them, which names reasons only where it removed. */
const keptColumns = 'id, text, language, language_script, token_count, score_a, score_b, score_c';
/** All documents with whether every head is at or above its own quantile within its language. */
const judged = `SELECT d.*, score_a >= cut_a AND score_b >= cut_b AND score_c >= cut_c AS passes
  FROM docs d JOIN (SELECT language, quantile_cont(score_a, 0.7) AS cut_a, quantile_cont(score_b::DOUBLE, 0.7) AS cut_b,
    quantile_cont(score_c, 0.7) AS cut_c FROM docs GROUP BY language) USING (language)`;

const signed = (value: number, digits: number): string =>
  `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;
const written = (value: number): string => value.toFixed(3).replace('-', '−');
const digitsOf = (text: string | null): number =>
  Number(/[\d,]+/.exec(text ?? '')?.[0].replaceAll(',', '') ?? Number.NaN);

/** Tokens kept against those that FineWeb-2 keeps, in percent: the mean of the languages. */
const meanChange = `SELECT avg(change) FROM (SELECT 100 * (sum(token_count) FILTER (passes)
  / sum(token_count) FILTER (fw2_kept) - 1) AS change FROM (${judged}) GROUP BY language)`;

describe('data and quality', () => {
  let studio: Studio;
  let sql: Sql;
  /** Of `query`, whose values are numbers. */
  const numbers = async (query: string): Promise<readonly number[]> =>
    ((await sql.rows(query))[0] ?? []).map(Number);
  const figure = async (unit: string): Promise<number> => {
    const shown = studio.page
      .getByLabel('What these thresholds keep')
      .getByTitle(new RegExp(`^[\\d,]+ ${unit}$`));
    return digitsOf(await shown.getAttribute('title'));
  };
  const inWorkspace = (...parts: readonly string[]): string => join(studio.workspace, ...parts);
  const json = async (...words: readonly string[]): Promise<unknown> => {
    const ended = await runNesso(join(studio.folder, 'cli'), ...words, '--json');
    expect(ended.code, ended.stderr + ended.stdout).toBe(0);
    return ended.json();
  };

  beforeAll(async () => {
    studio = await startStudio();
    sql = await openSql();
    await sql.run(`CREATE TABLE docs AS ${documentsSql(0, DOCUMENTS)}`);
    const write = async (folder: string, file: string, where: string, columns: string): Promise<void> => {
      mkdirSync(inWorkspace('data/web', folder), { recursive: true });
      const format = file.endsWith('.parquet') ? 'parquet' : 'json';
      const target = inWorkspace('data/web', folder, file);
      await sql.run(
        `COPY (SELECT ${columns} FROM docs WHERE ${where} ORDER BY id) TO '${target}' (FORMAT ${format})`,
      );
    };
    for (const language of ['deu', 'fra', 'ita', 'hrv']) {
      const own = `language = '${language}' AND`;
      const half = `hash(id) % 2`;
      await write(`${language}_Latn/train`, '000.parquet', `${own} fw2_kept AND ${half} = 0`, keptColumns);
      await write(`${language}_Latn/train`, '001.jsonl', `${own} fw2_kept AND ${half} = 1`, keptColumns);
      await write(
        `${language}_Latn_removed/train`,
        '000.parquet',
        `${own} NOT fw2_kept`,
        `${keptColumns}, filter_reason`,
      );
    }
    await sql.run(`COPY (SELECT 'fresh-' || range AS id, 'ita' AS language, (50 + range)::BIGINT AS token_count,
        'Il testo numero ' || range || ' parla di ' || ['storia', 'fisica', 'sconti', 'musica'][1 + range % 4] AS text
      FROM range(${FRESH})) TO '${inWorkspace('data/fresh.parquet')}' (FORMAT parquet)`);
  });
  afterAll(async () => {
    sql?.[Symbol.dispose]();
    await studio?.[Symbol.asyncDispose]();
  });

  test('a folder of twelve files is one dataset', async () => {
    const { page } = studio;
    await page.getByRole('link', { name: 'Data', exact: true }).click();
    await page.getByRole('option', { name: /^web\/.*12 files/ }).click(patiently);
    await page.getByText(new RegExp(`^12 files · ${DOCUMENTS.toLocaleString('en')} rows`)).waitFor(patiently);
  });

  test('0.7 per language on three heads keeps what SQL keeps', async () => {
    const { page } = studio;
    await page.getByRole('radio', { name: 'Quality' }).click(patiently);
    await expect.poll(() => page.getByRole('slider', { name: /^Threshold of/ }).count(), patiently).toBe(3);
    const quantile = page.getByRole('textbox', { name: 'Quantile', exact: true });
    await quantile.fill('0.7');
    await quantile.press('Enter');
    const [documents = 0, tokens = 0] = await numbers(
      `SELECT count(*), sum(token_count) FROM (${judged}) WHERE passes`,
    );
    expect(documents).toBeGreaterThan(100);
    await page.getByText('all 3 heads ≥ quantile 0.70 per language').waitFor(patiently);
    await expect.poll(() => figure('documents'), patiently).toBe(documents);
    await expect.poll(() => figure('tokens'), patiently).toBe(tokens);
    const [change = 0] = await numbers(meanChange);
    await page
      .getByLabel('What these thresholds keep')
      .getByText(`${signed(change, 1)} %`, { exact: true })
      .waitFor(patiently);
  });

  test('the board has the documents and tokens of each cell', async () => {
    const { page } = studio;
    for (const [fw2, kept] of [
      [true, true],
      [true, false],
      [false, true],
      [false, false],
    ] as const) {
      const expected = await numbers(
        `SELECT count(*), sum(token_count) FROM (${judged}) WHERE fw2_kept = ${fw2} AND passes = ${kept}`,
      );
      const name = `FW2 ${fw2 ? 'keeps' : 'removes'}, JQL ${kept ? 'keeps' : 'removes'}`;
      const label = await page
        .getByRole('button', { name: new RegExp(`^${name}:`) })
        .getAttribute('aria-label');
      expect(
        (label ?? '')
          .replace(/^[^:]+:/, '')
          .split(';')
          .slice(0, 2)
          .map(digitsOf),
        name,
      ).toEqual(expected);
    }
  });

  test('the export holds these documents, opened again and read by SQL', async () => {
    const { page } = studio;
    const ids = await sql.rows(`SELECT id FROM (${judged}) WHERE passes ORDER BY id`);
    await page.getByRole('button', { name: 'Export kept…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Export kept documents' });
    await dialog.getByRole('textbox', { name: 'File' }).fill('data/web-kept');
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByRole('button', { name: 'Open the export' }).first().click(forWork);
    await page.getByRole('heading', { name: 'web-kept.parquet' }).waitFor(patiently);
    await page.getByText(new RegExp(`^${ids.length.toLocaleString('en')} rows`)).waitFor(patiently);
    expect(await sql.rows(`SELECT id FROM '${inWorkspace('data/web-kept.parquet')}' ORDER BY id`)).toEqual(
      ids,
    );
  });

  test('the command line says what the window shows', async () => {
    const words = ['quality', 'threshold', inWorkspace('data/web'), '--heads', 'a,b,c', '--quantile', '0.7'];
    const output = thresholdOutput.parse(await json(...words));
    const [documents = 0, tokens = 0] = await numbers(
      `SELECT count(*), sum(token_count) FROM (${judged}) WHERE passes`,
    );
    expect(output.total).toEqual({ documents: DOCUMENTS, keptDocuments: documents, keptTokens: tokens });
    const [change = 0] = await numbers(meanChange);
    expect(output.meanTokenChangePercent).toBeCloseTo(change, 9);
    for (const language of ['deu', 'fra', 'ita', 'hrv']) {
      const cuts = await numbers(
        `SELECT ${heads.map((head) => `quantile_cont(${head}::DOUBLE, 0.7)`).join(', ')} FROM docs WHERE language = '${language}'`,
      );
      expect(Object.values(output.thresholds[`${language}_Latn`] ?? {})).toEqual(cuts);
    }
  });

  test('a head is trained in the window', async () => {
    const { page } = studio;
    await studio.go('#/data/data/documents.jsonl?view=rows');
    await page.getByRole('button', { name: 'Train a head…' }).click(patiently);
    const dialog = page.getByRole('dialog', { name: 'Train a head' });
    await dialog.getByText('the 448 rows').waitFor(patiently);
    await dialog.getByText('More: network, optimiser, early stop').click();
    await dialog.getByRole('textbox', { name: 'Epochs' }).fill('6');
    await dialog.getByRole('textbox', { name: 'Hidden units' }).fill('64');
    await dialog.getByRole('textbox', { name: 'Hidden units' }).press('Tab');
    await dialog.getByRole('textbox', { name: 'Name of the run' }).fill('Own head');
    await dialog.getByRole('button', { name: 'Train', exact: true }).click();
    await page.waitForURL(/#\/runs\/own-head/, patiently);
    await page.getByText(/done: (completed|early stop) after \d+ steps/).waitFor(forWork);
  });

  test('a fresh file is scored with the built-in embedder and that head, and opens in the lab', async () => {
    const { page } = studio;
    const run = readdirSync(inWorkspace('runs')).find((name) => name.startsWith('own-head')) ?? '';
    const head = decodeHead(new Uint8Array(readFileSync(inWorkspace('runs', run, 'head.safetensors'))));
    await studio.go('#/data/data/fresh.parquet?view=rows');
    await page.getByRole('button', { name: 'Score…' }).click(patiently);
    const dialog = page.getByRole('dialog', { name: 'Score documents' });
    const own = dialog.getByRole('checkbox').first();
    await own.waitFor(patiently);
    await own.click({ force: true });
    await dialog.getByRole('button', { name: 'Score', exact: true }).click();
    await expect
      .poll(() => page.evaluate(() => location.hash), forWork)
      .toContain('fresh-scored.parquet?view=quality');
    await expect.poll(() => page.getByRole('slider', { name: /^Threshold of/ }).count(), patiently).toBe(1);
    const scored = inWorkspace('data/fresh-scored.parquet');
    const [column] = (
      await sql.rows(`SELECT column_name FROM (DESCRIBE FROM '${scored}') WHERE column_name LIKE 'score%'`)
    ).flat();
    const rows = await sql.rows(`SELECT text, "${String(column)}" FROM '${scored}'`);
    expect(rows).toHaveLength(FRESH);
    expect(rows.map(([, score]) => score)).toEqual(
      rows.map(([text]) => scoreDocuments(head, ngramFeatures(String(text)))[0]),
    );
    const [median = 0] = await numbers(`SELECT count(*) FROM '${scored}' WHERE "${String(column)}" >=
      (SELECT quantile_cont("${String(column)}"::DOUBLE, 0.5) FROM '${scored}')`);
    const quantile = page.getByRole('textbox', { name: 'Quantile', exact: true });
    await quantile.fill('0.5');
    await quantile.press('Enter');
    await expect.poll(() => figure('documents'), patiently).toBe(median);
  });

  test('two people rate twenty documents, neither sees the other before', async () => {
    const { page } = studio;
    await studio.go('#/data/data/fresh.parquet?view=annotate');
    // In the top bar, and in the empty view below it.
    await page.getByRole('button', { name: 'New campaign…' }).first().click(patiently);
    const dialog = page.getByRole('dialog', { name: 'New campaign' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Twenty');
    await dialog.getByRole('textbox', { name: 'Documents' }).fill(String(TWENTY));
    await dialog.getByRole('textbox', { name: 'Ratings per document' }).fill('2');
    await dialog.getByRole('textbox', { name: 'Ratings per document' }).press('Tab');
    expect(await dialog.getByRole('checkbox', { name: /^Blind/ }).isChecked()).toBe(true);
    await dialog.getByRole('button', { name: 'Draw documents' }).click();
    await page.getByRole('heading', { name: 'Who is rating?' }).waitFor(patiently);
    const article = page.getByRole('region', { name: 'Rating' }).getByRole('article');
    for (const [person, ratings] of [
      ['Anna', agreement.first],
      ['Ben', agreement.second],
    ] as const) {
      await page.getByRole('textbox', { name: 'Your name' }).fill(person);
      await page.getByRole('button', { name: 'Start rating' }).click();
      for (const [position, rating] of ratings.entries()) {
        await expect
          .poll(() => article.textContent(), patiently)
          .toContain(`Document ${position + 1} of ${TWENTY}`);
        if (position === 0 && person === 'Ben')
          await page.getByText('Others are hidden until the document has 2 ratings').waitFor(patiently);
        await page.keyboard.press(String(rating));
      }
      await page.getByText('Nothing left for you to rate').waitFor(patiently);
      if (person === 'Anna') await page.getByRole('button', { name: 'Change…' }).click();
    }
  });

  test('their agreement is that of scikit-learn and NumPy, in the window and on the command line', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'Show the report' }).click();
    const report = page.getByRole('region', { name: 'Agreement' });
    await report.getByText('40 ratings of 20 documents by 2 people').waitFor(patiently);
    const text = (await report.textContent()) ?? '';
    const expected = agreement;
    expect(text).toContain(`${(100 * expected.fullAgreement).toFixed(1)} %full agreement`);
    expect(text).toContain(`${written(expected.meanStandardDeviation)}mean standard deviation`);
    expect(text).toContain(`${written(expected.krippendorffOrdinal)}Krippendorff α, ordinal`);
    expect(text).toContain(`${written(expected.krippendorffInterval)}Krippendorff α, interval`);
    const pair = page.getByRole('table', { name: 'Agreement of pairs' }).getByRole('row').nth(1);
    expect(await pair.getByRole('cell').nth(2).textContent()).toBe(written(expected.cohen));
    const bias = page.getByRole('table', { name: 'Bias of each annotator' }).getByRole('row').nth(1);
    expect(await bias.textContent()).toContain(signed(expected.biasOfFirst, 2));

    const output = agreementOutput.parse(
      await json('quality', 'agreement', inWorkspace('annotations/twenty')),
    );
    expect([output.documents, output.ratings]).toEqual([TWENTY, 2 * TWENTY]);
    expect(output.fullAgreement).toBeCloseTo(expected.fullAgreement, 12);
    expect(output.meanStandardDeviation).toBeCloseTo(expected.meanStandardDeviation, 12);
    expect(output.krippendorff.ordinal).toBeCloseTo(expected.krippendorffOrdinal, 12);
    expect(output.krippendorff.interval).toBeCloseTo(expected.krippendorffInterval, 12);
    expect(output.pairs[0]?.cohen.none).toBeCloseTo(expected.cohen, 12);
  });

  test('the page reported no error', () => {
    expect(studio.pageErrors).toEqual([]);
  });
});
