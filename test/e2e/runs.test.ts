// Runs in a real Chromium: curves of a log, a run that outlives the studio and is found again, stop, overlay,
// zoom that brings detail back, remove and undo.
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { csvRows, exportFigure } from './harness/figures.ts';
import { type Studio, startStudio } from './harness/studio.ts';

/** Points of a curve that is long enough to be drawn from its overview first. */
const LONG = 60_000;

describe('runs', () => {
  let studio: Studio;

  beforeAll(async () => {
    studio = await startStudio();
  });
  afterAll(async () => {
    await studio[Symbol.asyncDispose]();
  });

  const launch = async (name: string): Promise<void> => {
    const { page } = studio;
    await studio.go('#/runs?launch=train-head');
    await page.getByRole('textbox', { name: 'Name' }).fill(name);
    // Long enough to be stopped, killed around and found again on a slow computer.
    const pause = page.getByRole('textbox', { name: 'Pause after each step' });
    await pause.fill('400');
    await pause.press('Tab');
    await page.getByRole('button', { name: 'Launch', exact: true }).click();
    await page.getByRole('heading', { name, exact: true }).waitFor();
  };
  const shownPoints = async (): Promise<number> => {
    const text = await studio.page
      .getByText(/points, none hidden/)
      .first()
      .textContent();
    return Number(/[\d,]+/.exec(text ?? '')?.[0].replaceAll(',', ''));
  };
  const runFolders = (): readonly string[] => readdirSync(join(studio.workspace, 'runs'));

  test('draws every metric of a training log, and as a table', async () => {
    const { page } = studio;
    await studio.go('#/runs/file/runs-import/nesso-tiny-train.log');
    await page.getByText('1,001 points, none hidden').waitFor();
    expect(await page.getByRole('region', { name: 'grad_norm' }).isVisible()).toBe(true);
    const loss = page.getByRole('region', { name: 'lm_loss' });
    await loss.getByRole('button', { name: 'Show as table' }).click();
    const newest = loss.getByRole('row', { name: /^3,000 / });
    expect(Number(await newest.getByRole('cell').first().textContent())).toBeGreaterThan(0);
    await loss.getByRole('button', { name: 'Show chart' }).click();
  });

  test('zooming by dragging shows fewer points, and double click all again', async () => {
    const { page } = studio;
    const plot = page.getByRole('region', { name: 'lm_loss' }).locator('.u-over');
    const box = await plot.boundingBox();
    if (!box) throw new Error('the chart has no plot area');
    const middle = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.5, middle);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, middle, { steps: 5 });
    await page.mouse.up();
    await expect.poll(shownPoints).toBeLessThan(150);
    expect(await shownPoints()).toBeGreaterThan(50);
    await plot.dblclick();
    await expect.poll(shownPoints).toBe(1001);
  });

  test('arrow keys move the cursor, Enter pins for all charts, E exports pictures, the table saves every point', async () => {
    const { page } = studio;
    const plot = page.getByRole('region', { name: 'lm_loss' }).getByRole('group');
    await plot.focus();
    for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Enter');
    await page.mouse.move(5, 5);
    await expect.poll(() => page.getByText(/Step [\d,]+, pinned/).count()).toBeGreaterThan(3);
    const picture = page.waitForEvent('download');
    await plot.press('e');
    await page.getByRole('menuitem', { name: 'Export PNG' }).click();
    expect((await picture).suggestedFilename()).toBe('lm_loss.png');
    const drawing = page.waitForEvent('download');
    await plot.press('e');
    await page.getByRole('menuitem', { name: 'Export SVG' }).click();
    const svg = readFileSync(await (await drawing).path(), 'utf8');
    expect(svg).toMatch(/<path d="M[\d.]+ [\d.]+L/);
    expect(svg).toContain('>lm_loss</text>');
    const loss = page.getByRole('region', { name: 'lm_loss' });
    await loss.getByRole('button', { name: 'Show as table' }).click();
    const points = page.waitForEvent('download');
    await loss.getByRole('button', { name: 'Save all as CSV' }).click();
    const csv = readFileSync(await (await points).path(), 'utf8')
      .trimEnd()
      .split('\n');
    expect(csv).toHaveLength(1002);
    expect(csv[1]).toMatch(/^nesso-tiny-train\.log,1,8\.\d+$/);
    await loss.getByRole('button', { name: 'Show chart' }).click();
  });

  test('a long curve is drawn before its points come, and what is added later brings only itself', async () => {
    const { page } = studio;
    const calls: string[] = [];
    page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => {
        const call = /\/series\/(overview|columns)/.exec(String(payload))?.[1];
        if (call !== undefined) calls.push(call);
      }),
    );
    const path = join(studio.workspace, 'runs-import', 'long.jsonl');
    const lossAt = (step: number): number => (step === 31_234 ? 9.5 : 3 + (step % 64) / 64);
    const row = (step: number): string =>
      `{"step": ${step}, "loss": ${step === 40_000 ? 'NaN' : lossAt(step)}}\n`;
    writeFileSync(path, Array.from({ length: LONG }, (_, step) => row(step)).join(''));
    await page.reload();
    await studio.go('#/runs/file/runs-import/long.jsonl');
    const loss = page.getByRole('region', { name: 'loss', exact: true });
    const shown = (points: number) =>
      loss.getByText(`${points.toLocaleString('en-US')} points, none hidden · 1 not a number`).waitFor();
    await shown(LONG);
    // The numbers can be taken out when they are all there.
    const [head, ...rows] = csvRows((await exportFigure(page, 'loss', 'Export CSV')).text);
    expect(head?.slice(0, 2)).toEqual(['series', 'step']);
    expect(rows).toHaveLength(LONG);
    expect(rows[31_234]?.map(Number).slice(1)).toEqual([31_234, 9.5]);
    expect(calls).toContain('overview');
    expect(calls.indexOf('overview')).toBeLessThan(calls.indexOf('columns'));
    const pictures = calls.filter((call) => call === 'overview').length;
    for (const step of [LONG, LONG + 1, LONG + 2]) {
      appendFileSync(path, row(step));
      await shown(step + 1);
    }
    expect(calls.filter((call) => call === 'overview')).toHaveLength(pictures);
  });

  test('a run goes on without the studio and is found again by the next one', async () => {
    const { page } = studio;
    await launch('Outlives the studio');
    await expect.poll(shownPoints, { timeout: 120_000 }).toBeGreaterThan(5);
    const [id] = runFolders();
    const metrics = join(studio.workspace, 'runs', id ?? '', 'metrics.jsonl');
    await studio.stopServer('SIGKILL');
    const lengthAtDeath = readFileSync(metrics, 'utf8').length;
    await expect
      .poll(() => readFileSync(metrics, 'utf8').length, { timeout: 120_000 })
      .toBeGreaterThan(lengthAtDeath);
    await studio.restartServer();
    await studio.go(`#/runs/${id}`);
    await page.getByRole('button', { name: 'Stop' }).waitFor();
    const before = await shownPoints();
    await expect.poll(shownPoints, { timeout: 120_000 }).toBeGreaterThan(before);
  });

  test('stop ends it and says how it ended', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'Stop' }).click();
    await page
      .getByText(/stopped/i)
      .first()
      .waitFor();
    const [id] = runFolders();
    await expect.poll(() => existsSync(join(studio.workspace, 'runs', id ?? '', 'exit.json'))).toBe(true);
    await page.getByRole('heading', { name: 'How it ended' }).waitFor();
  });

  test('a second run is laid over the first, with both values in the legend', async () => {
    const { page } = studio;
    await launch('Second');
    await expect.poll(shownPoints, { timeout: 120_000 }).toBeGreaterThan(3);
    await page.getByRole('button', { name: 'Compare…' }).click();
    await page.getByRole('list', { name: 'Runs', exact: true }).getByText('Outlives the studio').click();
    await page.getByRole('button', { name: 'Show 2 runs' }).click();
    const loss = page.getByRole('region', { name: 'loss', exact: true });
    await loss.getByText('Outlives the studio', { exact: true }).waitFor();
    expect(page.url()).toContain('with=');
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('heading', { name: 'How it ended' }).waitFor();
  });

  test('a run keeps the config it was launched with, to compare with what the file says later', async () => {
    const { page } = studio;
    const config = join(studio.workspace, 'configs', 'smollm2-135m.yaml');
    await studio.go('#/runs?launch=command');
    await page.getByRole('textbox', { name: 'Name' }).fill('With config');
    await page.getByRole('textbox', { name: 'Command' }).fill('node --version');
    await page.getByRole('textbox', { name: 'Config' }).fill('configs/smollm2-135m.yaml');
    await page.getByRole('button', { name: 'Launch', exact: true }).click();
    await page.getByRole('link', { name: /then and now/ }).waitFor();
    const before = readFileSync(config, 'utf8');
    writeFileSync(config, before.replace(/learning_rate: .*/, 'learning_rate: 0.0007'));
    await page.getByRole('link', { name: /then and now/ }).click();
    await page.getByText('0.0007').first().waitFor();
    await studio.go('#/runs');
  });

  test('removing asks, and undo brings the run back', async () => {
    const { page } = studio;
    const rows = page.getByRole('listbox', { name: 'Runs and logs' });
    await rows.getByRole('option', { name: 'Second' }).click();
    await rows.getByRole('option', { name: 'Second' }).press('Delete');
    await page.getByRole('button', { name: 'Remove run' }).click();
    await expect.poll(runFolders).toHaveLength(2);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(runFolders).toHaveLength(3);
    await rows.getByRole('option', { name: 'Second' }).waitFor();
    expect(studio.pageErrors.filter((error) => !/WebSocket|ERR_CONNECTION/.test(error))).toEqual([]);
  });
});
