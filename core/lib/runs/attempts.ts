// The starts of one run, from what its scripts noted: one line when an attempt starts, is warned, or ends. A requeue, a resubmission
// and a start after a node failed are attempts of one run, and what was done twice is counted.
import type { RunAttempt } from '../../api/runs.ts';
import { endingWords } from '../slurm/job-states.ts';
import { type AttemptLine, attemptLine } from './run-files.ts';

/** Of a run that is started again and again the newest are told. */
const MAX_ATTEMPTS = 100;

/** The lines of attempts.jsonl. Those that are torn or somebody else's are left out. */
export function attemptsOf(text: string): readonly AttemptLine[] {
  return text.split('\n').flatMap((line) => {
    try {
      const parsed = attemptLine.safeParse(JSON.parse(line));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
}

/** What an attempt wrote: from its start to the start of the next one. */
export interface AttemptSpan {
  readonly started: AttemptLine;
  /** The script's own note; null while it works, and where it was killed. */
  readonly ended: AttemptLine | null;
  /** The next start; null for the newest. */
  readonly next: AttemptLine | null;
}

/** `lines` are of one task. */
export function attemptSpans(lines: readonly AttemptLine[]): readonly AttemptSpan[] {
  const starts = lines.flatMap((line, index) => (line.event === 'started' ? [index] : []));
  return starts.flatMap((start, order) => {
    const started = lines[start];
    const following = starts[order + 1];
    if (!started) return [];
    const ended = lines.slice(start, following).find(({ event }) => event === 'ended') ?? null;
    return [{ started, ended, next: following === undefined ? null : (lines[following] ?? null) }];
  });
}

/** What its files tell about an attempt beyond its notes. */
export interface AttemptTrace {
  readonly firstStep: number | null;
  readonly lastStep: number | null;
  /** What Slurm wrote into the log about its end, as the name of a state. */
  readonly stateInLog: string | null;
}

export interface ChainEvidence {
  readonly spans: readonly AttemptSpan[];
  /** In the order of `spans`. */
  readonly traces: readonly AttemptTrace[];
  /** When the newest job was submitted, by the clock of this computer; null where nobody knows. */
  readonly submittedMs: number | null;
  /** Names of the states in which earlier attempts ended, oldest first; fewer where the site keeps no accounts. */
  readonly pastStates: readonly string[];
}

export function chainOf({ spans, traces, submittedMs, pastStates }: ChainEvidence): RunAttempt[] {
  let furthest = Number.NEGATIVE_INFINITY;
  const attempts = spans.map(({ started, ended, next }, index): RunAttempt => {
    const before = spans[index - 1];
    const trace = traces[index] ?? { firstStep: null, lastStep: null, stateInLog: null };
    const { firstStep, lastStep } = trace;
    const redoneSteps =
      firstStep === null || furthest < firstStep
        ? 0
        : Math.min(furthest, Math.max(lastStep ?? firstStep, firstStep)) - firstStep + 1;
    furthest = Math.max(furthest, lastStep ?? furthest);
    const isNewJob = before === undefined || before.started.job !== started.job;
    const waitsFromMs = isNewJob && next === null ? submittedMs : null;
    const sinceMs = waitsFromMs ?? before?.ended?.atMs ?? null;
    return {
      number: index + 1,
      jobId: started.job === '' ? null : started.job,
      node: started.node === '' ? null : started.node,
      startedMs: started.atMs,
      endedMs: ended?.atMs ?? null,
      exitCode: ended?.exitCode ?? null,
      reason: next === null ? null : reasonOf(pastStates[index] ?? trace.stateInLog, ended),
      // The clocks of two computers may be apart.
      waitedMs: sinceMs === null ? null : Math.max(0, started.atMs - sinceMs),
      firstStep,
      lastStep,
      redoneSteps,
    };
  });
  return attempts.slice(-MAX_ATTEMPTS);
}

function reasonOf(state: string | null, ended: AttemptLine | null): string {
  const words = state === null ? null : state === 'REQUEUED' ? 'Put back into the queue' : endingWords(state);
  if (words !== null && words !== 'Finished' && words !== 'The command failed') return words;
  if (ended === null) return 'It was killed before it could note why';
  return ended.exitCode === 0
    ? 'Finished, then started again'
    : `Ended with exit code ${ended.exitCode ?? '?'}`;
}

/** Of a whole chain. */
export function chainTotals(attempts: readonly RunAttempt[]): {
  readonly redoneSteps: number;
  readonly waitedMs: number;
} {
  return {
    redoneSteps: attempts.reduce((sum, attempt) => sum + attempt.redoneSteps, 0),
    waitedMs: attempts.reduce((sum, attempt) => sum + (attempt.waitedMs ?? 0), 0),
  };
}
