// A native runtime that dies takes nothing along: the window says so, and the next use starts it again.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { slowChildren } from '../support/slow-child.ts';
import { type Studio, startStudio } from './harness/studio.ts';

const read = (path: string) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

/** Ids of the processes below the served studio of this test that run the bundle. Linux. */
function childrenOf(studio: Studio, bundle: string): readonly number[] {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => {
      // The name of a program may hold spaces and brackets; the parent is the second field after it.
      const parent = Number(/\) \S (\d+)/.exec(read(`/proc/${name}/stat`))?.[1]);
      return { pid: Number(name), parent, command: read(`/proc/${name}/cmdline`) };
    });
  const server = processes.find(({ command }) => command.includes(studio.workspace));
  return processes
    .filter(({ parent, command }) => parent === server?.pid && command.includes(bundle))
    .map(({ pid }) => pid);
}

async function kill(studio: Studio, bundle: string): Promise<void> {
  const [pid] = childrenOf(studio, bundle);
  if (pid === undefined) throw new Error(`No ${bundle} runs below the studio`);
  process.kill(pid, 'SIGKILL');
  while (childrenOf(studio, bundle).includes(pid)) await sleep(20);
}

describe.skipIf(process.platform !== 'linux')('a native runtime that is killed', () => {
  let studio: Studio;

  beforeAll(async () => {
    studio = await startStudio();
  });
  afterAll(async () => {
    await studio[Symbol.asyncDispose]();
  });

  test('while data is open: the window says so, and the next look at data works', async () => {
    const { page } = studio;
    await page.getByRole('link', { name: 'Data', exact: true }).click();
    await page.getByRole('option', { name: /documents\.parquet/ }).click();
    await page.getByRole('row', { name: /^3 / }).waitFor();
    await kill(studio, 'native-duckdb');
    await page.getByText('The process that reads data ended').first().waitFor();
    await page.getByRole('button', { name: 'Histogram of score_gemma' }).click();
    await page.getByText(/histogram over all 448 rows/).waitFor();
    expect(childrenOf(studio, 'native-duckdb').length).toBe(1);
  });

  test('after an answer: the window says so, and the next message is answered', async () => {
    const { page } = studio;
    await page.getByRole('link', { name: 'Models', exact: true }).click();
    await page.getByRole('button', { name: /Chat with/ }).click();
    await page.getByRole('textbox', { name: 'Temperature' }).fill('0');
    const message = page.getByRole('textbox', { name: 'Message' });
    await message.fill('Qual è la capitale d’Italia?');
    await message.press('Enter');
    const statistics = page.getByRole('log', { name: 'Conversation' }).getByText(/tokens\/s/);
    await statistics.first().waitFor();
    await kill(studio, 'native-llama');
    await page.getByText('The process that runs models ended').first().waitFor();
    await message.fill('Qual è la capitale della Francia?');
    await message.press('Enter');
    await expect.poll(() => statistics.count(), { timeout: 120_000 }).toBe(2);
  });

  test('in the middle of an answer: what was written is kept, and another is made beside it', async () => {
    const { page } = studio;
    const log = page.getByRole('log', { name: 'Conversation' });
    await page.getByRole('button', { name: 'All samplers' }).click();
    // An answer that does not end by itself, and slowly.
    await page.getByRole('textbox', { name: 'Token bias' }).fill('"<|im_end|>" -100\n"<|end_of_text|>" -100');
    await page.getByRole('textbox', { name: 'Max tokens' }).fill('1500');
    await page.getByRole('textbox', { name: 'Temperature' }).fill('1');
    await page.getByRole('textbox', { name: 'Threads' }).fill('1');
    // However quick this computer is.
    using slow = slowChildren('native-llama', studio.serverPid);
    const message = page.getByRole('textbox', { name: 'Message' });
    await message.fill('Racconta una storia');
    await message.press('Enter');
    await log
      .locator('[aria-busy="true"]')
      .getByText(/tokens a second/)
      .waitFor({ timeout: 120_000 });
    slow.hold();
    await kill(studio, 'native-llama');
    slow[Symbol.dispose]();
    const broken = log.getByRole('article', { name: 'assistant' }).last();
    await broken.getByText('broke off').waitFor();
    expect((await broken.locator('div').first().textContent())?.length).toBeGreaterThan(20);
    await log.getByRole('button', { name: 'Try again' }).click();
    await log.getByText('2 of 2').waitFor({ timeout: 120_000 });
  });

  test('made no error of the page', () => {
    expect(studio.pageErrors).toEqual([]);
  });
});
