// Reads a run's folder into what the window shows. Every file may be missing, half old or damaged.
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import type { Run, RunTask } from '../../api/runs.ts';
import { runId } from '../../api/runs.ts';
import { countTasks, tasksOf } from '../../lib/runs/array-tasks.ts';
import { type AttemptSpan, attemptSpans, chainOf } from '../../lib/runs/attempts.ts';
import { judgeRemote } from '../../lib/runs/remote-state.ts';
import {
  exitFile,
  type ExitFile,
  type ProcessFile,
  processFile,
  type RunRecord,
  runRecord,
  stopFile,
} from '../../lib/runs/run-files.ts';
import { judgeRun } from '../../lib/runs/run-state.ts';
import { stripAnsi } from '../../lib/logs/envelope.ts';
import { isProcessAlive } from '../../../native/runner/client.ts';
import { type LatestReader, noLatest } from './latest.ts';
import { keepReading } from '../files/kept-reading.ts';
import { readTextFile } from '../files/read-text.ts';
import { readAttempts, readRemote } from './remote/remote-file.ts';
import { createTraceReader } from './attempt-traces.ts';

/** A run.json holds its config, which is at most 16 MiB; anything far larger was not written by a studio. */
const MAX_RUN_FILE_BYTES = 64 * 1024 * 1024;

/** The end of a log that is looked at for its last line. */
const LOG_END_BYTES = 4096;
const MAX_REASON_LINE = 200;

export interface FolderReading {
  readonly run: Run;
  /** null when run.json could not be read. */
  readonly record: RunRecord | null;
}

/** The run in `runs/<name>` of `root`, or null when that is no run at all. */
export async function readRunFolder(
  root: string,
  name: string,
  latestOf: LatestReader,
): Promise<FolderReading | null> {
  const id = runId.safeParse(name);
  if (!id.success) return null;
  const folder = join(root, 'runs', name);
  const record = await readRecordFile(join(folder, 'run.json')).catch((error: NodeJS.ErrnoException) =>
    error.code === 'ENOENT' || error.code === 'ENOTDIR' ? undefined : null,
  );
  if (record === undefined) return null;
  if (record === null) return { run: damagedRun(id.data, (await stat(folder)).mtimeMs), record: null };

  const [process, stop, exit] = await Promise.all([
    orNull(readProcessFile(join(folder, 'process.json'))),
    orNull(readStopFile(join(folder, 'stop.json'))),
    orNull(readExitFile(join(folder, 'exit.json'))),
  ]);
  const isSettled = exit !== null || record.end !== null;
  const latest = await latestOf(folder, record.mainMetrics);
  const supervisorAlive = process && !isSettled ? await isProcessAlive(process.supervisor) : false;
  const evidence = {
    record,
    process,
    stop,
    exit,
    supervisorAlive,
    // Of interest only when nobody would write its end down.
    jobAlive: process && !isSettled && supervisorAlive !== true ? await isProcessAlive(process.job) : null,
    newestOutputMs: latest.newestOutputMs,
    lastLogLine: exit && exit.exitCode !== 0 ? await readLastLine(join(folder, 'log.txt')) : null,
    nowMs: Date.now(),
  };
  const remote = record.remote === null ? null : await readRemote(folder);
  const array = record.remote?.resources.array ?? null;
  const attempts = record.remote === null ? [] : await readAttempts(folder, array);
  const isRemoteAndLive = record.remote !== null && !isSettled;
  let detail: string | null = null;
  let verdict = judgeRun(evidence);
  if (isRemoteAndLive) {
    const judged = judgeRemote({ remote, attempts, stop, array });
    verdict = { state: judged.state, end: null };
    detail = judged.detail;
  } else if (verdict.state === 'lost' && !record.end) {
    // The supervisor writes exit.json and goes: between the two looks it may have done just that.
    const lateExit = await orNull(readExitFile(join(folder, 'exit.json')));
    if (lateExit) verdict = judgeRun({ ...evidence, exit: lateExit });
  }
  const spans =
    array !== null ? [] : record.remote === null ? localSpans(process, exit) : attemptSpans(attempts);
  return {
    record,
    run: {
      id: id.data,
      name: record.name,
      recipe: record.recipe,
      target: record.target,
      ...verdict,
      createdMs: record.createdMs,
      startedMs: process?.startedMs ?? firstStart(attempts),
      jobId: remote?.jobId ?? null,
      detail,
      unknownSinceMs: isRemoteAndLive ? (remote?.unknownSinceMs ?? null) : null,
      attempts: chainOf({
        spans,
        traces: await traces.read(folder, spans, latest.step),
        submittedMs: remote?.submittedMs ?? null,
        pastStates: remote?.pastStates ?? [],
      }),
      attached: attachedOf(record),
      tasks:
        array === null || remote === null
          ? null
          : countTasks(tasksOf({ array, remote, attempts, stop, isOver: isSettled })),
      after: record.after,
      parent: record.parent,
      continuations: record.continuations,
      evaluates: record.evaluates,
      isScriptEdited: record.remote === null ? null : record.isScriptEdited,
      overridden: record.overridden,
      pid: process?.job.pid ?? null,
      parameters: record.parameters,
      command: record.command,
      folder: `runs/${name}`,
      configPath: record.config?.path ?? null,
      latest: latest.values,
      latestStep: latest.step,
      latestPointMs: latest.pointMs,
      totalSteps: latest.totalSteps,
    },
  };
}

/** What the pieces of earlier attempts hold does not change, whoever asks. */
const traces = createTraceReader();

/** The tasks of an array; none of any other run. */
export async function readTasks(root: string, run: Run): Promise<RunTask[]> {
  const folder = join(root, run.folder);
  const record = await orNull(readRecordFile(join(folder, 'run.json')));
  const array = record?.remote?.resources.array ?? null;
  if (array === null) return [];
  return [
    ...tasksOf({
      array,
      remote: await readRemote(folder),
      attempts: await readAttempts(folder, array),
      stop: await orNull(readStopFile(join(folder, 'stop.json'))),
      isOver: run.end !== null,
    }),
  ];
}

function attachedOf({ remote }: RunRecord): Run['attached'] {
  return remote?.attached ? { owner: remote.attached.owner, path: remote.folder } : null;
}

function firstStart(attempts: readonly { readonly event: string; readonly atMs: number }[]): number | null {
  const starts = attempts.flatMap(({ event, atMs }) => (event === 'started' ? [atMs] : []));
  return starts.length === 0 ? null : Math.min(...starts);
}

/** A run on this computer is started once. */
function localSpans(process: ProcessFile | null, exit: ExitFile | null): readonly AttemptSpan[] {
  if (process === null) return [];
  const line = { job: '', task: '', restart: 0, node: process.job.host, logBytes: 0, metricsBytes: 0 };
  return [
    {
      started: { ...line, event: 'started', exitCode: null, atMs: process.startedMs },
      ended: exit === null ? null : { ...line, event: 'ended', exitCode: exit.exitCode, atMs: exit.endedMs },
      next: null,
    },
  ];
}

function damagedRun(id: Run['id'], modifiedMs: number): Run {
  const reason = 'run.json cannot be read; the log and metrics in the folder are still there';
  return {
    id,
    name: id,
    recipe: '',
    target: 'this-computer',
    jobId: null,
    detail: null,
    unknownSinceMs: null,
    attempts: [],
    tasks: null,
    after: null,
    parent: null,
    continuations: [],
    evaluates: null,
    isScriptEdited: null,
    overridden: null,
    attached: null,
    state: 'lost',
    createdMs: modifiedMs,
    startedMs: null,
    end: { endedMs: modifiedMs, exitCode: null, signal: null, reason },
    pid: null,
    parameters: {},
    command: [],
    folder: `runs/${id}`,
    configPath: null,
    latest: noLatest.values,
    latestStep: null,
    latestPointMs: null,
    totalSteps: null,
  };
}

/** What a live run's files say is asked for every other second, and changes a few times in its life. */
const readRecordFile = keepReading(jsonReader(runRecord));
const readProcessFile = keepReading(jsonReader(processFile));
const readStopFile = keepReading(jsonReader(stopFile));
const readExitFile = keepReading(jsonReader(exitFile));

/** Reads null from a file that holds anything else. */
function jsonReader<T>(schema: z.ZodType<T>): (path: string) => Promise<T | null> {
  return async (path) => {
    const { text } = await readTextFile(path, MAX_RUN_FILE_BYTES);
    try {
      const parsed = schema.safeParse(JSON.parse(text));
      return parsed.success ? parsed.data : null;
    } catch {
      return null;
    }
  };
}

function orNull<T>(reading: Promise<T>): Promise<T | null> {
  return reading.catch(() => null);
}

async function readLastLine(path: string): Promise<string | null> {
  const handle = await open(path, 'r').catch(() => null);
  if (!handle) return null;
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, LOG_END_BYTES);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    const lines = stripAnsi(buffer.toString('utf8'))
      .split(/[\r\n]+/)
      .map((line) => line.trim())
      .filter((line) => line !== '');
    return lines.at(-1)?.slice(0, MAX_REASON_LINE) ?? null;
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}
