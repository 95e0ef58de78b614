// A cluster in a real Chromium, over a real sshd and a real Slurm: a target is added, ssh asks in the window, runs are launched,
// watched while the link breaks, and cancelled.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { noCluster, type SlurmCluster, startSlurmCluster } from '../support/slurm-cluster.ts';
import { resumableTrainer } from '../support/resumable-trainer.ts';
import { tellClusterOnFailure } from '../support/tell-cluster.ts';
import { writeFiles } from '../support/test-core.ts';
import { type Studio, startStudio } from './harness/studio.ts';

describe.skipIf(noCluster !== null)(`a cluster${noCluster === null ? '' : ` (${noCluster})`}`, () => {
  let cluster: SlurmCluster;
  let studio: Studio;

  beforeAll(async () => {
    cluster = await startSlurmCluster();
    vi.stubEnv('NESSO_SSH_CONFIG', cluster.configFile);
    studio = await startStudio();
  });
  // A test that failed leaves its dialog open, and the next one would only see that.
  beforeEach(async () => {
    const { page } = studio;
    if ((await page.getByRole('dialog').count()) > 0) await page.reload();
  });
  tellClusterOnFailure(() => cluster);
  afterAll(async () => {
    await studio?.[Symbol.asyncDispose]();
    await cluster?.[Symbol.asyncDispose]();
    vi.unstubAllEnvs();
  });

  const button = (name: string | RegExp) => studio.page.getByRole('button', { name, exact: true });
  const addTarget = async (host: string, name: string): Promise<void> => {
    const { page } = studio;
    await studio.go('#/targets?add=1');
    const dialog = page.getByRole('dialog', { name: 'Add a target' });
    await dialog.getByRole('button', { name: /Host of your ssh configuration/ }).click();
    await page.getByRole('option', { name: host, exact: true }).click();
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
    await dialog.getByRole('textbox', { name: 'Folder for runs there' }).fill('~/runs of the team');
    await dialog.getByRole('button', { name: 'Add and connect' }).click();
  };
  const standing = (text: RegExp) => studio.page.locator('[data-pane="work"]').getByText(text).first();

  test('a target is added to studio.yaml with its comments kept, and a refused host key is said', async () => {
    const { page } = studio;
    await studio.go('#/targets');
    await page.getByText('No cluster yet', { exact: true }).waitFor();
    const before = readFileSync(join(studio.workspace, 'studio.yaml'), 'utf8');
    await addTarget('unknown', 'mini');
    const question = page.getByRole('dialog', { name: 'Is this the key of mini?' });
    await question.waitFor();
    const after = readFileSync(join(studio.workspace, 'studio.yaml'), 'utf8');
    expect(after.split('\n').filter((line) => line.includes('#'))).toEqual(
      before.split('\n').filter((line) => line.includes('#')),
    );
    expect(after).toContain('  host: unknown\n');
    await question.getByRole('button', { name: 'Refuse' }).click();
    await page.getByText('The key of the host is not known').first().waitFor();
    await standing(/needs you/).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  test('the fingerprint is that of the server, another one cannot be accepted', async () => {
    const { page } = studio;
    const published = execFileSync('ssh-keygen', ['-l', '-f', join(cluster.folder, 'host.pub')], {
      encoding: 'utf8',
    });
    await button('Connect').click();
    const question = page.getByRole('dialog', { name: 'Is this the key of mini?' });
    const shown = (await question.locator('code').textContent()) ?? '';
    expect(shown).toMatch(/^SHA256:/);
    expect(published).toContain(shown);
    const field = question.getByRole('textbox', { name: 'Published fingerprint' });
    await field.fill('SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU');
    expect(await question.getByRole('button', { name: 'Accept the key' }).isDisabled()).toBe(true);
    await field.fill(published);
    await question.getByRole('button', { name: 'Accept the key' }).click();
    await standing(/^connected/).waitFor();
    expect(readFileSync(join(cluster.folder, 'other_known_hosts'), 'utf8')).toContain('ssh-ed25519');
  });

  test('the site is looked at, its board shown, and the status bar says since when it is connected', async () => {
    const { page } = studio;
    const table = page.getByRole('table', { name: 'Partitions' });
    await table.getByRole('row', { name: /^debug default up 00:05:00 2 8 4 GiB 4$/ }).waitFor();
    const free = page.getByRole('table', { name: 'Free now' });
    await free.getByRole('row', { name: /^long 8 of 8 2 of 2 16 of 16 0 0$/ }).waitFor();
    await page.getByText('The queue is empty.').waitFor();
    const status = page.getByRole('contentinfo', { name: 'Status' });
    await status.getByRole('link', { name: /mini.*connected \d/ }).waitFor();
  });

  test('a passphrase is asked for once, unseen, and a wrong one is never asked for again by itself', async () => {
    const { page } = studio;
    await addTarget('locked', 'locked');
    const question = page.getByRole('dialog', { name: 'Log in to locked' });
    const field = question.getByLabel('Answer, typed unseen');
    expect(await field.getAttribute('type')).toBe('password');
    await field.fill('wrong');
    await field.press('Enter');
    await page.getByText('The host did not accept the login').first().waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    await button('Connect').click();
    await field.fill('open sesame');
    await field.press('Enter');
    await standing(/^connected/).waitFor();
    await button('Disconnect').click();
    await standing(/not connected/).waitFor();
  });

  const openLaunch = async (command: string, name: string) => {
    const { page } = studio;
    await studio.go('#/runs?launch=command');
    const dialog = page.getByRole('dialog', { name: /^Launch a run/ });
    await dialog.waitFor();
    if (!(await dialog.getByRole('region', { name: 'Batch script', exact: true }).isVisible())) {
      await dialog.getByRole('button', { name: /Target/ }).click();
      await page.getByRole('option', { name: /^mini/ }).click();
    }
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
    await dialog.getByRole('textbox', { name: 'Command', exact: true }).fill(command);
    return dialog;
  };
  /** A number counts when its field is left; the focus may still be on its way back from a list that was open before. */
  const fillNumber = async (dialog: Locator, name: string, value: string): Promise<void> => {
    const field = dialog.getByRole('textbox', { name, exact: true });
    await field.fill(value);
    await field.press('Tab');
  };
  const pointsShown = async (): Promise<number> => {
    const text = await studio.page
      .getByText(/points, none hidden/)
      .first()
      .textContent();
    return Number(/[\d,]+/.exec(text ?? '')?.[0].replaceAll(',', ''));
  };

  test('the launch dialog knows the site, shows the script, and repeats what sbatch refuses', async () => {
    const { page } = studio;
    const dialog = await openLaunch('sleep 1', 'too long');
    const script = dialog.getByRole('region', { name: 'Batch script', exact: true });
    await script.getByText('#SBATCH --nodes=1').waitFor();
    await dialog.getByRole('button', { name: /Partition/ }).click();
    await page.getByRole('option', { name: /^debug/ }).click();
    await fillNumber(dialog, 'GPUs a node', '2');
    await dialog.getByRole('textbox', { name: 'Time limit' }).fill('2-00:00:00');
    await dialog.getByText('debug allows 00:05:00').waitFor();
    await script.getByText('#SBATCH --gres=gpu:2').waitFor();
    await script.getByText('#SBATCH --partition=debug').waitFor();
    await dialog.getByRole('button', { name: 'Launch', exact: true }).click();
    const found = dialog.getByRole('list', { name: 'Found for too long' });
    await found.getByText('2-00:00:00 is longer than debug allows').waitFor();
    await found.getByText('sbatch refuses the script').waitFor();
    await dialog.getByRole('button', { name: 'Launch all the same' }).click();
    await dialog
      .getByRole('alert')
      .getByText(/time limit/i)
      .waitFor();
    // Nothing is left of it.
    expect(await page.getByRole('listbox', { name: 'Runs and logs' }).getByText('too long').count()).toBe(0);
    await dialog.getByRole('button', { name: 'Back' }).click();
    await dialog.getByRole('textbox', { name: 'Time limit' }).fill('tomorrow');
    await dialog.getByText('must be a time such as 1-00:00:00').waitFor();
    expect(await dialog.getByRole('button', { name: 'Launch', exact: true }).isDisabled()).toBe(true);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'hidden' });
  });

  test('a run is watched while the link breaks and comes back, without a line lost', async () => {
    const { page } = studio;
    const script = `for i in $(seq 1 40); do echo "{\\"step\\": $i, \\"loss\\": $((41 - i))}" >> "$NESSO_METRICS"; echo "line $i"; sleep 0.1; [ $i != 20 ] || while [ ! -e ~/go-on ]; do sleep 0.1; done; done`;
    const dialog = await openLaunch(`sh -c '${script}'`, 'watched');
    await fillNumber(dialog, 'GPUs a node', '1');
    // By default the partition allows a minute, and a job is warned two minutes before its end.
    await dialog.getByRole('textbox', { name: 'Time limit' }).fill('00:05:00');
    await dialog.getByRole('button', { name: 'Launch', exact: true }).click();
    await page.getByRole('heading', { name: 'watched', exact: true }).waitFor();
    const inspector = page.locator('[data-pane="inspector"]');
    await inspector.getByText('Job', { exact: true }).waitFor();
    await expect.poll(pointsShown, { timeout: 120_000 }).toBe(20);
    const status = page.getByRole('contentinfo', { name: 'Status' });
    await status.getByText(/next check in \d+ s/).waitFor();
    cluster.kill();
    await status.getByText(/link lost/).waitFor({ timeout: 120_000 });
    await inspector.getByText(/^Unknown since/).waitFor();
    await page
      .getByRole('listbox', { name: 'Runs and logs' })
      .getByText(/unknown since/)
      .waitFor();
    // The job works on while nobody sees it.
    writeFileSync(join(cluster.home, 'go-on'), '');
    await cluster.start();
    await expect.poll(pointsShown, { timeout: 120_000 }).toBeGreaterThan(20);
    await inspector.getByText('done', { exact: true }).waitFor({ timeout: 120_000 });
    await expect.poll(pointsShown, { timeout: 120_000 }).toBe(40);
    const folder = readdirSync(join(studio.workspace, 'runs')).find((name) => name.includes('watched')) ?? '';
    expect(readFileSync(join(studio.workspace, 'runs', folder, 'log.txt'), 'utf8')).toBe(
      Array.from({ length: 40 }, (_, index) => `line ${index + 1}\n`).join(''),
    );
  }, 150_000);

  test('a waiting run says why, what was asked for is remembered, and a run is warned before it is cancelled', async () => {
    const { page } = studio;
    const inspector = page.locator('[data-pane="inspector"]');
    const first = await openLaunch(
      `sh -c 'trap "echo saved; exit 0" TERM; while :; do sleep 0.2; done'`,
      'patient',
    );
    // As it was launched last, not as it was cancelled.
    expect(await first.getByRole('textbox', { name: 'GPUs a node' }).inputValue()).toBe('1');
    await first.getByText('#SBATCH --gres=gpu:1').waitFor();
    await fillNumber(first, 'GPUs a node', '4');
    await fillNumber(first, 'Nodes', '2');
    await first.getByText('#SBATCH --nodes=2').waitFor();
    await first.getByRole('button', { name: 'Launch', exact: true }).click();
    await page.getByRole('heading', { name: 'patient', exact: true }).waitFor();
    await inspector.getByText('running', { exact: true }).waitFor({ timeout: 120_000 });
    const second = await openLaunch('true', 'waiting');
    await second.getByRole('button', { name: 'Launch', exact: true }).click();
    await page.getByRole('heading', { name: 'waiting', exact: true }).waitFor();
    await inspector.getByText(/^Waits/).waitFor({ timeout: 120_000 });
    await button('Cancel job').click();
    await inspector.getByText('stopped', { exact: true }).waitFor({ timeout: 120_000 });
    await page.getByRole('option', { name: /patient/ }).click();
    await button('Stop the run').click();
    await page.getByRole('menuitem', { name: 'Warn it, cancel after 1 minute' }).click();
    await inspector.getByText('stopped', { exact: true }).waitFor({ timeout: 120_000 });
    const folder = readdirSync(join(studio.workspace, 'runs')).find((name) => name.includes('patient')) ?? '';
    expect(readFileSync(join(studio.workspace, 'runs', folder, 'log.txt'), 'utf8')).toContain('saved');
    expect(studio.pageErrors).toEqual([]);
  }, 180_000);

  test('an edited script is put right, refused with its line, and kept with the run', async () => {
    const { page } = studio;
    const dialog = await openLaunch('echo hello', 'by hand');
    const script = dialog.getByRole('region', { name: 'Batch script', exact: true });
    await script.getByText('#!/bin/bash').waitFor();
    await script.getByRole('button', { name: 'Edit', exact: true }).click();
    await script.locator('.view-lines').click();
    await script.locator('.monaco-editor.focused').waitFor();
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Control+Shift+K');
    await script.getByText('The job’s name was put back').waitFor();
    await page.keyboard.press('Control+End');
    await page.keyboard.type("trap 'x' EXIT");
    await script.getByText(/^Line \d+: A trap on EXIT cannot be set here/).waitFor();
    await dialog.getByRole('button', { name: 'Check', exact: true }).click();
    const found = dialog.getByRole('list', { name: 'Found for by hand' });
    await found.getByText(/^Line \d+: A trap on EXIT cannot be set here/).waitFor();
    await dialog.getByRole('button', { name: 'Back' }).click();
    await script.locator('.view-lines').click();
    await script.locator('.monaco-editor.focused').waitFor();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Control+Shift+K');
    await script.getByText(/A trap on EXIT cannot be set here/).waitFor({ state: 'detached' });
    await expect.poll(() => script.getByText('Refused').count()).toBe(0);
    await dialog.getByRole('button', { name: 'Launch', exact: true }).click();
    await page.getByRole('heading', { name: 'by hand', exact: true }).waitFor();
    const inspector = page.locator('[data-pane="inspector"]');
    await inspector.getByText('done', { exact: true }).waitFor({ timeout: 120_000 });
    await inspector.getByText('edited', { exact: true }).waitFor();
    // The script of what was typed last was edited, not the one that stood there when Edit was pressed.
    const folder = readdirSync(join(studio.workspace, 'runs')).find((name) => name.includes('by-hand')) ?? '';
    expect(readFileSync(join(studio.workspace, 'runs', folder, 'log.txt'), 'utf8')).toBe('hello\n');
    await inspector.getByRole('button', { name: 'Open script' }).click();
    const shown = page.getByRole('dialog', { name: 'Batch script of by hand' });
    await shown.getByText(/--job-name=by-hand\.[0-9a-f]{12}/).waitFor();
    await page.keyboard.press('Escape');
    await shown.waitFor({ state: 'hidden' });
    const next = await openLaunch('true', 'never');
    await next.getByRole('textbox', { name: 'Name', exact: true }).press('Escape');
    await next.waitFor({ state: 'hidden' });
  });

  test('a run of a workstation is resumed after it failed, extended, and forked from one of its checkpoints', async () => {
    const { page } = studio;
    const file = join(studio.workspace, 'studio.yaml');
    const box = '- { name: box, kind: ssh-processes, host: cluster, folder: ~/box runs }';
    writeFileSync(file, readFileSync(file, 'utf8').replace('targets:\n', `targets:\n${box}\n`));
    await writeFiles(studio.workspace, resumableTrainer(join(cluster.home, "it's check points")));
    await studio.go('#/targets/box');
    await button('Connect').first().click();
    await standing(/^connected/).waitFor();

    const inspector = page.locator('[data-pane="inspector"]');
    const launchIt = async (dialog: Locator, title: string) => {
      await dialog.getByRole('button', { name: 'Launch', exact: true }).click();
      const heading = page.getByRole('heading', { name: title, exact: true });
      const anyway = dialog.getByRole('button', { name: 'Launch all the same' });
      await heading.or(anyway).first().waitFor();
      if (await anyway.isVisible()) await anyway.click();
      await heading.waitFor();
    };
    const logOf = (part: string): string => {
      const folder = readdirSync(join(studio.workspace, 'runs')).find((name) => name.startsWith(part)) ?? '';
      return readFileSync(join(studio.workspace, 'runs', folder, 'log.txt'), 'utf8');
    };
    await studio.go('#/runs?launch=tiny');
    const first = page.getByRole('dialog', { name: /^Launch a run/ });
    await first.getByRole('button', { name: /Target/ }).click();
    await page.getByRole('option', { name: /^box/ }).click();
    await first.getByRole('textbox', { name: 'Name', exact: true }).fill('parent');
    await fillNumber(first, 'Fail at', '5');
    await launchIt(first, 'parent');
    await inspector.getByText('failed', { exact: true }).first().waitFor({ timeout: 60_000 });

    await inspector.getByRole('button', { name: 'Resume…' }).click();
    const resume = page.getByRole('dialog', { name: 'Resume parent' });
    await resume.getByText('The newest whole one: step 4').first().waitFor();
    await resume.getByRole('button', { name: 'Resume', exact: true }).click();
    await resume.waitFor({ state: 'hidden' });
    await inspector.getByText('done', { exact: true }).first().waitFor({ timeout: 60_000 });
    await expect.poll(() => logOf('parent')).toBe('from 0 to 6\nfrom 4 to 6\n');

    await inspector.getByRole('button', { name: 'Extend…' }).click();
    const extend = page.getByRole('dialog', { name: 'Extend parent' });
    await extend.getByText('The newest whole one: step 6').first().waitFor();
    expect(await extend.getByRole('button', { name: 'Extend', exact: true }).isDisabled()).toBe(true);
    await fillNumber(extend, 'New last step', '8');
    await extend.getByRole('button', { name: 'Extend', exact: true }).click();
    await extend.waitFor({ state: 'hidden' });
    await expect.poll(() => logOf('parent'), { timeout: 60_000 }).toMatch(/from 6 to 8\n$/);
    await inspector.getByText('done', { exact: true }).first().waitFor({ timeout: 60_000 });

    await inspector.getByRole('button', { name: 'Fork…' }).click();
    const choose = page.getByRole('dialog', { name: 'Fork parent' });
    await choose.getByRole('button', { name: /Checkpoint/ }).click();
    await page.getByRole('option', { name: /^Step 2/ }).click();
    await choose.getByRole('button', { name: 'Fork…' }).click();
    const fork = page.getByRole('dialog', { name: /^(Launch|Fork)/ });
    await fillNumber(fork, 'Fail at', '0');
    await launchIt(fork, 'parent from 2');
    await expect.poll(() => logOf('parent-from-2'), { timeout: 60_000 }).toBe('from 2 to 6\n');
    // Both are drawn: what they have in common, and where they part.
    await page.getByRole('button', { name: 'Compare · 2' }).waitFor();
    expect(studio.pageErrors).toEqual([]);
  }, 240_000);
});
