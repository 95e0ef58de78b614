// The tasks of an array job: which there are, what state each is in, and how the whole stands. From what the scheduler said last and
// from what each task's script noted.
import type { RunState, RunTask, TaskCounts } from '../../api/runs.ts';
import { endingWords, hopelessReason, jobPhase } from '../slurm/job-states.ts';
import type { AttemptLine, ExitFile, RemoteFile, StopFile } from './run-files.ts';

/** Slurm itself allows a thousand unless a site raises it; a longer list is cut. */
export const MAX_TASKS = 10_000;

/** `0-6:2,9%4` → 0, 2, 4, 6, 9. Also as squeue shows tasks that wait together: `[4-9%2]`, `[1-5,...]`. */
export function taskNumbers(array: string): readonly number[] {
  const numbers = new Set<number>();
  for (const range of array.replaceAll(/[[\]]|%\d+/g, '').split(',')) {
    const [, first, last, step] = /^(\d+)(?:-(\d+))?(?::(\d+))?$/.exec(range) ?? [];
    if (first === undefined) continue;
    for (let task = Number(first); task <= Number(last ?? first); task += Math.max(1, Number(step ?? 1))) {
      if (numbers.size >= MAX_TASKS) break;
      numbers.add(task);
    }
  }
  return [...numbers].sort((left, right) => left - right);
}

export interface ArrayEvidence {
  /** As sbatch was given it. */
  readonly array: string;
  readonly remote: RemoteFile;
  /** Of all tasks. */
  readonly attempts: readonly AttemptLine[];
  readonly stop: StopFile | null;
  /** Known ends of whole runs: nothing lives any more. */
  readonly isOver: boolean;
}

export function tasksOf({ array, remote, attempts, stop, isOver }: ArrayEvidence): readonly RunTask[] {
  const linesOf = new Map<string, AttemptLine[]>();
  for (const line of attempts) {
    const lines = linesOf.get(line.task) ?? [];
    lines.push(line);
    linesOf.set(line.task, lines);
  }
  return taskNumbers(array).map((task) => {
    const lines = linesOf.get(String(task)) ?? [];
    const last = lines.at(-1);
    const started = lines.findLast(({ event }) => event === 'started');
    const seen = remote.tasks[String(task)];
    const { state, detail } = stateOfTask({ seen, last, wasAsked: remote.seenMs !== null, stop, isOver });
    return {
      task,
      state,
      detail,
      node: last?.node ?? null,
      startedMs: started?.atMs ?? null,
      endedMs: last?.event === 'ended' ? last.atMs : null,
      exitCode: last?.event === 'ended' ? last.exitCode : null,
      attempts: lines.filter(({ event }) => event === 'started').length,
    };
  });
}

interface TaskEvidence {
  readonly seen: RemoteFile['tasks'][string] | undefined;
  readonly last: AttemptLine | undefined;
  readonly wasAsked: boolean;
  readonly stop: StopFile | null;
  readonly isOver: boolean;
}

function stateOfTask({ seen, last, wasAsked, stop, isOver }: TaskEvidence): {
  readonly state: RunState;
  readonly detail: string | null;
} {
  const phase = seen === undefined ? null : jobPhase(seen.state);
  const words = seen === undefined ? null : endingWords(seen.state);
  if (!isOver && (phase === 'queued' || phase === 'requeued') && last?.event !== 'started') {
    return { state: 'queued', detail: hopelessReason(seen?.reason ?? '') ?? seen?.reason ?? null };
  }
  const isEnded = phase === 'ended' || last?.event === 'ended' || isOver;
  if (!isEnded && (phase !== null || last !== undefined))
    return { state: stop ? 'stopping' : 'running', detail: null };
  if (!isEnded) return wasAsked ? { state: 'lost', detail: null } : { state: 'queued', detail: null };
  const code = last?.event === 'ended' ? last.exitCode : null;
  if (words !== null && words !== 'Finished' && words !== 'The command failed') {
    return { state: stop && words.startsWith('Cancelled') ? 'stopped' : 'failed', detail: words };
  }
  if (code === 0 || (code === null && words === 'Finished')) return { state: 'done', detail: null };
  if (code !== null || words !== null) {
    return { state: stop ? 'stopped' : 'failed', detail: code === null ? words : `Exit code ${code}` };
  }
  if (stop) return { state: 'stopped', detail: 'Stopped on request' };
  return { state: 'lost', detail: last === undefined ? 'It never started' : 'It vanished without a word' };
}

export function countTasks(tasks: readonly RunTask[]): TaskCounts {
  const counts = { total: tasks.length, queued: 0, running: 0, done: 0, failed: 0, stopped: 0, lost: 0 };
  for (const { state } of tasks) {
    if (state === 'starting' || state === 'queued') counts.queued += 1;
    else if (state === 'running' || state === 'stopping') counts.running += 1;
    else counts[state] += 1;
  }
  return counts;
}

/** How an array ended, once nothing of it lives any more: by its worst task. */
export function endOfArray(tasks: readonly RunTask[], endedMs: number): ExitFile {
  const bad = tasks.filter(({ state }) => state === 'failed' || state === 'lost');
  const codes = tasks.flatMap(({ exitCode }) => (exitCode === null ? [] : [exitCode]));
  const exitCode = codes.length === 0 ? null : Math.max(...codes);
  if (bad.length === 0) return { exitCode: exitCode ?? 0, signal: null, endedMs };
  const named = bad.slice(0, 5).map(({ task }) => task);
  const more = bad.length > named.length ? ', …' : '';
  const [first] = bad;
  const why = first?.detail ? ` (${first.detail})` : '';
  const error = `${bad.length} of ${tasks.length} tasks did not end well: ${named.join(', ')}${more}${why}`;
  return { exitCode: exitCode === 0 ? null : exitCode, signal: null, endedMs, error };
}
