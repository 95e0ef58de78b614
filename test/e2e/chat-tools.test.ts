// Calls of tools that a person changes, refuses or lets a fixed answer take, and what leaves the window: a conversation as a file,
// and the keywords of a schema that no grammar holds. In a real Chromium, on conversations that lie in the workspace.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Conversation } from '../../core/api/conversations.ts';
import { conversationText, parseConversation } from '../../core/lib/conversations/file.ts';
import { emptyConversation } from '../../core/lib/conversations/new-conversation.ts';
import { type Studio, startStudio } from './harness/studio.ts';

const PATH = 'models/nesso-tiny/nesso-tiny-f16.gguf';
const CALL =
  '<tool_call>\\n{\\"name\\": \\"meteo\\", \\"arguments\\": {\\"city\\": \\"Roma\\"}}\\n</tool_call>';
const meteo = {
  name: 'meteo',
  description: 'Il tempo di una città',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

let studio: Studio;
let page: Page;

const fileOf = (id: string) => join(studio.workspace, 'chats', `${id}.json`);
function keep(id: string, change: Partial<Conversation>): void {
  const empty = emptyConversation(id, PATH, 1000);
  const sampling = { ...empty.sampling, temperature: 0, maxTokens: 40 };
  mkdirSync(join(studio.workspace, 'chats'), { recursive: true });
  writeFileSync(fileOf(id), conversationText({ ...empty, title: id, sampling, topTokens: 0, ...change }));
}
const log = () => page.getByRole('log', { name: 'Conversation' });
const open = (id: string) => studio.go(`#/models/${PATH}?chat=${id}`);

beforeAll(async () => {
  studio = await startStudio();
  page = studio.page;
});
afterAll(async () => {
  await studio[Symbol.asyncDispose]();
});

describe('a call that waits', () => {
  test('is changed, found to fit or not, and refused', async () => {
    keep('waiting', {
      tools: [meteo],
      turns: [
        { id: 'a', parentId: null, role: 'user', text: 'Che tempo fa?', createdMs: 1 },
        {
          id: 'b',
          parentId: 'a',
          role: 'assistant',
          text: '<tool_call>\n{"name": "meteo", "arguments": {"town": "Roma"}}\n</tool_call>',
          toolCalls: [{ id: 'call_1', name: 'meteo', arguments: '{"town": "Roma"}' }],
          createdMs: 2,
        },
      ],
      chosen: { root: 'a', a: 'b' },
    });
    await open('waiting');
    const call = log().getByRole('list', { name: 'Calls' });
    await call.getByText('does not fit').waitFor();
    await call.getByRole('button', { name: 'Edit the call' }).click();
    await call.getByRole('textbox', { name: 'Arguments of meteo' }).fill('{"city": "Roma"}');
    await call.getByRole('button', { name: 'Keep these arguments' }).click();
    await call.getByText('fits the schema').waitFor();
    await call.getByRole('button', { name: 'Refuse' }).click();
    const answer = log().getByRole('article', { name: 'answer of meteo' });
    await answer.getByText('The user refused this call').waitFor();
    // The model says something to the refusal.
    await expect.poll(() => log().getByRole('article', { name: 'assistant' }).count()).toBe(2);
    await log()
      .getByRole('article', { name: 'assistant' })
      .last()
      .getByText(/tokens\/s/)
      .waitFor();
    const kept = () => parseConversation(readFileSync(fileOf('waiting'), 'utf8'), 'waiting');
    await expect
      .poll(() => kept().turns.map(({ role }) => role))
      .toEqual(['user', 'assistant', 'tool', 'assistant']);
    expect(kept().turns[1]?.toolCalls?.[0]?.arguments).toContain('city');
    expect(kept().turns[2]?.text).toContain('refused');
  });

  test('is answered without asking where its tool has a fixed answer, again and again', async () => {
    keep('fixed', {
      tools: [meteo],
      mockAnswers: { meteo: '{"temperature": 21}' },
      answerFormat: { kind: 'grammar', gbnf: `root ::= "${CALL}"` },
    });
    await open('fixed');
    await page.getByRole('list', { name: 'Tools' }).getByText('mock answer').waitFor();
    const field = page.getByRole('textbox', { name: 'Message' });
    await field.fill('Che tempo fa a Roma?');
    await field.press('Enter');
    const answers = log().getByRole('article', { name: 'answer of meteo' });
    await expect.poll(() => answers.count()).toBeGreaterThanOrEqual(2);
    expect(await answers.first().textContent()).toContain('21');
    // A model that only ever calls ends with its context or with the rounds; nothing is left at work.
    await expect.poll(() => log().locator('[aria-busy="true"]').count()).toBe(0);
  });
});

describe('what leaves the window', () => {
  test('a conversation as Markdown and as JSON with every token', async () => {
    keep('outgoing', {
      title: 'Going out: 1/2',
      topTokens: 2,
      turns: [{ id: 'a', parentId: null, role: 'user', text: 'Ciao!', createdMs: 1 }],
      chosen: { root: 'a' },
    });
    await open('outgoing');
    await log().getByText('Ciao!').waitFor();
    const exported = async (name: string) => {
      await page.getByRole('button', { name: 'Conversation', exact: true }).click();
      const download = page.waitForEvent('download');
      await page.getByRole('menuitem', { name }).click();
      const file = await download;
      return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
    };
    const markdown = await exported('Export as Markdown');
    expect(markdown.name).toBe('Going-out-1-2.md');
    expect(markdown.text).toContain('Ciao!');
    const json = await exported('Export as JSON');
    expect(json.name).toBe('Going-out-1-2.json');
    expect(parseConversation(json.text, 'x')).toMatchObject({
      title: 'Going out: 1/2',
      turns: [{ text: 'Ciao!', role: 'user' }],
    });
  });

  test('keywords of a schema that no grammar holds are named', async () => {
    keep('schema', {
      answerFormat: {
        kind: 'json-schema',
        schema: { type: 'object', properties: { a: { type: 'integer', minimum: 3, pattern: 'x' } } },
      },
    });
    await open('schema');
    await page.getByText('Answers are not held to pattern, minimum while they are written').waitFor();
  });
});
