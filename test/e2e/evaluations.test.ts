// Evaluations as a newcomer walks through them, in a real Chromium: published tables, a quantization of the sample model, both asked a
// task of the studio while the numbers settle, stopped and gone on with, compared by a paired test, exported as LaTeX, reported.
// Leaves the screenshots that the README shows when NESSO_SCREENSHOTS is set.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { slowChildren } from '../support/slow-child.ts';
import { addStages, modelOfStep, RUN, TINY } from '../support/suite-folder.ts';
import { type Studio, startStudio } from './harness/studio.ts';

const screenshots = join(import.meta.dirname, '..', '..', 'docs', 'screenshots');

describe('evaluations, from published tables to a report', () => {
  let studio: Studio;
  const shot = async (name: string): Promise<void> => {
    if (process.env['NESSO_SCREENSHOTS'])
      await studio.page.screenshot({ path: join(screenshots, `${name}.png`) });
  };
  beforeAll(async () => {
    studio = await startStudio({ width: 1440, height: 900 });
    await addStages(studio.workspace);
  }, 120_000);
  afterAll(async () => {
    await studio[Symbol.asyncDispose]();
  });

  test('the published tables are there without importing anything', async () => {
    const { page } = studio;
    await studio.go('#/evaluations/results');
    await page.getByRole('listbox', { name: 'Results' }).getByText('Published tables').click();
    await page.getByText('Table 1', { exact: false }).first().waitFor();
    await page.getByText('Zagreus', { exact: false }).first().waitFor();
    await page.getByRole('link', { name: 'Show as a progression' }).click();
    await page.getByRole('heading', { name: 'Is it better?' }).waitFor();
    await page.getByRole('main').getByText('hellaswag_it, acc', { exact: false }).first().waitFor();
    await studio.settled();
    await shot('evaluation-progress');
  });

  test('rows of questions become a task, after what is wrong with them was said', async () => {
    const { page } = studio;
    await studio.go('#/evaluations/local');
    await page.getByRole('button', { name: 'Add questions…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add questions' });
    const row = (question: string, answer: string) =>
      JSON.stringify({ question, choices: ['Roma', 'Parigi'], answer });
    await page.locator('input[type="file"]').setInputFiles({
      name: 'capitali.jsonl',
      mimeType: 'application/jsonl',
      buffer: Buffer.from(`${row('Capitale d’Italia?', 'A')}\n${row('Capitale di Francia?', 'C')}\n`),
    });
    await dialog.getByText('capitali.jsonl, line 2').waitFor();
    await dialog.getByText('Roma (right)', { exact: false }).waitFor();
    await dialog.getByRole('button', { name: 'Add 1 task' }).click();
    await dialog.waitFor({ state: 'detached' });
    const own = page.getByRole('list', { name: 'Of this workspace' }).getByRole('checkbox');
    await own.waitFor({ state: 'attached' });
    await expect.poll(() => own.isChecked()).toBe(true);
  });

  test('a smaller type is made of the sample model, and both are chosen with a task', async () => {
    const { page } = studio;
    await studio.go(`#/models/${encodeURIComponent(TINY)}?mode=quantizations`);
    await page.getByRole('button', { name: /Missing type/ }).click();
    await page.getByRole('option', { name: 'Q4_0' }).click();
    await page.getByText('2 types').waitFor();
    await studio.go('#/evaluations/local');
    const models = page.getByRole('list', { name: 'Models' });
    for (const name of ['nesso-tiny-f16', 'nesso-tiny-q4_0'])
      await models.getByText(name, { exact: true }).click();
    await models.getByTitle(modelOfStep(1000)).waitFor();
    const tasks = page.getByRole('list', { name: 'Of the studio' });
    await tasks.getByText('Facts', { exact: true }).click();
    // What is not here says how it comes.
    const benchmarks = page.getByRole('list', { name: 'Benchmarks' });
    await benchmarks.getByText(/m_mmlu_it/).waitFor();
    expect(
      await benchmarks.getByText('its questions are not here', { exact: false }).count(),
    ).toBeGreaterThan(5);
    await page
      .getByRole('status')
      .getByText(/^822 questions/)
      .waitFor();
  });

  test('numbers settle with their errors; stopped, it goes on', async () => {
    const { page } = studio;
    // However quick this computer is, it is stopped on the way.
    using slow = slowChildren('native-llama', studio.serverPid);
    await page.getByRole('button', { name: 'Start evaluation' }).click();
    const numbers = page.getByRole('table', { name: 'Numbers of this evaluation' });
    const stop = page.getByRole('button', { name: 'Stop', exact: true });
    await stop.click();
    const forget = page.getByRole('button', { name: 'Forget' });
    await forget.waitFor();
    slow[Symbol.dispose]();
    await page.getByRole('button', { name: 'Go on' }).click();
    for (const name of ['nesso-tiny-f16', 'nesso-tiny-q4_0']) {
      const row = numbers.getByRole('row', { name: new RegExp(name) });
      await row
        .getByText(/^0\.4\d{3} ± 0\.024\d$/)
        .first()
        .waitFor();
      await row.getByText('411', { exact: true }).waitFor();
    }
    await forget.waitFor();
    await shot('evaluation-here');
  });

  test('the smaller type is compared with the larger one question by question', async () => {
    const { page } = studio;
    const table = page.getByRole('region', { name: 'Quantizations on studio_facts' });
    const row = table.getByRole('row', { name: /Q4_0/ });
    await row.waitFor();
    const cells = (await row.getByRole('cell').allTextContents()).map((text) => text.trim());
    const [, flips = '0', lost = '0', gained = '0'] =
      cells.map((text) => /^(\d+) \((\d+), (\d+)\)$/.exec(text)).find((match) => match !== null) ?? [];
    expect(Number(flips)).toBeGreaterThanOrEqual(10);
    expect(Number(lost) + Number(gained)).toBe(Number(flips));
    // The difference of the accuracies is that of the flips.
    const difference = cells.map((text) => /^([+−])(\d\.\d{4}) ±/.exec(text)).find((match) => match !== null);
    const sign = difference?.[1] === '−' ? -1 : 1;
    expect(sign * Number(difference?.[2])).toBeCloseTo((Number(gained) - Number(lost)) / 411, 3);
    await table.getByText(/McNemar, mid-p/).waitFor();
  });

  test('ten questions that flip are read one after another', async () => {
    const { page } = studio;
    await page.getByRole('link', { name: 'Compare question by question' }).first().click();
    const row = page.getByRole('row', { name: /studio_facts_it/ });
    await row.getByRole('link', { name: 'Questions of studio_facts_it that flip' }).click();
    const list = page.getByRole('listbox', { name: 'Questions' });
    const detail = page.getByRole('region', { name: 'Question', exact: true });
    await detail.getByText(/^1 of \d+$/).waitFor();
    await list.focus();
    for (let read = 2; read <= 10; read += 1) {
      await page.keyboard.press('j');
      await detail.getByText(new RegExp(`^${read} of \\d+$`)).waitFor();
      await detail
        .getByRole('table', { name: /Choices of/ })
        .first()
        .waitFor();
    }
    await shot('evaluation-questions');
  });

  test('results are in the leaderboard, and go out as LaTeX', async () => {
    const { page } = studio;
    await studio.go('#/evaluations/results');
    await page.getByText('studio_facts', { exact: false }).first().waitFor();
    await page
      .getByRole('button', { name: /Export/ })
      .first()
      .click();
    const dialog = page.getByRole('dialog', { name: 'Export leaderboard' });
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    const text = await readFile(join(studio.workspace, 'reports/leaderboard.tex'), 'utf8');
    expect(text).toContain('\\begin{tabular}');
    expect(text).toMatch(/nesso-tiny.*q4/);
  });

  test('a checkpoint of a run is evaluated, and its report holds the number', async () => {
    const { page } = studio;
    await studio.go(
      `#/evaluations/local?models=${encodeURIComponent(modelOfStep(1000))}&tasks=studio_facts_en`,
    );
    await page
      .getByRole('status')
      .getByText(/^203 questions, about/)
      .waitFor();
    await page.getByRole('button', { name: 'Start evaluation' }).click();
    await page.getByRole('button', { name: 'Forget' }).waitFor();
    const numbers = page.getByRole('table', { name: 'Numbers of this evaluation' });
    await numbers
      .getByText(/^0\.\d{4} ± 0\.0\d{3}$/)
      .first()
      .waitFor();
    await studio.go('#/evaluations/reports');
    await page.getByRole('main').getByRole('button', { name: 'Run', exact: false }).first().click();
    await page.getByRole('option', { name: /Tiny, in three stages/ }).click();
    await page.getByRole('button', { name: 'Write the report' }).click();
    await page.getByText(/^Verified: all \d+ files are as they were/).waitFor();
    const report = await readFile(join(studio.workspace, `reports/${RUN}/report.md`), 'utf8');
    expect(report.replaceAll('\\', '')).toMatch(/studio_facts_en .* 0\.\d{4} ± 0\.0\d{3}/);
    await shot('evaluation-report');
    expect(studio.pageErrors).toEqual([]);
  });
});
