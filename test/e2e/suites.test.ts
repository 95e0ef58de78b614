// Suites in a real Chromium: run over three checkpoints of a run, stopped and gone on with, read and compared in the grid, seen as
// a curve under the loss, and a suite that is wrong mended in its editor.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { slowChildren } from '../support/slow-child.ts';
import { addStages, RUN } from '../support/suite-folder.ts';
import { type Studio, startStudio } from './harness/studio.ts';

const CITIES = [
  'Italy Rome',
  'Japan Tokyo',
  'Norway Oslo',
  'Peru Lima',
  'Chile Santiago',
  'Egypt Cairo',
  'Kenya Nairobi',
];
const SUITE = `title: Capitals
language: en
maxTokens: 24
samplers: [greedy, { temperature: 0.7, seeds: [1, 2, 3] }]
prompts:
${CITIES.map((pair) => pair.split(' '))
  .map(
    ([land, city]) =>
      `  - { id: ${land}, domain: facts, user: "What is the capital of ${land}?", checks: [{ contains: ${city} }, ends] }`,
  )
  .join('\n')}
`;

describe('suites', () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await startStudio();
    await addStages(studio.workspace);
    await writeFile(join(studio.workspace, 'suites/capitals.yaml'), SUITE);
    await studio.go('#/evaluations/suites/capitals');
  }, 120_000);
  afterAll(async () => {
    await studio[Symbol.asyncDispose]();
  });

  const answers = async (): Promise<number> => {
    const folder = join(studio.workspace, 'evals/suites/capitals');
    const names = await readdir(folder).catch(() => []);
    const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
    return texts.join('').split('\n').length - 1;
  };
  const cell = (prompt: string, step: string) =>
    studio.page.getByRole('gridcell', { name: `${prompt}, step ${step}` });
  const runAll = async (): Promise<void> => {
    const { page } = studio;
    await page.getByRole('button', { name: 'Run suite…' }).first().click();
    await page.getByRole('button', { name: /Models of/ }).click();
    await page.getByRole('option', { name: /Tiny, in three stages/ }).click();
    await page.getByRole('button', { name: 'Run with 3 models' }).click();
  };

  test('stops in the middle and goes on where it was', async () => {
    const { page } = studio;
    using slow = slowChildren('native-llama', studio.serverPid);
    await runAll();
    await expect.poll(answers, { timeout: 120_000 }).toBeGreaterThan(2);
    slow.hold();
    await page.getByRole('button', { name: 'Stop suite' }).click();
    slow[Symbol.dispose]();
    await page.getByRole('button', { name: 'Run suite…' }).first().waitFor();
    const kept = await answers();
    expect(kept).toBeLessThan(84);
    await runAll();
    await page.getByRole('button', { name: 'Run suite…' }).first().waitFor();
    await expect.poll(answers, { timeout: 120_000 }).toBe(84);
  });

  test('shows which answers pass, by sign and by name', async () => {
    await expect
      .poll(() => cell('Japan', '3,000').getAttribute('aria-label'), { timeout: 120_000 })
      .toMatch(/greedy passes/);
    expect(await cell('Japan', '1,000').getAttribute('aria-label')).toMatch(/greedy fails/);
    expect(await cell('Japan', '3,000').textContent()).toContain('✓');
    expect(await cell('Japan', '1,000').textContent()).toContain('✕');
  });

  test('puts two answers beside each other, with the keyboard alone', async () => {
    const { page } = studio;
    // Where it rests it would peek by itself.
    await page.mouse.move(5, 5);
    await page.getByRole('grid', { name: 'Answers' }).focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Kenya' }).waitFor();
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+Enter');
    await page.getByText('compared with').waitFor();
    await page.getByText('The other one').first().waitFor();
    expect(await page.locator('mark').count()).toBeGreaterThan(0);
    await page.getByText('contains “Nairobi”').first().waitFor();
    await page.keyboard.press(' ');
    await page.getByRole('status').filter({ hasText: 'contains “Nairobi”' }).waitFor();
    await page.keyboard.press('Escape');
  });

  test('filters the prompts', async () => {
    const { page } = studio;
    await page.getByRole('searchbox', { name: 'Filter prompts' }).fill('peru');
    await expect.poll(() => page.getByRole('rowheader').count()).toBe(1);
    await page.getByText('1 of 7 prompts').waitFor();
    await page.getByRole('searchbox', { name: 'Filter prompts' }).fill('');
  });

  test('draws the share that passes under the loss, on one axis, with what moved', async () => {
    const { page } = studio;
    await page.getByRole('radio', { name: 'Curves' }).click();
    await page.getByRole('region', { name: 'lm_loss' }).waitFor();
    const share = page.getByRole('region', { name: 'Share that passes, %' });
    expect(await share.textContent()).toMatch(/f16/);
    const moved = page.getByRole('list', { name: 'What moved' });
    expect(await moved.textContent()).toMatch(/better.*Share that passes at step/);
    await moved.getByRole('link').first().click();
    await page.getByText('compared with').waitFor();
  });

  test('shows the curve in the view of the run', async () => {
    const { page } = studio;
    await studio.go(`#/runs/${RUN}`);
    const panel = page.getByRole('region', { name: 'Suite Capitals' });
    await panel.waitFor();
    expect(await panel.textContent()).toContain('3 checkpoints');
    await panel.getByRole('link', { name: 'All measures' }).click();
    await page.getByRole('region', { name: 'Share that passes, %' }).waitFor();
  });

  test('goes on with an answer in the chat', async () => {
    const { page } = studio;
    await studio.go('#/evaluations/suites/capitals');
    await cell('Norway', '3,000').click();
    await page.getByRole('button', { name: 'Open in chat' }).click();
    await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/#\/models\/checkpoints.*chat=/);
    await page.getByText('The capital of Norway is Oslo.').first().waitFor();
  });

  test('measures the likelihood of texts, and of one text by two models', async () => {
    const { page } = studio;
    await studio.go('#/evaluations/likelihood/pairs');
    await page.getByRole('button', { name: 'Measure models…' }).click();
    await page.getByRole('button', { name: 'Measure 4 models' }).click();
    const table = page.getByRole('table', { name: 'Pairs that are right' });
    await table.waitFor({ timeout: 120_000 });
    expect(await table.getByRole('row').count()).toBe(5);
    await studio.go('#/evaluations/likelihood/difference');
    await page.getByRole('button', { name: 'Compare on this text' }).click();
    await page.getByRole('table', { name: 'Stretches that moved furthest' }).waitFor();
    expect(await page.locator('[data-level]').count()).toBeGreaterThan(5);
    await page.getByText(/bits per byte\. Blue/).waitFor();
  });

  test('says what is wrong with a suite, at its line, and mends it', async () => {
    const { page } = studio;
    await writeFile(
      join(studio.workspace, 'suites/broken.yaml'),
      'title: Broken\nprompts:\n  - { id: a, user: x }\n  - { id: a, user: y }\n',
    );
    await studio.go('#/evaluations/suites/broken');
    await page.getByText(/The suite cannot be used: Two prompts have the id a/).waitFor();
    await page.getByRole('button', { name: 'Open the editor' }).click();
    const problems = page.getByRole('list', { name: 'Problems' });
    expect(await problems.textContent()).toMatch(/Line 4: Two prompts have the id a/);
    await page.locator('.view-line').last().click();
    await page.keyboard.press('Control+Home');
    for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    await page.keyboard.press('Shift+Home');
    await page.keyboard.insertText('- { id: b, user: y }');
    await page.getByText('2 prompts, no problems').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(() => readFile(join(studio.workspace, 'suites/broken.yaml'), 'utf8'))
      .toContain('- { id: b, user: y }');
    expect(studio.pageErrors).toEqual([]);
  });
});
