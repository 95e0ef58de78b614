// The log of a run in a real Chromium: a long log that grows, followed and let go; search, errors, folding, colours, selection across
// rows that are not on screen, links to lines, several logs side by side.
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type FakeNvidiaSmi, installFakeNvidiaSmi } from '../support/fake-nvidia-smi.ts';
import { type Studio, startStudio } from './harness/studio.ts';

const LONG_BYTES = 100_000_000;

describe('the log of a run', () => {
  let studio: Studio;
  let folder: string;
  let programs: string;
  let gpus: FakeNvidiaSmi;
  let longLines = 0;

  beforeAll(async () => {
    programs = mkdtempSync(join(tmpdir(), 'nesso-e2e-bin-'));
    gpus = installFakeNvidiaSmi(programs);
    vi.stubEnv('PATH', `${programs}:${process.env['PATH']}`);
    studio = await startStudio();
    folder = join(studio.workspace, 'runs', 'logs-1');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'run.json'), '{}');
    writeFileSync(join(folder, 'log.txt'), smallLog());
    for (const rank of [0, 1]) writeFileSync(join(folder, `rank-${rank}.log`), rankLog(rank));
    const ranks = join(studio.workspace, 'runs', 'logs-3');
    mkdirSync(ranks, { recursive: true });
    writeFileSync(join(ranks, 'run.json'), '{}');
    writeFileSync(join(ranks, 'log.txt'), 'started\nended\n');
    writeFileSync(
      join(ranks, 'rank-0.log'),
      'a\n[rank0]:[E ProcessGroupNCCL.cpp:607] [Rank 0] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=7) ran for 600010 milliseconds before timing out.\n',
    );
    writeFileSync(
      join(ranks, 'rank-1.log'),
      'a\nb\nTraceback (most recent call last):\n  File "x.py", line 1, in <module>\ntorch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB\n',
    );
    const long = join(studio.workspace, 'runs', 'logs-2');
    mkdirSync(long, { recursive: true });
    writeFileSync(join(long, 'run.json'), '{}');
    longLines = writeLongLog(join(long, 'log.txt'));
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await studio[Symbol.asyncDispose]();
    rmSync(programs, { recursive: true });
  });

  const log = () => studio.page.getByRole('log');
  const row = (line: number) => studio.page.locator(`[data-line="${line - 1}"]`);

  test('shows the end at once, names the first cause, and goes from error to error', async () => {
    const { page } = studio;
    await studio.go('#/runs/logs-1');
    const strip = page.getByRole('group', { name: 'Errors in this log' });
    await strip.getByText('GPU out of memory').waitFor();
    await row(209).waitFor();
    await strip.getByRole('button').first().click();
    await row(200).and(page.locator('[data-active]')).waitFor();
    expect(await row(200).getAttribute('data-trouble')).toBe('root');
    await page.keyboard.press('F8');
    await row(204).and(page.locator('[data-active]')).waitFor();
    await page.keyboard.press('Shift+F8');
    await row(200).and(page.locator('[data-active]')).waitFor();
  });

  test('folds repeats and progress bars, opens them in place, and draws colours', async () => {
    const { page } = studio;
    await log().focus();
    await page.keyboard.press('Home');
    await row(1).waitFor();
    const color = await row(1)
      .locator('span', { hasText: /^green$/ })
      .last()
      .evaluate((element) => getComputedStyle(element).color);
    expect(color).toBe('rgb(23, 114, 47)');
    expect(await row(1).textContent()).not.toContain('\u001b');
    await row(2).getByRole('button', { name: 'Show 99 earlier updates' }).click();
    await row(2).getByText('step 7/100').waitFor();
    await row(2).getByRole('button', { name: /Hide/ }).click();
    expect(await row(4).count()).toBe(0);
    await row(3).getByRole('button', { name: 'Show 37 repeats' }).click();
    await row(4).waitFor();
    await row(3).getByRole('button', { name: 'Fold 37 repeats' }).click();
    await expect.poll(() => row(4).count()).toBe(0);
  });

  test('searches the whole log, steps through matches, opens what hides one, and survives any pattern', async () => {
    const { page } = studio;
    await page.keyboard.press('Control+f');
    const bar = page.getByRole('search', { name: 'Search the log' });
    await page.keyboard.type('waiting on rank 17');
    await bar.getByText('1 line', { exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await row(20).and(page.locator('[data-active]')).waitFor();
    await bar.getByText('1 of 1 line').waitFor();
    const marks = () => page.evaluate(() => CSS.highlights.get('log-match-current')?.size ?? 0);
    await expect.poll(marks).toBe(1);
    await page.keyboard.press('Control+a');
    await page.keyboard.type('(a+)+$');
    await bar.getByRole('button', { name: 'Regular expression' }).click();
    await bar.getByText(/longer than 5 seconds/).waitFor();
    await page.keyboard.press('Escape');
    await bar.waitFor({ state: 'detached' });
  });

  test('selects across rows that are not on screen, copies them, and links to a line', async () => {
    const { page } = studio;
    await log().focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+c');
    await page.getByText('Copied', { exact: true }).first().waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    const lines = copied.split('\n');
    expect(lines).toHaveLength(209);
    expect(lines[0]).toBe('start green end');
    expect(lines[1]).toBe('step 99/100');
    await page.getByRole('button', { name: 'More about this log' }).click();
    await page.getByRole('menuitem', { name: 'Copy the lines with their colours' }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('\u001b[32mgreen');
    await row(20).getByRole('button').first().click();
    expect(page.url()).toMatch(/line=20$/);
    await studio.go('#/runs');
    await studio.go('#/runs/logs-1?line=120');
    await row(120).and(page.locator('[data-active]')).waitFor();
  });

  test('shows ranks side by side, scrolled to the same time', async () => {
    const { page } = studio;
    await studio.go('#/runs/logs-1');
    await page.getByRole('button', { name: 'Show another log beside it' }).click();
    await page.getByRole('button', { name: /^Log 1:/ }).click();
    await page.getByRole('menuitem', { name: /rank-1/ }).click();
    const [first, second] = [log().nth(0), log().nth(1)];
    await first.getByText('rank 1 at second 599').waitFor();
    await second.getByText('rank 0 at second 599').waitFor();
    await first.click();
    await first.hover();
    // Once more where the columns were still coming to their ends.
    await expect
      .poll(async () => {
        await page.mouse.wheel(0, -4000);
        return first.getByText('rank 1 at second 599').count();
      })
      .toBe(0);
    const top = async (column: ReturnType<typeof log>) => {
      const box = await column.boundingBox();
      const shown = await column
        .locator('[data-line]')
        .evaluateAll(
          (rows, edge) =>
            rows.find((one) => one.getBoundingClientRect().bottom > edge + 9)?.textContent ?? '',
          box?.y ?? 0,
        );
      return Number(/second (\d+)/.exec(shown)?.[1]);
    };
    await expect.poll(async () => Math.abs((await top(first)) - (await top(second)))).toBeLessThanOrEqual(1);
    await page
      .getByRole('button', { name: /^Close / })
      .first()
      .click();
  });

  test('goes to the first error of all logs', async () => {
    const { page } = studio;
    await studio.go('#/runs/logs-3');
    await log().getByText('ended').waitFor();
    await page.getByRole('button', { name: 'More about this log' }).click();
    await page.getByRole('menuitem', { name: 'Go to the first error of all logs' }).click();
    await row(3).and(page.locator('[data-active]')).waitFor();
    await page.getByRole('button', { name: 'Log 1: rank-1.log' }).waitFor();
    await studio.page.getByRole('button', { name: 'More about this log' }).click();
    await page.getByRole('menuitem', { name: 'Copy its path' }).click();
    const path = await page.evaluate(() => navigator.clipboard.readText());
    expect(path).toBe(join(studio.workspace, 'runs', 'logs-3', 'rank-1.log'));
  });

  test('follows a log of 100 MB that grows, lets go when scrolled up, and goes to any line', async () => {
    const { page } = studio;
    const path = join(studio.workspace, 'runs', 'logs-2', 'log.txt');
    await studio.go('#/runs/logs-2');
    await log().getByText(`end of ${longLines}`).waitFor();
    await page.getByText(`${(longLines + 1).toLocaleString('en-US')} lines, `).waitFor({ timeout: 120_000 });
    appendFileSync(path, 'one more line\n');
    await log().getByText('one more line').waitFor();
    await log().hover();
    await page.mouse.wheel(0, -3000);
    await expect.poll(() => log().getByText('one more line').count()).toBe(0);
    appendFileSync(path, 'and one\nand two\n');
    await page.getByRole('button', { name: '2 new lines' }).click();
    await log().getByText('and two').waitFor();
    await page.keyboard.press('Control+g');
    await page.getByRole('textbox', { name: 'Go to line' }).fill('500,000');
    await page.keyboard.press('Enter');
    await row(500_000).and(page.locator('[data-active]')).waitFor();
    expect(await row(500_000).locator('[data-text]').textContent()).toContain('line 500000 ');
    await page.keyboard.press('Control+f');
    await page.keyboard.type('needle');
    await page.keyboard.press('Enter');
    await row(700_001).and(page.locator('[data-active]')).waitFor({ timeout: 120_000 });
    // Only what is in sight is drawn.
    expect(await page.locator('[data-line]').count()).toBeLessThan(120);
    expect(studio.pageErrors).toEqual([]);
  });

  test('reads the GPUs of a running run while their section is open', async () => {
    const { page } = studio;
    await studio.go('#/runs?launch=command');
    await page.getByRole('textbox', { name: 'Command' }).fill('sleep 1000');
    await page.getByRole('button', { name: 'Launch', exact: true }).click();
    const section = page.getByText('Read with nvidia-smi every few seconds');
    await section.waitFor();
    expect(gpus.calls).toBe(0);
    await page.getByRole('button', { name: 'Read', exact: true }).click();
    const cards = page.getByRole('table', { name: /^GPUs of / });
    await cards.getByRole('row', { name: /^1 91 % 59\.8 GiB 312 W 61 °C/ }).waitFor();
    expect(gpus.calls).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Stop reading' }).click();
    await section.waitFor();
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByRole('heading', { name: 'How it ended' }).waitFor();
    expect(studio.pageErrors).toEqual([]);
  });
});

/** 209 lines: colours, a progress bar, 37 repeats, steps, a traceback at line 200 of which a watchdog at 204 is a consequence. */
function smallLog(): string {
  const lines = [
    'start \u001b[32mgreen\u001b[0m end',
    Array.from({ length: 100 }, (_, n) => `step ${n}/100`).join('\r'),
  ];
  for (let rank = 0; rank < 37; rank += 1) lines.push(`[rank${rank}]: Warning: waiting on rank ${rank}`);
  while (lines.length < 199)
    lines.push(`iteration: ${lines.length} | loss: ${(9 / lines.length).toFixed(4)}`);
  lines.push(
    '[rank3]: Traceback (most recent call last):',
    '[rank3]:   File "train.py", line 1, in main',
    '[rank3]: torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB',
    `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!`,
    '[rank0]: [Rank 0] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=1)',
  );
  while (lines.length < 209) lines.push(`after ${lines.length}`);
  return `${lines.join('\n')}\n`;
}

function rankLog(rank: number): string {
  const at = (second: number) => new Date(Date.UTC(2026, 2, 1) + second * 1000).toISOString();
  // Rank 1 says twice as much a second.
  return Array.from({ length: 600 }, (_, second) => {
    const line = `${at(second)} INFO rank ${rank} at second ${second}\n`;
    return rank === 0 ? line : `${line}  with a second line\n`;
  }).join('');
}

/** Returns the number of its last line but one; line 700,001 holds the needle. */
function writeLongLog(path: string): number {
  const file = openSync(path, 'w');
  let line = 1;
  for (let written = 0; written < LONG_BYTES; ) {
    const block: string[] = [];
    for (let count = 0; count < 10_000; count += 1) {
      block.push(`line ${line} ${line === 700_001 ? 'the needle ' : ''}${'.'.repeat(60 + (line % 53))}\n`);
      line += 1;
    }
    written += writeSync(file, block.join(''));
  }
  writeSync(file, `end of ${line - 1}\n`);
  closeSync(file);
  return line - 1;
}
