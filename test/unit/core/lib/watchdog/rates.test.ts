// How often the watchdog is wrong: over recorded trainings that were calm, and over faults planted where the test knows them. Prints
// both rates.
import { afterAll, describe, expect, test } from 'vitest';
import type { FindingKind } from '../../../../../core/api/findings.ts';
import type { Quantity } from '../../../../../core/lib/derived/known-tags.ts';
import type { WatchRow } from '../../../../../core/lib/watchdog/watch-row.ts';
import {
  type Curve,
  factsOf,
  longRun,
  readCurves,
  rowsOf,
  watch,
  withLargeBatches,
} from './recorded-curves.ts';

const curves = readCurves();
const calm = curves.filter(({ fault }) => fault === null);
const broken = curves.filter(({ fault }) => fault !== null);
/** A step a second, as a pre-training of some hundred million parameters has. */
const STEPS_A_DAY = 86_400;
const LONG_POINTS = STEPS_A_DAY;
/** A fault is found in time when it is found within so many points. */
const IN_TIME = 30;

const lines: string[] = [];
// oxlint-disable-next-line no-console
afterAll(() => console.log(lines.join('\n')));

describe('false alarms', () => {
  test('none on the calm curves as they were recorded', () => {
    let points = 0;
    for (const curve of calm) {
      const { findings } = watch(rowsOf(curve), factsOf(curve)).episodes;
      expect(findings, curve.name).toEqual([]);
      points += curve.loss.length;
    }
    expect(calm.length).toBeGreaterThanOrEqual(5);
    lines.push(`Calm, recorded: 0 false alarms in ${points} points of ${calm.length} trainings`);
  });

  test('at most one a run-day over long runs made of their noise', { timeout: 60_000 }, () => {
    let alarms = 0;
    let days = 0;
    for (const [index, curve] of calm.entries()) {
      const { findings } = watch(longRun(curve, LONG_POINTS, index + 1)).episodes;
      const rate = findings.length / (LONG_POINTS / STEPS_A_DAY);
      expect(rate, `${curve.name}: ${findings.map(({ id }) => id).join(' ')}`).toBeLessThanOrEqual(1);
      alarms += findings.length;
      days += LONG_POINTS / STEPS_A_DAY;
    }
    lines.push(
      `Calm, long: ${alarms} false alarms in ${days} run-days: ${(alarms / days).toFixed(2)} a run-day`,
    );
  });
});

/** Which finding says that this fault happened. */
const kindsOf: Readonly<Record<string, readonly FindingKind[]>> = {
  'rate-jump': ['rate-off-schedule', 'loss-rise', 'loss-spike'],
  'rate-too-high': ['rate-off-schedule', 'loss-rise', 'loss-spike'],
  'rate-zero': ['rate-off-schedule'],
  weight: ['not-finite', 'loss-spike'],
  'bad-data': ['loss-spike', 'loss-rise'],
  gradient: ['grad-norm'],
};

test.each(broken.map((curve) => [curve.fault ?? '', curve] as const))(
  'a recorded %s is found in time',
  (fault, curve) => {
    const { findings } = watch(rowsOf(curve), factsOf(curve)).episodes;
    const steps = findings.filter(({ kind }) => kindsOf[fault]?.includes(kind)).map(({ step }) => step ?? 0);
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(curve.at);
    expect(Math.min(...steps)).toBeLessThanOrEqual(curve.at + IN_TIME);
    // Nothing was found before there was anything.
    expect(findings.filter(({ step }) => (step ?? 0) < curve.at)).toEqual([]);
  },
);

test('what the loss alone tells is found without a schedule', () => {
  for (const curve of broken.filter(({ fault }) => fault === 'rate-jump' || fault === 'rate-too-high')) {
    const { findings } = watch(rowsOf(curve)).episodes;
    const first = findings.find(({ kind }) => kind === 'loss-rise' || kind === 'loss-spike');
    expect(first?.step, curve.name).toBeLessThanOrEqual(curve.at + IN_TIME);
  }
});

/** As much of a curve as the longest window holds, and what comes after the fault. */
const BEFORE = 1500;
const AFTER = 100;

type Plant = (curve: Curve, row: WatchRow, at: number) => Partial<Record<Quantity, number>>;
const from = (row: WatchRow, quantity: Quantity): number => row.values.get(quantity) ?? Number.NaN;
const during = (row: WatchRow, at: number, points: number): boolean =>
  row.step >= at && row.step < at + points;
/** So far a spike stands out: one text a step is nearly all noise, a million tokens have hardly any. */
function spikeOf({ name }: Curve): number {
  if (name.includes('large')) return 1.3;
  return name.includes('small') || name.includes('tiny') ? 4 : 2.5;
}

const plants: readonly (readonly [FindingKind, Plant])[] = [
  ['not-finite', (_, row, at) => (row.step === at ? { loss: Number.NaN } : {})],
  ['not-finite', (_, row, at) => (row.step === at ? { gradNorm: Infinity } : {})],
  [
    'loss-spike',
    (curve, row, at) => (during(row, at, 3) ? { loss: from(row, 'loss') * spikeOf(curve) } : {}),
  ],
  [
    'loss-rise',
    (curve, row, at) =>
      row.step >= at
        ? {
            loss:
              from(row, 'loss') *
              (1 + Math.max(0.15, (spikeOf(curve) - 1) / 4) * Math.min(1, (row.step - at) / 20)),
          }
        : {},
  ],
  ['grad-norm', (_, row, at) => (row.step === at ? { gradNorm: from(row, 'gradNorm') * 40 } : {})],
  [
    'throughput-drop',
    (_, row, at) => (during(row, at, 60) ? { tokensPerSecond: from(row, 'tokensPerSecond') * 0.7 } : {}),
  ],
  ['rate-off-schedule', (_, row, at) => (row.step >= at ? { rate: from(row, 'rate') * 0.9 } : {})],
];

test('every fault planted into the calm curves is found in time', () => {
  let found = 0;
  let late = 0;
  const missed: string[] = [];
  for (const curve of [...calm, ...calm.slice(0, 2).map(withLargeBatches)]) {
    const rows = rowsOf(curve);
    const facts = factsOf(curve);
    for (const [kind, plant] of plants) {
      for (const share of [0.15, 0.3, 0.5, 0.7, 0.9]) {
        const at = Math.round(rows.length * share);
        const near = rows.slice(Math.max(0, at - BEFORE), at + AFTER);
        const planted = near.map((row) => ({
          ...row,
          values: new Map([
            ...row.values,
            ...(Object.entries(plant(curve, row, at)) as [Quantity, number][]),
          ]),
        }));
        const finding = watch(planted, facts).episodes.findings.find((candidate) => candidate.kind === kind);
        if (finding?.step == null) missed.push(`${kind} in ${curve.name} at ${at}`);
        else {
          expect(finding.step).toBeGreaterThanOrEqual(at);
          if (finding.step > at + IN_TIME) late += 1;
          found += 1;
        }
      }
    }
  }
  lines.push(
    `Planted: ${found} of ${found + missed.length} found, ${late} of them later than ${IN_TIME} points`,
  );
  expect(missed).toEqual([]);
  expect(late).toBe(0);
});
