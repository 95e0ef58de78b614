// A blind vote in a real Chromium: made of two steps of a run, answered, voted on with the keyboard, ended, and its result.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeSampleSteps } from '../support/sample-steps.ts';
import { type Studio, startStudio } from './harness/studio.ts';

describe('a blind vote', () => {
  let studio: Studio;

  beforeAll(async () => {
    studio = await startStudio();
    await writeSampleSteps(studio.workspace, 'zagreus-ita', [
      { step: 1000, trained: 0.7 },
      { step: 2000, trained: 1 },
    ]);
    // The window may have listed the models before these were written.
    await studio.go('#/evaluations/votes');
    await studio.page.reload();
  });
  afterAll(async () => {
    await studio[Symbol.asyncDispose]();
  });

  const text = () => studio.page.getByRole('group', { name: 'Prompt and answers' });

  test('is made of two models and typed prompts', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'New blind vote…' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'New blind vote' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Capitals, old and new');
    for (const [label, step] of [
      ['First model', '1000'],
      ['Second model', '2000'],
    ] as const) {
      await dialog.getByRole('button', { name: label }).click();
      await page.getByRole('option', { name: new RegExp(`${step}/model`) }).click();
    }
    await dialog
      .getByRole('textbox', { name: 'One prompt a line' })
      .fill("Qual è la capitale d'Italia?\nWhat is the capital of France?\nCiao");
    await dialog.getByText('3 prompts').waitFor();
    await dialog.getByRole('textbox', { name: 'Max tokens' }).fill('24');
    await dialog.getByRole('button', { name: 'Make the vote' }).click();
    await page.getByText('3 items wait for answers').waitFor();
  });

  test('both models answer, also when the window is reloaded meanwhile, and nothing on the screen says whose answer is whose', async () => {
    const { page } = studio;
    const answers = page.getByRole('button', { name: 'Make the answers' });
    await answers.click();
    // It was taken: the button waits for core, or the answers are there already.
    await expect.poll(async () => (await answers.count()) === 0 || (await answers.isDisabled())).toBe(true);
    await page.getByText('3 items wait for answers').waitFor({ state: 'detached' });
    await page.reload();
    await page.getByRole('textbox', { name: 'Your name' }).fill('Ada');
    await page.getByRole('button', { name: 'Start voting' }).click();
    await text().getByText("Qual è la capitale d'Italia?").waitFor();
    await text().getByRole('region', { name: 'Left answer' }).waitFor();
    expect(await text().textContent()).not.toMatch(/1000|2000|gguf/);
  });

  test('keys choose and go on to the end', async () => {
    const { page } = studio;
    for (let item = 1; item <= 3; item += 1) {
      const place = page.getByText(new RegExp(`Item \\d of 3`));
      if ((await place.count()) === 0) break;
      await studio.settled();
      const left = await text().getByRole('region', { name: 'Left answer' }).textContent();
      const before = new URL(page.url()).hash;
      await page.keyboard.press(/Roma|Paris|Ciao/.test(left ?? '') ? '1' : '2');
      await expect.poll(() => new URL(page.url()).hash).not.toBe(before);
    }
    await page.getByText('Nothing left for you to vote on').waitFor();
    const lines = readFileSync(join(studio.workspace, 'votes/capitals-old-and-new/ada.jsonl'), 'utf8');
    expect(lines.trim().split('\n').length).toBeGreaterThanOrEqual(2);
  });

  test('a choice can be changed, and a skip comes again', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'First item' }).click();
    await text().getByText("Qual è la capitale d'Italia?").waitFor();
    await studio.settled();
    await page.keyboard.press('s');
    await expect.poll(() => new URL(page.url()).hash).toContain('at=1');
    await studio.settled();
    const left = await text().getByRole('region', { name: 'Left answer' }).textContent();
    await page.keyboard.press(left?.includes('Roma') ? '1' : '2');
    await page.getByText('Nothing left for you to vote on').waitFor();
  });

  test('once ended says who is better, and nobody votes any more', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'Show the result…' }).click();
    await page.getByRole('button', { name: 'End and show the result' }).click();
    const verdict = page.getByRole('status').filter({ hasText: 'is preferred in' });
    await verdict.waitFor();
    expect(await verdict.textContent()).toMatch(
      /2000\/model-f16 is preferred in \d of \d decided choices \(100.0 %/,
    );
    await page.getByRole('button', { name: 'Copy as Markdown' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain('| ada | 0 |');
    expect(readdirSync(join(studio.workspace, 'votes/capitals-old-and-new')).sort()).toContain('vote.json');
    expect(studio.pageErrors).toEqual([]);
  });
});
