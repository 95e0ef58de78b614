// A checkpoint on a cluster is evaluated in a real Chromium, on a real Slurm: what it costs and who converts it is read, the job is
// launched on the connected target, and its results stand in the leaderboard without anybody importing them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { RunId } from '../../core/api/runs.ts';
import { HARNESS_SETUP, prepareEvaluations, writeEvaluatedRun } from '../support/evaluated-cluster.ts';
import { noCluster, type SlurmCluster, startSlurmCluster } from '../support/slurm-cluster.ts';
import { tellClusterOnFailure } from '../support/tell-cluster.ts';
import { type Studio, startStudio } from './harness/studio.ts';

const ID = 'base-2026-11-22' as RunId;

describe.skipIf(noCluster !== null)(
  `an evaluation on a cluster${noCluster === null ? '' : ` (${noCluster})`}`,
  () => {
    let cluster: SlurmCluster;
    let studio: Studio;

    beforeAll(async () => {
      cluster = await startSlurmCluster();
      vi.stubEnv('NESSO_SSH_CONFIG', cluster.configFile);
      const checkpoints = await prepareEvaluations(cluster, [1000]);
      studio = await startStudio();
      writeFileSync(
        join(studio.workspace, 'studio.yaml'),
        `name: team\ntargets:\n- name: mini\n  kind: slurm\n  host: cluster\n  folder: ~/runs\n  ${HARNESS_SETUP}\n`,
      );
      await writeEvaluatedRun(studio.workspace, { id: ID, target: 'mini', checkpoints });
    });
    tellClusterOnFailure(() => cluster);
    afterAll(async () => {
      await studio?.[Symbol.asyncDispose]();
      await cluster?.[Symbol.asyncDispose]();
      vi.unstubAllEnvs();
    });

    test('is launched from its dialog, and its results come by themselves', async () => {
      const { page } = studio;
      await studio.go('#/targets/mini');
      await page.getByRole('button', { name: 'Connect', exact: true }).first().click();
      await page
        .locator('[data-pane="work"]')
        .getByText(/^connected/)
        .first()
        .waitFor();
      await studio.go('#/evaluations/jobs');
      await page.getByRole('button', { name: 'Evaluate on a target…' }).first().click();
      const dialog = page.getByRole('dialog', { name: 'Evaluate on a target' });
      const choose = async (label: string, option: RegExp): Promise<void> => {
        // Its name is its value, then its label.
        await dialog.getByRole('button', { name: new RegExp(` ${label}$`) }).click();
        await page.getByRole('option', { name: option }).click();
      };
      await choose('Run', /^base/);
      await choose('Step', /^1,000$/);
      await dialog.getByRole('textbox', { name: 'Time limit' }).fill('00:05:00');
      await dialog
        .getByText(/check points\/hf\/1000, made by a job that converts the checkpoint first/)
        .waitFor();
      await dialog.getByText(/^About [\d.]+ GPU hours/).waitFor();
      await dialog.getByRole('button', { name: 'Launch', exact: true }).click();
      await dialog.waitFor({ state: 'detached' });
      // Converted first, then asked: two jobs, one after the other.
      const inspector = page.locator('[data-pane="inspector"]');
      await inspector.getByText('done', { exact: true }).first().waitFor({ timeout: 120_000 });
      await studio.go('#/evaluations/jobs');
      const row = page
        .getByRole('table', { name: 'Evaluations on targets' })
        .getByRole('row', { name: /step 1,000/ });
      await expect.poll(() => row.innerText()).toMatch(/done[\s\S]*3 of 3/);
      await studio.go('#/evaluations/results');
      const board = page.getByRole('grid', { name: 'Leaderboard' });
      await board
        .getByRole('row', { name: /1,000|base/ })
        .first()
        .waitFor();
      for (const value of ['0.26', '0.33', '0.31']) await board.getByText(value).first().waitFor();
      expect(studio.pageErrors).toEqual([]);
    });
  },
);
