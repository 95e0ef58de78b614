// The modes of a dataset as one thing: the same actions above each, keys between them, and charts of the lab whose bars open
// the rows they count.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Studio, startStudio } from './harness/studio.ts';

const patiently = { timeout: 120_000 };
const modes = [
  ['R', 'Rows'],
  ['Q', 'Quality'],
  ['A', 'Annotate'],
  ['J', 'Judge'],
  ['B', 'Bench'],
] as const;

describe('modes of a dataset', () => {
  let studio: Studio;

  beforeAll(async () => {
    studio = await startStudio({ width: 1280, height: 800 });
    writeFileSync(join(studio.workspace, 'data', 'nothing.csv'), 'id,text\n');
  });
  afterAll(() => studio[Symbol.asyncDispose]());

  test('keys go from mode to mode, and the same actions stand above each', async () => {
    const { page } = studio;
    await studio.go('#/data/data/documents.parquet?view=bench');
    await page.getByRole('radio', { name: 'Bench' }).waitFor(patiently);
    for (const [key, name] of modes) {
      await page.keyboard.press('m');
      await page.keyboard.press(key.toLowerCase());
      await expect
        .poll(() => page.getByRole('radio', { name, exact: true }).getAttribute('aria-checked'), patiently)
        .toBe('true');
      for (const action of ['Train a head…', 'Score…'])
        await expect
          .poll(() => page.getByRole('banner').getByRole('button', { name: action }).count(), patiently)
          .toBe(1);
      // Five names and a title have room at 1280 px.
      const title = page.getByRole('heading', { name: 'documents.parquet' });
      expect(await title.evaluate((it) => it.scrollWidth <= it.clientWidth), name).toBe(true);
    }
  });

  test('the palette knows the modes', async () => {
    const { page } = studio;
    await studio.go('#/data/data/documents.parquet?view=bench');
    await page.getByRole('table', { name: 'Spearman against people' }).waitFor(patiently);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('quality lab');
    await page.getByRole('option', { name: /Open the quality lab/ }).waitFor(patiently);
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Scores by head' }).waitFor(patiently);
  });

  test('a bar of token lengths opens the rows it counts', async () => {
    const { page } = studio;
    const figure = page.getByRole('figure', { name: /^Token length/ });
    await figure.scrollIntoViewIfNeeded();
    const bars = figure.locator('rect[data-opens]');
    await bars.first().waitFor(patiently);
    const middle = Math.floor((await bars.count()) * 0.5);
    await bars.nth(middle).hover({ position: { x: 4, y: 120 } });
    const said = (await figure.locator('figcaption').textContent()) ?? '';
    const counted = /([\d,]+)(?: to ([\d,]+))? tokens: ([\d,]+)/.exec(said);
    expect(counted, said).not.toBeNull();
    await bars.nth(middle).click({ position: { x: 4, y: 120 } });
    await page.getByText(`${counted?.[3]} of 448 rows match`).waitFor(patiently);
    await page
      .getByRole('list', { name: 'Filters' })
      .getByText(/^token_count from/)
      .waitFor();
  });

  test('a click on the scores of a head opens the rows of that bin', async () => {
    const { page } = studio;
    await studio.go('#/data/data/documents.parquet?view=quality');
    const figure = page.getByRole('figure', { name: /^gemma/ });
    await figure.waitFor(patiently);
    const box = await figure.locator('svg[width]').last().boundingBox();
    if (!box) throw new Error('The figure has no chart');
    await page.mouse.click(box.x + box.width * 0.2, box.y + box.height * 0.6);
    await page
      .getByRole('list', { name: 'Filters' })
      .getByText(/^score_gemma from/)
      .waitFor(patiently);
    const matching = await page.getByText(/of 448 rows match/).textContent();
    expect(Number(matching?.split(' ')[0])).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Show all rows' }).click();
  });

  test('a dataset without rows says so, and one without matches too', async () => {
    const { page } = studio;
    await studio.go('#/data/data/nothing.csv?view=rows');
    await page.getByRole('heading', { name: 'This dataset has no rows' }).waitFor(patiently);
    await studio.go(
      `#/data/data/documents.parquet?where=${encodeURIComponent('{"filters":[{"kind":"range","column":"rating","negated":false,"from":9,"to":null,"includesTo":true}],"search":"","sort":null}')}`,
    );
    await page.getByRole('heading', { name: 'No row matches' }).waitFor(patiently);
    await page.getByRole('button', { name: 'Show all rows' }).click();
    await page.getByRole('row', { name: /spa-0018/ }).waitFor(patiently);
  });

  test('a SQL box that was left open does not take the keys of the next dataset', async () => {
    const { page } = studio;
    await page.getByRole('grid', { name: 'Rows' }).focus();
    await page.keyboard.press('q');
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('TEXTAREA');
    await studio.go('#/data/data/documents.jsonl?view=rows');
    await page.getByRole('region', { name: 'SQL' }).waitFor(patiently);
    await page.getByRole('row', { name: /spa-0018/ }).waitFor(patiently);
    expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe('TEXTAREA');
  });

  test('nothing was thrown', () => {
    expect(studio.pageErrors).toEqual([]);
  });
});
