// The parts of the watchdog: windows against plain sorting, episodes over restarts, rows of any trainer, what the clock finds.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Checkpoint, CheckpointList } from '../../../../../core/api/checkpoints.ts';
import { thresholds } from '../../../../../core/api/findings.ts';
import type { RunFacts } from '../../../../../core/api/run-facts.ts';
import { NO_FACTS } from '../../../../../core/lib/derived/read-facts.ts';
import { NO_CHECKPOINTS } from '../../../../../core/lib/checkpoints/merge-listing.ts';
import {
  checkMoment,
  stallSeconds,
  type WatchMoment,
} from '../../../../../core/lib/watchdog/clock-checks.ts';
import { createEpisodes } from '../../../../../core/lib/watchdog/episodes.ts';
import { createRollingWindow } from '../../../../../core/lib/watchdog/rolling-window.ts';
import { createRowBuilder, type WatchRow } from '../../../../../core/lib/watchdog/watch-row.ts';
import { createWatchdog } from '../../../../../core/lib/watchdog/watchdog.ts';
import { rowOf, watch } from './recorded-curves.ts';

const usual = thresholds.parse({});

function plainMedian(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length / 2;
  const high = sorted[Math.floor(middle)] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? Number.NaN) + high) / 2;
}

test('a window has the median and spread of its newest values', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, min: -1e6, max: 1e6 })), {
        minLength: 1,
        maxLength: 80,
      }),
      (capacity, values) => {
        const window = createRollingWindow(capacity);
        for (const [index, value] of values.entries()) {
          window.push(value);
          const held = values.slice(Math.max(0, index + 1 - capacity), index + 1);
          const median = plainMedian(held);
          expect(window.length).toBe(held.length);
          expect(window.median()).toBeCloseTo(median, 6);
          // Zero below zero is zero.
          expect(window.max() + 0).toBe(Math.max(...held) + 0);
          const distance = plainMedian(held.map((held_) => Math.abs(held_ - median)));
          expect(window.deviation()).toBeCloseTo(1.4826 * distance, 4);
        }
      },
    ),
  );
});

describe('rows', () => {
  function rowsFrom(points: readonly (readonly [string, number, number])[]): readonly WatchRow[] {
    const rows: WatchRow[] = [];
    const builder = createRowBuilder(
      (row) => rows.push(row),
      () => 5,
    );
    for (const [tag, step, value] of points) builder.add(tag, step, value);
    builder.flush();
    return rows;
  }

  it('take the first known name of a quantity, and nothing of others', () => {
    const rows = rowsFrom([
      ['train/loss', 1, 9],
      ['lm_loss', 1, 2],
      ['loss', 1, 3],
      ['eval_loss', 1, 4],
      ['learning_rate', 2, 0.1],
    ]);
    expect(rows).toEqual([
      { step: 1, timeMs: 5, values: new Map([['loss', 2]]) },
      { step: 2, timeMs: 5, values: new Map([['rate', 0.1]]) },
    ]);
  });

  it('without any known quantity are none', () => {
    expect(
      rowsFrom([
        ['eval_loss', 1, 4],
        ['rewards/margins', 2, 4],
      ]),
    ).toEqual([]);
  });
});

describe('episodes', () => {
  const alarm = (step: number | null, explanation = 'x') =>
    ({ kind: 'loss-spike', severity: 'warning', title: 't', explanation, advice: 'a', step }) as const;

  it('go on while they are raised, and are over when they are settled', () => {
    const episodes = createEpisodes();
    episodes.raise(alarm(5), 100);
    const { version } = episodes;
    episodes.raise(alarm(6, 'not worse'), 200);
    expect(episodes.version).toBe(version);
    episodes.raise(alarm(7, 'worse'), 300, true);
    episodes.settle('loss-spike');
    episodes.raise(alarm(20), 400);
    expect(episodes.findings).toMatchObject([
      { id: 'loss-spike@5', step: 5, lastStep: 7, atMs: 100, explanation: 'worse', isOver: true },
      { id: 'loss-spike@20', step: 20, isOver: false },
    ]);
  });

  it('of an earlier look are found again, not anew', () => {
    const first = createEpisodes();
    first.raise(alarm(5), 100);
    first.raise(alarm(9), 150);
    first.settle('loss-spike');
    first.raise(alarm(30), 200);
    const again = createEpisodes(first.findings);
    again.raise(alarm(5), 900);
    again.settle('loss-spike');
    again.raise(alarm(30), 900);
    expect(again.findings.map(({ id, atMs, isOver }) => [id, atMs, isOver])).toEqual([
      ['loss-spike@5', 100, true],
      ['loss-spike@30', 200, false],
    ]);
  });

  it('keep a bounded number of them', () => {
    const episodes = createEpisodes();
    for (let step = 0; step < 2000; step += 1) {
      episodes.raise(alarm(step * 10), step);
      episodes.settle('loss-spike');
    }
    expect(episodes.findings).toHaveLength(500);
    expect(episodes.findings.at(-1)?.step).toBe(19_990);
  });
});

describe('points', () => {
  it('may begin again at an earlier step, after a requeue', () => {
    const steps = [...Array(300).keys(), ...Array.from({ length: 200 }, (_, index) => index + 200)];
    const rows = steps.map((step) => rowOf(step, { loss: 2 + 0.01 * Math.sin(step), tokensPerSecond: 1e6 }));
    expect(watch(rows).episodes.findings).toEqual([]);
  });

  it('of another data stage have a level of their own', () => {
    const stages = [
      { name: 'web', startStep: 1 },
      { name: 'math', startStep: 500 },
    ];
    const rows = Array.from({ length: 1000 }, (_, index) =>
      rowOf(index + 1, { loss: (index + 1 < 500 ? 2 : 3) + 0.01 * Math.sin(index * 7) }),
    );
    expect(watch(rows, { ...NO_FACTS, stages }).episodes.findings).toEqual([]);
    expect(watch(rows).episodes.findings.map(({ kind }) => kind)).toContain('loss-spike');
  });

  it('of equal values, zeros and very small ones do not alarm', () => {
    for (const level of [0, 1e-9, 0.69, 2]) {
      const rows = Array.from({ length: 600 }, (_, index) =>
        rowOf(index + 1, { loss: level, gradNorm: level }),
      );
      expect(watch(rows).episodes.findings, String(level)).toEqual([]);
    }
  });

  it('that are no numbers any more are told from the first of them on, however many follow', () => {
    const rows = Array.from({ length: 600 }, (_, index) =>
      rowOf(index + 1, { loss: index + 1 < 300 ? 2 : Number.NaN, gradNorm: 0.4 }),
    );
    const told = (count: number) => watch(rows.slice(0, count)).episodes.findings[0];
    expect(told(300)?.title).toBe('The loss is no number at step 300');
    expect(told(600)).toMatchObject({ step: 300, title: 'The loss is no number since step 300' });
    expect(told(600)?.advice).toContain('newest checkpoint before step 300,');
  });

  it('tell low MFU once, by the facts of the config', () => {
    const facts: RunFacts = {
      ...NO_FACTS,
      gpus: 64,
      gpu: { name: 'A100 64 GB', peakFlops: 312e12, source: 'the resources of the job' },
      flopsPerToken: { nanotron: 4.136e9, 'causal-half': 3.4e9, 'six-n': 2.6e9 },
    };
    const rows = (speed: number) =>
      Array.from({ length: 400 }, (_, index) => rowOf(index + 1, { tokensPerSecond: speed }));
    const { findings } = watch(rows(338_000), facts).episodes;
    expect(findings).toMatchObject([{ kind: 'low-mfu', title: 'Low MFU: 7 %', isOver: false }]);
    expect(watch(rows(2e6), facts).episodes.findings).toEqual([]);
    expect(watch(rows(338_000), facts, { lowMfu: 0.05 }).episodes.findings).toEqual([]);
  });
});

describe('the clock', () => {
  const pace = { secondsPerStep: 2, secondsPerRow: 2, longestGapSeconds: 0 };
  const moment = (change: Partial<WatchMoment>): WatchMoment => ({
    nowMs: 10_000_000,
    facts: NO_FACTS,
    thresholds: usual,
    newestOutputMs: 10_000_000,
    newestRowMs: 10_000_000,
    seenSinceMs: 0,
    isSaving: false,
    newestStep: 100,
    pace,
    checkpoints: null,
    startedMs: 0,
    ...change,
  });
  const found = (...moments: readonly Partial<WatchMoment>[]) => {
    const episodes = createEpisodes();
    for (const change of moments) checkMoment(episodes, moment(change));
    return episodes.findings;
  };
  const silentFor = (seconds: number): Partial<WatchMoment> => ({
    newestOutputMs: 10_000_000 - seconds * 1000,
    newestRowMs: 10_000_000 - seconds * 1000,
  });

  it.each([
    [{ secondsPerStep: 0.1, secondsPerRow: 0.1, longestGapSeconds: 0 }, 60],
    [{ secondsPerStep: 20, secondsPerRow: 20, longestGapSeconds: 0 }, 200],
    [{ secondsPerStep: 2, secondsPerRow: 200, longestGapSeconds: 0 }, 600],
    [{ secondsPerStep: 2, secondsPerRow: 2, longestGapSeconds: 400 }, 600],
  ])(
    'waits for ten iterations, a minute, three rows, and what was waited for before: %o',
    (known, seconds) => {
      expect(stallSeconds(known, usual)).toBe(seconds);
    },
  );

  it('finds a run that writes nothing, and that it goes on', () => {
    expect(found(silentFor(59))).toEqual([]);
    expect(found(silentFor(61))).toMatchObject([{ kind: 'stalled', step: 100, isOver: false }]);
    expect(found(silentFor(61), silentFor(500), silentFor(1))).toMatchObject([{ isOver: true }]);
  });

  it.each([
    ['whose link is down', { newestOutputMs: null }],
    ['that was not seen: the computer slept', { seenSinceMs: 9_990_000 }],
    ['that saves a checkpoint', { isSaving: true }],
    ['that draws the bar of an evaluation', { newestOutputMs: 10_000_000 }],
    ['whose pace is not known yet', { pace: null }],
  ])('says nothing about a run %s', (_, change) => {
    expect(found({ ...silentFor(61), ...change })).toEqual([]);
  });

  const checkpoint = (step: number, change: Partial<Checkpoint> = {}): Checkpoint => ({
    name: String(step),
    path: `/c/${step}`,
    layout: 'nanotron',
    step,
    problem: null,
    isLatest: false,
    tokens: null,
    sizeBytes: 6e9,
    files: 400,
    savedMs: 9_990_000,
    topology: null,
    ...change,
  });
  const list = (checkpoints: Checkpoint[], freeBytes = 1e12): CheckpointList => ({
    ...NO_CHECKPOINTS,
    checkpoints,
    disk: { path: '/c', freeBytes, totalBytes: 2e12 },
  });

  it('tells an unfinished checkpoint from one that is being written', () => {
    const half = { problem: 'model_config.json is missing' };
    expect(found({ checkpoints: list([checkpoint(50), checkpoint(100, half)]) })).toEqual([]);
    expect(found({ checkpoints: list([checkpoint(50, half), checkpoint(100)]) })).toMatchObject([
      { kind: 'checkpoint-incomplete', step: 50 },
    ]);
    const old = checkpoint(100, { ...half, savedMs: 1_000_000 });
    expect(found({ checkpoints: list([checkpoint(50), old]) })[0]?.explanation).toContain(
      'newest whole one is 50',
    );
  });

  it.each([
    [1e12, null],
    [5e10, 'warning'],
    [1e10, 'warning'],
    [1e9, 'error'],
  ])('with %d bytes free', (freeBytes, severity) => {
    const findings = found({ checkpoints: list([checkpoint(50)], freeBytes) });
    expect(findings.map(({ kind, severity: found_ }) => [kind, found_])).toEqual(
      severity === null ? [] : [['disk-nearly-full', severity]],
    );
  });

  it('warns of a time limit that comes before the next checkpoint, not of one that comes after it', () => {
    const facts: RunFacts = {
      ...NO_FACTS,
      limitSeconds: 11_000,
      checkpointInterval: 5000,
      trainSteps: 100_000,
    };
    // 1000 s left, 2 s a step: step 6500.
    const near = { facts, newestStep: 6000, checkpoints: list([checkpoint(5000)]) };
    const [limit] = found(near);
    expect(limit).toMatchObject({ kind: 'time-limit' });
    expect(limit?.explanation).toContain('step 6,500');
    expect(limit?.explanation).toContain('about 1,500 steps');
    expect(found({ ...near, newestStep: 9700 })).toEqual([]);
    expect(found({ ...near, facts: { ...facts, trainSteps: 6200 } })).toEqual([]);
    expect(found({ ...near, startedMs: 9_000_000 })).toEqual([]);
    expect(found({ ...near, facts: { ...facts, limitSeconds: null } })).toEqual([]);
  });
});

test('a watchdog that sees a run twice says the same', () => {
  const rows = Array.from({ length: 800 }, (_, index) =>
    rowOf(index + 1, { loss: index % 200 === 150 ? 9 : 2 + 0.02 * Math.sin(index * 3) }),
  );
  const first = watch(rows);
  const second = createWatchdog({ facts: NO_FACTS, thresholds: usual, known: first.episodes.findings });
  for (const row of rows) second.push(row, 1e12);
  expect(second.episodes.findings).toEqual(first.episodes.findings);
  expect(first.episodes.findings.map(({ step }) => step)).toEqual([151, 351, 551, 751]);
});

test('a run that is started again is not measured by where it had been', () => {
  const falling = (steps: number) =>
    Array.from({ length: steps }, (_, index) =>
      rowOf(index + 1, { loss: 2 + 8 * Math.exp(-index / 40) + 0.01 * Math.sin(index * 3), gradNorm: 0.4 }),
    );
  expect(watch([...falling(300), ...falling(300)]).episodes.findings).toEqual([]);
});
