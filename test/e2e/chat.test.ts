// Chat in a real Chromium: an answer token by token, stop, regenerate, edit from here, raw mode, kept conversations.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Studio, startStudio } from './harness/studio.ts';

const MODEL = '#/models/models/nesso-tiny/nesso-tiny-f16.gguf';

describe('chat', () => {
  let studio: Studio;

  beforeAll(async () => {
    studio = await startStudio();
    await studio.go(MODEL);
    await studio.page.getByRole('textbox', { name: 'Temperature' }).fill('0');
  });
  afterAll(async () => {
    await studio[Symbol.asyncDispose]();
  });

  const turns = () => studio.page.getByRole('log', { name: 'Conversation' });
  const ask = async (text: string): Promise<void> => {
    const field = studio.page.getByRole('textbox', { name: 'Message' });
    await field.fill(text);
    await field.press('Enter');
  };
  const statistics = () => turns().getByText(/tokens\/s/);

  test('answers in Italian and in English with its own template', async () => {
    await ask("Qual è la capitale d'Italia?");
    await statistics().first().waitFor();
    expect(await turns().textContent()).toContain('Roma');
    await ask('What is the capital of France?');
    await expect.poll(() => statistics().count()).toBe(2);
    expect(await turns().textContent()).toContain('Paris');
  });

  test('shows tokens, tokens per second and the time to the first token', async () => {
    expect(await statistics().last().textContent()).toMatch(
      /\d+ tokens · [\d.]+ tokens\/s · first token [\d.]+ m?s/,
    );
  });

  test('regenerate at temperature 0 gives the same answer in place of the old one', async () => {
    const before = await turns().getByRole('article').last().textContent();
    await turns().getByRole('button', { name: 'Regenerate' }).click();
    await expect.poll(() => statistics().count()).toBe(2);
    const answer = (text: string | null) => /assistant(.*?)\d+ token/.exec(text ?? '')?.[1];
    const after = await turns().getByRole('article').last().textContent();
    expect(answer(after)).toBe(answer(before));
  });

  test('edit from here takes back the later turns and fills the composer', async () => {
    await turns().getByRole('button', { name: 'Edit from here' }).nth(1).click();
    expect(await studio.page.getByRole('textbox', { name: 'Message' }).inputValue()).toBe(
      'What is the capital of France?',
    );
    expect(await statistics().count()).toBe(1);
  });

  test('stop keeps what was written and says so', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'New conversation' }).click();
    await page.getByRole('textbox', { name: 'Temperature' }).fill('2');
    await page.getByRole('textbox', { name: 'Max tokens' }).fill('400');
    await page.getByRole('button', { name: /Mode/ }).click();
    await page.getByRole('option', { name: /Raw completion/ }).click();
    const field = page.getByRole('textbox', { name: 'Text to continue' });
    await field.fill('C’era una volta');
    await field.press('Enter');
    await field.press('Escape');
    await page.getByRole('button', { name: 'Send' }).waitFor();
    await expect.poll(() => readdirSync(join(studio.workspace, 'chats')).length).toBe(2);
  });

  test('conversations are files of the workspace and come back after a reload', async () => {
    const { page } = studio;
    await page.reload();
    await page
      .getByRole('listbox', { name: 'Conversations' })
      .getByRole('option', { name: /capitale/ })
      .click();
    await statistics().first().waitFor();
    expect(await turns().textContent()).toContain('Roma');
    expect(studio.pageErrors).toEqual([]);
  });
});
