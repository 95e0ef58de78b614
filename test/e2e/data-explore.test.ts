// Profiles, SQL, facets, saved views and the keyboard of the rows view in a real Chromium against `nesso serve`; every count
// against an independent computation from documents.jsonl. Leaves a screenshot when NESSO_SCREENSHOTS is set.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Studio, startStudio } from './harness/studio.ts';

/** A busy computer takes its time. */
const patiently = { timeout: 120_000 };

const picture = join(import.meta.dirname, '..', '..', 'docs', 'screenshots', 'data-explore.png');

const line = z.object({ id: z.string(), text: z.string(), language: z.string(), token_count: z.number() });
type Line = z.infer<typeof line>;

describe('exploring the rows of a dataset', () => {
  let studio: Studio;
  let documents: readonly Line[];

  const matching = (count: number) =>
    studio.page.getByText(`${count} of ${documents.length} rows match`).waitFor(patiently);
  const chips = () => studio.page.getByRole('list', { name: 'Filters' }).getByRole('listitem');
  const columnNames = () =>
    studio.page
      .getByRole('grid', { name: 'Rows' })
      .getByRole('columnheader')
      .locator('button[aria-label^="Histogram of"], button[aria-label^="Profile of"]')
      .allTextContents();
  const clearFilters = async () => {
    await studio.page.getByRole('button', { name: 'Show all rows' }).click();
    await expect.poll(() => chips().count(), patiently).toBe(0);
  };
  const clipboard = () => studio.page.evaluate(() => navigator.clipboard.readText());

  beforeAll(async () => {
    studio = await startStudio();
    const text = await readFile(join(studio.workspace, 'data', 'documents.jsonl'), 'utf8');
    documents = text
      .trimEnd()
      .split('\n')
      .map((json) => line.parse(JSON.parse(json)));
    await studio.go('#/data/data/documents.parquet');
    await studio.page.getByRole('grid', { name: 'Rows' }).waitFor(patiently);
  });
  afterAll(async () => {
    await studio[Symbol.asyncDispose]();
  });

  test('the profile says what is in every column, and a click on a value filters', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'Profile of all columns' }).click();
    await page.getByText(`all ${documents.length} rows`, { exact: true }).waitFor(patiently);
    const card = page.getByRole('region', { name: /^language: / });
    expect(await card.getAttribute('aria-label')).toContain('7 distinct');
    const italian = documents.filter(({ language }) => language === 'ita');
    await card
      .getByRole('button', { name: new RegExp(`^ita: ${italian.length} `) })
      .first()
      .click();
    await matching(italian.length);
    await page.getByText(`all ${italian.length} rows`, { exact: true }).waitFor(patiently);
    const tokens = page.getByRole('region', { name: /^token_count: / });
    const sorted = italian.map(({ token_count: count }) => count).toSorted((a, b) => a - b);
    await expect
      .poll(() => tokens.textContent(), patiently)
      .toContain(`${sorted[0]?.toLocaleString('en-US')} – ${sorted.at(-1)?.toLocaleString('en-US')}`);
    await page.getByRole('button', { name: 'Close profile' }).click();
    await clearFilters();
  });

  test('dragging over bars of a histogram keeps the whole range', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'Histogram of token_count' }).click();
    await page.getByText(/histogram over all 448 rows/).waitFor(patiently);
    const bars = page.getByRole('group', { name: 'Histogram of token_count' }).getByRole('button');
    const centre = async (index: number) => {
      const box = await bars.nth(index).boundingBox();
      if (!box) throw new Error('No bar');
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    };
    const [from, to] = [await centre(2), await centre(9)];
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 5 });
    await page.mouse.up();
    const counts = documents.map(({ token_count: count }) => count);
    const [low, high] = [Math.min(...counts), Math.max(...counts)];
    const edge = (index: number) => low + (index * (high - low)) / 40;
    await matching(counts.filter((count) => count >= edge(2) && count < edge(10)).length);
    expect(await chips().count()).toBe(1);
    await page.getByRole('button', { name: 'Close histogram' }).click();
    await clearFilters();
  });

  test('facets count under the other filters, keep with a click and leave out with Alt', async () => {
    const { page } = studio;
    await page.keyboard.press('Shift+F');
    const languages = page.getByRole('region', { name: 'Facet language' });
    const dumps = page.getByRole('region', { name: 'Facet dump' });
    const kept = page.getByRole('region', { name: 'Facet fw2_kept' });
    await languages.getByRole('button', { name: /^ita: / }).click(patiently);
    const italian = documents.filter(({ language }) => language === 'ita');
    await matching(italian.length);
    // The facet itself still offers the others.
    await languages.getByRole('button', { name: /^spa: \d+ rows/ }).waitFor(patiently);
    const first = dumps.getByRole('button', { name: /^CC-MAIN/ }).first();
    await expect
      .poll(async () => {
        const labels = await kept.getByRole('button', { name: /^(true|false): / }).all();
        const names = await Promise.all(labels.map((button) => button.getAttribute('aria-label')));
        return names.reduce((sum, name) => sum + Number(/: (\d+) rows/.exec(name ?? '')?.[1] ?? 0), 0);
      }, patiently)
      .toBe(italian.length);
    const inFirst = Number(/: (\d+) rows/.exec((await first.getAttribute('aria-label')) ?? '')?.[1]);
    await page.keyboard.press('p');
    await page.getByText(`all ${italian.length} rows`, { exact: true }).waitFor(patiently);
    if (process.env['NESSO_SCREENSHOTS']) {
      await page.locator('[data-busy]').first().waitFor({ state: 'detached' });
      await page.screenshot({ path: picture });
    }
    await page.getByRole('button', { name: 'Close profile' }).click();
    await first.click({ modifiers: ['Alt'] });
    await matching(italian.length - inFirst);
    await clearFilters();
    const hosts = page.getByRole('region', { name: 'Facet host of url' });
    await hosts.getByRole('button', { name: /more…$/ }).click(patiently);
    await hosts.getByRole('searchbox').fill('lesson.ita');
    await hosts.getByRole('button', { name: /^lesson\.ita\.example\.org: / }).waitFor(patiently);
    await page.getByRole('button', { name: 'Close facets' }).click();
  });

  test('SQL completes, says what is wrong where it is, and joins the other filters', async () => {
    const { page } = studio;
    await page.getByRole('grid', { name: 'Rows' }).focus();
    await page.keyboard.press('q');
    const where = page.getByLabel('WHERE');
    await where.fill('');
    await where.pressSequentially('length(te');
    await page.getByRole('option', { name: /^text/ }).waitFor(patiently);
    await page.keyboard.press('Tab');
    await expect.poll(() => where.inputValue()).toBe('length(text');
    await where.pressSequentially(') > 800 AND token_cont > 3');
    await page.getByText('There is no column token_cont').waitFor(patiently);
    await page.getByLabel(`At character ${'length(text) > 800 AND '.length + 1}`).waitFor(patiently);
    expect(await page.getByRole('button', { name: 'Apply' }).isDisabled()).toBe(true);
    await where.fill(`id IN (SELECT content FROM read_text('/etc/passwd'))`);
    await page.getByText(/A query inside it is not possible/).waitFor(patiently);
    await where.fill('length(text) > 800');
    await page.getByLabel('ORDER BY').fill('length(text) DESC');
    await expect.poll(() => page.getByRole('button', { name: 'Apply' }).isDisabled(), patiently).toBe(false);
    await page.getByRole('button', { name: 'Apply' }).click();
    const long = documents.filter(({ text }) => Array.from(text).length > 800);
    await matching(long.length);
    expect(await chips().allTextContents()).toEqual([
      'where length(text) > 800',
      'sorted by length(text) DESC',
    ]);
    const longest = long.toSorted((a, b) => Array.from(b.text).length - Array.from(a.text).length)[0];
    await expect
      .poll(() => page.locator('[role=row][aria-rowindex="2"]').textContent(), patiently)
      .toContain(longest?.id);
    await page.getByRole('button', { name: 'Close SQL' }).click();
    expect(new URL(page.url()).hash).toContain('where=');
  });

  test('a view is saved, shows that it was changed, and opens from its link', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'Column id', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Hide column' }).click();
    await expect.poll(columnNames, patiently).not.toContain('id');
    await page.keyboard.press('Control+s');
    const dialog = page.getByRole('dialog', { name: 'Save view' });
    await dialog.getByLabel('Name').fill('team/long texts');
    await dialog.getByLabel('Note').fill('For the weekly look');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    const path = 'views/team/long-texts.json';
    await page.getByRole('option', { name: 'team/long-texts' }).waitFor(patiently);
    const saved: unknown = JSON.parse(await readFile(join(studio.workspace, path), 'utf8'));
    expect(saved).toMatchObject({
      dataset: 'data/documents.parquet',
      note: 'For the weekly look',
      view: { filters: [{ kind: 'sql', condition: 'length(text) > 800' }] },
      columns: { hidden: ['id'] },
    });
    expect(await page.getByLabel('changed', { exact: true }).count()).toBe(0);
    await clearFilters();
    await page.getByLabel('changed', { exact: true }).waitFor(patiently);
    await studio.go('#/data/data/documents.jsonl');
    await page.getByRole('heading', { name: 'documents.jsonl' }).waitFor(patiently);
    await studio.go(`#/data/${path}`);
    const long = documents.filter(({ text }) => Array.from(text).length > 800);
    await matching(long.length);
    expect(await columnNames()).not.toContain('id');
  });

  test('a view that cannot be shown says why, and a removed one comes back', async () => {
    const { page } = studio;
    const gone = join(studio.workspace, 'views', 'gone.json');
    const view = { kind: 'nesso-view', version: 1, dataset: 'data/gone.parquet', view: {} };
    await writeFile(gone, JSON.stringify(view));
    await page.getByRole('option', { name: 'gone' }).click(patiently);
    await page.getByText('The dataset of this view is not here: data/gone.parquet').waitFor(patiently);
    await writeFile(gone, '<<<<<<< ours\n');
    await page
      .getByText(/git left a conflict in it/)
      .first()
      .waitFor(patiently);
    await rm(gone);
    await page.getByText('There is no view gone').waitFor(patiently);
    await page.getByRole('option', { name: 'team/long-texts' }).click();
    await page.getByRole('button', { name: 'Views of this dataset' }).click(patiently);
    await page.getByRole('menuitem', { name: 'Remove view' }).click();
    await page.getByText('View team/long-texts removed').first().waitFor(patiently);
    await page.getByRole('button', { name: 'Undo' }).first().click();
    await page.getByRole('option', { name: 'team/long-texts' }).waitFor(patiently);
  });

  test('columns come back, widen and stay; rows are copied and gone to by keyboard', async () => {
    const { page } = studio;
    await clearFilters();
    await page.getByRole('button', { name: /^Columns…/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Columns' });
    await dialog.getByRole('button', { name: 'As in the file' }).click();
    await dialog.getByRole('button', { name: 'Keep language in sight' }).click();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await expect.poll(async () => (await columnNames()).slice(0, 2), patiently).toEqual(['language', 'id']);
    await page.getByRole('separator', { name: 'Width of id', exact: true }).focus();
    const width = () =>
      page.getByRole('separator', { name: 'Width of id', exact: true }).getAttribute('aria-valuenow');
    const before = Number(await width());
    await page.keyboard.press('ArrowRight');
    await expect.poll(async () => Number(await width())).toBe(before + 16);
    await page.keyboard.press('Control+g');
    await page.keyboard.type('300');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Row 300', exact: true }).waitFor(patiently);
    await page.locator('[data-row="300"]').waitFor(patiently);
    await page.keyboard.press('End');
    await page.getByRole('heading', { name: 'Row 447', exact: true }).waitFor(patiently);
    await page.keyboard.press('Home');
    await page.getByRole('heading', { name: 'Row 0', exact: true }).waitFor(patiently);
    await page.keyboard.press('y');
    await expect.poll(async () => (await clipboard()).startsWith('{'), patiently).toBe(true);
    expect(line.parse(JSON.parse(await clipboard()))).toMatchObject({ id: documents[0]?.id });
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Control+c');
    await expect.poll(clipboard, patiently).toBe(documents[0]?.language);
    await page.keyboard.press('/');
    await page.keyboard.type('energ');
    await matching(documents.filter(({ text }) => text.toLowerCase().includes('energ')).length);
    await page.reload();
    await expect.poll(async () => (await columnNames())[0], patiently).toBe('language');
  });

  test('the page reported no error', () => {
    expect(studio.pageErrors).toEqual([]);
  });
});
