// How fast a million points become what a chart draws, against the object-per-point way most monitors use.
import { envelopeOf } from '../../core/lib/series/envelope.ts';
import { smooth } from '../../core/lib/series/smoothing.ts';
import type { Measurement } from './measurement.ts';
import { interleavedMedians } from './measure-pair.ts';

const POINTS = 1_000_000;
const PIXELS = 1200;

interface Point {
  readonly step: number;
  readonly value: number;
}

interface Column {
  min: number;
  max: number;
}

function objectEnvelope(points: readonly Point[]): readonly (Column | undefined)[] {
  const columns: (Column | undefined)[] = [];
  for (const { step, value } of points) {
    const place = Math.min(PIXELS - 1, Math.floor((step / (POINTS - 1)) * PIXELS));
    const column = columns[place];
    if (!column) columns[place] = { min: value, max: value };
    else {
      column.min = Math.min(column.min, value);
      column.max = Math.max(column.max, value);
    }
  }
  return columns;
}

function objectSmoothing(points: readonly Point[]): readonly Point[] {
  let mean = 0;
  return points.map(({ step, value }, index) => {
    mean = mean * 0.99 + value * 0.01;
    return { step, value: mean / (1 - 0.99 ** (index + 1)) };
  });
}

/** Medians of interleaved rounds on one million points. */
export async function bench(): Promise<readonly Measurement[]> {
  const steps = Float64Array.from({ length: POINTS }, (_, index) => index);
  const values = steps.map((step) => 2 + 8 * Math.exp(-step / 50_000) + Math.sin(step * 12.9898) * 0.05);
  const points: readonly Point[] = Array.from(steps, (step, index) => ({ step, value: values[index] ?? 0 }));
  const range = { from: 0, to: POINTS - 1, columns: PIXELS };
  const envelope = interleavedMedians(
    () => envelopeOf(steps, values, range),
    () => objectEnvelope(points),
  );
  const smoothing = interleavedMedians(
    () => smooth(steps, values, 100),
    () => objectSmoothing(points),
  );
  return [
    {
      name: 'Envelope of 1M points to 1,200 columns',
      ...envelope,
      anchor: 'min/max over point objects',
      limit: 1.5,
    },
    { name: 'Smoothing of 1M points', ...smoothing, anchor: 'debiased mean over point objects', limit: 1 },
  ];
}
