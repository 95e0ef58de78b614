// A conversation of five hundred turns in a real Chromium: how soon it is open, and what an answer that streams costs the window.
// A measurement: nothing else may run beside it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Conversation, Turn } from '../../../core/api/conversations.ts';
import { conversationText } from '../../../core/lib/conversations/file.ts';
import { emptyConversation } from '../../../core/lib/conversations/new-conversation.ts';
import { type Studio, startStudio } from '../harness/studio.ts';

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
  await studio?.[Symbol.asyncDispose]();
});

const log = () => page.getByRole('log', { name: 'Conversation' });
const ask = async (text: string): Promise<void> => {
  const field = page.getByRole('textbox', { name: 'Message' });
  await field.fill(text);
  await field.press('Enter');
};

/** Seconds of processor time that the pages of the browser have used so far. */
async function rendererSeconds(): Promise<number> {
  const browser = page.context().browser();
  if (!browser) throw new Error('The page has no browser');
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.filter(({ type }) => type === 'renderer').reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

describe('five hundred turns', () => {
  const ID = 'long';
  const bias = ['<|im_end|>', '<|end_of_text|>'].map((token) => ({ token, bias: -100 }));

  function longConversation(): Conversation {
    const turns = Array.from(
      { length: 500 },
      (_, at): Turn => ({
        id: `t${at}`,
        parentId: at === 0 ? null : `t${at - 1}`,
        role: at % 2 === 0 ? 'user' : 'assistant',
        text: `Riga ${at}: ${'una frase che riempie lo schermo e va a capo. '.repeat(at % 2 === 0 ? 2 : 8)}`,
        createdMs: at,
      }),
    );
    const empty = emptyConversation(ID, PATH, 1);
    const sampling = { ...empty.sampling, temperature: 1, maxTokens: 1500, tokenBias: bias };
    // The context of the small model holds no five hundred turns: only the last one is put into the prompt.
    const template =
      '{{ bos_token }}<|im_start|>user\n{{ messages[-1].content }}<|im_end|>\n<|im_start|>assistant\n';
    return { ...empty, title: 'Lunga', threads: 1, sampling, template, turns };
  }

  test('open at once, and an answer that streams costs little', async () => {
    mkdirSync(join(studio.workspace, 'chats'), { recursive: true });
    writeFileSync(join(studio.workspace, 'chats', `${ID}.json`), conversationText(longConversation()));
    const startMs = performance.now();
    await studio.go(`${MODEL}?chat=${ID}`);
    await log().getByText('Riga 499').waitFor();
    const openMs = performance.now() - startMs;

    const figures = () => log().getByText(/tokens\/s/);
    const before = await rendererSeconds();
    await ask('Racconta una storia lunga');
    await figures().first().waitFor({ timeout: 120_000 });
    const seconds = (await rendererSeconds()) - before;
    const said = (await figures().first().textContent()) ?? '';
    const tokens = Number(/(\d+) tokens/.exec(said)?.[1]);
    // However fast this computer writes: what a hundred tokens cost is the share of a core at a hundred tokens a second.
    const share = (seconds * 100) / tokens;
    console.log(
      `chat: 500 turns open in ${openMs.toFixed(0)} ms; an answer (${said}) takes ${(share * 100).toFixed(1)} % of a core at 100 tokens a second`,
    );
    expect(tokens).toBeGreaterThan(200);

    // An answer goes on while another view is shown.
    await ask('E poi?');
    await page.getByRole('link', { name: 'Data', exact: true }).click();
    await page.getByRole('link', { name: 'Models', exact: true }).click();
    await log().waitFor();
    await expect.poll(() => figures().count(), { timeout: 120_000 }).toBe(2);
    expect(openMs).toBeLessThan(4000);
    // Aimed at 0.15; a busy machine measures more.
    expect(share).toBeLessThan(0.4);
    expect(studio.pageErrors).toEqual([]);
  });
});
