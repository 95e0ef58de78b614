// Side by side in a real Chromium: a question to three checkpoints at once, what differs, columns that move and are kept; the same
// conversation through all steps of the run; the quantizations of the last one.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeSampleSteps } from '../support/sample-steps.ts';
import { type Studio, startStudio } from './harness/studio.ts';

const ANSWERS_MS = 60_000;

describe('side by side', () => {
  let studio: Studio;
  let models: readonly string[];

  beforeAll(async () => {
    studio = await startStudio();
    models = await writeSampleSteps(studio.workspace, 'zagreus-ita', [
      { step: 1000, trained: 0.7 },
      { step: 2000, trained: 0.88 },
      { step: 3000, trained: 1, types: ['f16', 'q8_0'] },
    ]);
    await studio.go(`#/models/${models[2]}?mode=compare&columns=${models[0]}`);
    // The window may have listed the models before these were written.
    await studio.page.reload();
  });
  afterAll(async () => {
    await studio[Symbol.asyncDispose]();
  });

  const log = () => studio.page.getByRole('log', { name: 'Side by side' });
  const heads = async (): Promise<readonly string[]> =>
    (await studio.page.locator('header strong').allTextContents()).filter((text) => text.includes('·'));

  test('one question goes to all columns, and what differs is marked', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'Add column…' }).click();
    await page.getByRole('listbox', { name: 'Models' }).getByText('2000/model-f16.gguf').click();
    await expect
      .poll(heads)
      .toEqual(['zagreus-ita · 3,000 · F16', 'zagreus-ita · 1,000 · F16', 'zagreus-ita · 2,000 · F16']);
    await page
      .getByRole('textbox', { name: 'Message to all columns' })
      .fill('What is the capital of France?');
    await page.keyboard.press('Enter');
    await expect
      .poll(
        () =>
          log()
            .getByText(/tokens\/s/)
            .count(),
        { timeout: ANSWERS_MS },
      )
      .toBe(3);
    await log()
      .getByText(/Answers part at token \d+/)
      .first()
      .waitFor();
    expect(await log().locator('mark').count()).toBeGreaterThan(0);
    expect(await log().getByRole('article').first().textContent()).toContain('Paris');
  });

  test('columns move, are removed, and come back as they were after a reload', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'Move zagreus-ita · 2,000 · F16 left' }).click();
    await expect
      .poll(heads)
      .toEqual(['zagreus-ita · 3,000 · F16', 'zagreus-ita · 2,000 · F16', 'zagreus-ita · 1,000 · F16']);
    await page.getByRole('button', { name: 'Remove zagreus-ita · 1,000 · F16' }).click();
    await expect.poll(() => studio.remembered()).toContain('models.compare');
    await studio.go(`#/models/${models[2]}?mode=compare`);
    await page.reload();
    await expect.poll(heads).toEqual(['zagreus-ita · 3,000 · F16', 'zagreus-ita · 2,000 · F16']);
    expect(
      await log()
        .getByText(/tokens\/s/)
        .count(),
    ).toBe(2);
  });

  test('settings are those of one column, and a column is kept as a conversation', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: /^zagreus-ita · 2,000 · F16/ }).click();
    await page.getByRole('textbox', { name: 'Max tokens' }).fill('2');
    await page.keyboard.press('Tab');
    await log().getByText('Asked with other settings than the column has now').waitFor();
    await page.getByRole('button', { name: 'Ask zagreus-ita · 2,000 · F16 again' }).click();
    await log().getByText('reached the token limit').waitFor({ timeout: ANSWERS_MS });
    await page.getByRole('button', { name: 'Keep zagreus-ita · 3,000 · F16 as a conversation' }).click();
    await expect.poll(() => readdirSync(join(studio.workspace, 'chats')).length).toBe(1);
    const [file = ''] = readdirSync(join(studio.workspace, 'chats'));
    const kept = JSON.parse(readFileSync(join(studio.workspace, 'chats', file), 'utf8'));
    expect(kept.turns.map(({ role }: { role: string }) => role)).toEqual(['user', 'assistant']);
    expect(kept.turns[1].tokens.ids.length).toBeGreaterThan(3);
  });

  test('two columns become a blind vote with their own settings', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'Blind vote…' }).click();
    const dialog = page.getByRole('dialog', { name: 'New blind vote' });
    await dialog.getByText('1 prompt', { exact: true }).waitFor();
    await dialog.getByRole('button', { name: 'Make the vote' }).click();
    await page.getByRole('button', { name: 'Make the answers' }).waitFor();
    const [name = ''] = readdirSync(join(studio.workspace, 'votes'));
    const vote = JSON.parse(readFileSync(join(studio.workspace, 'votes', name, 'vote.json'), 'utf8'));
    const limits = vote.sides.map(({ sampling }: { sampling: { maxTokens: number } }) => sampling.maxTokens);
    expect(limits).toEqual([256, 2]);
  });

  test('the conversation goes through every step of the run', async () => {
    const { page } = studio;
    await studio.go(`#/models/${models[2]}?mode=replay`);
    await page.getByRole('button', { name: 'Replay', exact: true }).click();
    const cell = (step: string) => page.getByRole('button', { name: new RegExp(`^Step ${step}, turn 1`) });
    await page
      .getByRole('button', { name: /^Step 1,000, turn 1: (Answers part|Loops)/ })
      .waitFor({ timeout: ANSWERS_MS });
    await cell('1,000').click();
    const answers = page.getByRole('region', { name: 'Answers side by side' });
    await answers.getByText('Step 3,000').waitFor();
    expect(await answers.getByRole('article').count()).toBe(2);
    await page.keyboard.press('ArrowDown');
    await answers.getByText('Step 2,000').waitFor();
    await studio.settled();
    expect(await cell('3,000').getAttribute('data-kind')).toBe('reference');
  });

  test('quantizations are measured beside each other', async () => {
    const { page } = studio;
    await studio.go(`#/models/${models[2]}?mode=quantizations`);
    await page.getByRole('button', { name: 'Measure' }).click();
    await page.getByRole('button', { name: 'Copy as Markdown' }).waitFor({ timeout: ANSWERS_MS });
    const table = page.getByRole('table', { name: 'Quantizations' });
    expect(await table.getByRole('row').count()).toBe(3);
    expect(await table.getByRole('row').nth(2).textContent()).toContain('Q8_0');
    expect(studio.pageErrors).toEqual([]);
  });
});
