// Weights in a real Chromium: a checkpoint is looked into, compared with the one before, converted to several types, verified; the
// report stays with the model.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeSampleCheckpoint, writeSampleTokenizer } from '../support/sample-checkpoint.ts';
import { type Studio, startStudio } from './harness/studio.ts';

const STEPS = 'runs/italian-tiny/checkpoints';

describe('weights', () => {
  let studio: Studio;

  beforeAll(async () => {
    studio = await startStudio({ width: 1280, height: 800 });
    for (const [step, trained] of [
      [1000, 0.7],
      [2000, 1],
    ] as const) {
      const folder = join(studio.workspace, STEPS, String(step));
      await writeSampleCheckpoint(folder, { trained });
      await writeSampleTokenizer(folder);
    }
    await studio.page.reload();
    await studio.go('#/models');
  });
  afterAll(async () => {
    await studio[Symbol.asyncDispose]();
  });

  test('a checkpoint is listed among the weights, and its tensors can be read, filtered and sorted', async () => {
    const { page } = studio;
    await page
      .getByRole('navigation', { name: 'Weights' })
      .getByRole('link', { name: /Step 2,000/ })
      .click();
    await page.getByText('Every value is a number').waitFor();
    const grid = page.getByRole('grid', { name: 'Tensors' });
    await page.getByRole('searchbox', { name: 'Filter tensors' }).fill('down_proj');
    await page.getByText(/5 of 47 tensors/).waitFor();
    await grid.getByRole('button', { name: 'Norm' }).click();
    expect(await grid.getByRole('columnheader', { name: 'Norm' }).getAttribute('aria-sort')).toBe(
      'descending',
    );
    const norms = await grid.getByRole('row').locator('[role="gridcell"]:nth-child(5)').allTextContents();
    expect(norms).toHaveLength(5);
    expect([...norms].sort((a, b) => Number(b) - Number(a))).toEqual(norms);
    await grid.focus();
    await grid.press('ArrowDown');
    await page.getByText('Bits a value').waitFor();
  });

  test('its vocabulary is found by id and by piece', async () => {
    const { page } = studio;
    await page.getByRole('tab', { name: 'Tokenizer' }).click();
    const find = page.getByRole('searchbox', { name: 'Find a token' });
    const rows = page.getByRole('grid', { name: 'Vocabulary' }).getByRole('row');
    await find.fill('<|im_end|>');
    await expect.poll(() => rows.nth(1).textContent()).toContain('3<|im_end|>');
    await find.fill('3');
    await expect.poll(() => rows.nth(1).textContent()).toContain('3<|im_end|>');
  });

  test('two checkpoints are compared per tensor, and a cell of the strip leads to its row', async () => {
    const { page } = studio;
    await page.getByRole('radio', { name: 'Difference' }).click();
    await page.getByRole('button', { name: /Compare with/ }).click();
    await page.getByRole('option', { name: /1000/ }).click();
    await page.getByText('moved by, of the norm').waitFor();
    await page.getByRole('button', { name: /layers.2.mlp.up_proj/ }).click();
    const row = page
      .getByRole('grid', { name: 'Differences by tensor' })
      .getByRole('row', { selected: true });
    await expect.poll(() => row.textContent()).toContain('model.layers.2.mlp.up_proj.weight');
    await page.getByRole('button', { name: /layers.2.mlp.up_proj/ }).press('ArrowRight');
    expect(await page.locator(':focus').getAttribute('aria-label')).toContain('layers.3.mlp.up_proj');
  });

  test('it becomes models of several types, each verified, and the report stays with the model', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'Convert…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Q4_K_M', { exact: true }).click();
    await dialog.getByRole('button', { name: 'Convert to 2 types' }).click();
    await dialog.getByRole('button', { name: 'Close' }).waitFor({ timeout: 120_000 });
    expect(await dialog.getByText('Verified', { exact: true }).count()).toBe(1);
    expect(await dialog.getByText('Verified, lossy').count()).toBe(1);
    await dialog.getByRole('button', { name: 'Verified', exact: true }).click();
    await page.getByText('The model is the same as its source').first().waitFor();
    await page.getByText(`Compared with ${STEPS}/2000`).waitFor();
    await page.reload();
    await page.getByText('24 of 24 texts equal').waitFor();
    expect(await page.getByLabel('The model is the same as its source').count()).toBe(1);
    expect(studio.pageErrors).toEqual([]);
  });
});
