// Scoring in a real Chromium against `nesso serve`: a dataset over the built-in embedder and over a model from the workspace, each
// result in the quality lab with the scores that the heads give; what does not fit is said before anything starts.
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { encodeHead } from '../../core/lib/jql/head-file.ts';
import { randomHead, scoreDocuments } from '../../core/lib/jql/head.ts';
import { seededRandom } from '../../core/lib/jql/random.ts';
import { scoreCard } from '../../core/lib/quality/score-card.ts';
import { openSql, type Sql } from '../support/scored-corpus.ts';
import { type SmallHub, startSmallHub } from '../support/small-hub.ts';
import { type Studio, startStudio } from './harness/studio.ts';
import { ngramFeatures } from '../support/plain-head.ts';

const fixture = join(import.meta.dirname, '..', 'fixtures', 'embedder');
const learned = randomHead(512, 24, seededRandom(3));
const clarity = randomHead(48, 24, seededRandom(4));
const line = z.object({ text: z.string() });
/** A busy computer takes its time. */
const patiently = { timeout: 120_000 };
let studio: Studio;
let sql: Sql;
let hub: SmallHub;
let documents: readonly z.infer<typeof line>[];

beforeAll(async () => {
  const files = ['config.json', 'tokenizer.json', 'onnx/model.onnx'].map(
    (name) => [name, new Uint8Array(readFileSync(join(fixture, name)))] as const,
  );
  hub = await startSmallHub({ id: 'someone/hub-embedder', files: Object.fromEntries(files) });
  // The serving process is started with it.
  process.env['HF_ENDPOINT'] = hub.endpoint;
  studio = await startStudio();
  sql = await openSql();
  documents = readFileSync(join(studio.workspace, 'data', 'documents.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((json) => line.parse(JSON.parse(json)));
  const heads = join(studio.workspace, 'heads');
  mkdirSync(heads);
  cpSync(fixture, join(studio.workspace, 'models/small-embedder'), { recursive: true });
  const said = { features: 'hashed-ngrams', features_version: '1' };
  writeFileSync(join(heads, 'learned.safetensors'), encodeHead(learned, said));
  writeFileSync(join(heads, 'passing.safetensors'), encodeHead(randomHead(48, 24, seededRandom(5))));
  writeFileSync(join(heads, 'clarity.safetensors'), encodeHead(clarity));
});

afterAll(async () => {
  sql[Symbol.dispose]();
  expect(studio.pageErrors).toEqual([]);
  await studio[Symbol.asyncDispose]();
  Reflect.deleteProperty(process.env, 'HF_ENDPOINT');
  await hub[Symbol.asyncDispose]();
});

async function openDialog() {
  const { page } = studio;
  await studio.go('#/data/data/documents.parquet?view=rows');
  await page.getByRole('button', { name: 'Score…' }).click(patiently);
  const dialog = page.getByRole('dialog', { name: 'Score documents' });
  await dialog.getByText('learned', { exact: true }).waitFor(patiently);
  return dialog;
}

test('a few documents are scored before anything is written, and again with every change', async () => {
  const { page, workspace } = studio;
  const dialog = await openDialog();
  // Its name stands in the table too.
  const head = (name: string) =>
    dialog.getByRole('group', { name: 'Heads' }).getByText(name, { exact: true });
  const attempt = dialog.getByRole('button', { name: 'Try on 5 documents' });
  expect(await attempt.isDisabled()).toBe(true);
  await head('learned').click();
  await attempt.click();
  const table = dialog.getByRole('table', { name: 'Scores of a few documents' });
  const shown = () => table.getByRole('cell').allTextContents();
  const own = (first: number, file: typeof learned) =>
    documents.slice(first, first + 5).map(({ text }) => {
      const [score = Number.NaN] = scoreDocuments(file, ngramFeatures(text, file.inputs));
      return score.toFixed(3).replace('-', '−');
    });
  await expect.poll(shown, patiently).toEqual(own(0, learned));
  await dialog.getByText('Documents 1 to 5 of 448 · hashed-ngrams').waitFor();
  await dialog.getByRole('button', { name: 'Next' }).click();
  await expect.poll(shown, patiently).toEqual(own(5, learned));
  await dialog.getByRole('button', { name: 'Previous' }).click();
  await expect.poll(shown, patiently).toEqual(own(0, learned));
  // Another head: its scores, without asking again.
  await head('learned').click();
  await dialog.getByText('Choose a head to see its scores').waitFor();
  await head('clarity').click();
  await expect.poll(shown, patiently).toEqual(own(0, clarity));
  await dialog.getByText(/clarity\.safetensors does not say which embedder/).waitFor();
  // Over a model, whose vectors are others.
  await dialog.getByRole('button', { name: /Embedder/ }).click();
  await page.getByRole('option', { name: /small-embedder/ }).click();
  await dialog.getByText(/Documents 1 to 5 of 448 · small-embedder fp32/).waitFor(patiently);
  expect(await shown()).not.toEqual(own(0, clarity));
  // A head that is gone meanwhile leaves the list, and the dialog stays.
  rmSync(join(workspace, 'heads', 'passing.safetensors'));
  await expect.poll(() => head('passing').count(), patiently).toBe(0);
  await head('clarity').click();
  await dialog.getByText('Choose a head to see its scores').waitFor(patiently);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect(readdirSync(join(workspace, 'data')).sort()).toEqual(['documents.jsonl', 'documents.parquet']);
});

test('a file outside of the workspace is refused, and Escape still closes what was refused', async () => {
  const dialog = await openDialog();
  await dialog.getByText('learned', { exact: true }).click();
  await dialog.getByLabel('File (.parquet)').fill('../outside');
  await dialog.getByRole('button', { name: 'Score', exact: true }).click();
  await dialog.getByText(/must lie inside the workspace/).waitFor(patiently);
  await studio.page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
});

test('a dataset is scored over the built-in embedder and opens in the quality lab', async () => {
  const { page, workspace } = studio;
  const dialog = await openDialog();
  expect(await dialog.getByRole('button', { name: 'Score', exact: true }).isDisabled()).toBe(true);
  await dialog.getByText('learned', { exact: true }).click();
  // Heads of another width cannot be scored along with it.
  await dialog.getByText('takes 48 values a document, the chosen heads 512').waitFor();
  await dialog.getByRole('button', { name: 'Score', exact: true }).click();
  await page.getByText('448 of 448 documents scored').waitFor(patiently);
  await expect
    .poll(() => page.evaluate(() => location.hash), patiently)
    .toContain('documents-scored.parquet?view=quality');
  await page.getByText('all 4 heads ≥ quantile').waitFor(patiently);
  const rows = await sql.rows(
    `SELECT text, score_learned FROM '${join(workspace, 'data/documents-scored.parquet')}'`,
  );
  expect(rows.map(([, score]) => score)).toEqual(
    rows.map(([text]) => scoreDocuments(learned, ngramFeatures(String(text)))[0]),
  );

  // The same file again: asked first, and left alone.
  const again = await openDialog();
  await again.getByText('learned', { exact: true }).click();
  await again.getByRole('button', { name: 'Score', exact: true }).click();
  await again.getByText(/documents-scored\.parquet exists already/).waitFor(patiently);
  await again.getByText('Replace the file that is there').waitFor();
  await again.getByRole('button', { name: 'Cancel' }).click();
});

test('and over a model of the workspace, with its identity in the card', async () => {
  const { page, workspace } = studio;
  const dialog = await openDialog();
  await dialog.getByRole('button', { name: /Embedder/ }).click();
  await page.getByRole('option', { name: /small-embedder/ }).click();
  await dialog.getByText('takes 512 values a document, this embedder makes 48').waitFor();
  await dialog.getByText('clarity', { exact: true }).click();
  await dialog.getByLabel('File (.parquet)').fill('data/by-model');
  await dialog.getByRole('button', { name: 'Score', exact: true }).click();
  await expect
    .poll(() => page.evaluate(() => location.hash), patiently)
    .toContain('by-model.parquet?view=quality');
  await page.getByText('all 4 heads ≥ quantile').waitFor(patiently);
  const card = scoreCard.parse(
    JSON.parse(readFileSync(join(workspace, 'data/by-model.scores.json'), 'utf8')),
  );
  expect(card.columns.at(-1)).toMatchObject({
    column: 'score_clarity',
    embedder: {
      id: 'small-embedder',
      dimensions: 48,
      variant: expect.stringContaining('fp32 cls-l2 max256') as string,
    },
  });
});

test('the download asks for a name the hub can have, and says where the token stays', async () => {
  const { page } = studio;
  const dialog = await openDialog();
  await dialog.getByRole('button', { name: 'Download…' }).click();
  const pull = page.getByRole('dialog', { name: 'Download an embedding model' });
  await pull.getByRole('button', { name: /Model on the Hugging Face hub/ }).click();
  await page.getByRole('option', { name: /Another/ }).click();
  await pull.getByRole('textbox', { name: 'Name' }).fill('not a name');
  await pull.getByText('a browser has no safe place for it').waitFor();
  await pull.getByRole('button', { name: 'Download', exact: true }).click();
  await pull
    .getByText(/not a name is not the name of a model on the hub\. Write owner\/name/)
    .waitFor(patiently);
  await pull.getByRole('button', { name: 'Cancel' }).click();
});

test('a model is downloaded from the hub in the window, and is then the embedder', async () => {
  const { page, workspace } = studio;
  // Whatever dialog stands open is gone after this.
  await page.reload();
  const dialog = await openDialog();
  await dialog.getByRole('button', { name: 'Download…' }).click();
  const pull = page.getByRole('dialog', { name: 'Download an embedding model' });
  await pull.getByRole('button', { name: /Model on the Hugging Face hub/ }).click();
  await page.getByRole('option', { name: /Another…/ }).click();
  const name = pull.getByRole('textbox', { name: 'Name' });
  await name.fill('someone/none');
  await pull.getByRole('button', { name: 'Download', exact: true }).click();
  await pull.getByRole('alert').waitFor(patiently);
  await name.fill('someone/hub-embedder');
  await pull.getByRole('button', { name: 'Download', exact: true }).click();
  await pull.waitFor({ state: 'detached', ...patiently });
  await dialog
    .getByRole('button', { name: /hub-embedder.*Embedder|Embedder.*hub-embedder/ })
    .waitFor(patiently);
  const folder = join(workspace, 'models', 'hub-embedder');
  for (const file of ['config.json', 'tokenizer.json', 'onnx/model.onnx']) {
    expect(readFileSync(join(folder, file)).equals(readFileSync(join(fixture, file))), file).toBe(true);
  }
  expect(JSON.parse(readFileSync(join(folder, 'nesso-source.json'), 'utf8'))).toMatchObject({
    id: 'someone/hub-embedder',
    endpoint: hub.endpoint,
  });
});

test('files scored over other vectors are told apart, and one kind of them is taken with a click', async () => {
  const { page, workspace } = studio;
  const score = (output: string, ...embedder: string[]) =>
    promisify(execFile)(
      process.execPath,
      [
        join(import.meta.dirname, '..', '..', 'bin', 'nesso.mjs'),
        'quality',
        'score',
        'data/documents.jsonl',
        '--heads',
        'clarity=heads/clarity.safetensors',
        ...embedder,
        '-o',
        output,
      ],
      { cwd: workspace },
    );
  await score('data/mixed/by-model.parquet', '--embedder', 'models/small-embedder');
  await score('data/mixed/by-ngrams.parquet');
  await page.reload();
  await studio.go('#/data/data/mixed?view=quality');
  const panel = page.getByRole('region', { name: 'Scores that do not go together' });
  await panel.getByText('The scores of clarity do not go together').waitFor(patiently);
  await panel.getByText('data/mixed/by-ngrams.parquet').waitFor();
  const kinds = panel.getByRole('listitem');
  expect(await kinds.count()).toBe(2);
  expect(await kinds.first().textContent()).toMatch(/over small-embedder fp32.*1 file · 448 documents/);
  expect(await page.getByRole('button', { name: 'Save filter recipe…' }).isDisabled()).toBe(true);
  await page.getByText('What thresholds keep and remove is shown here, with its documents').waitFor();
  // The other heads came with the documents: they go together.
  await panel.getByRole('button', { name: 'Go on without clarity' }).click();
  await page.getByText('all 3 heads ≥ quantile').first().waitFor(patiently);
  expect(await panel.count()).toBe(0);
  await page.getByRole('button', { name: 'Heads that take part' }).click();
  await page.getByRole('menuitem', { name: /clarity/ }).click();
  await panel.waitFor(patiently);
  await kinds.last().getByRole('button', { name: 'Use this file' }).click();
  await expect.poll(() => page.evaluate(() => location.hash), patiently).toContain('by-ngrams.parquet');
  await page.getByText('all 4 heads ≥ quantile').first().waitFor(patiently);
  expect(await panel.count()).toBe(0);
});
