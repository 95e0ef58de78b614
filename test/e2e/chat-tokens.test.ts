// Tokens, prompts, presets, tools and structured answers in a real Chromium.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Conversation } from '../../core/api/conversations.ts';
import { type Studio, startStudio } from './harness/studio.ts';

const PATH = 'models/nesso-tiny/nesso-tiny-f16.gguf';
const MODEL = `#/models/${PATH}`;

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

const log = () => page.getByRole('log', { name: 'Conversation' });
const lastAnswer = () => log().getByRole('article', { name: 'assistant' }).last();
/** Returns once the answer is begun, so that the last answer is the one to this. */
const ask = async (text: string): Promise<void> => {
  const field = page.getByRole('textbox', { name: 'Message' });
  const answers = log().getByRole('article', { name: 'assistant' });
  const before = await answers.count();
  await field.fill(text);
  await field.press('Enter');
  await expect.poll(() => answers.count()).toBe(before + 1);
};
const answered = () =>
  lastAnswer()
    .getByText(/tokens\/s/)
    .waitFor();
const tokenAt = (place: number) => lastAnswer().locator(`[data-place="${place}"]`);
const saved = (): readonly Conversation[] =>
  readdirSync(join(studio.workspace, 'chats')).map(
    (name) => JSON.parse(readFileSync(join(studio.workspace, 'chats', name), 'utf8')) as Conversation,
  );

describe('tokens', () => {
  test('are drawn with their boundaries, kept in the file, and end with the token that ended the answer', async () => {
    await ask('What is the capital of France?');
    await answered();
    // The key, not the button.
    await lastAnswer().focus();
    await page.keyboard.press('t');
    await tokenAt(0).waitFor();
    const texts = await lastAnswer().locator('[data-place]').allTextContents();
    expect(texts.join('')).toMatch(/^The capital of France is Paris\.<\|/);
    await expect.poll(() => saved()[0]?.turns.at(-1)?.tokens?.ids.length).toBe(texts.length);
    const tokens = saved()[0]?.turns.at(-1)?.tokens;
    expect(tokens?.logProbabilities.every((value) => value !== null && value <= 0)).toBe(true);
    expect(tokens?.topIds.every((top) => top.length === 5)).toBe(true);
  });

  test('show what else was likely, by the keyboard alone', async () => {
    const first = tokenAt(0);
    await first.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    const card = page.getByRole('dialog', { name: 'Token " France"' });
    await card.getByText('nats').waitFor();
    expect(await card.getByRole('listitem').count()).toBe(5);
    await page.keyboard.press('Escape');
    await card.waitFor({ state: 'detached' });
  });

  test('forcing another one makes a branch that begins with it and goes on', async () => {
    await tokenAt(3).click();
    const other = page.getByRole('button', { name: /^Continue with/ }).first();
    const label = (await other.getAttribute('aria-label')) ?? '';
    const word = /"\s*([^"]+)"/.exec(label)?.[1] ?? '';
    await other.click();
    await lastAnswer().getByText('2 of 2').waitFor();
    const text = (await lastAnswer().locator('[data-place]').allTextContents()).join('');
    expect(text).toContain(`The capital of ${word}`);
    expect(await tokenAt(3).getAttribute('data-forced')).toBe('true');
  });

  test('so does a text of one’s own', async () => {
    await tokenAt(3).click();
    const field = page.getByRole('textbox', { name: 'Another text from here' });
    await field.fill(' Germany');
    await field.press('Enter');
    await lastAnswer().getByText('3 of 3').waitFor();
    const text = (await lastAnswer().locator('[data-place]').allTextContents()).join('');
    expect(text).toContain('The capital of Germany is Berlin.');
    await page.getByRole('button', { name: 'Tokens and their probabilities' }).click();
  });

  test('an answer begins with given text', async () => {
    await page.getByRole('button', { name: 'Begin the answer with given text…' }).click();
    await page.getByRole('textbox', { name: 'The answer begins with' }).fill('The capital of Italy');
    await ask('What is the capital of France?');
    await answered();
    await expect.poll(() => lastAnswer().textContent()).toContain('The capital of Italy is Rome.');
  });
});

describe('what the model sees', () => {
  test('is every token of the prompt, with the begin token and the template’s marks', async () => {
    await page.getByRole('button', { name: 'What the model sees' }).click();
    const prompt = page.getByRole('region', { name: 'Prompt' });
    await prompt.getByText('<|begin_of_text|>').waitFor();
    expect(await prompt.locator('[data-special]').count()).toBeGreaterThan(4);
    expect(await prompt.textContent()).toContain('What is the capital of France?');
    await page.getByRole('button', { name: 'What the model sees' }).click();
  });

  test('follows a template of one’s own, whose mistakes have a line', async () => {
    await page.getByRole('button', { name: 'Template…' }).click();
    const editor = page.getByRole('textbox', { name: 'Template', exact: true });
    await page.getByText(/What it makes of the conversation/).waitFor();
    await editor.fill('{% for m in messages %}\n{{ m.content\n{% endfor %}');
    await page.getByText(/^Line 2: /).waitFor();
    expect(await page.getByRole('button', { name: 'Use in this conversation' }).isDisabled()).toBe(true);
    await editor.fill('{{ bos_token }}{% for m in messages %}[{{ m.role }}] {{ m.content }}{% endfor %}');
    await page.getByRole('dialog').getByText('[user]').first().waitFor();
    await page.getByRole('button', { name: 'Use in this conversation' }).click();
    await page.getByText('template of your own', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Template…' }).click();
    await page.getByRole('button', { name: 'Back to the model’s own' }).click();
    await page.getByRole('button', { name: 'Use the model’s own' }).click();
    await page.getByText('chat template of the model', { exact: true }).waitFor();
  });
});

describe('a preset', () => {
  test('is saved in the workspace, chosen, and is what new conversations begin with', async () => {
    const menu = page.getByRole('button', { name: 'Presets' });
    await menu.click();
    await page.getByRole('menuitem', { name: /Save as preset/ }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Greedy');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await menu.click();
    await page.getByRole('menuitem', { name: /New conversations begin with it/ }).click();
    await page.getByText('new ones: Greedy').waitFor();
    expect(readdirSync(join(studio.workspace, 'presets'))).toEqual(['nesso-tiny.json']);
    await page.getByRole('button', { name: 'New conversation' }).click();
    await expect.poll(() => page.getByRole('textbox', { name: 'Temperature' }).inputValue()).toBe('0');
  });
});

describe('structured answers', () => {
  const CALL =
    '<tool_call>\\n{\\"name\\": \\"meteo\\", \\"arguments\\": {\\"city\\": \\"Roma\\"}}\\n</tool_call>';

  test('a call waits for a person, and its answer goes to the model', async () => {
    writeFileSync(
      join(studio.folder, 'tools.json'),
      JSON.stringify([
        {
          type: 'function',
          function: {
            name: 'meteo',
            description: 'Il tempo di una città',
            parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
          },
        },
      ]),
    );
    await page.getByLabel('File of tools').setInputFiles(join(studio.folder, 'tools.json'));
    await page.getByRole('list', { name: 'Tools' }).getByText('meteo').waitFor();
    const format = page.getByRole('button', { name: /Format/ });
    await format.click();
    await page.getByRole('option', { name: /Grammar/ }).click();
    await page.getByRole('textbox', { name: 'Grammar' }).fill(`root ::= "${CALL}"`);
    await ask('Che tempo fa a Roma?');
    await answered();
    await lastAnswer().getByText('fits the schema').waitFor();
    await lastAnswer().getByText('waits for an answer').waitFor();
    await format.click();
    await page.getByRole('option', { name: 'Free text' }).click();
    await lastAnswer().getByRole('textbox', { name: 'Answer of meteo' }).fill('{"temperature": 21}');
    await lastAnswer().getByRole('button', { name: 'Approve with this answer' }).click();
    await log().getByRole('article', { name: 'answer of meteo' }).waitFor();
    await page.getByText('1 of 1 valid').first().waitFor();
    await expect.poll(() => log().getByRole('article', { name: 'assistant' }).count()).toBe(2);
    await answered();
  });

  test('JSON of a schema is checked and counted', async () => {
    await page.getByRole('button', { name: /Format/ }).click();
    await page.getByRole('option', { name: /JSON schema/ }).click();
    await page
      .getByRole('textbox', { name: 'Schema', exact: true })
      .fill(
        '{"type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"], "additionalProperties": false}',
      );
    await ask('Rispondi in JSON');
    await answered();
    await page.getByText('2 of 2 valid').first().waitFor();
    const text =
      saved()
        .flatMap(({ turns }) => turns)
        .findLast(({ role }) => role === 'assistant')?.text ?? '';
    expect(await lastAnswer().textContent()).toMatch(/\{.*"ok".*(true|false).*\}/s);
    expect(text).not.toBe('');
  });
});
