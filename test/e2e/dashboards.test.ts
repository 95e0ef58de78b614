// Curves of several runs in a real Chromium: laid over each other along tokens, what their configs have different, an arrangement
// of charts that is dragged, saved as a file, undone, opened again, and taken out as numbers and pictures.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordRun } from '../support/recorded-run.ts';
import { csvRows, exportFigure, textsOfSvg } from './harness/figures.ts';
import { type Studio, startStudio } from './harness/studio.ts';

const STEPS = 400;
const TOKENS_A_STEP = 1_572_864;
const PARTS_AT = 200;

/** Exact, so that what is exported can be compared with it. */
const lossOf = (run: number, step: number): number =>
  2 + 600 / (step + 100) + (run === 1 && step > PARTS_AT ? (step - PARTS_AT) / 64 : 0) + (step % 3) / 1024;

describe('curves of several runs', () => {
  let studio: Studio;

  beforeAll(async () => {
    studio = await startStudio();
    for (const [index, name] of ['rate-3e-3', 'rate-2e-3', 'other'].entries()) {
      recordRun(studio.workspace, {
        id: `run-${index}`,
        name,
        config: `tokens:\n  train_steps: ${STEPS}\noptimizer:\n  weight_decay: 0.${index + 1}\n`,
        rows: Array.from({ length: STEPS }, (_, at) => ({
          step: at + 1,
          time: 1.76e9 + at * 8,
          consumed_tokens: (at + 1) * TOKENS_A_STEP,
          'train/loss': lossOf(index, at + 1),
          'train/grad_norm': 0.5 + (at % 7) / 64,
          lr: 3e-4,
        })),
      });
    }
    await studio.page.reload();
    await studio.go('#/runs/run-0');
    await chart('train/loss').waitFor();
  });
  afterAll(() => studio[Symbol.asyncDispose]());

  const chart = (name: string) => studio.page.getByRole('region', { name, exact: true });
  const menu = async (button: string, entry: string): Promise<void> => {
    await studio.page.getByRole('button', { name: button, exact: true }).click();
    await studio.page.getByRole('menuitem', { name: entry }).first().click();
  };
  /** Of the charts below the main one, in their order. */
  const order = () =>
    studio.page.evaluate(() =>
      [...document.querySelectorAll('section:last-of-type > div > div > [data-chart]')].map(
        (card) =>
          card.querySelector('[aria-label^="Move "]')?.getAttribute('aria-label')?.slice(5, -12) ?? '',
      ),
    );
  const dashboards = (): readonly string[] => readdirSync(join(studio.workspace, 'dashboards'));

  test('a second run is chosen; where they part and what their configs have different is named', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: /^Compare/ }).click();
    const choose = page.getByRole('dialog', { name: 'Runs to compare' });
    await choose.getByRole('checkbox', { name: /rate-2e-3/ }).press('Space');
    await choose.getByRole('button', { name: 'Show 2 runs' }).click();
    const differences = page.getByRole('complementary', { name: 'Differences' });
    await differences
      .getByText(/weight_decay/)
      .first()
      .waitFor();
    await expect
      .poll(() => differences.textContent())
      .toMatch(new RegExp(`train/loss parts at .* tokens \\(step ${PARTS_AT + 1}\\)`));
    await page
      .getByText(`${2 * STEPS} points, none hidden`)
      .first()
      .waitFor();
  });

  test('along tokens both curves have every value, in the numbers that are taken out too', async () => {
    const { page } = studio;
    await menu('X axis', 'Tokens');
    await page
      .getByRole('button', { name: 'X axis', exact: true })
      .getByText('Tokens')
      .waitFor({ state: 'attached' });
    const file = await exportFigure(page, 'train/loss', 'Export CSV');
    const [head, ...rows] = csvRows(file.text);
    expect(head?.slice(0, 2)).toEqual(['series', 'step']);
    const steps = Array.from({ length: STEPS }, (_, at) => at + 1);
    const expected = ['rate-3e-3', 'rate-2e-3'].flatMap((name, run) =>
      steps.map((step) => [name, step, step * TOKENS_A_STEP, lossOf(run, step)]),
    );
    expect(rows.map(([name, ...numbers]) => [name, ...numbers.map(Number)])).toEqual(expected);
    const picture = await exportFigure(page, 'train/loss', 'Export SVG');
    const texts = await textsOfSvg(page, picture.text);
    expect(texts.join(' ')).toContain('rate-2e-3');
  });

  test('charts are moved with the keys and dragged, and the arrangement is a file', async () => {
    const { page } = studio;
    const before = await order();
    expect(before).toHaveLength(3);
    const [first = '', second = ''] = before;
    const handle = (name: string) => page.getByRole('button', { name: `Move ${name}: arrow keys` });
    await handle(first).press('ArrowRight');
    await expect.poll(async () => (await order()).slice(0, 2)).toEqual([second, first]);
    const last = (await order()).at(-1) ?? '';
    const data = await page.evaluateHandle(() => new DataTransfer());
    const target = page.locator(`[data-chart]:has([aria-label^="Move ${second}:"])`);
    await handle(last).dispatchEvent('dragstart', { dataTransfer: data });
    for (const kind of ['dragover', 'drop']) await target.dispatchEvent(kind, { dataTransfer: data });
    await expect.poll(async () => (await order())[0]).toBe(last);

    await menu('Dashboard', 'Save as dashboard…');
    await page.getByRole('textbox', { name: 'Name' }).fill('Decay');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('heading', { name: 'Decay' }).waitFor();
    await page.locator('[data-chart]').first().waitFor();
    expect(dashboards()).toEqual(['Decay.json']);
    const saved = JSON.parse(readFileSync(join(studio.workspace, 'dashboards', 'Decay.json'), 'utf8')) as {
      readonly sections: readonly { readonly charts?: readonly { readonly tags: readonly string[] }[] }[];
    };
    expect(saved.sections.at(-1)?.charts?.flatMap(({ tags }) => tags)).toEqual([last, second, first]);
  });

  test('a change is undone, and another start shows the dashboard as it was saved', async () => {
    const { page } = studio;
    await expect.poll(async () => (await order()).length).toBe(3);
    const kept = await order();
    await page.getByRole('button', { name: `Move ${kept[0]}: arrow keys` }).press('ArrowRight');
    await expect.poll(async () => (await order())[0]).toBe(kept[1]);
    await menu('Dashboard', 'Undo change');
    await expect.poll(order).toEqual(kept);
    const address = page.url();
    await page.goto(address.replace(/#.*$/, '#/configs'));
    await page.goto(address);
    await page.getByRole('heading', { name: 'Decay' }).waitFor();
    await expect.poll(order).toEqual(kept);
    expect(studio.pageErrors).toEqual([]);
  });
});
