// A folder of files of several formats in a real Chromium against `nesso serve`: opened from the list, scrolled across the border
// of two files, filtered by a field inside a nested column, exported, and the export opened again; a pattern; a damaged file.
import { copyFile, mkdir, readdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Studio, startStudio } from './harness/studio.ts';

const fixtures = join(import.meta.dirname, '..', 'fixtures', 'sources');
/** A busy computer takes its time. */
const patiently = { timeout: 120_000 };
const ROWS = 350;
const folder = 'data/ita_Latn/train';

describe('a folder as one dataset', () => {
  let studio: Studio;
  const cells = (row: number) => studio.page.locator(`[role=row][aria-rowindex="${row + 2}"]`).textContent();

  beforeAll(async () => {
    studio = await startStudio();
    const target = join(studio.workspace, folder);
    await mkdir(target, { recursive: true });
    for (const name of await readdir(fixtures)) {
      if (/^00\d/.test(name)) await copyFile(join(fixtures, name), join(target, name));
    }
    const hurt = join(studio.workspace, 'data', 'hurt');
    await mkdir(hurt);
    await copyFile(join(fixtures, '002_00000.parquet'), join(hurt, 'good.parquet'));
    await copyFile(join(fixtures, '000_00000.parquet'), join(hurt, 'bad.parquet'));
    await truncate(join(hurt, 'bad.parquet'), 6000);
  });
  afterAll(async () => {
    await studio[Symbol.asyncDispose]();
  });

  test('opens from the list, with files, rows and what was done to join them', async () => {
    const { page } = studio;
    await page.getByRole('link', { name: 'Data', exact: true }).click();
    await page.getByRole('option', { name: /train\/.*4 files/ }).click();
    await page.getByRole('heading', { name: 'train/' }).waitFor(patiently);
    await page.getByText(/^4 files · 350 rows · 11 columns/).waitFor(patiently);
    await page
      .getByText(/^score is FLOAT or INTEGER or BIGINT in the files: read as DOUBLE · 4 more/)
      .click();
    await page.getByText('extra is missing in 2 of 3 files: empty there').waitFor(patiently);
    await page.getByRole('button', { name: /^About this dataset/ }).click();
    const about = page.getByRole('dialog', { name: 'About this dataset' });
    await about.getByText('ita_Latn, Italian').waitFor(patiently);
    await about.getByText('metadata.token_count', { exact: true }).waitFor(patiently);
    await about.getByText('003_00000.jsonl').waitFor(patiently);
    await page.keyboard.press('Escape');
  });

  test('scrolls across the border of two files', async () => {
    const { page } = studio;
    await page.getByRole('grid', { name: 'Rows' }).focus();
    await page.keyboard.press('End');
    await expect.poll(() => cells(ROWS - 1), patiently).toContain('id-349');
    await page.getByRole('grid', { name: 'Rows' }).evaluate((grid) => {
      grid.scrollTop = (grid.scrollHeight * 200) / 350;
    });
    await expect.poll(() => cells(199), patiently).toContain('id-199');
    await expect.poll(() => cells(200), patiently).toContain('id-200');
    await expect.poll(() => cells(205), patiently).toContain('id-205');
  });

  test('filters by a field inside a nested column', async () => {
    const { page } = studio;
    const filters = [{ kind: 'range', column: 'metadata.scores.edu', from: 37 }];
    await studio.go(`#/data/${folder}?where=${encodeURIComponent(JSON.stringify({ filters }))}`);
    const expected = Array.from({ length: ROWS }, (_, row) => row).filter(
      (row) => row % 7 !== 3 && row / 8 >= 37,
    );
    await page.getByText(`${expected.length} of ${ROWS} rows match`).waitFor(patiently);
    await page.getByText('metadata.scores.edu from 37').waitFor(patiently);
    await expect.poll(() => cells(0), patiently).toContain(`id-${expected[0]}`);
    await page.getByRole('button', { name: 'Export rows…' }).click();
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByRole('button', { name: 'Open the export' }).first().click();
    await page.getByText(new RegExp(`^${expected.length} rows · `)).waitFor(patiently);
    await expect.poll(() => cells(0), patiently).toContain(`id-${expected[0]}`);
    // The export has the nested column, shown as its fields, and no column of files.
    await page.getByRole('columnheader', { name: /metadata\.scores\.edu/ }).waitFor(patiently);
    expect(await page.getByRole('columnheader', { name: /^file/ }).count()).toBe(0);
  });

  test('opens what matches a pattern', async () => {
    const { page } = studio;
    const field = page.getByRole('textbox', { name: 'Open a pattern of files' });
    await field.fill('data/*/train/00[02]*.parquet');
    await field.press('Enter');
    await page.getByRole('heading', { name: 'data/*/train/00[02]*.parquet' }).waitFor(patiently);
    await page.getByText(/^2 files · 300 rows/).waitFor(patiently);
    await field.fill('data/**/*.nothing');
    await field.press('Enter');
    await page.getByText(/^No data file matches/).waitFor(patiently);
  });

  test('names a damaged file, and opens the others without it', async () => {
    const { page } = studio;
    await studio.go('#/data/data/hurt');
    await page.getByText(/^bad\.parquet is cut off/).waitFor(patiently);
    await page.getByRole('button', { name: 'Open without damaged files' }).click();
    await page.getByText('bad.parquet is damaged and left out').waitFor(patiently);
    await page.getByText(/^100 rows/).waitFor(patiently);
    await expect.poll(() => cells(0), patiently).toContain('id-200');
  });

  test('the page reported no error of its own', () => {
    expect(studio.pageErrors.filter((error) => !/status of 4\d\d/.test(error))).toEqual([]);
  });
});
