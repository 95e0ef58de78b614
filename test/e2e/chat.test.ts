// Chat in a real Chromium: answers, branches, edits, drafts, search, raw mode, two windows on one conversation, damaged files.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Studio, startStudio } from './harness/studio.ts';

const MODEL = '#/models/models/nesso-tiny/nesso-tiny-f16.gguf';

describe('chat', () => {
  let studio: Studio;
  let page: Page;

  beforeAll(async () => {
    studio = await startStudio();
    page = studio.page;
    await studio.go(MODEL);
    await page.getByRole('textbox', { name: 'Temperature' }).fill('0');
  });
  afterAll(async () => {
    await studio[Symbol.asyncDispose]();
  });

  const turns = () => page.getByRole('log', { name: 'Conversation' });
  const message = () => page.getByRole('textbox', { name: 'Message' });
  const ask = async (text: string): Promise<void> => {
    await message().fill(text);
    await message().press('Enter');
  };
  const statistics = () => turns().getByText(/tokens\/s/);
  const answers = () => turns().getByRole('article', { name: 'assistant' });
  const lastAnswer = () => answers().last();
  const saved = () =>
    readdirSync(join(studio.workspace, 'chats')).map(
      (name) => JSON.parse(readFileSync(join(studio.workspace, 'chats', name), 'utf8')) as { title: string },
    );

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

  test('regenerate makes a branch beside the old answer; at temperature 0 they say the same', async () => {
    const text = () => lastAnswer().locator('div').first().textContent();
    const before = await text();
    await lastAnswer().getByRole('button', { name: 'Regenerate' }).click();
    await lastAnswer().getByText('2 of 2').waitFor();
    expect(await text()).toBe(before);
    await lastAnswer().focus();
    await page.keyboard.press('ArrowLeft');
    await lastAnswer().getByText('1 of 2').waitFor();
    expect(await text()).toBe(before);
  });

  test('a question is edited in place and answered as a branch; the old one stays', async () => {
    const question = turns().getByRole('article', { name: 'user' }).last();
    await question.hover();
    await question.getByRole('button', { name: 'Edit' }).click();
    const field = turns().getByRole('textbox', { name: 'Text of this turn (user)' });
    await field.fill('What is the capital of Italy?');
    await field.press('Control+Enter');
    await lastAnswer()
      .getByText(/tokens\/s/)
      .waitFor();
    expect(await lastAnswer().textContent()).toContain('Rome');
    await question.getByRole('button', { name: 'Branch before (←)' }).click();
    await expect.poll(() => turns().textContent()).toContain('What is the capital of France?');
    await question.getByRole('button', { name: 'Branch after (→)' }).click();
    await expect.poll(() => turns().textContent()).toContain('What is the capital of Italy?');
  });

  test('an answer is edited in place, and a branch is deleted and brought back', async () => {
    await lastAnswer().hover();
    await lastAnswer().getByRole('button', { name: 'Edit' }).click();
    const field = turns().getByRole('textbox', { name: 'Text of this turn (assistant)' });
    await field.fill('Rome, of course.');
    await turns().getByRole('button', { name: 'Save in place' }).click();
    await lastAnswer().getByText('edited').waitFor();
    expect(await lastAnswer().textContent()).toContain('Rome, of course.');
    await lastAnswer().focus();
    await page.keyboard.press('Delete');
    await turns().getByText('Rome, of course.').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).first().click();
    await turns().getByText('Rome, of course.').waitFor();
  });

  test('what is being written survives a reload and another view', async () => {
    await message().fill('Una domanda a metà');
    await page.getByRole('link', { name: 'Data', exact: true }).click();
    await page.getByRole('link', { name: 'Models', exact: true }).click();
    expect(await message().inputValue()).toBe('Una domanda a metà');
    // Written shortly after the last key.
    await expect.poll(() => studio.remembered()).toContain('a metà');
    await page.reload();
    await message().waitFor();
    expect(await message().inputValue()).toBe('Una domanda a metà');
    await message().fill('');
  });

  test('a long text stays in the field, also in another view; one of megabytes is refused in words', async () => {
    const long = 'parole '.repeat(30_000);
    await message().fill(long);
    await page.getByRole('link', { name: 'Data', exact: true }).click();
    await page.getByRole('link', { name: 'Models', exact: true }).click();
    expect((await message().inputValue()).length).toBe(long.length);
    await message().fill('kept');
    await message().evaluate((field) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', 'x'.repeat(1_000_001));
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    });
    await page.getByText('This text is too long for a field').first().waitFor();
    expect(await message().inputValue()).toBe('kept');
    await message().fill('');
  });

  test('is renamed, duplicated, and found by what was said in it', async () => {
    const menu = () => page.getByRole('button', { name: 'Conversation', exact: true });
    await menu().click();
    await page.getByRole('menuitem', { name: 'Rename…' }).click();
    const name = page.getByRole('textbox', { name: 'Name of the conversation' });
    await name.fill('Capitali');
    await name.press('Enter');
    await page.getByRole('heading', { name: 'Capitali' }).waitFor();
    await menu().click();
    await page.getByRole('menuitem', { name: /Duplicate/ }).click();
    await page.getByRole('heading', { name: 'Capitali (copy)' }).waitFor();
    await expect
      .poll(() =>
        saved()
          .map(({ title }) => title)
          .sort(),
      )
      .toEqual(['Capitali', 'Capitali (copy)']);
    const search = page.getByRole('searchbox', { name: 'Search in conversations' });
    await search.fill('CAPITAL OF FRANCE');
    const hits = page.getByRole('list', { name: 'Places found' }).getByRole('link');
    await hits.filter({ hasText: '(copy)' }).first().waitFor();
    await hits.filter({ hasNotText: '(copy)' }).first().click();
    await page.getByRole('heading', { name: 'Capitali', exact: true }).waitFor();
    // The branch that holds the place is shown.
    await turns().getByText('What is the capital of France?').waitFor();
    await search.fill('');
  });

  test('two windows write in one conversation, and both are kept', async () => {
    const other = await page.context().newPage();
    await other.goto(page.url());
    const theirMessage = other.getByRole('textbox', { name: 'Message' });
    await theirMessage.fill('Qual è la capitale della Francia?');
    await theirMessage.press('Enter');
    const theirLog = other.getByRole('log', { name: 'Conversation' });
    await theirLog.getByText('Qual è la capitale della Francia?').waitFor();
    await ask('Qual è la capitale della Spagna?');
    const both = () => JSON.stringify(saved());
    await expect.poll(both, { timeout: 120_000 }).toContain('della Spagna');
    await expect.poll(both, { timeout: 120_000 }).toContain('della Francia');
    await other.close();
  });

  test('stop keeps what was written and says so', async () => {
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
    await expect.poll(() => readdirSync(join(studio.workspace, 'chats')).length).toBe(3);
  });

  test('a damaged file is listed with its reason and hides no other', async () => {
    writeFileSync(join(studio.workspace, 'chats', 'broken.json'), '{"format": 2, "id"');
    const list = page.getByRole('listbox', { name: 'Conversations' });
    await list.getByText(/not valid JSON/).waitFor();
    await page.reload();
    await list.getByRole('option', { name: /^Capitali(?! \(copy)/ }).click();
    await turns().getByText('Roma').first().waitFor();
    expect(studio.pageErrors).toEqual([]);
  });
});
