// The rows of a dataset in a real Chromium against `nesso serve`: a bar and a menu filter, chips say how, sort, search,
// export and the export opened again; every count against an independent computation from documents.jsonl.
// Leaves the screenshots that the documentation shows when NESSO_SCREENSHOTS is set.
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Studio, startStudio } from './harness/studio.ts';

const screenshots = join(import.meta.dirname, '..', '..', 'docs', 'screenshots');
/** A busy computer takes its time. */
const patiently = { timeout: 120_000 };

const line = z.object({
  id: z.string(),
  text: z.string(),
  language: z.string(),
  token_count: z.number(),
  score_gemma: z.number(),
});
type Line = z.infer<typeof line>;

describe('the rows of a dataset', () => {
  let studio: Studio;
  let documents: readonly Line[];
  /** What the bar that was clicked keeps. */
  let inBar: readonly Line[];

  const shot = async (name: string): Promise<void> => {
    if (!process.env['NESSO_SCREENSHOTS']) return;
    mkdirSync(screenshots, { recursive: true });
    await studio.page.screenshot({ path: join(screenshots, `${name}.png`) });
  };
  const matching = (count: number) =>
    studio.page.getByText(`${count} of ${documents.length} rows match`).waitFor(patiently);
  const chips = () => studio.page.getByRole('list', { name: 'Filters' }).getByRole('listitem');
  const firstCells = async (): Promise<string | null> =>
    studio.page.locator('[role=row][aria-rowindex="2"]').textContent();

  beforeAll(async () => {
    studio = await startStudio();
    const text = await readFile(join(studio.workspace, 'data', 'documents.jsonl'), 'utf8');
    documents = text
      .trimEnd()
      .split('\n')
      .map((json) => line.parse(JSON.parse(json)));
  });
  afterAll(async () => {
    await studio[Symbol.asyncDispose]();
  });

  test('a click on a bar of a histogram keeps the rows of that bar, as a sentence', async () => {
    const { page } = studio;
    await page.getByRole('link', { name: 'Data', exact: true }).click();
    await page.getByRole('option', { name: /documents\.parquet/ }).click();
    await page.getByRole('button', { name: 'Histogram of score_gemma' }).click();
    await page.getByText(/histogram over all 448 rows/).waitFor(patiently);
    const scores = documents.map(({ score_gemma: score }) => Math.fround(score));
    const low = scores.reduce((a, b) => Math.min(a, b));
    const high = scores.reduce((a, b) => Math.max(a, b));
    const width = (high - low) / 40;
    const bar = 12;
    inBar = documents.filter((_, index) => {
      const score = scores[index] ?? 0;
      return score >= low + bar * width && score < low + (bar + 1) * width;
    });
    expect(inBar.length).toBeGreaterThan(2);
    await page
      .getByRole('group', { name: 'Histogram of score_gemma' })
      .getByRole('button')
      .nth(bar)
      .click({ force: true });
    await matching(inBar.length);
    expect(await chips().first().textContent()).toMatch(/^score_gemma from [\d.]+ to below [\d.]+$/);
    await page.getByText(`histogram over the ${inBar.length} matching rows`).waitFor(patiently);
    expect(new URL(page.url()).hash).toContain('where=');
    await shot('data-view');
  });

  test('the menu of a column sorts, and the reader goes through the view', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'Close histogram' }).click();
    await page.getByRole('button', { name: /^Remove score_gemma from/ }).click();
    await expect.poll(() => chips().count()).toBe(0);
    await page.getByRole('button', { name: 'Column token_count' }).click();
    await page.getByRole('menuitem', { name: /^Sort highest first/ }).click();
    await page.getByText('sorted by token_count, highest first').waitFor(patiently);
    await matching(documents.length);
    const sorted = documents
      .map((document, row) => ({ ...document, row }))
      .toSorted((a, b) => b.token_count - a.token_count);
    await expect.poll(firstCells, patiently).toContain(sorted[0]?.id);
    await page.locator('[role=row][aria-rowindex="2"]').click();
    await page.getByRole('heading', { name: `Row ${sorted[0]?.row}`, exact: true }).waitFor(patiently);
    await page.getByRole('grid', { name: 'Rows' }).focus();
    await page.keyboard.press('j');
    await page.getByRole('heading', { name: `Row ${sorted[1]?.row}`, exact: true }).waitFor(patiently);
    await page.getByRole('button', { name: 'Next document' }).click();
    await page.getByRole('heading', { name: `Row ${sorted[2]?.row}`, exact: true }).waitFor(patiently);
    await page.getByText('3 of 448 that match').waitFor(patiently);
  });

  test('values with their counts filter, and the search narrows further', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'Column language', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Filter by values…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Filter by language' });
    const values = dialog.getByRole('group', { name: 'Values of language' });
    await values.getByRole('checkbox').first().waitFor(patiently);
    const italian = documents.filter(({ language }) => language === 'ita');
    expect(await values.getByText(String(italian.length), { exact: true }).count()).toBeGreaterThan(0);
    await values.getByText('ita', { exact: true }).click();
    await values.getByText('spa', { exact: true }).click();
    await shot('data-view-values');
    await dialog.getByRole('button', { name: 'Add filter' }).click();
    await page.getByText('language is ita or spa').waitFor(patiently);
    const both = documents.filter(({ language }) => ['ita', 'spa'].includes(language));
    await matching(both.length);
    await page.getByRole('searchbox', { name: 'Search the text' }).fill('ENERG');
    const found = both.filter(({ text }) => text.toLowerCase().includes('energ'));
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(both.length);
    await matching(found.length);
    await page.getByRole('button', { name: 'As SQL' }).click();
    expect(await page.getByLabel('ORDER BY').inputValue()).toMatch(/^"token_count" DESC/);
    expect(await page.getByLabel('WHERE').inputValue()).toContain(`"language" IN ('ita', 'spa')`);
    await shot('data-view-filters');
    await page.getByRole('button', { name: 'Close SQL' }).click();
  });

  test('the view is in the address, and is there again after a reload', async () => {
    const { page } = studio;
    const sentences = await chips().allTextContents();
    expect(sentences).toHaveLength(3);
    await page.reload();
    await expect.poll(() => chips().allTextContents(), patiently).toEqual(sentences);
    await studio.go('#/data/data/documents.jsonl');
    await page.getByRole('heading', { name: 'documents.jsonl' }).waitFor(patiently);
    await expect.poll(() => chips().count(), patiently).toBe(0);
    await studio.go('#/data/data/documents.parquet');
    await expect.poll(() => chips().allTextContents(), patiently).toEqual(sentences);
    await expect.poll(() => new URL(page.url()).hash, patiently).toContain('where=');
  });

  test('the view is exported in its order and opened again', async () => {
    const { page } = studio;
    const found = documents
      .filter(
        ({ language, text }) => ['ita', 'spa'].includes(language) && text.toLowerCase().includes('energ'),
      )
      .toSorted((a, b) => b.token_count - a.token_count);
    await page.getByRole('button', { name: 'Export rows…' }).click();
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByRole('button', { name: 'Open the export' }).first().click();
    await page.getByRole('heading', { name: 'documents-view.parquet' }).waitFor(patiently);
    await page.getByText(new RegExp(`^${found.length} rows · `)).waitFor(patiently);
    await expect.poll(firstCells, patiently).toContain(found[0]?.id);
    const recipe: unknown = JSON.parse(
      await readFile(join(studio.workspace, 'data', 'documents-view.parquet.recipe.json'), 'utf8'),
    );
    expect(recipe).toMatchObject({
      source: { path: 'data/documents.parquet', rows: documents.length },
      rows: found.length,
    });
  });

  test('the page reported no error', () => {
    expect(studio.pageErrors).toEqual([]);
  });
});
