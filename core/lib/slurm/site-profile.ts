// The answer of the probe script as a site profile. Whatever a site does not say becomes null or empty, with a sentence where it
// matters. Formats as Slurm 20.11 to 24.05 print them.
import type { SitePartition, SiteProfile } from '../../api/targets.ts';
import { slurmSeconds } from './durations.ts';
import { FIELD, PART } from '../remote/answer-parts.ts';

/** `probedMs` is the caller's clock. */
export function siteProfileOf(answer: string, probedMs: number): SiteProfile {
  const parts = partsOf(answer);
  const text = (name: string): string => parts.get(name) ?? '';
  const [host = '', user = '', home = '', loginShell = '', system = ''] = text('who').split('\n');
  const folder = text('folder');
  const slurm = slurmOf(text);
  const programs = Object.fromEntries(
    [...parts].flatMap(([name, version]) =>
      name.startsWith('program-') && version !== '' ? [[name.slice('program-'.length), version]] : [],
    ),
  );
  return {
    format: 1,
    probedMs,
    host,
    user,
    home,
    loginShell,
    system: system.trim(),
    slurm,
    programs,
    hasModules: text('modules') !== '',
    quotas: quotasOf(text('disk')),
    folderProblem:
      !parts.has('folder') || folder.startsWith('ok') ? null : (folder.split('\n')[0] ?? 'unknown'),
    warnings: warningsOf(slurm, programs),
  };
}

function partsOf(answer: string): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  for (const part of answer.split(`\n${PART}`).slice(1)) {
    const end = part.indexOf('\n');
    parts.set(part.slice(0, end === -1 ? part.length : end), end === -1 ? '' : part.slice(end + 1).trim());
  }
  return parts;
}

function slurmOf(text: (name: string) => string): SiteProfile['slurm'] {
  const version = /slurm(?:-wlm)? (\S+)/.exec(text('slurm'))?.[1];
  if (version === undefined) return null;
  const setting = (name: string): string | null =>
    new RegExp(`^${name}\\s*= (.*)$`, 'm').exec(text('config'))?.[1]?.trim() ?? null;
  const numberOf = (value: string | null): number | null => {
    const found = /^\d+/.exec(value ?? '');
    return found ? Number(found[0]) : null;
  };
  const associations = text('associations')
    .split('\n')
    .filter((line) => line !== '')
    // Unlike sacct, sacctmgr knows no other separator; names of accounts and QOS hold none.
    .map((line) => line.split('|'));
  return {
    version,
    cluster: setting('ClusterName'),
    hasAccounting: /^rc 0$/m.test(text('accounting')),
    minJobAgeSeconds: numberOf(setting('MinJobAge')),
    maxArraySize: numberOf(setting('MaxArraySize')),
    partitions: partitionsOf(text('partitions')),
    accounts: unique(associations.map(([account = '']) => account)),
    qos: unique(associations.flatMap(([, qos = '']) => qos.split(','))),
  };
}

/** One line a partition and kind of node: nodes add up, the largest node speaks for the partition. */
function partitionsOf(text: string): SitePartition[] {
  const partitions = new Map<string, SitePartition>();
  for (const line of text.split('\n')) {
    const [label = '', state = '', limit = '', nodes = '', cpus = '', memory = '', gres = ''] =
      line.split(FIELD);
    if (label === '' || nodes === '') continue;
    const name = label.replace(/\*$/, '');
    const known = partitions.get(name);
    const gpus = gpusOf(gres);
    partitions.set(name, {
      name,
      isDefault: label.endsWith('*'),
      state,
      maxSeconds: slurmSeconds(limit),
      nodes: (known?.nodes ?? 0) + Number(nodes),
      cpusPerNode: largest(known?.cpusPerNode, Number.parseInt(cpus, 10)),
      memoryPerNodeMb: largest(known?.memoryPerNodeMb, Number.parseInt(memory, 10)),
      gpusPerNode: Object.fromEntries(
        [...new Set([...Object.keys(known?.gpusPerNode ?? {}), ...Object.keys(gpus)])].map((type) => [
          type,
          Math.max(known?.gpusPerNode[type] ?? 0, gpus[type] ?? 0),
        ]),
      ),
    });
  }
  return [...partitions.values()];
}

/** `gpu:a100:4(S:0-1),gpu:2` → `{a100: 4, gpu: 2}`. */
export function gpusOf(gres: string): Record<string, number> {
  const gpus: Record<string, number> = {};
  for (const [, type, count = '1'] of gres.matchAll(
    /(?:^|,)(?:gres\/)?gpu(?::([A-Za-z][^:=,(]*))?[:=]?(\d+)?/g,
  )) {
    const name = type ?? 'gpu';
    gpus[name] = (gpus[name] ?? 0) + Number(count);
  }
  return gpus;
}

function largest(known: number | null | undefined, value: number): number | null {
  return Number.isFinite(value) ? Math.max(known ?? 0, value) : (known ?? null);
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values.map((value) => value.trim()).filter((value) => value !== ''))];
}

/** `df -Pk`: file system, 1024-blocks, used, available, capacity, mounted on. */
function quotasOf(text: string): SiteProfile['quotas'] {
  return text.split('\n').flatMap((line) => {
    const found = /^\S.*?\s+(\d+)\s+\d+\s+(\d+)\s+\d+%\s+(.+)$/.exec(line);
    if (!found) return [];
    const [, total = '0', free = '0', path = ''] = found;
    return [{ path, freeBytes: Number(free) * 1024, totalBytes: Number(total) * 1024 }];
  });
}

function warningsOf(slurm: SiteProfile['slurm'], programs: Readonly<Record<string, string>>): string[] {
  const warnings: string[] = [];
  if (slurm && !slurm.hasAccounting) {
    warnings.push('This site keeps no accounting (sacct): how a job ended comes from what its script writes');
  }
  if (slurm && slurm.partitions.length === 0) warnings.push('Slurm shows no partition to this user');
  if (!('python3' in programs)) warnings.push('There is no python3 without modules or an environment');
  return warnings;
}
