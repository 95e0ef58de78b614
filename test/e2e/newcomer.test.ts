// What a newcomer does in the first five minutes, in a real Chromium against `nesso serve`: the published config
// explained and fixed, a histogram, a training with a live curve, an answer from a model.
// Leaves the screenshots that the README shows when NESSO_SCREENSHOTS is set.
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Studio, startStudio } from './harness/studio.ts';

/** A picture shows where a curve goes; that it grows is seen sooner. */
const POINTS = process.env['NESSO_SCREENSHOTS'] ? 150 : 20;
const screenshots = join(import.meta.dirname, '..', '..', 'docs', 'screenshots');

describe('a newcomer with only the README', () => {
  let studio: Studio;
  const startedMs = Date.now();

  const shot = async (name: string): Promise<void> => {
    if (!process.env['NESSO_SCREENSHOTS']) return;
    mkdirSync(screenshots, { recursive: true });
    // What the steps before have said stands over the picture; it may go by itself meanwhile.
    for (const toast of await studio.page.getByRole('button', { name: /^Dismiss: / }).all())
      await toast.click({ timeout: 2000 }).catch(() => undefined);
    await studio.page.screenshot({ path: join(screenshots, `${name}.png`) });
  };

  beforeAll(async () => {
    studio = await startStudio();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail')
      await studio.page.screenshot({ path: join(tmpdir(), 'nesso-newcomer.png') });
  });
  afterAll(async () => {
    await studio[Symbol.asyncDispose]();
  });

  test('sees the published config explained at its lines, and fixes it', async () => {
    const { page } = studio;
    await page.getByRole('option', { name: /zagreus-0\.4B-ita\.yaml/ }).click();
    const findings = page.getByRole('region', { name: 'Findings' });
    await findings
      .getByText(/resume_checkpoint_path/)
      .first()
      .waitFor();
    expect(await page.getByText('437.8M').first().isVisible()).toBe(true);
    await studio.settled();
    await shot('config-desk');
    await page.emulateMedia({ colorScheme: 'dark' });
    await studio.settled();
    await shot('config-desk-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await page.getByRole('button', { name: /^Fix all/ }).click();
    await findings
      .getByText(/0 errors|No errors|Nothing to fix|No findings/i)
      .first()
      .waitFor();
    await page.keyboard.press('Control+s');
    await page.getByText(/saved/i).first().waitFor();
  });

  test('sees the histogram of a Parquet column and reads a document', async () => {
    const { page } = studio;
    await page.getByRole('link', { name: 'Data', exact: true }).click();
    await page.getByRole('option', { name: /documents\.parquet/ }).click();
    await page.getByRole('button', { name: 'Histogram of score_gemma' }).click();
    await page.getByText(/histogram over all 448 rows/).waitFor();
    await page.getByRole('row', { name: /^3 / }).click();
    // The pictures in the headers have titles with the same word, which only a pointer shows.
    await page.getByRole('heading', { name: 'Row 3', exact: true }).waitFor();
    const reader = page.getByText(/^[\d,]+ characters/).filter({ visible: true });
    await reader.first().waitFor();
    await shot('data-histogram');
  });

  test('starts a real training and watches its curve grow', async () => {
    const { page } = studio;
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    await page.getByRole('button', { name: 'Launch the sample training…' }).click();
    await page.getByRole('button', { name: 'Launch', exact: true }).click();
    const footer = page.getByText(/([\d,]+) points, none hidden/).first();
    await footer.waitFor();
    const count = async () =>
      Number(/[\d,]+/.exec((await footer.textContent()) ?? '')?.[0].replaceAll(',', ''));
    const before = await count();
    await expect.poll(count, { timeout: 120_000 }).toBeGreaterThan(before + POINTS);
    await shot('run-live');
  });

  test('asks the sample model for the capital of Italy', async () => {
    const { page } = studio;
    await page.getByRole('link', { name: 'Models', exact: true }).click();
    await page.getByRole('button', { name: /Chat with/ }).click();
    await page.getByRole('textbox', { name: 'Temperature' }).fill('0');
    const message = page.getByRole('textbox', { name: 'Message' });
    await message.fill('Qual è la capitale d’Italia?');
    await message.press('Enter');
    await page
      .getByRole('log', { name: 'Conversation' })
      .getByText(/tokens\/s/)
      .waitFor({ timeout: 120_000 });
    expect(await page.getByRole('log', { name: 'Conversation' }).textContent()).toContain('Roma');
    await shot('chat');
  });

  test('took less than five minutes, and the page reported no error', () => {
    expect(Date.now() - startedMs).toBeLessThan(5 * 60_000);
    expect(studio.pageErrors).toEqual([]);
  });
});
