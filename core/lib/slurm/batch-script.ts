// The batch script of a run: shown to a person, editable, kept with the run. It carries no path and no name that a shell could
// take for something else: it runs in the folder of the run, and everything in it is quoted.
import { quoteWord } from '../remote/quote.ts';
import {
  type CommandWord,
  type Container,
  launchLine,
  meetingLines,
  type Scheduler,
  shellWord,
  type Launcher,
} from './launch-lines.ts';
import { remotePath } from '../remote/quote.ts';
import { slurmSeconds } from './durations.ts';
import type { BatchResources } from './resources.ts';

export interface BatchSurroundings {
  readonly modules: readonly string[];
  readonly environment: Readonly<Record<string, CommandWord>>;
  /** Lines of a person's own, before the command: `source ~/venv/bin/activate`. */
  readonly prologue: string;
  /** Name or path of a conda environment. */
  readonly conda?: string | null;
  /** Its folder comes first on PATH. */
  readonly python?: string | null;
  readonly container?: Container | null;
}

/** How the command is started, and what it finds there; all of it optional. */
export interface BatchLaunch {
  readonly launcher?: Launcher;
  readonly startIn?: CommandWord | null;
  readonly pythonPath?: readonly CommandWord[];
  /** The module that keeps every logged value lies in the run's folder. */
  readonly exactMetrics?: boolean;
  /** Number of the job that has to end well before this one starts. */
  readonly afterJob?: string | null;
  /** `processes`: no scheduler reads it, a supervisor runs it on one computer. */
  readonly scheduler?: Scheduler;
}

export interface BatchJob {
  /** For people; becomes part of the job's name. */
  readonly name: string;
  /** Letters and digits, unlike any other run's: how the job is found again when its number was lost. */
  readonly token: string;
  readonly command: readonly CommandWord[];
  readonly resources: BatchResources;
  readonly surroundings: BatchSurroundings;
  readonly launch?: BatchLaunch;
}

/** Between Slurm's warning and the end of the time limit: enough to write a checkpoint of a small model. */
const WARNING_SECONDS = 120;
/** Where the limit is the partition's own and not known here: it may be a minute. */
const SHORTEST_WARNING_SECONDS = 20;
/** A warning any earlier would cost a short job more than it saves. */
const WARNING_SHARE = 0.1;
export const LOG_FILE = 'log.txt';
/** One line when an attempt starts, one when it ends, so that the end is known where Slurm keeps no accounting. */
export const ATTEMPTS_FILE = 'attempts.jsonl';

/** Of a task of an array: one writer a file, because two computers may not append to one over a network file system. */
export function attemptsFileOf(task: number | null): string {
  return task === null ? ATTEMPTS_FILE : `attempts-${task}.jsonl`;
}

/** `-3` in the third task of an array, nothing otherwise: part of the names of its files. */
const OF_TASK = '${SLURM_ARRAY_TASK_ID:+-$SLURM_ARRAY_TASK_ID}';

/** Folder of the module that keeps every logged value, below the run's. */
export const SINK_FOLDER = 'sink';

/** `Zagreus: prova n°1` → `zagreus-prova-n-1.3f9a…`: every job of the studio ends in the token of its run. */
export function jobName(name: string, token: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return `${slug === '' ? 'run' : slug}.${token}`;
}

/** Throws RangeError for a value that no directive can hold. */
export function batchScript(job: BatchJob): string {
  const { surroundings, resources, launch = {} } = job;
  const { launcher = 'plain', startIn = null, scheduler = 'slurm' } = launch;
  return [
    '#!/bin/bash',
    ...(scheduler === 'slurm' ? directives(job).map((directive) => `#SBATCH ${directive}`) : []),
    '',
    ...studioLines(),
    '',
    ...environmentLines(surroundings, launch),
    ...meetingLines(launcher, resources, scheduler),
    '',
    '# In the background and waited for, so that signals reach it at once.',
    `${launchLine({
      command: job.command,
      launcher,
      container: surroundings.container ?? null,
      startIn: typeof startIn === 'string' ? [{ kind: 'text', text: startIn }] : startIn,
      resources,
      scheduler,
    })} &`,
    'child=$!',
    'wait "$child"; code=$?',
    '# A signal that was passed on ends the wait, not the child.',
    'while kill -0 "$child" 2>/dev/null; do wait "$child"; code=$?; done',
    'exit "$code"',
    '',
  ].join('\n');
}

/** What the job finds: its modules, environment, variables and lines of a person's own. */
export function environmentLines(
  surroundings: BatchSurroundings,
  launch: BatchLaunch = {},
): readonly string[] {
  return [
    ...surroundings.modules.map((name) => `module load ${quoteWord(name)}`),
    ...activation(surroundings),
    ...Object.entries(surroundings.environment).map(
      ([name, value]) => `export ${variable(name)}=${shellWord(value)}`,
    ),
    ...(surroundings.prologue.trim() === '' ? [] : [surroundings.prologue.trim()]),
    ...pythonPathLines(launch),
  ];
}

function activation({ conda, python }: BatchSurroundings): readonly string[] {
  const lines: string[] = [];
  if (conda) lines.push(`eval "$(conda shell.bash hook)" && conda activate ${remotePath(conda)}`);
  const folder = python?.includes('/') ? python.slice(0, python.lastIndexOf('/')) : '';
  if (folder !== '') lines.push(`export PATH=${remotePath(folder)}:"$PATH"`);
  return lines;
}

function pythonPathLines({ exactMetrics = false, pythonPath = [] }: BatchLaunch): readonly string[] {
  const folders = [
    ...(exactMetrics ? [`"$NESSO_RUN_FOLDER"/${SINK_FOLDER}`] : []),
    ...pythonPath.map(shellWord),
  ];
  return [
    ...(folders.length === 0 ? [] : [`export PYTHONPATH=${folders.join(':')}"\${PYTHONPATH:+:$PYTHONPATH}"`]),
    // A site or a target that switches wandb off would switch off the exact numbers.
    ...(exactMetrics ? ['unset WANDB_DISABLED; export WANDB_MODE=offline'] : []),
  ];
}

function directives({ name, token, resources, launch }: BatchJob): readonly string[] {
  const { partition, account, qos, walltime, array, gpuType } = resources;
  const gpus =
    resources.gpusPerNode === 0 ? null : `${gpuType === null ? '' : `${gpuType}:`}${resources.gpusPerNode}`;
  const options: readonly (readonly [string, string | number | null])[] = [
    ['job-name', jobName(name, token)],
    ['comment', `nesso:${token}`],
    ['output', logFile(array)],
    ['open-mode', 'append'],
    ['partition', partition],
    ['account', account],
    ['qos', qos],
    ['nodes', resources.nodes],
    ['ntasks-per-node', resources.tasksPerNode],
    ['gres', gpus === null ? null : `gpu:${gpus}`],
    ['cpus-per-task', resources.cpusPerTask],
    ['mem', resources.memoryPerNodeMb === null ? null : `${resources.memoryPerNodeMb}M`],
    ['time', walltime],
    ['array', array],
    ['dependency', launch?.afterJob ? `afterok:${launch.afterJob}` : null],
    // Otherwise a job whose forerunner failed waits for ever.
    ['kill-on-invalid-dep', launch?.afterJob ? 'yes' : null],
    ['signal', `B:TERM@${warningSeconds(walltime === null ? null : slurmSeconds(walltime))}`],
  ];
  return [
    ...options.flatMap(([option, value]) => (value === null ? [] : [`--${option}=${plain(String(value))}`])),
    resources.requeue ? '--requeue' : '--no-requeue',
  ];
}

/** How long before its limit a job is warned. */
export function warningSeconds(limit: number | null): number {
  if (limit === null) return SHORTEST_WARNING_SECONDS;
  return Math.round(Math.min(WARNING_SECONDS, Math.max(SHORTEST_WARNING_SECONDS, limit * WARNING_SHARE)));
}

/** sbatch reads a directive up to the first blank and knows no escapes worth relying on. */
function plain(value: string): string {
  if (/^[A-Za-z0-9_.:,%@=+/-]+$/.test(value)) return value;
  throw new RangeError(`“${value}” holds characters that a directive of sbatch cannot`);
}

function variable(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  throw new RangeError(`“${name}” is not the name of a variable`);
}

/** What sbatch calls the log of a job, or of each task of an array. */
export function logFile(array: string | null): string {
  return array === null ? LOG_FILE : 'log-%a.txt';
}

/** First of all commands: later ones may go to another folder. An edited script has to keep them. */
export function studioLines(): readonly string[] {
  return [
    '# Tells the studio when this attempt began and how it ended, also where Slurm keeps no accounting.',
    `export NESSO_RUN_FOLDER="$PWD" NESSO_METRICS="$PWD/metrics${OF_TASK}.jsonl" PYTHONUNBUFFERED=1`,
    'nesso_size() { if [ -f "$1" ]; then echo "$(($(wc -c < "$1")))"; else echo null; fi; }',
    'nesso_note() {',
    `  printf '{"event":"%s","job":"%s","task":"%s","restart":%s,"node":"%s","exitCode":%s,"atMs":%s,"logBytes":%s,"metricsBytes":%s}\\n' \\`,
    '    "$1" "${SLURM_ARRAY_JOB_ID:-${SLURM_JOB_ID:-${NESSO_JOB:-}}}" "${SLURM_ARRAY_TASK_ID:-}" "${SLURM_RESTART_COUNT:-0}" \\',
    `    "\${SLURMD_NODENAME:-$(uname -n)}" "$2" "$(date +%s)000" "$(nesso_size "$NESSO_RUN_FOLDER/log${OF_TASK}.txt")" \\`,
    `    "$(nesso_size "$NESSO_RUN_FOLDER/metrics${OF_TASK}.jsonl")" >> "$NESSO_RUN_FOLDER/attempts${OF_TASK}.jsonl"`,
    '}',
    'nesso_note started null',
    `trap 'code=$?; trap "" TERM; nesso_note ended "$code"' EXIT`,
    `trap 'nesso_note warned null; kill -TERM "$child" 2>/dev/null' TERM`,
  ];
}
