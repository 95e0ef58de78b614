// A live run on a target in a real Chromium: its folder is attached from the window, and the points in its file on the other computer
// are drawn as they come. How soon is measured by the bench of live runs.
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { noSshServer, type SshServer, startSshServer } from '../support/ssh-server.ts';
import { type Studio, startStudio } from './harness/studio.ts';

const RUNS = 20;
/** After each of these lines more, the window shows them. */
const BATCHES = [1, 1, 3, 1, 40, 1];

describe.skipIf(noSshServer !== null)(`live runs${noSshServer === null ? '' : ` (${noSshServer})`}`, () => {
  let server: SshServer;
  let studio: Studio;
  let shared: string;

  beforeAll(async () => {
    server = await startSshServer();
    vi.stubEnv('NESSO_SSH_CONFIG', server.configFile);
    shared = join(server.home, 'runs of others');
    for (let index = 0; index < RUNS; index += 1) {
      mkdirSync(join(shared, `run-${index}`), { recursive: true });
      writeFileSync(join(shared, `run-${index}`, 'log.txt'), 'it began\n');
      appendPoint(index, 0);
    }
    studio = await startStudio();
    await addWorkstation();
  });
  afterAll(async () => {
    await studio?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
    vi.unstubAllEnvs();
  });

  const lossAt = (step: number): number => 3 - step / 100;
  const appendPoint = (index: number, step: number): void => {
    appendFileSync(
      join(shared, `run-${index}`, 'metrics.jsonl'),
      `${JSON.stringify({ step, loss: lossAt(step) })}\n`,
    );
  };
  const addWorkstation = async (): Promise<void> => {
    const { page } = studio;
    await studio.go('#/targets?add=1');
    const dialog = page.getByRole('dialog', { name: 'Add a target' });
    await dialog.getByRole('button', { name: /Host of your ssh configuration/ }).click();
    await page.getByRole('option', { name: 'cluster', exact: true }).click();
    await dialog.getByRole('textbox', { name: 'Name' }).fill('box');
    await dialog.getByRole('button', { name: /^Kind|Slurm cluster/ }).click();
    await page.getByRole('option', { name: /^Workstation/ }).click();
    await dialog.getByRole('textbox', { name: 'Folder for runs there' }).fill('~/runs of others');
    await dialog.getByRole('button', { name: 'Add and connect' }).click();
    await page
      .locator('[data-pane="work"]')
      .getByText(/^connected/)
      .first()
      .waitFor();
  };
  const attach = async (name: string): Promise<void> => {
    const { page } = studio;
    await studio.go('#/runs?attach=1');
    const dialog = page.getByRole('dialog', { name: 'Attach a run' });
    const entry = dialog.getByRole('option', { name: new RegExp(`^${name}\\b`) });
    await dialog.getByLabel('Filter entries').fill(name);
    await entry.first().click();
    await dialog.getByRole('button', { name: 'Attach', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
  };

  test('a run is found in its folder, attached, and drawn', async () => {
    await attach('run-7');
    const { page } = studio;
    await page.getByText('Attached', { exact: true }).first().waitFor();
    await page
      .getByText(/points?, none hidden/)
      .first()
      .waitFor();
    expect(studio.pageErrors).toEqual([]);
  });

  test('what is written there is drawn here as it comes: every point, once, in its order', async () => {
    const { page } = studio;
    const shown = page.getByText(/points?, none hidden/).first();
    const chart = page.getByRole('region', { name: 'loss', exact: true });
    let step = 0;
    for (const count of BATCHES) {
      for (let more = 0; more < count; more += 1) appendPoint(7, (step += 1));
      await expect.poll(() => shown.textContent()).toBe(`${step + 1} points, none hidden`);
    }
    await chart.getByRole('button', { name: 'Show as table' }).click();
    const rows = await chart.locator('tbody tr').allTextContents();
    const wanted = Array.from({ length: step + 1 }, (_, index) => `${index}${lossAt(index)}`);
    expect(rows.toReversed()).toEqual(wanted);
    await chart.getByRole('button', { name: 'Show chart' }).click();
    expect(studio.pageErrors).toEqual([]);
  });
});
