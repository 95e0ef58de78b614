// What the attempts of a run left in its files: the steps each logged, and Slurm's own words about its end. Small pieces around the
// places where an attempt began; remembered, because what an earlier attempt wrote does not change.
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createTrainingLog } from '../../lib/logs/training-log.ts';
import type { AttemptSpan, AttemptTrace } from '../../lib/runs/attempts.ts';
import { MAIN_LOG, METRICS } from '../../lib/runs/log-names.ts';
import { stateInLog } from '../../lib/slurm/log-words.ts';

/** Before the first step a trainer prints its config, and a compiler its warnings. */
const HEAD_BYTES = 262_144;
const TAIL_BYTES = 65_536;
/** Slurm writes its words last; a trainer that is ended prints a traceback a rank around them. */
const WORDS_BYTES = 16_384;

export interface TraceReader {
  /** `newestStep` is the last step of the newest attempt. `folder` is the run's. */
  read(
    folder: string,
    spans: readonly AttemptSpan[],
    newestStep: number | null,
  ): Promise<readonly AttemptTrace[]>;
}

export function createTraceReader(): TraceReader {
  const known = new Map<string, AttemptTrace>();
  return {
    read: (folder, spans, newestStep) =>
      Promise.all(
        spans.map(async (span): Promise<AttemptTrace> => {
          // One attempt alone needs no bounds, and nothing was done twice.
          const key = `${folder} ${span.started.atMs} ${span.next?.atMs ?? ''}`;
          const before = known.get(key);
          const trace = before ?? (await traceOf(folder, span));
          // The newest one may not have logged a step yet, and a copy may still be on its way.
          const isWhole = span.next === null ? trace.firstStep !== null : await isHere(folder, span.next);
          if (isWhole) known.set(key, trace);
          return span.next === null ? { ...trace, lastStep: newestOf(trace, newestStep) } : trace;
        }),
      ),
  };
}

function newestOf({ firstStep, lastStep }: AttemptTrace, newestStep: number | null): number | null {
  if (firstStep === null) return lastStep;
  return newestStep === null || newestStep < firstStep ? (lastStep ?? firstStep) : newestStep;
}

async function traceOf(folder: string, { started, next }: AttemptSpan): Promise<AttemptTrace> {
  const metrics = await stepsBetween(
    join(folder, METRICS),
    started.metricsBytes ?? 0,
    next?.metricsBytes ?? null,
  );
  const log = join(folder, MAIN_LOG);
  const steps = metrics ?? (await stepsBetween(log, started.logBytes ?? 0, next?.logBytes ?? null));
  const words = next?.logBytes == null ? '' : await textBefore(log, started.logBytes ?? 0, next.logBytes);
  return { firstStep: steps?.first ?? null, lastStep: steps?.last ?? null, stateInLog: stateInLog(words) };
}

/** Whether the files hold everything that was written before this start. */
async function isHere(folder: string, { logBytes, metricsBytes }: AttemptSpan['started']): Promise<boolean> {
  const sizes = await Promise.all([sizeOf(join(folder, MAIN_LOG)), sizeOf(join(folder, METRICS))]);
  return sizes[0] >= (logBytes ?? 0) && sizes[1] >= (metricsBytes ?? 0);
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** First and last step that a file holds between two places; null where it holds none. */
async function stepsBetween(
  path: string,
  from: number,
  to: number | null,
): Promise<{ readonly first: number; readonly last: number | null } | null> {
  const head = await readPiece(path, from, Math.min(HEAD_BYTES, (to ?? Number.POSITIVE_INFINITY) - from));
  const first = stepsIn(path, head).first;
  if (first === null) return null;
  if (to === null) return { first, last: null };
  const start = Math.max(from, to - TAIL_BYTES);
  const tail = await readPiece(path, start, to - start);
  const whole = start === from ? tail : tail.subarray(tail.indexOf(0x0a) + 1);
  return { first, last: stepsIn(path, whole).last ?? first };
}

function stepsIn(
  path: string,
  bytes: Uint8Array,
): { readonly first: number | null; readonly last: number | null } {
  const log = createTrainingLog(path);
  log.push(bytes);
  log.settle();
  let first: number | null = null;
  for (const column of log.series.values()) {
    const step = column.view().steps[0];
    if (step !== undefined && (first === null || step < first)) first = step;
  }
  return { first, last: log.newestStep };
}

async function textBefore(path: string, from: number, to: number): Promise<string> {
  const start = Math.max(from, to - WORDS_BYTES);
  return new TextDecoder().decode(await readPiece(path, start, to - start));
}

async function readPiece(path: string, start: number, length: number): Promise<Uint8Array> {
  if (length <= 0) return new Uint8Array();
  const handle = await open(path, 'r').catch(() => null);
  if (!handle) return new Uint8Array();
  try {
    const size = Math.max(0, Math.min(length, (await handle.stat()).size - start));
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, start);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
