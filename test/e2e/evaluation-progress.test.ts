// Benchmarks over a training in a real Chromium: lines with bands in the view of the run and in evaluations, two points compared with a
// paired test, two models task by task, and the questions behind them read one by one with the keyboard.
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addStages, RUN } from '../support/suite-folder.ts';
import { repositoryFolder } from '../support/test-core.ts';
import { type Studio, startStudio } from './harness/studio.ts';

const FIXTURES = join(repositoryFolder, 'test/fixtures/evaluations/lm-eval');
const MANY = 2000;

/** As lm-eval writes them; `isRight` decides which choice is likelier. */
const line = (id: number, isRight: boolean) =>
  JSON.stringify({
    doc_id: id,
    doc: { question: `Quanto fa ${id} più ${id}?`, subject: id % 3 === 0 ? 'somme' : 'altro' },
    target: '0',
    arguments: {
      gen_args_0: { arg_0: `Domanda: quanto fa ${id} più ${id}?\nRisposta:`, arg_1: ` ${2 * id}` },
      gen_args_1: { arg_0: `Domanda: quanto fa ${id} più ${id}?\nRisposta:`, arg_1: ` ${2 * id + 1}` },
    },
    filtered_resps: isRight
      ? [
          ['-1.5', 'True'],
          ['-2.5', 'False'],
        ]
      : [
          ['-2.5', 'False'],
          ['-1.5', 'False'],
        ],
    filter: 'none',
    metrics: ['acc'],
    doc_hash: `${id}`.padStart(20, 'b'),
    acc: isRight ? 1 : 0,
  });

async function addResults(workspace: string): Promise<void> {
  for (const [name, step, every] of [
    ['nesso-tiny-12000', 1000, 7],
    ['nesso-tiny', 3000, 2],
  ] as const) {
    const folder = join(workspace, 'evals/results', `tiny-${step}`);
    await mkdir(folder, { recursive: true });
    await cp(join(FIXTURES, name, 'zero-shot'), folder, { recursive: true });
    const time = '2026-11-22T13-00-00';
    const rights = Array.from({ length: MANY }, (_, id) => id % every === 0);
    const share = rights.filter(Boolean).length / MANY;
    await writeFile(
      join(folder, `results_${time}.json`),
      JSON.stringify({
        results: {
          somme_it: { 'acc,none': share, 'acc_stderr,none': Math.sqrt((share * (1 - share)) / (MANY - 1)) },
        },
        versions: { somme_it: 1 },
        'n-shot': { somme_it: 0 },
        'n-samples': { somme_it: { original: MANY, effective: MANY } },
        higher_is_better: { somme_it: { acc: true } },
        config: { model: 'hf', limit: null },
        lm_eval_version: '0.4.13',
        model_name: name,
        date: 1,
        chat_template: null,
        system_instruction: null,
      }),
    );
    const lines = rights.map((isRight, id) => line(id, isRight));
    await writeFile(join(folder, `samples_somme_it_${time}.jsonl`), `${lines.join('\n')}\n`);
    await writeFile(
      join(folder, 'import.json'),
      JSON.stringify({ format: 1, model: null, run: RUN, step, files: [] }),
    );
  }
}

describe('benchmarks over a training', () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await startStudio();
    await addStages(studio.workspace);
    await addResults(studio.workspace);
  });
  afterAll(async () => {
    await studio[Symbol.asyncDispose]();
  });

  test('stand below the loss of their run, on its axis', async () => {
    const { page } = studio;
    await studio.go(`#/runs/${RUN}`);
    const panel = page.getByRole('region', { name: 'Evaluations', exact: true });
    await panel.getByRole('region', { name: 'somme_it, acc' }).waitFor();
    expect(await panel.textContent()).toContain('2 checkpoints');
    await panel.getByRole('link', { name: 'Compare with others' }).click();
    await page.getByRole('heading', { name: 'Progress over training' }).waitFor();
  });

  test('two points are compared with a paired test, in a sentence', async () => {
    const { page } = studio;
    const chart = page.getByRole('region', { name: 'somme_it, acc' });
    await chart.getByRole('button', { name: /step 1,000: 0\.1430/ }).click();
    await page.getByText('Choose the point to compare it with').waitFor();
    await chart.getByRole('button', { name: /step 3,000: 0\.5000/ }).click();
    // 143 questions are right in both, 143 in the first alone, 857 in the second alone.
    await page
      .getByText(/is better than .* on somme_it: acc \+0\.3570 .*857 won, 143 lost, p < 0\.0001/)
      .waitFor();
  });

  test('chance, bands and published trainings are drawn, and can be read as a table', async () => {
    const { page } = studio;
    await page.getByRole('list', { name: 'Lines' }).locator('label', { hasText: 'Table 1:' }).click();
    const chart = page.getByRole('region', { name: 'hellaswag_it, acc_norm', exact: true });
    const menu = chart.getByRole('button', { name: 'Menu of hellaswag_it, acc_norm' });
    await menu.click();
    await page.getByRole('menuitem', { name: 'Show as table' }).click();
    await chart.getByRole('cell', { name: '0.3778' }).first().waitFor();
    await menu.click();
    await page.getByRole('menuitem', { name: 'Show as chart' }).click();
    await page.getByRole('button', { name: 'Models to compare with' }).click();
    await page.getByRole('menuitem', { name: /Qwen\/Qwen3-0\.6B, Table 6/ }).click();
    await page.getByRole('button', { name: 'Models to compare with' }).getByText('Compared with 1').waitFor();
  });

  test('two models stand task by task with their tests, and what flips is a click away', async () => {
    const { page } = studio;
    await page.getByRole('link', { name: 'All tasks of the two' }).click();
    const row = page.getByRole('row', { name: /somme_it/ });
    await row.getByText('better', { exact: true }).waitFor();
    expect(await row.textContent()).toMatch(
      /0\.1430.*0\.5000.*\+0\.3570.*857 won, 143 lost.*both 143.*first 143.*second 857.*neither 857/,
    );
    await row.getByRole('link', { name: 'Questions of somme_it that flip' }).click();
    await page.getByRole('listbox', { name: 'Questions' }).waitFor();
  });

  test('questions are read with the keyboard, one flip after another, by subject and by text', async () => {
    const { page } = studio;
    const list = page.getByRole('listbox', { name: 'Questions' });
    const detail = page.getByRole('region', { name: 'Question', exact: true });
    await detail.getByText('1 of 1,000').waitFor();
    await list.focus();
    await page.keyboard.press('End');
    await detail.getByText('1,000 of 1,000').waitFor();
    await detail.getByText('quanto fa 1998 più 1998', { exact: false }).first().waitFor();
    await page.keyboard.press('k');
    await detail.getByText('999 of 1,000').waitFor();
    const second = detail.getByRole('table', { name: /Choices of .*3,000/ });
    await expect.poll(() => second.getByRole('row', { name: /right/ }).textContent()).toContain('◆ takes');
    await page.getByRole('button', { name: /Show/ }).click();
    await page.getByRole('option', { name: /^All · 2,000/ }).click();
    await detail.getByText('1 of 2,000').waitFor();
    await list.focus();
    // 0 is right for both; 2 is the first that flips, then 4.
    await page.keyboard.press('n');
    await detail.getByText('3 of 2,000').waitFor();
    await page.keyboard.press('n');
    await detail.getByText('5 of 2,000').waitFor();
    await page.keyboard.press('N');
    await detail.getByText('3 of 2,000').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('1321 PIÙ');
    await detail.getByText('1 of 1', { exact: true }).waitFor();
    await detail.getByRole('heading', { name: 'somme_it · question 1321' }).waitFor();
    await page.getByRole('searchbox', { name: 'Search in questions and answers' }).fill('no such words');
    await page.getByText('No question is like this').waitFor();
    await page.getByRole('searchbox', { name: 'Search in questions and answers' }).fill('');
    await detail.getByText('of 2,000').waitFor();
    expect(studio.pageErrors).toEqual([]);
  });
});
