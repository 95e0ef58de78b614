// Curves recorded from real trainings (test/fixtures/watchdog/make.py), and longer ones made of their noise.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { type Thresholds, thresholds } from '../../../../../core/api/findings.ts';
import type { RunFacts } from '../../../../../core/api/run-facts.ts';
import { NO_FACTS } from '../../../../../core/lib/derived/read-facts.ts';
import type { Quantity } from '../../../../../core/lib/derived/known-tags.ts';
import { createWatchdog, type Watchdog } from '../../../../../core/lib/watchdog/watchdog.ts';
import type { WatchRow } from '../../../../../core/lib/watchdog/watch-row.ts';

const folder = join(import.meta.dirname, '../../../../fixtures/watchdog');

const value = z
  .union([z.number(), z.enum(['nan', 'inf', '-inf'])])
  .transform((read) =>
    typeof read === 'number' ? read : read === 'nan' ? Number.NaN : read === 'inf' ? Infinity : -Infinity,
  );
const curve = z.object({
  name: z.string(),
  fault: z.string().nullable(),
  at: z.number(),
  schedule: z.object({
    kind: z.enum(['cosine', 'wsd', 'linear', 'constant']),
    peak: z.number(),
    warmup: z.number(),
  }),
  loss: z.array(value),
  norm: z.array(value),
  rate: z.array(value),
});
export type Curve = z.infer<typeof curve>;

export function readCurves(): readonly Curve[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json.gz'))
    .sort()
    .map((name) => curve.parse(JSON.parse(gunzipSync(readFileSync(join(folder, name))).toString('utf8'))));
}

/** What the config of such a training would have said. */
export function factsOf({ schedule: { kind, peak, warmup }, rate }: Curve): RunFacts {
  const trainSteps = rate.length;
  const shared = { kind: 'nanotron', peak, warmupSteps: warmup, warmupStyle: 'linear', trainSteps } as const;
  const decaySteps = trainSteps - warmup;
  const plain = { ...shared, decayStart: warmup, decaySteps } as const;
  switch (kind) {
    case 'cosine':
      return { ...NO_FACTS, schedule: { ...plain, decayStyle: 'cosine', minimum: 0.1 * peak } };
    case 'linear':
      return { ...NO_FACTS, schedule: { ...plain, decayStyle: 'linear', minimum: 0 } };
    case 'constant':
      return { ...NO_FACTS, schedule: { ...plain, decayStyle: 'linear', minimum: peak } };
    case 'wsd': {
      const decayStart = warmup + 0.8 * decaySteps;
      return {
        ...NO_FACTS,
        schedule: {
          ...shared,
          decayStyle: 'linear',
          decayStart,
          decaySteps: 0.2 * decaySteps,
          minimum: 0.02 * peak,
        },
      };
    }
  }
}

export function rowOf(step: number, values: Readonly<Partial<Record<Quantity, number>>>): WatchRow {
  return { step, timeMs: null, values: new Map(Object.entries(values) as [Quantity, number][]) };
}

/**
 * Tokens per second as clusters have them: some percent of jitter, a slow drift, now and then a row that waited for data, and one that
 * waited for a checkpoint. Modelled, not recorded: the computer that recorded the losses had other work.
 */
export function speedOf(step: number, random: () => number): number {
  const jitter = 1 + 0.015 * (random() + random() + random() - 1.5);
  const drift = 1 + 0.03 * Math.sin(step / 900);
  const waits = random() < 0.005 ? 0.55 : 1;
  return three(1e6 * jitter * drift * waits * (step % 500 === 0 ? 0.2 : 1));
}

export function rowsOf({ loss, norm, rate }: Curve, seed = 1): readonly WatchRow[] {
  const random = randomNumbers(seed);
  return loss.map((lossValue, index) =>
    rowOf(index + 1, {
      loss: lossValue,
      gradNorm: norm[index] ?? Number.NaN,
      rate: rate[index] ?? Number.NaN,
      tokensPerSecond: speedOf(index + 1, random),
    }),
  );
}

export function watch(
  rows: Iterable<WatchRow>,
  facts: RunFacts = NO_FACTS,
  change: Partial<Thresholds> = {},
): Watchdog {
  const watchdog = createWatchdog({ facts, thresholds: { ...thresholds.parse({}), ...change } });
  for (const row of rows) watchdog.push(row, 0);
  return watchdog;
}

/** Numbers between 0 and 1 that are the same each time. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const BLOCK = 50;
const SMOOTHING = 100;

/**
 * A calm run of any length: the recorded noise around the curve's own trend, drawn in blocks so that neighbouring points stay alike, over
 * a loss that falls as a long training's does.
 */
export function* longRun(recorded: Curve, points: number, seed: number): Generator<WatchRow> {
  const random = randomNumbers(seed);
  const start = Math.floor(recorded.loss.length / 2);
  const noise = ratiosToTrend(recorded.loss.slice(start));
  const norms = ratiosToTrend(recorded.norm.slice(start));
  let place = 0;
  for (let step = 1; step <= points; step += 1) {
    if ((step - 1) % BLOCK === 0) place = Math.floor(random() * (noise.length - BLOCK));
    const at = place + ((step - 1) % BLOCK);
    const trend = 2 + 8 * (1 + step / 200) ** -0.5;
    yield rowOf(step, {
      loss: three(trend * (noise[at] ?? 1)),
      gradNorm: three(0.3 * (norms[at] ?? 1)),
      tokensPerSecond: speedOf(step, random),
    });
  }
}

/** The same training with batches a hundred times as large: a tenth of the noise around the same trend. */
export function withLargeBatches(recorded: Curve): Curve {
  const quieter = (values: readonly number[]) => {
    const ratios = ratiosToTrend(values);
    return values.map((read, index) => {
      const ratio = ratios[index] ?? 1;
      return three((read / ratio) * (1 + (ratio - 1) / 10));
    });
  };
  return {
    ...recorded,
    name: `${recorded.name}, large batches`,
    loss: quieter(recorded.loss),
    norm: quieter(recorded.norm),
  };
}

/** Each value over the mean of those around it. */
function ratiosToTrend(values: readonly number[]): readonly number[] {
  const sums = [0];
  for (const read of values) sums.push((sums.at(-1) ?? 0) + read);
  return values.map((read, index) => {
    const first = Math.max(0, index - SMOOTHING);
    const last = Math.min(values.length, index + SMOOTHING + 1);
    return read / (((sums[last] ?? 0) - (sums[first] ?? 0)) / (last - first));
  });
}

function three(read: number): number {
  return Number(read.toPrecision(3));
}
