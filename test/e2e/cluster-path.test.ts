// The whole path of a run on a cluster in a real Chromium, as a new user walks it: a target by its ssh alias, the questions of
// the login in the window, the board, pre-training from the config desk with its preflight, the curve while the network is lost
// and found, a requeue, a cancel, a comparison with another run, and the script of the job.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { addFakeNanotron } from '../support/nanotron-workspace.ts';
import { codesLogin, noOneTimeCodes } from '../support/one-time-codes.ts';
import { noCluster, type SlurmCluster, startSlurmCluster } from '../support/slurm-cluster.ts';
import { type Studio, startStudio } from './harness/studio.ts';

const missing = noCluster ?? noOneTimeCodes;

describe.skipIf(missing !== null)(
  `from an ssh alias to a curve${missing === null ? '' : ` (${missing})`}`,
  () => {
    const login = codesLogin('correct horse', Buffer.from('12345678901234567890'));
    let cluster: SlurmCluster;
    let studio: Studio;

    beforeAll(async () => {
      cluster = await startSlurmCluster({
        ssh: {
          ...login.server,
          environment: (folder) => ({
            PATH: `${join(folder, 'bin')}:/usr/local/bin:/usr/bin:/bin:/usr/sbin`,
          }),
        },
      });
      installTrainer(cluster);
      vi.stubEnv('NESSO_SSH_CONFIG', cluster.configFile);
      studio = await startStudio();
      await addFakeNanotron(studio.workspace, { trainSteps: 400, checkpointInterval: 100 });
    });
    afterAll(async () => {
      await studio?.[Symbol.asyncDispose]();
      await cluster?.[Symbol.asyncDispose]();
      vi.unstubAllEnvs();
    });

    const button = (name: string | RegExp) => studio.page.getByRole('button', { name, exact: true });
    const pointsShown = async (): Promise<number> => {
      const text = await studio.page
        .getByText(/points, none hidden/)
        .first()
        .textContent();
      return Number(/[\d,]+/.exec(text ?? '')?.[0].replaceAll(',', ''));
    };
    const answer = async (question: RegExp, text: string): Promise<void> => {
      const dialog = studio.page.getByRole('dialog', { name: 'Log in to uni' });
      await dialog.getByText(question).waitFor();
      const field = dialog.getByLabel('Answer, typed unseen');
      await field.fill(text);
      await field.press('Enter');
    };

    test('the target is added by its alias; key, password and one-time code are answered in the window', async () => {
      const { page } = studio;
      await studio.go('#/targets?add=1');
      const dialog = page.getByRole('dialog', { name: 'Add a target' });
      await dialog.getByRole('button', { name: /Host of your ssh configuration/ }).click();
      await page.getByRole('option', { name: 'unknown', exact: true }).click();
      await dialog.getByRole('textbox', { name: 'Name' }).fill('uni');
      await dialog.getByRole('textbox', { name: 'Folder for runs there' }).fill('~/runs');
      await dialog.getByRole('button', { name: 'Add and connect' }).click();
      const key = page.getByRole('dialog', { name: 'Is this the key of uni?' });
      await key.getByRole('button', { name: 'Accept the key' }).click();
      await answer(/Password/, login.password);
      await answer(/One-time password/, login.nextCode());
      await page
        .locator('[data-pane="work"]')
        .getByText(/^connected/)
        .first()
        .waitFor();
      await page
        .getByRole('table', { name: 'Partitions' })
        .getByRole('row', { name: /^debug/ })
        .waitFor();
    });

    const launchFromDesk = async (name: string) => {
      const { page } = studio;
      await studio.go('#/configs/configs/fake.yaml');
      await button('Launch…').click();
      const dialog = page.getByRole('dialog', { name: /^Launch a run/ });
      await dialog.waitFor();
      await expect
        .poll(() => dialog.getByRole('textbox', { name: 'Config' }).inputValue())
        .toBe('configs/fake.yaml');
      await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
      await dialog.getByRole('textbox', { name: 'Nodes' }).fill('1');
      await dialog.getByRole('textbox', { name: 'GPUs a node' }).fill('4');
      await dialog.getByRole('textbox', { name: 'Cores a task' }).fill('4');
      await dialog.getByRole('textbox', { name: 'Time limit' }).fill('00:05:00');
      await dialog.getByRole('switch', { name: 'Look at the checkout' }).press('Space');
      return dialog;
    };

    test('pre-training is launched from the config desk', async () => {
      const { page } = studio;
      const dialog = await launchFromDesk('first try');
      await page.screenshot({ path: '/work/scratch/me/e2e/launch.png' });
      await dialog.getByRole('button', { name: 'Launch', exact: true }).click();
      await page.waitForTimeout(5000);
      await page.screenshot({ path: '/work/scratch/me/e2e/launched.png' });
      await page.getByRole('heading', { name: 'first try', exact: true }).waitFor();
      await expect.poll(pointsShown, { timeout: 60_000 }).toBeGreaterThan(20);
      await page.screenshot({ path: '/work/scratch/me/e2e/curve.png' });
    }, 120_000);
  },
);

/** A torchrun that trains nothing but writes what Nanotron writes. */
function installTrainer(cluster: SlurmCluster): void {
  const bin = join(cluster.folder, 'bin');
  mkdirSync(bin);
  const program = join(bin, 'torchrun');
  const trainer = join(import.meta.dirname, '..', 'support', 'fake-nanotron.mjs');
  writeFileSync(
    program,
    `#!/bin/sh\nexec '${process.execPath}' '${trainer}' --steps=400 --interval-ms=100\n`,
  );
  chmodSync(program, 0o755);
}
