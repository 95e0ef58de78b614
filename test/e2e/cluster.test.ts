// A cluster in a real Chromium, over a real sshd and a real Slurm: a target is added, ssh asks in the window, runs are launched,
// watched while the link breaks, and cancelled.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { noCluster, type SlurmCluster, startSlurmCluster } from '../support/slurm-cluster.ts';
import { type Studio, startStudio } from './harness/studio.ts';

describe.skipIf(noCluster !== null)(`a cluster${noCluster === null ? '' : ` (${noCluster})`}`, () => {
  let cluster: SlurmCluster;
  let studio: Studio;

  beforeAll(async () => {
    cluster = await startSlurmCluster();
    vi.stubEnv('NESSO_SSH_CONFIG', cluster.configFile);
    studio = await startStudio();
  });
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
});
