// Resources against a site's profile: each limit said with its reason, nothing said where nothing is known.
import { describe, expect, it } from 'vitest';
import type { SiteProfile } from '../../../../../core/api/targets.ts';
import { siteFindings } from '../../../../../core/lib/preflight/site-checks.ts';
import { type ResourcesGiven, wholeResources } from '../../../../../core/lib/slurm/resources.ts';

const profile: SiteProfile = {
  format: 1,
  probedMs: 0,
  host: 'login01',
  user: 'me',
  home: '/home/me',
  loginShell: '/bin/bash',
  system: 'Linux',
  slurm: {
    version: '23.11.4',
    cluster: 'c',
    hasAccounting: true,
    minJobAgeSeconds: 300,
    maxArraySize: 1001,
    partitions: [
      {
        name: 'boost',
        isDefault: true,
        state: 'up',
        maxSeconds: 86_400,
        nodes: 16,
        cpusPerNode: 32,
        memoryPerNodeMb: 494_000,
        gpusPerNode: { a100: 4 },
      },
    ],
    accounts: ['iscrb'],
    qos: ['normal'],
  },
  programs: {},
  hasModules: true,
  quotas: [],
  folderProblem: null,
  warnings: [],
};
const messages = (given: ResourcesGiven, site: SiteProfile | null = profile): string[] =>
  siteFindings(wholeResources(given), site).map(({ severity, message }) => `${severity}: ${message}`);

describe('siteFindings', () => {
  it('finds nothing in what the site offers', () => {
    expect(
      messages({
        partition: 'boost',
        account: 'iscrb',
        qos: 'normal',
        nodes: 16,
        gpusPerNode: 4,
        gpuType: 'a100',
        cpusPerTask: 32,
        walltime: '1-00:00:00',
      }),
    ).toEqual([]);
  });

  it.each<[ResourcesGiven, string]>([
    [{ partition: 'gpu' }, 'error: There is no partition gpu'],
    [{ account: 'other' }, 'error: The account other is not of this login'],
    [{ qos: 'high' }, 'error: The QOS high is not of this login'],
    [{ walltime: '4-00:00:00' }, 'error: 4-00:00:00 is longer than boost allows'],
    [{ nodes: 17 }, 'error: 17 nodes are more than boost has'],
    [{ gpusPerNode: 8 }, 'error: 8 GPUs per node are more than boost has'],
    [{ gpusPerNode: 1, gpuType: 'h100' }, 'error: 1 GPUs of type h100 per node are more than boost has'],
    [{ cpusPerTask: 16, tasksPerNode: 4 }, 'error: 64 cores per node are more than boost has'],
    [{ memoryPerNodeMb: 600_000 }, 'error: 600000 MB per node are more than boost has'],
  ])('says what %j asks too much', (given, message) => {
    expect(messages(given)).toEqual([message]);
  });

  it('says that nothing is known before the first contact, and that there is no Slurm', () => {
    expect(messages({}, null)).toEqual(['info: The site is not known yet']);
    expect(messages({}, { ...profile, slurm: null })).toEqual(['error: There is no Slurm on the target']);
    expect(messages({}, { ...profile, folderProblem: 'Read-only file system' })).toEqual([
      'error: The folder for runs cannot be written',
    ]);
  });
});
