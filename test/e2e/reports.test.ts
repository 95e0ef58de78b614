// Evaluations on a target and reports of runs in a real Chromium: what an evaluation would cost, a rule for new checkpoints, a report that
// is written, verified, found changed and written again, and its page without scripts.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BARE, FULL, writeReportedRuns } from '../support/reported-run.ts';
import { type Studio, startStudio } from './harness/studio.ts';

describe('evaluations on a target, and reports', () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await startStudio();
    await writeReportedRuns(studio.workspace);
  }, 120_000);
  afterAll(async () => {
    await studio[Symbol.asyncDispose]();
  });

  const choose = async (label: string, option: RegExp): Promise<void> => {
    const { page } = studio;
    // Its name is its value, then its label.
    await page
      .getByRole('dialog')
      .getByRole('button', { name: new RegExp(` ${label}$`) })
      .click();
    await page.getByRole('option', { name: option }).click();
  };

  test('what an evaluation would do and cost stands there before it is launched', async () => {
    const { page } = studio;
    await studio.go('#/evaluations/jobs');
    await page.getByText('No checkpoint was evaluated on a target yet').waitFor();
    await page.getByRole('button', { name: 'Evaluate on a target…' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Evaluate on a target' });
    await choose('Run', /Zagreus 0\.4B ita/);
    await choose('Step', /^4,000$/);
    const cost = dialog.getByRole('region', { name: 'What it will cost' });
    await cost.getByText(/^About [\d.]+ GPU hours \([\d.]+ to [\d.]+\)/).waitFor();
    const row = cost.getByRole('row', { name: /m_mmlu_it/ });
    await expect.poll(() => row.innerText()).toContain('13,237');
    await cost.getByText(/check\/hf\/4000, made by a job that converts the checkpoint first/).waitFor();
    // Nothing can be launched on a target that is not connected.
    await dialog.getByRole('button', { name: 'Connect to leonardo' }).waitFor();
    await choose('Tasks', /^Italian, lighteval/);
    await cost.getByText(/check\/4000$/).waitFor();
    await choose('Tasks', /^Own tasks/);
    await dialog.getByRole('textbox', { name: /Names, with examples/ }).fill('no such task');
    await dialog.getByRole('alert').getByText('The tasks cannot be read').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  test('a rule for new checkpoints is written beside them, and listed', async () => {
    const { page } = studio;
    await studio.go(`#/runs/${FULL}`);
    await page.getByRole('button', { name: 'Evaluate new ones on leonardo…' }).click();
    const dialog = page.getByRole('dialog', { name: /Evaluate new checkpoints of Zagreus/ });
    await dialog.getByText('None of the checkpoints there are now.').waitFor();
    await dialog.getByText('Portuguese', { exact: true }).click();
    await dialog.getByRole('button', { name: 'Save the rule' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page
      .getByText('Every 2,000 steps from 4,001 on, with italian, portuguese; nothing launched yet')
      .waitFor();
    const path = join(studio.workspace, 'checkpoints', FULL, 'evaluation-rule.json');
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ every: 2000, from: 4001 });
    await studio.go('#/evaluations/jobs');
    const rules = page.getByRole('table', { name: 'Rules' });
    await rules.getByRole('row', { name: /Zagreus 0\.4B ita.*Every 2,000 steps/ }).waitFor();
  });

  test('a report is written, verified, found changed, and written again', async () => {
    const { page } = studio;
    await studio.go('#/evaluations/reports');
    await page.getByRole('main').getByRole('button', { name: 'Run', exact: false }).first().click();
    await page.getByRole('option', { name: /Zagreus 0\.4B ita/ }).click();
    await page.getByRole('button', { name: 'Write the report' }).click();
    await page.getByText(/^Verified: all \d+ files are as they were/).waitFor();
    await page.getByRole('heading', { name: 'Evaluations', level: 3 }).waitFor();
    await page.getByRole('img', { name: /^Loss\. lm_loss from 11\.\d+ at step 1 / }).waitFor();
    const results = 'evals/results/step-2000/results_2026-11-20T12-00-00.000000.json';
    const path = join(studio.workspace, results);
    const before = await readFile(path, 'utf8');
    await writeFile(path, before.replace('0.2561', '0.9561'));
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText(`1 of`).getByText(`${results} (changed)`).waitFor();
    await page.getByRole('button', { name: 'Write again' }).click();
    await page.getByRole('cell', { name: '0.9561 ± 0.0038' }).waitFor();
    await page.getByText(/^Verified: all \d+ files are as they were/).waitFor();
    expect(studio.pageErrors).toEqual([]);
  });

  test('its page needs no script, and a run with nothing but a log has one too', async () => {
    const browser = studio.page.context().browser();
    if (browser === null) throw new Error('no browser');
    const context = await browser.newContext({ javaScriptEnabled: false, colorScheme: 'dark' });
    const page = await context.newPage();
    await page.goto(`file://${join(studio.workspace, 'reports', FULL, 'report.html')}`);
    await page.getByRole('heading', { name: 'Zagreus 0.4B ita', level: 1 }).waitFor();
    expect(await page.locator('svg').count()).toBeGreaterThanOrEqual(3);
    expect(await page.getByRole('cell', { name: '0.9561 ± 0.0038' }).count()).toBe(1);
    const background = await page
      .evaluate(() => getComputedStyle(document.body).backgroundColor)
      .catch(() => null);
    // Without scripts the page cannot be asked; the picture can.
    expect(background === null || background === 'rgb(20, 23, 26)').toBe(true);
    await context.close();
    await studio.go(`#/evaluations/reports/${BARE}`);
    await studio.page.getByText(`There is no report of ${BARE}`).first().waitFor();
    await studio.page.getByRole('button', { name: 'Write it anew' }).click();
    await studio.page.getByText('The log holds no values that can be drawn.').waitFor();
  });
});
