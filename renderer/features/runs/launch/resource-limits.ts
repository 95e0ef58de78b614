// What a site allows a job to ask for, from its profile, and what is wrong with what was asked. Everything here is a hint before the
// scheduler's own answer: a site that tells little forbids nothing.
import type { SitePartition, SiteProfile } from '../../../../core/api/targets.ts';
import { slurmSeconds, slurmTime } from '../../../../core/lib/slurm/durations.ts';
import { resourceIssues, type ResourcesGiven } from './resources-given.ts';

export type ResourceProblems = Readonly<Partial<Record<keyof ResourcesGiven, string>>>;

/** The partition a job would go to; null while that is not known. */
export function partitionOf(profile: SiteProfile | null, resources: ResourcesGiven): SitePartition | null {
  const partitions = profile?.slurm?.partitions ?? [];
  return (
    partitions.find(({ name }) => name === resources.partition) ??
    (resources.partition ? null : (partitions.find(({ isDefault }) => isDefault) ?? null))
  );
}

export function resourceProblems(profile: SiteProfile | null, resources: ResourcesGiven): ResourceProblems {
  const problems: Record<string, string> = {};
  for (const { field, message } of resourceIssues(resources)) problems[field] = message;
  const partition = partitionOf(profile, resources);
  if (!partition) return problems;
  const { name, maxSeconds, nodes, gpusPerNode, cpusPerNode, memoryPerNodeMb } = partition;
  const seconds = resources.walltime ? slurmSeconds(resources.walltime) : null;
  if (seconds !== null && maxSeconds !== null && seconds > maxSeconds)
    problems['walltime'] = `${name} allows ${slurmTime(maxSeconds)}`;
  if ((resources.nodes ?? 1) > nodes) problems['nodes'] = `${name} has ${nodes}`;
  const type = resources.gpuType;
  const most = type ? (gpusPerNode[type] ?? 0) : Math.max(0, ...Object.values(gpusPerNode));
  if ((resources.gpusPerNode ?? 0) > most)
    problems['gpusPerNode'] = `A node of ${name} has ${most}${type ? ` ${type}` : ''}`;
  const cpus = (resources.cpusPerTask ?? 0) * (resources.tasksPerNode ?? 1);
  if (cpusPerNode !== null && cpus > cpusPerNode)
    problems['cpusPerTask'] = `A node of ${name} has ${cpusPerNode}`;
  if (memoryPerNodeMb !== null && (resources.memoryPerNodeMb ?? 0) > memoryPerNodeMb)
    problems['memoryPerNodeMb'] = `A node of ${name} has ${memoryPerNodeMb.toLocaleString('en-US')}`;
  const maxArray = profile?.slurm?.maxArraySize ?? null;
  const largest = Math.max(0, ...(resources.array ?? '').replace(/%.*$/, '').split(/[-,:]/).map(Number));
  if (maxArray !== null && largest >= maxArray)
    problems['array'] = `Task numbers go up to ${maxArray - 1} here`;
  return problems;
}
