// How the command of a job is started on its nodes: alone, once a task, once a node, or by torchrun; inside a container where the
// target has one. Knows the shell and Slurm's variables, not what is started.
import { quoteWord } from '../remote/quote.ts';
import { remotePath } from '../remote/quote.ts';
import type { BatchResources } from './resources.ts';

export interface Container {
  readonly runtime: 'apptainer' | 'singularity' | 'pyxis';
  /** As the runtime takes it: a path of the target or `docker://…`. */
  readonly image: string;
  /** `from:to`, or a folder that keeps its name. */
  readonly mounts: readonly string[];
}

/** Who starts the script: Slurm on its nodes, or a supervisor on a workstation. */
export type Scheduler = 'slurm' | 'processes';

/** How often the command is started: once, once a task, once a node, or by torchrun. */
export const launchers = ['plain', 'srun', 'nodes', 'torchrun'] as const;
export type Launcher = (typeof launchers)[number];

/**
 * A piece of an argument. `target`: a path of another computer, `~/` and `$SCRATCH/` are its own. `run`: a path below the run's
 * folder there. A shell has to expand both; everything else is quoted.
 */
export interface ArgumentPart {
  readonly kind: 'text' | 'target' | 'run';
  readonly text: string;
}
export type ArgumentParts = readonly ArgumentPart[];

/** A plain word, or one whose parts a shell expands. */
export type CommandWord = string | ArgumentParts;

export interface LaunchOptions {
  readonly command: readonly CommandWord[];
  readonly launcher: Launcher;
  readonly container: Container | null;
  /** Null: the folder of the run. */
  readonly startIn: ArgumentParts | null;
  readonly resources: BatchResources;
  readonly scheduler: Scheduler;
}

/** One word of a shell, whatever it holds. */
export function shellWord(word: CommandWord): string {
  if (typeof word === 'string') return quoteWord(word);
  const parts = word.map(({ kind, text }) => {
    if (kind === 'target') return remotePath(text);
    if (kind === 'run') return runPath(text);
    return quoteWord(text);
  });
  return parts.length === 0 ? "''" : parts.join('');
}

function runPath(path: string): string {
  if (path === '.') return '"$NESSO_RUN_FOLDER"';
  return path.startsWith('/') ? quoteWord(path) : `"$NESSO_RUN_FOLDER"/${quoteWord(path)}`;
}

/** Variables that tell the processes of several nodes where to meet. The port is the job's own. */
export function meetingLines(
  launcher: Launcher,
  resources: BatchResources,
  scheduler: Scheduler,
): readonly string[] {
  if (launcher === 'srun' && scheduler === 'processes' && resources.tasksPerNode > 1) return taskLines;
  if (launcher !== 'torchrun' && launcher !== 'nodes') return [];
  const names = `MASTER_ADDR MASTER_PORT NNODES NPROC_PER_NODE=${processesPerNode(resources)}`;
  if (scheduler === 'processes') {
    return ['MASTER_ADDR=127.0.0.1 MASTER_PORT=$((20000 + $$ % 20000)) NNODES=1', `export ${names}`];
  }
  return [
    // Processes of one node meet there, whatever the node's name stands for.
    'if [ "$SLURM_NNODES" = 1 ]; then MASTER_ADDR=127.0.0.1',
    'else MASTER_ADDR=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1); fi',
    'MASTER_PORT=$((20000 + SLURM_JOB_ID % 20000))',
    `export MASTER_ADDR MASTER_PORT NNODES="$SLURM_NNODES" NPROC_PER_NODE=${processesPerNode(resources)}`,
  ];
}

/** As srun numbers them, for programs that ask which of how many they are. Ends with the worst exit code. */
const taskLines: readonly string[] = [
  'nesso_tasks() {',
  '  count=$1 pids= worst=0; shift',
  '  for ((i = 0; i < count; i++)); do',
  '    SLURM_PROCID=$i SLURM_LOCALID=$i SLURM_NTASKS=$count "$@" & pids="$pids $!"',
  '  done',
  `  trap 'kill -TERM $pids 2>/dev/null' TERM`,
  '  for pid in $pids; do',
  '    wait "$pid"; code=$?',
  '    while kill -0 "$pid" 2>/dev/null; do wait "$pid"; code=$?; done',
  '    [ "$code" -le "$worst" ] || worst=$code',
  '  done',
  '  return "$worst"',
  '}',
];

function processesPerNode({ gpusPerNode }: BatchResources): number {
  return Math.max(1, gpusPerNode);
}

/** The command as one line of bash; ends without `&`. */
export function launchLine(options: LaunchOptions): string {
  const { command, launcher, container, startIn, resources, scheduler } = options;
  const own = command.map(shellWord).join(' ');
  const started = launcher === 'torchrun' ? `${torchrun(resources, scheduler)} ${own}` : own;
  const inside =
    container === null || container.runtime === 'pyxis' ? started : apptainer(container, started);
  if (scheduler === 'processes') {
    const tasks =
      launcher === 'srun' && resources.tasksPerNode > 1 ? `nesso_tasks ${resources.tasksPerNode} ` : '';
    const rank = launcher === 'nodes' ? 'env NODE_RANK=0 ' : '';
    // A function cannot take the place of the shell.
    const exec = tasks === '' ? 'exec ' : '';
    const whole = `${tasks}${rank}${inside}`;
    return startIn === null ? whole : `( cd -- ${shellWord(startIn)} && ${exec}${whole} )`;
  }
  const step = stepWords(launcher, container);
  const line =
    launcher === 'nodes'
      ? `${step} bash -c ${quoteWord('export NODE_RANK="$SLURM_NODEID"; exec "$@"')} nesso ${inside}`
      : step === ''
        ? inside
        : `${step} ${inside}`;
  return startIn === null ? line : `( cd -- ${shellWord(startIn)} && exec ${line} )`;
}

function torchrun(resources: BatchResources, scheduler: Scheduler): string {
  if (scheduler === 'processes') {
    return `torchrun --standalone --nproc-per-node=${processesPerNode(resources)} --max-restarts=0 --tee=3`;
  }
  return [
    'torchrun',
    '--nnodes="$NNODES"',
    `--nproc-per-node=${processesPerNode(resources)}`,
    '--rdzv-backend=c10d',
    '--rdzv-endpoint="$MASTER_ADDR:$MASTER_PORT"',
    '--rdzv-id="$SLURM_JOB_ID"',
    '--max-restarts=0',
    '--tee=3',
  ].join(' ');
}

/** `srun …`, or nothing where the command runs in the batch script itself. */
function stepWords(launcher: Launcher, container: Container | null): string {
  const isPyxis = container?.runtime === 'pyxis';
  if (launcher === 'plain' && !isPyxis) return '';
  const tasks =
    launcher === 'plain'
      ? ['--nodes=1', '--ntasks=1']
      : launcher === 'srun'
        ? []
        : ['--ntasks="$SLURM_NNODES"', '--ntasks-per-node=1'];
  return [
    'srun',
    ...tasks,
    // Since Slurm 22.05 a step does not inherit this by itself.
    '${SLURM_CPUS_PER_TASK:+--cpus-per-task="$SLURM_CPUS_PER_TASK"}',
    '--kill-on-bad-exit=1',
    ...(isPyxis && container ? pyxis(container) : []),
  ].join(' ');
}

function pyxis({ image, mounts }: Container): readonly string[] {
  const places = mounts.map((mount) => quoteWord(mount.includes(':') ? mount : `${mount}:${mount}`));
  return [
    `--container-image=${remotePath(image)}`,
    `--container-mounts="$NESSO_RUN_FOLDER:$NESSO_RUN_FOLDER"${places.map((place) => `,${place}`).join('')}`,
    '--container-workdir="$PWD"',
  ];
}

/** The environment goes along by itself; `--nv` only warns where there is no GPU. */
function apptainer({ runtime, image, mounts }: Container, command: string): string {
  const binds = mounts.map((mount) => ` --bind ${quoteWord(mount)}`).join('');
  return `${runtime} exec --nv --bind "$NESSO_RUN_FOLDER"${binds} ${remotePath(image)} ${command}`;
}
