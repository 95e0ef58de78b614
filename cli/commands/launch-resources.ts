// What a job is given, as options of the command line: what nobody says is the recipe's, or the target's own.
import { type Command, InvalidArgumentError } from 'commander';
import type { ResourcesGiven } from '../../core/lib/slurm/resources.ts';

const MEGABYTES_OF_SUFFIX: Readonly<Record<string, number>> = { M: 1, G: 1024, T: 1024 * 1024 };

export interface ResourceOptions {
  readonly partition?: string;
  readonly account?: string;
  readonly qos?: string;
  readonly nodes?: number;
  readonly tasks?: number;
  readonly gpus?: number;
  readonly gpuType?: string;
  readonly gpuDevices?: string;
  readonly cpus?: number;
  readonly memory?: number;
  readonly time?: string;
  readonly array?: string;
  readonly requeue?: boolean;
}

export function withResourceOptions(command: Command): Command {
  return command
    .option('--partition <name>', 'partition of the cluster')
    .option('--account <name>', 'account that is charged')
    .option('--qos <name>', 'quality of service')
    .option('--nodes <number>', 'nodes', wholeNumber)
    .option('--tasks <number>', 'tasks of each node', wholeNumber)
    .option('--gpus <number>', 'GPUs of each node', wholeNumber)
    .option('--gpu-type <name>', 'kind of GPU, where the site has several')
    .option('--gpu-devices <list>', 'these GPUs of a workstation, as CUDA_VISIBLE_DEVICES takes them')
    .option('--cpus <number>', 'cores of each task', wholeNumber)
    .option('--memory <size>', 'memory of each node, such as 500G', megabytes)
    .option('--time <limit>', 'time limit, such as 1-00:00:00')
    .option('--array <ranges>', 'one job with tasks, such as 0-15%4')
    .option('--requeue', 'Slurm may start it again after a node failure or preemption')
    .option('--no-requeue', 'Slurm may not');
}

/** Only what was asked for. */
export function resourcesOf(options: ResourceOptions): ResourcesGiven {
  const { nodes, gpus, gpuType, gpuDevices, time, cpus, memory, tasks, requeue } = options;
  const { partition, account, qos, array } = options;
  return {
    ...(partition === undefined ? {} : { partition }),
    ...(account === undefined ? {} : { account }),
    ...(qos === undefined ? {} : { qos }),
    ...(nodes === undefined ? {} : { nodes }),
    ...(tasks === undefined ? {} : { tasksPerNode: tasks }),
    ...(gpus === undefined ? {} : { gpusPerNode: gpus }),
    ...(gpuType === undefined ? {} : { gpuType }),
    ...(gpuDevices === undefined ? {} : { gpuDevices }),
    ...(cpus === undefined ? {} : { cpusPerTask: cpus }),
    ...(memory === undefined ? {} : { memoryPerNodeMb: memory }),
    ...(time === undefined ? {} : { walltime: time }),
    ...(array === undefined ? {} : { array }),
    ...(requeue === undefined ? {} : { requeue }),
  };
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Must be a whole number.');
  return Number(text);
}

/** As sbatch takes sizes: a number of megabytes, or one with M, G or T. */
function megabytes(text: string): number {
  const [, count, suffix = 'M'] = /^(\d+)([MGT])?$/i.exec(text) ?? [];
  const factor = MEGABYTES_OF_SUFFIX[suffix.toUpperCase()];
  if (count === undefined || factor === undefined)
    throw new InvalidArgumentError('Must be a size such as 500G.');
  return Number(count) * factor;
}
