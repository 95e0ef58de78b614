// The leaderboard as a newcomer walks through it: nothing there, a pasted table, files that come by themselves, sorted, pinned, against a
// baseline, as bars and radar, exported; and the published tables with their flaws, one row of which goes into the leaderboard.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Studio, startStudio } from './harness/studio.ts';

/** A busy computer takes its time. */
const patiently = { timeout: 120_000 };

const TABLE = `hf (pretrained=v2-95k), limit: None, num_fewshot: None, batch_size: 1
|  Tasks  |Version|Filter|n-shot| Metric |   |Value |   |Stderr|
|---------|------:|------|-----:|--------|---|-----:|---|-----:|
|arc_it   |      2|none  |     0|acc     |↑  |0.2524|±  |0.0127|
|         |       |none  |     0|acc_norm|↑  |0.3276|±  |0.0137|
|m_mmlu_it|      0|none  |     5|acc     |↑  |0.2560|±  |0.0038|
|broken|1|`;

const results = (model: string, shift: number): string =>
  JSON.stringify({
    results: {
      m_mmlu_it: { 'acc,none': 0.26 + shift, 'acc_stderr,none': 0.0038 },
      hellaswag_it: { 'acc_norm,none': 0.36 + shift, 'acc_norm_stderr,none': 0.005 },
      arc_challenge: { 'acc_norm,none': 0.3 + shift, 'acc_norm_stderr,none': 0.0134 },
      hellaswag: { 'acc_norm,none': 0.45 - shift, 'acc_norm_stderr,none': 0.005 },
    },
    'n-shot': { m_mmlu_it: 5, hellaswag_it: 0, arc_challenge: 0, hellaswag: 0 },
    versions: { m_mmlu_it: 0, hellaswag_it: 1, arc_challenge: 1, hellaswag: 1 },
    config: { limit: null },
    date: 1_760_000_000,
    model_name: model,
    lm_eval_version: '0.4.9',
    chat_template: null,
    system_instruction: null,
  });

describe('the leaderboard', () => {
  let studio: Studio;
  const put = async (path: string, text: string) => {
    await mkdir(dirname(join(studio.workspace, path)), { recursive: true });
    await writeFile(join(studio.workspace, path), text);
  };
  const grid = () => studio.page.getByRole('grid', { name: 'Leaderboard' });
  const names = () =>
    grid()
      .getByRole('rowheader')
      .evaluateAll((heads) => heads.map((head) => head.querySelector('span')?.textContent ?? ''));
  const cellText = (start: string) => grid().getByRole('gridcell', { name: new RegExp(`^${start}`) });

  beforeAll(async () => {
    studio = await startStudio({ width: 1440, height: 900 });
  });
  afterAll(async () => {
    await studio[Symbol.asyncDispose]();
  });

  test('begins empty, and takes a pasted table after showing what it read', async () => {
    const { page } = studio;
    await studio.go('#/evaluations/results');
    await page.getByRole('button', { name: 'Import results…' }).last().click();
    const dialog = page.getByRole('dialog', { name: 'Import results' });
    await dialog.getByLabel('Or a printed table').fill(TABLE);
    await dialog.getByText('line 7').waitFor(patiently);
    await dialog.getByText(/3 results read/).waitFor(patiently);
    await dialog.getByText(/looks like step 95,000/).waitFor(patiently);
    await dialog.getByRole('button', { name: 'Import 3 results' }).click();
    await dialog.waitFor({ state: 'detached', ...patiently });
    await cellText('v2-95k, arc_it: 0.3276; ± 0.0137').waitFor(patiently);
  });

  test('shows files as they come, and names one that is half written', async () => {
    const { page } = studio;
    await put('evals/results/nesso/results_1.json', results('Nesso-0.4B', 0.02));
    await put('evals/results/qwen/results_1.json', results('Qwen3-0.6B', 0));
    await put('evals/results/half/results_1.json', results('late', 0.1).slice(0, 90));
    await cellText('Nesso-0.4B, m_mmlu_it: 0.2800').waitFor(patiently);
    const problems = page.locator('summary').filter({ hasText: 'could not be read' });
    const half = page.locator('code').filter({ hasText: 'evals/results/half/results_1.json' });
    await problems.waitFor(patiently);
    await problems.click();
    await half.first().waitFor(patiently);
    await put('evals/results/half/results_1.json', results('late', 0.1));
    await cellText('late, m_mmlu_it: 0.3600').waitFor(patiently);
    await expect.poll(() => half.count(), patiently).toBe(0);
  });

  test('sorts by a column, pins, hides and finds, with the keyboard alone', async () => {
    const { page } = studio;
    const head = grid().getByRole('columnheader', { name: /^hellaswag_it/ });
    await head.click();
    await expect.poll(() => head.getAttribute('aria-sort'), patiently).toBe('descending');
    await expect.poll(names, patiently).toEqual(['late', 'Nesso-0.4B', 'Qwen3-0.6B', 'v2-95k']);
    await grid().focus();
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('Control+End');
    await page.keyboard.press('p');
    await expect.poll(names, patiently).toEqual(['v2-95k', 'late', 'Nesso-0.4B', 'Qwen3-0.6B']);
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('h');
    await expect.poll(names, patiently).toEqual(['late', 'Nesso-0.4B', 'Qwen3-0.6B']);
    await page.getByRole('button', { name: 'Show 1 hidden' }).click();
    await expect.poll(names, patiently).toHaveLength(4);
    await page.getByRole('searchbox', { name: 'Filter models' }).fill('qwen');
    // What is pinned stays.
    await expect.poll(names, patiently).toEqual(['v2-95k', 'Qwen3-0.6B']);
    await page.getByRole('searchbox', { name: 'Filter models' }).fill('');
    await expect.poll(names, patiently).toHaveLength(4);
  });

  test('marks the best, and what differs from a baseline, in words too', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: /Baseline/ }).click();
    await page.getByRole('option', { name: 'Against Qwen3-0.6B' }).click();
    await cellText(
      'late, m_mmlu_it: 0.3600; ± 0.0038; best of the column; .0.1000 against Qwen3-0.6B: better',
    ).waitFor(patiently);
    await cellText('Nesso-0.4B, arc_challenge: 0.3200.*no difference seen').waitFor(patiently);
    await cellText('late, hellaswag: 0.3500.*worse').waitFor(patiently);
    await cellText('late, m_mmlu_it:').click();
    await page.getByText('The answers to its questions were not kept.').waitFor(patiently);
    await page.getByText('harness version lm-eval 0.4.9').waitFor(patiently);
    // The link says all of it.
    expect(await page.evaluate(() => decodeURIComponent(location.hash))).toContain(
      'baseline=model:Qwen3-0.6B',
    );
  });

  test('is drawn as bars and as a radar, with a table beside each', async () => {
    const { page } = studio;
    await page.getByRole('radio', { name: 'Bars' }).click();
    const bars = page.getByRole('figure', { name: 'Results as bars' });
    await bars.getByRole('button', { name: 'Show Results as bars as table' }).click();
    await bars.getByRole('cell', { name: '0.28', exact: true }).first().waitFor(patiently);
    await page.getByRole('radio', { name: 'Radar' }).click();
    await page.getByRole('figure', { name: 'Results as a radar' }).waitFor(patiently);
    await page.getByRole('radio', { name: 'Table', exact: true }).click();
    await grid().waitFor(patiently);
  });

  test('leaves as LaTeX, Markdown, CSV and SVG, and replaces a file only when told to', async () => {
    const { page } = studio;
    const dialog = page.getByRole('dialog', { name: 'Export leaderboard' });
    const read = (ending: string) =>
      readFile(join(studio.workspace, `reports/leaderboard.${ending}`), 'utf8');
    const exported = async (format: string | null) => {
      await page.getByRole('button', { name: 'Export…' }).click();
      if (format !== null) {
        await dialog.getByRole('button', { name: /Format/ }).click();
        await page.getByRole('option', { name: new RegExp(`^${format}`) }).click();
      }
      await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    };
    for (const format of [null, 'Markdown', 'CSV', 'SVG']) {
      await exported(format);
      await dialog.waitFor({ state: 'detached', ...patiently });
    }
    expect(await read('tex')).toContain('\\textbf{0.3600}$^{+}$ $\\pm$ 0.0038');
    expect(await read('md')).toContain('| v2-95k |');
    expect(await read('csv')).toMatch(/^Nesso-0\.4B,.*0\.28,0\.0038/m);
    expect(await read('svg')).toContain('>hellaswag_it</text>');
    await exported(null);
    await dialog.getByText('Replace the file that is there').click();
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await dialog.waitFor({ state: 'detached', ...patiently });
  });

  test('reproduces the published tables, and takes their rows', async () => {
    const { page } = studio;
    await page.getByRole('option', { name: 'Published tables' }).click();
    await page.getByRole('navigation', { name: 'Published tables' }).waitFor(patiently);
    const nav = page.getByRole('navigation', { name: 'Published tables' });
    for (const number of [2, 3, 4, 5, 6, 7, 1]) {
      await nav
        .getByRole('link', { name: new RegExp(`^Table ${number} .*(Zagreus|Nesso|Portuguese)`) })
        .click();
      await page.getByRole('figure', { name: new RegExp(`^Table ${number}: `) }).waitFor(patiently);
    }
    await page.getByText('All values are those of v2-460k').waitFor(patiently);
    await page.getByText('missing', { exact: true }).first().waitFor(patiently);
    await page.getByText('12 printed means recomputed; none is wrong; 1 row repeated').waitFor(patiently);
    await page.getByRole('checkbox', { name: 'Choose v2-775k' }).press('Space');
    await page.getByRole('button', { name: 'Show 1 row in the leaderboard' }).click();
    await cellText('v2-775k \\(Table 1\\), m_mmlu_it: 0.2535.*asked otherwise').waitFor(patiently);
    // What was set before is still set.
    await cellText('late, m_mmlu_it: 0.3600.*against Qwen3-0.6B').waitFor(patiently);
    expect(studio.pageErrors).toEqual([]);
  });
});
