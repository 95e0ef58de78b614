// What a job asks for against what its site offers, before it waits in a queue for nothing. Knows the profile of the first contact,
// which may be old: only what cannot change from day to day is an error.
import type { PreflightFinding } from '../../api/runs.ts';
import type { SitePartition, SiteProfile } from '../../api/targets.ts';
import { slurmSeconds, slurmTime } from '../slurm/durations.ts';
import type { BatchResources } from '../slurm/resources.ts';

/** Every finding, errors first. Empty where nothing is known of the site. */
export function siteFindings(resources: BatchResources, profile: SiteProfile | null): PreflightFinding[] {
  if (profile === null) {
    return [
      finding('info', 'The site is not known yet', 'Connect to the target once: limits are checked then'),
    ];
  }
  const { slurm } = profile;
  if (slurm === null) {
    return [finding('error', 'There is no Slurm on the target', 'Choose another target for this recipe')];
  }
  const findings: PreflightFinding[] = [];
  if (profile.folderProblem !== null) {
    findings.push(
      finding('error', 'The folder for runs cannot be written', `The target says: ${profile.folderProblem}`),
    );
  }
  const { partition: wanted, account, qos } = resources;
  const partition = slurm.partitions.find(({ name, isDefault }) =>
    wanted === null ? isDefault : name === wanted,
  );
  if (partition) findings.push(...partitionFindings(resources, partition));
  else if (wanted !== null && slurm.partitions.length > 0) {
    const names = slurm.partitions.map(({ name }) => name).join(', ');
    findings.push(finding('error', `There is no partition ${wanted}`, `The site shows ${names}`));
  } else if (wanted === null && slurm.partitions.length > 0) {
    findings.push(finding('warning', 'No partition is chosen', 'The site has no default one'));
  }
  if (account !== null && slurm.accounts.length > 0 && !slurm.accounts.includes(account)) {
    const reason = `This login has ${slurm.accounts.join(', ')}`;
    findings.push(finding('error', `The account ${account} is not of this login`, reason));
  }
  if (qos !== null && slurm.qos.length > 0 && !slurm.qos.includes(qos)) {
    findings.push(finding('error', `The QOS ${qos} is not of this login`, `It has ${slurm.qos.join(', ')}`));
  }
  return findings.toSorted((left, right) => order[left.severity] - order[right.severity]);
}

/** The same of a computer without a scheduler. */
export function workstationFindings(
  resources: BatchResources,
  profile: SiteProfile | null,
): PreflightFinding[] {
  if (profile === null) {
    return [
      finding('info', 'The computer is not known yet', 'Connect to the target once: it is looked at then'),
    ];
  }
  const findings: PreflightFinding[] = [];
  const { folderProblem, programs, system } = profile;
  if (folderProblem !== null) {
    findings.push(
      finding('error', 'The folder for runs cannot be written', `The target says: ${folderProblem}`),
    );
  }
  if (system !== '' && !system.startsWith('Linux')) {
    findings.push(finding('error', `Runs need Linux, and the target is ${system}`, 'Choose another target'));
  }
  if ((resources.gpusPerNode > 0 || resources.gpuDevices !== null) && !('nvidia-smi' in programs)) {
    const reason =
      'Which GPUs are free is known by nvidia-smi; gpusPerNode in studio.yaml says how many there are';
    findings.push(finding('warning', 'There is no nvidia-smi on the target', reason));
  }
  if (resources.walltime !== null) {
    findings.push(finding('info', 'A workstation has no time limit', 'The limit of this launch is not used'));
  }
  return findings;
}

const order = { error: 0, warning: 1, info: 2 } as const;

function partitionFindings(
  { nodes, gpusPerNode, gpuType, cpusPerTask, tasksPerNode, memoryPerNodeMb, walltime }: BatchResources,
  partition: SitePartition,
): readonly PreflightFinding[] {
  const { name } = partition;
  const findings: PreflightFinding[] = [];
  const error = (message: string, reason: string) => findings.push(finding('error', message, reason));
  if (partition.state !== 'up') {
    findings.push(
      finding('warning', `The partition ${name} was ${partition.state}`, 'Jobs wait until it is up'),
    );
  }
  const seconds = walltime === null ? null : slurmSeconds(walltime);
  if (seconds !== null && partition.maxSeconds !== null && seconds > partition.maxSeconds) {
    const limit = slurmTime(partition.maxSeconds);
    error(`${walltime} is longer than ${name} allows`, `Its limit is ${limit}; a job over it waits for ever`);
  }
  if (nodes > partition.nodes) error(`${nodes} nodes are more than ${name} has`, `It has ${partition.nodes}`);
  const types = Object.entries(partition.gpusPerNode);
  const most =
    gpuType === null
      ? Math.max(0, ...types.map(([, count]) => count))
      : (partition.gpusPerNode[gpuType] ?? 0);
  if (gpusPerNode > most) {
    const offer = types.map(([type, count]) => (type === 'gpu' ? count : `${count} × ${type}`)).join(', ');
    const kind = gpuType === null ? 'GPUs' : `GPUs of type ${gpuType}`;
    error(
      `${gpusPerNode} ${kind} per node are more than ${name} has`,
      offer === '' ? 'Its nodes have none' : `Its nodes have ${offer}`,
    );
  }
  const cpus = (cpusPerTask ?? 1) * tasksPerNode;
  if (partition.cpusPerNode !== null && cpus > partition.cpusPerNode) {
    error(`${cpus} cores per node are more than ${name} has`, `Its nodes have ${partition.cpusPerNode}`);
  }
  if (
    partition.memoryPerNodeMb !== null &&
    memoryPerNodeMb !== null &&
    memoryPerNodeMb > partition.memoryPerNodeMb
  ) {
    error(
      `${memoryPerNodeMb} MB per node are more than ${name} has`,
      `Its nodes have ${partition.memoryPerNodeMb} MB`,
    );
  }
  return findings;
}

function finding(severity: PreflightFinding['severity'], message: string, reason: string): PreflightFinding {
  return { source: 'site', severity, message, reason };
}
