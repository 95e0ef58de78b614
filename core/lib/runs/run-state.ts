// What state a run is in, decided from its files and from whether its processes live. Pure, so that every case is tested.
import type { Run } from '../../api/runs.ts';
import type { ExitFile, ProcessFile, RunRecord, StopFile } from './run-files.ts';

/** A supervisor starts within a second; after this it never will. */
export const START_LIMIT_MS = 20_000;

export interface RunEvidence {
  readonly record: RunRecord;
  readonly process: ProcessFile | null;
  readonly stop: StopFile | null;
  readonly exit: ExitFile | null;
  /** null: the processes belong to another computer and cannot be asked for. */
  readonly supervisorAlive: boolean | null;
  readonly jobAlive: boolean | null;
  /** Last write of log or metrics, Unix ms. */
  readonly newestOutputMs: number | null;
  /** Last line of the log, for the reason of a failure. */
  readonly lastLogLine: string | null;
  readonly nowMs: number;
}

export type RunVerdict = Pick<Run, 'state' | 'end'>;

/** Output newer than this means that a job on another computer still works. */
const OUTPUT_FRESH_MS = 600_000;

export function judgeRun(evidence: RunEvidence): RunVerdict {
  const { record, process, stop, exit, nowMs } = evidence;
  if (exit) return judgeExit(evidence, exit);
  if (record.end) return { state: recordedState(record), end: record.end };
  const live: RunVerdict = { state: stop ? 'stopping' : process ? 'running' : 'starting', end: null };
  if (!process) {
    if (nowMs - record.createdMs < START_LIMIT_MS) return live;
    return lost(evidence, 'It never started: the studio was closed or killed at that moment');
  }
  if (evidence.supervisorAlive === null) {
    const newestMs = evidence.newestOutputMs ?? process.startedMs;
    if (nowMs - newestMs < OUTPUT_FRESH_MS) return live;
    return lost(
      evidence,
      `It ran on ${process.job.host}, wrote nothing lately, and cannot be asked from here`,
    );
  }
  // A job whose supervisor was killed works on; nobody will see its exit code.
  if (evidence.supervisorAlive || evidence.jobAlive) return live;
  if (stop) return ended(evidence, 'stopped', 'Stopped on request; its supervisor was gone');
  return lost(
    evidence,
    'Its supervisor process vanished (killed, or the computer went down), so the exit code is unknown',
  );
}

function judgeExit(evidence: RunEvidence, exit: ExitFile): RunVerdict {
  const { record, stop } = evidence;
  const end = (reason: string) => ({
    endedMs: exit.endedMs,
    exitCode: exit.exitCode,
    signal: exit.signal,
    reason,
  });
  const meaning = exit.exitCode === null ? undefined : record.exitCodes[String(exit.exitCode)];
  if (stop && stop.requestedMs <= exit.endedMs) {
    return { state: 'stopped', end: end(exit.error ?? meaning ?? 'Stopped on request') };
  }
  if (exit.lost) return { state: 'lost', end: end(exit.error ?? 'Nobody saw how it ended') };
  if (exit.error !== undefined) return { state: 'failed', end: end(exit.error) };
  if (exit.exitCode === 0) return { state: 'done', end: end(meaning ?? 'Finished') };
  const words = meaning ?? signalWords(exit.exitCode);
  const how = exit.signal === null ? `Exit code ${exit.exitCode}` : `Killed by ${exit.signal}`;
  const last = evidence.lastLogLine === null ? '' : `. Last line of the log: ${evidence.lastLogLine}`;
  return { state: 'failed', end: end(`${words === undefined ? how : `${how} (${words})`}${last}`) };
}

/** Shells add 128 to the number of the signal that ended a command. */
function signalWords(exitCode: number | null): string | undefined {
  if (exitCode === 137) return 'killed, as systems do when memory runs out';
  if (exitCode === 139) return 'crashed: it touched memory that is not its own';
  if (exitCode === 134) return 'aborted itself';
  if (exitCode === 143) return 'asked to end';
  return undefined;
}

function lost(evidence: RunEvidence, reason: string): RunVerdict {
  return ended(evidence, 'lost', reason);
}

function ended(evidence: RunEvidence, state: 'lost' | 'stopped', reason: string): RunVerdict {
  const endedMs = evidence.newestOutputMs ?? evidence.process?.startedMs ?? evidence.record.createdMs;
  return { state, end: { endedMs, exitCode: null, signal: null, reason } };
}

/** The state that was written down with the end; its own files may be gone since (a run shared through git). */
function recordedState(record: RunRecord): Run['state'] {
  const last = record.history.at(-1)?.state;
  return last === 'done' || last === 'failed' || last === 'stopped' ? last : 'lost';
}

/** Whether nothing will change any more. */
export function isOver(state: Run['state']): boolean {
  return state === 'done' || state === 'failed' || state === 'stopped' || state === 'lost';
}
