// How the command of a job is started on its nodes: alone, once a task, once a node, or by torchrun; inside a container where the
// target has one. Knows the shell and Slurm's variables, not what is started.
import type { ArgumentParts } from '../recipes/command-line.ts';
import type { Launcher } from '../recipes/recipe-file.ts';
import { quoteWord } from '../remote/quote.ts';
import { remotePath } from './probe-script.ts';
import type { BatchResources } from './resources.ts';

export interface Container {
  readonly runtime: 'apptainer' | 'singularity' | 'pyxis';
  /** As the runtime takes it: a path of the target or `docker://…`. */
  readonly image: string;
  /** `from:to`, or a folder that keeps its name. */
  readonly mounts: readonly string[];
}

/** A plain word, or one whose parts a shell expands. */
export type CommandWord = string | ArgumentParts;

export interface LaunchOptions {
  readonly command: readonly CommandWord[];
  readonly launcher: Launcher;
  readonly container: Container | null;
  /** Null: the folder of the run. */
  readonly startIn: ArgumentParts | null;
  readonly resources: BatchResources;
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
export function meetingLines(launcher: Launcher, resources: BatchResources): readonly string[] {
  if (launcher !== 'torchrun' && launcher !== 'nodes') return [];
  return [
    'MASTER_ADDR=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)',
    'MASTER_PORT=$((20000 + SLURM_JOB_ID % 20000))',
    `export MASTER_ADDR MASTER_PORT NNODES="$SLURM_NNODES" NPROC_PER_NODE=${processesPerNode(resources)}`,
  ];
}

function processesPerNode({ gpusPerNode }: BatchResources): number {
  return Math.max(1, gpusPerNode);
}

/** The command as one line of bash; ends without `&`. */
export function launchLine({ command, launcher, container, startIn, resources }: LaunchOptions): string {
  const own = command.map(shellWord).join(' ');
  const started = launcher === 'torchrun' ? `${torchrun(resources)} ${own}` : own;
  const inside =
    container === null || container.runtime === 'pyxis' ? started : apptainer(container, started);
  const step = stepWords(launcher, container);
  const line =
    launcher === 'nodes'
      ? `${step} bash -c ${quoteWord('export NODE_RANK="$SLURM_NODEID"; exec "$@"')} nesso ${inside}`
      : step === ''
        ? inside
        : `${step} ${inside}`;
  return startIn === null ? line : `( cd -- ${shellWord(startIn)} && exec ${line} )`;
}

function torchrun(resources: BatchResources): string {
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
