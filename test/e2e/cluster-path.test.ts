// The whole path of a run on a cluster in a real Chromium, as a new user walks it: a target by its ssh alias, the questions of
// the login in the window, the board, pre-training from the config desk with its preflight, the curve while the network is lost
// and found, a requeue, a cancel, a comparison with another run, and the script of the job.
// Leaves the screenshots that the README shows when NESSO_SCREENSHOTS is set.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { addFakeNanotron } from '../support/nanotron-workspace.ts';
import { codesLogin, noOneTimeCodes } from '../support/one-time-codes.ts';
import { noCluster, type SlurmCluster, startSlurmCluster } from '../support/slurm-cluster.ts';
import { tellClusterOnFailure } from '../support/tell-cluster.ts';
import { type Studio, startStudio } from './harness/studio.ts';

const missing = noCluster ?? noOneTimeCodes;
const screenshots = join(import.meta.dirname, '..', '..', 'docs', 'screenshots');

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
    tellClusterOnFailure(() => cluster);
    afterAll(async () => {
      await studio?.[Symbol.asyncDispose]();
      await cluster?.[Symbol.asyncDispose]();
      vi.unstubAllEnvs();
    });

    const button = (name: string | RegExp) => studio.page.getByRole('button', { name, exact: true });
    const shot = async (name: string): Promise<void> => {
      if (process.env['NESSO_SCREENSHOTS'])
        await studio.page.screenshot({ path: join(screenshots, `${name}.png`) });
    };
    const standing = (text: RegExp) => studio.page.locator('[data-pane="work"]').getByText(text).first();
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
      await standing(/^connected/).waitFor();
      await page
        .getByRole('table', { name: 'Partitions' })
        .getByRole('row', { name: /^debug/ })
        .waitFor();
      await shot('cluster-board');
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

    test('pre-training is launched from the config desk after its preflight, and its curve grows', async () => {
      const { page } = studio;
      const dialog = await launchFromDesk('first try');
      await dialog.getByRole('button', { name: 'Check', exact: true }).click();
      const findings = dialog.getByRole('list').getByRole('listitem');
      await findings
        .filter({ hasText: /dp|GPUs/ })
        .first()
        .waitFor();
      await dialog.getByText(/this is kept with the run, with your name/).waitFor();
      await shot('launch-preflight');
      await dialog.getByRole('button', { name: 'Launch all the same' }).click();
      await page.getByRole('heading', { name: 'first try', exact: true }).waitFor();
      await expect.poll(pointsShown, { timeout: 120_000 }).toBeGreaterThan(20);
      await page.getByText(/15\.\dk a GPU/).waitFor();
      await shot('run-cluster');
    }, 120_000);

    test('the network is lost; the curve goes on where it was, once a person has logged in again', async () => {
      const { page } = studio;
      const status = page.getByRole('contentinfo', { name: 'Status' });
      cluster.kill();
      await status.getByText(/link lost|needs you/).waitFor({ timeout: 120_000 });
      const before = await pointsShown();
      await cluster.start();
      await button('Connect to uni').click();
      await answer(/Password/, login.password);
      await answer(/One-time password/, login.nextCode());
      await expect.poll(pointsShown, { timeout: 120_000 }).toBeGreaterThan(before + 20);
    }, 120_000);

    test('a requeue is one more attempt of the same run, which is then cancelled', async () => {
      const { page } = studio;
      const inspector = page.locator('[data-pane="inspector"]');
      await button('Stop the run').click();
      await page.getByRole('menuitem', { name: /^Requeue/ }).click();
      await page.getByText('first try is back in the queue').first().waitFor();
      await inspector
        .getByText(/Attempt/)
        .first()
        .waitFor({ timeout: 150_000 });
      await button('Stop the run').click();
      await page.getByRole('menuitem', { name: 'Cancel now' }).click();
      await inspector.getByText('stopped', { exact: true }).first().waitFor({ timeout: 120_000 });
    }, 240_000);

    test('another run is laid beside it, with what their configs have different, and the script is opened', async () => {
      const { page } = studio;
      const config = join(studio.workspace, 'configs', 'fake.yaml');
      writeFileSync(config, readFileSync(config, 'utf8').replace('weight_decay: 0.01', 'weight_decay: 0.1'));
      const dialog = await launchFromDesk('second try');
      await dialog.getByRole('button', { name: 'Launch', exact: true }).click();
      await dialog.getByRole('button', { name: 'Launch all the same' }).click();
      await page.getByRole('heading', { name: 'second try', exact: true }).waitFor();
      await expect.poll(pointsShown, { timeout: 120_000 }).toBeGreaterThan(5);
      await button('Compare…').click();
      const choose = page.getByRole('dialog', { name: 'Runs to compare' });
      await choose.getByRole('checkbox', { name: /first try/ }).press('Space');
      await choose.getByRole('button', { name: 'Show 2 runs' }).click();
      const differences = page.getByRole('complementary', { name: 'Differences' });
      await differences
        .getByText(/weight_decay/)
        .first()
        .waitFor();
      await shot('runs-compared');
      await button('Open script').click();
      const script = page.getByRole('dialog', { name: 'Batch script of second try' });
      await script.locator('.view-line').filter({ hasText: '#!/bin/bash' }).waitFor();
      await script.getByRole('button', { name: 'Close' }).click();
      await button('Stop the run').click();
      await page.getByRole('menuitem', { name: 'Cancel now' }).click();
      expect(studio.pageErrors).toEqual([]);
    }, 180_000);
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
    `#!/bin/sh\nexec '${process.execPath}' '${trainer}' --steps=400 --interval-ms=200\n`,
  );
  chmodSync(program, 0o755);
}
