// The watchdog in a real Chromium: a trainer that writes what Nanotron writes spikes and saves; the window shows numbers, findings and
// checkpoints, and takes what a person says back.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addFakeNanotron, FAKE_RECIPE } from '../support/nanotron-workspace.ts';
import { type Studio, startStudio } from './harness/studio.ts';

const LIMIT_MS = 120_000;

describe('a run under watch', () => {
  let studio: Studio;

  beforeAll(async () => {
    studio = await startStudio();
    await addFakeNanotron(studio.workspace, { trainSteps: 20_000, checkpointInterval: 100 });
  });
  afterAll(async () => {
    await studio[Symbol.asyncDispose]();
  });

  test('numbers with their conventions stand above the charts while it trains', async () => {
    const { page } = studio;
    await studio.go(`#/runs?launch=${FAKE_RECIPE}`);
    await page.getByRole('textbox', { name: 'Name' }).fill('watched');
    await page
      .getByLabel('Options')
      .fill('--steps=20000 --interval-ms=60 --spike-at=150 --zero-rate-from=260 --half-checkpoint-at=200');
    await page.getByRole('button', { name: 'Launch', exact: true }).click();
    // Preflight has something to say about so small a config.
    await page.getByRole('button', { name: 'Launch all the same' }).click();
    const strip = page.getByRole('group', { name: 'Numbers of the run' });
    await strip.getByRole('button', { name: /^MFU: 2\d %/ }).waitFor({ timeout: LIMIT_MS });
    await strip
      .getByRole('button', { name: /^Learning rate: 0\.003, on schedule/ })
      .waitFor({ timeout: LIMIT_MS });
    expect(await strip.getByRole('button', { name: /^Time left: / }).count()).toBe(1);
    await strip.getByRole('button', { name: /^MFU/ }).focus();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    await page
      .getByRole('tooltip')
      .getByText(/attention counted full/)
      .waitFor();
  });

  test('a spike is a finding: in the list, in the inspector with what to do, and as a notice', async () => {
    const { page } = studio;
    const findings = page.getByRole('list', { name: 'Findings' });
    await findings.getByText('Loss spike at step 150').waitFor({ timeout: LIMIT_MS });
    expect(await findings.getByText(/times, .* robust deviations above it/).count()).toBe(1);
    await page
      .getByText(/\d findings?; newest:/)
      .first()
      .waitFor({ state: 'attached' });
    await findings.getByText('Learning rate off its schedule since step 260').waitFor({ timeout: LIMIT_MS });
  });

  test('acknowledged, it is out of the way, and comes back', async () => {
    const { page } = studio;
    const findings = page.getByRole('list', { name: 'Findings' });
    await page.getByRole('button', { name: 'Acknowledge: Loss spike at step 150' }).click();
    await expect.poll(() => findings.getByText('Loss spike at step 150').count()).toBe(0);
    await page.getByRole('button', { name: /Show \d acknowledged or muted/ }).click();
    await findings.getByText('Loss spike at step 150').waitFor();
    await page.getByRole('button', { name: 'Bring back: Loss spike at step 150' }).click();
    await page.getByRole('button', { name: 'Acknowledge: Loss spike at step 150' }).waitFor();
  });

  test('checkpoints are listed; one that is not whole says so', async () => {
    const { page } = studio;
    const list = page.getByRole('list', { name: 'Checkpoints' });
    await list.getByRole('button').first().waitFor({ timeout: LIMIT_MS });
    const older = page.getByRole('button', { name: /^Show \d+ older/ });
    if ((await older.count()) > 0) await older.click();
    await list.getByRole('button', { name: 'Checkpoint 100', exact: true }).waitFor({ timeout: LIMIT_MS });
    await expect
      .poll(() => list.getByRole('button', { name: 'Checkpoint 200, not whole' }).count(), {
        timeout: LIMIT_MS,
      })
      .toBe(1);
    await list.getByRole('button', { name: 'Checkpoint 100', exact: true }).click();
    await list.getByText('104,857,600').waitFor();
    expect(await page.getByRole('button', { name: 'Copy path' }).count()).toBe(1);
    expect(page.url()).toContain('checkpoint=100');
    // The mark of the finding on its curve opens it beside the curve.
    await page
      .getByRole('button', { name: /Loss spike at step 150/ })
      .first()
      .click();
    await expect.poll(() => page.url()).toContain('finding=loss-spike%40150');
  });

  test('thresholds and a rule that stops it are set by keyboard; the rule stops the run', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'Settings of the watchdog' }).click();
    await page.getByRole('menuitem', { name: 'Thresholds…' }).click();
    await page.getByRole('textbox', { name: 'Speed: share lost' }).fill('0.5');
    await page.getByRole('button', { name: 'Save for this run' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Settings of the watchdog' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Stop by itself…' }).press('Enter');
    await page.getByText('Checkpoint is not whole').click();
    await page.getByRole('button', { name: 'Save rule' }).click();
    await page.getByText(/^Stops by itself at: unfinished checkpoints/).waitFor();
    expect(studio.pageErrors).toEqual([]);
  });
});
