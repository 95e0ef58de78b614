// Which files of a run's folder are logs or metrics, and whose: of an array task, a rank, a node. By their names alone, as Slurm's
// patterns (%a, %t, %N), torchrun's log folders and people's own habits make them. Knows no file system.

export interface LogName {
  /** `main` is the log of the run itself; `task` and `rank` have their number, `node` its name. */
  readonly kind: 'main' | 'stderr' | 'task' | 'rank' | 'node' | 'other';
  /** Number of the array task; null where there is none. */
  readonly task: number | null;
  readonly rank: number | null;
  readonly node: string | null;
}

export const MAIN_LOG = 'log.txt';
export const METRICS = 'metrics.jsonl';

/** Folders that hold what travelled with the run or what it makes, never its logs. */
const otherFolders = /^(?:inputs|programs|sink|submitting|__pycache__|node_modules|checkpoints?)$/;
const checkpointFolder = /^(?:checkpoint|step|global_step|iter)[-_]?\d+$/i;
/** torchrun: `<id>/attempt_0/<rank>/stdout.log`. */
export const DEEPEST = 5;

/** Whether a folder of this name may hold logs. */
export function mayHoldLogs(folder: string): boolean {
  return !folder.startsWith('.') && !otherFolders.test(folder) && !checkpointFolder.test(folder);
}

/** Null for a file that is no log. `name` is below the run's folder, with forward slashes. */
export function logNameOf(name: string): LogName | null {
  const parts = name.split('/');
  const file = parts.at(-1) ?? '';
  if (parts.length > DEEPEST || !parts.slice(0, -1).every(mayHoldLogs)) return null;
  if (!/\.(?:txt|log|out|err)$/i.test(file)) return null;
  if (name === MAIN_LOG) return { kind: 'main', task: null, rank: null, node: null };
  if (!isLogLike(parts)) return null;
  const stem = parts.join('/').replace(/\.[a-z]+$/i, '');
  const isError = /\.err$/i.test(file) || /(?:^|[-_./])(?:stderr|err)(?:[-_.]|$)/i.test(file);
  const task = numberAfter(stem, /(?:^|[-_./])(?:log|array|task)[-_]?(\d+)(?=$|[-_./])/i) ?? slurmTask(stem);
  const rank =
    numberAfter(stem, /(?:^|[-_./])(?:global_?rank|local_?rank|rank|proc|t)[-_]?(\d+)(?=$|[-_./])/i) ??
    torchrunRank(parts);
  const node = /(?:^|[-_./])(?:node|host)[-_]([A-Za-z0-9][A-Za-z0-9.-]*?)(?=$|[_/])/i.exec(stem)?.[1] ?? null;
  const kind =
    rank !== null
      ? 'rank'
      : node !== null
        ? 'node'
        : isError
          ? 'stderr'
          : task !== null
            ? 'task'
            : /^slurm-\d+$/.test(stem)
              ? 'main'
              : 'other';
  return { kind, task, rank, node };
}

/** Metrics of the run (`task` null) or of one of its array tasks; null for any other file. */
export function metricsNameOf(name: string): { readonly task: number | null } | null {
  if (name === METRICS) return { task: null };
  const task = /^metrics-(\d+)\.jsonl$/.exec(name)?.[1];
  return task === undefined ? null : { task: Number(task) };
}

/** Files that hold curves besides metrics.jsonl and logs: TensorBoard, wandb, and the trainers of Hugging Face and LLaMA-Factory. */
export function isCurveFile(name: string): boolean {
  const parts = name.split('/');
  const file = parts.at(-1) ?? '';
  if (parts.length > DEEPEST || !parts.slice(0, -1).every(mayHoldLogs)) return false;
  return (
    file.startsWith('events.out.tfevents.') ||
    /^run-[A-Za-z0-9]+\.wandb$/.test(file) ||
    file === 'trainer_state.json' ||
    file === 'trainer_log.jsonl'
  );
}

/** Whether a file of the workspace is what a run writes as it goes: a log, metrics, curves. `path` with forward slashes. */
export function isRunOutput(path: string): boolean {
  const name = /^runs\/[^/]+\/(.+)$/.exec(path)?.[1];
  if (name === undefined) return false;
  return metricsNameOf(name) !== null || logNameOf(name) !== null || isCurveFile(name);
}

/** The run's own log first, then by task, rank, node and name, numbers as numbers. */
export function compareLogNames(left: string, right: string): number {
  const order = (name: string): readonly (number | string)[] => {
    const { kind, task, rank } = logNameOf(name) ?? { kind: 'other', task: null, rank: null };
    return [kind === 'main' ? 0 : kind === 'stderr' ? 1 : 2, task ?? -1, rank ?? -1];
  };
  const [a, b] = [order(left), order(right)];
  for (const [index, value] of a.entries()) {
    const difference = Number(value) - Number(b[index]);
    if (difference !== 0) return difference;
  }
  return left < right ? -1 : left > right ? 1 : 0;
}

/** `requirements.txt` is text too: a log has a name, or lies in a folder, that says so. */
function isLogLike(parts: readonly string[]): boolean {
  const file = parts.at(-1) ?? '';
  if (/\.(?:log|out|err)$/i.test(file)) return true;
  const words = /(?:^|[-_.])(?:log|logs|out|output|std(?:out|err)|rank|node|task|slurm)(?=[-_.\d]|$)/i;
  return words.test(file) || parts.slice(0, -1).some((folder) => words.test(folder));
}

/** `slurm-12_3` is task 3 of job 12. */
function slurmTask(stem: string): number | null {
  return numberAfter(stem, /(?:^|\/)slurm-\d+_(\d+)$/);
}

/** `…/attempt_0/3/stdout.log` */
function torchrunRank(parts: readonly string[]): number | null {
  const rank = parts.at(-2) ?? '';
  return /^attempt_\d+$/.test(parts.at(-3) ?? '') && /^\d+$/.test(rank) ? Number(rank) : null;
}

function numberAfter(text: string, pattern: RegExp): number | null {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? null : Number(found);
}
