// Turns the columns of feeds into what charts draw: x, smoothed lines, derivatives, differences, and summaries that make a million
// points quick. Every point is looked at once per way of drawing it, and so many per round that no frame is missed: what is not
// ready in one round comes with the next.
import type { SeriesSource } from '../../../../core/api/series.ts';
import { replacedTag } from '../../../../core/lib/series/extra-columns.ts';
import { differenceOf, smoothDerivativeOf } from '../../../../core/lib/series/derived-curves.ts';
import { createSmoother, type Smoother } from '../../../../core/lib/series/smoothing.ts';
import { createValueSummary, type ValueSummary } from '../../../../core/lib/series/value-summary.ts';
import { xAtSteps, type XReference } from '../../../../core/lib/series/x-values.ts';
import type { ColumnBuffer } from '../../../../core/lib/series/column-buffer.ts';
import type { SmoothingSpan } from '../../../../core/lib/dashboards/curve-look.ts';
import { type Columns, referenceKey, xReferenceOf } from '../../../../core/lib/series/run-x.ts';
import type { ChartSeries, ReplacedPoints } from '../../../charts/chart-series.ts';
import type { CurveLook } from './curve-settings.ts';

export interface CurveRun {
  readonly id: string;
  readonly label: string;
  readonly color: number;
  readonly columns: Columns;
  readonly source: SeriesSource;
  /** How many points core has of a metric. */
  readonly pointsOf: (tag: string) => number;
  /** Whether core still reads what was there when it was opened. */
  readonly isReading: boolean;
  /** From its config; null where there is none or the batch changes. */
  readonly tokensPerStep: number | null;
}

/** What is drawn of a metric: its values, how fast they change, or how far each run is from the first. */
export type CurveShape = 'value' | 'derivative' | 'difference';

export interface CurveOrder {
  readonly tag: string;
  readonly look: Pick<CurveLook, 'x' | 'withoutWaits'>;
  readonly span: SmoothingSpan | null;
  readonly shape: CurveShape;
}

export interface CurveCache {
  /** A new budget; call it once before the orders of a render. */
  startRound(): void;
  /** Runs without points of the metric, or not ready yet, are left out. */
  seriesOf(runs: readonly CurveRun[], order: CurveOrder): readonly ChartSeries[];
  /** Whether something was left for the next round. */
  readonly isBehind: boolean;
}

/** Points a round may look at: about 10 ms on a slow machine. */
const POINTS_A_ROUND = 1_500_000;
/** Per what a derivative is told. */
export const DERIVATIVE_UNITS = { steps: 1000, tokens: 1e9, time: 3_600_000, relative: 3600 } as const;

interface Drawn {
  epoch: number;
  length: number;
  key: string;
  x: Float64Array;
  values: Float64Array;
  summary: ValueSummary;
  smoothed: Smoothing | null;
}

interface Smoothing {
  readonly key: string;
  readonly smoother: Smoother;
  values: Float64Array;
  done: number;
  readonly summary: ValueSummary;
}

export function createCurveCache(): CurveCache {
  const plain = new WeakMap<ColumnBuffer, Map<string, Drawn>>();
  const references = new WeakMap<Columns, { key: string; reference: XReference | null }>();
  const summaries = new WeakMap<ColumnBuffer, { epoch: number; summary: ValueSummary }>();
  let budget = POINTS_A_ROUND;
  let isBehind = false;

  /** One for all ways of drawing a column. */
  const summaryOf = (column: ColumnBuffer): ValueSummary => {
    const known = summaries.get(column);
    const entry =
      known?.epoch === column.epoch ? known : { epoch: column.epoch, summary: createValueSummary() };
    summaries.set(column, entry);
    entry.summary.update(column.view().values);
    return entry.summary;
  };

  /** Whether so many points may be looked at now. A round that has done nothing yet may always do one thing. */
  const mayTake = (points: number): boolean => {
    if (points > budget && budget < POINTS_A_ROUND) {
      isBehind = true;
      return false;
    }
    budget -= points;
    return true;
  };

  const referenceOf = (run: CurveRun, look: CurveOrder['look']): XReference | null => {
    const key = `${look.x} ${look.withoutWaits} ${run.tokensPerStep} ${referenceKey(run.columns, look)}`;
    const known = references.get(run.columns);
    if (known?.key === key) return known.reference;
    const reference = xReferenceOf(run.columns, look, run.tokensPerStep);
    references.set(run.columns, { key, reference });
    return reference;
  };

  /** x and values of a metric, or null when that has to wait. */
  const drawnOf = (run: CurveRun, order: CurveOrder): Drawn | null => {
    const column = run.columns.get(order.tag);
    if (!column || column.length === 0) return null;
    const { look } = order;
    const key = `${look.x} ${look.withoutWaits} ${run.tokensPerStep} ${referenceKey(run.columns, look)}`;
    const ways = plain.get(column) ?? new Map<string, Drawn>();
    plain.set(column, ways);
    const known = ways.get(look.x);
    const isSame = known !== undefined && known.epoch === column.epoch && known.key === key;
    if (isSame && known.length === column.length) return known;
    const reference = referenceOf(run, look);
    // A run that does not say where its points stand on this axis is not drawn on it.
    if (look.x !== 'steps' && !reference) return null;
    if (!mayTake(column.length - (isSame ? known.length : 0))) return isSame ? known : null;
    const { steps, values } = column.view();
    const summary = summaryOf(column);
    const x = reference ? xAtSteps(steps, reference) : steps;
    // Smoothed values stay good while points are only added.
    const smoothed = known && known.epoch === column.epoch ? known.smoothed : null;
    const drawn = { epoch: column.epoch, length: column.length, key, x, values, summary, smoothed };
    ways.set(look.x, drawn);
    return drawn;
  };

  const smoothedOf = (run: CurveRun, drawn: Drawn, order: CurveOrder): Smoothing | null => {
    const { span } = order;
    const column = run.columns.get(order.tag);
    if (!span || !column) return null;
    const along = alongOf(run, order, column);
    if (!along) return null;
    const key = `${span.unit} ${span.amount} ${run.tokensPerStep}`;
    const before = drawn.smoothed?.key === key ? drawn.smoothed : null;
    const smoothing: Smoothing = before ?? {
      key,
      smoother: createSmoother(span.amount),
      values: new Float64Array(0),
      done: 0,
      summary: createValueSummary(),
    };
    drawn.smoothed = smoothing;
    const length = drawn.values.length;
    if (smoothing.values.length < length) {
      const grown = new Float64Array(Math.max(length, Math.ceil(smoothing.values.length * 1.5)));
      grown.set(smoothing.values.subarray(0, smoothing.done));
      smoothing.values = grown;
    }
    const wanted = Math.min(length, along.length) - smoothing.done;
    const take = wanted === 0 || mayTake(wanted) ? wanted : 0;
    const { done, values: into } = smoothing;
    smoothing.smoother.run({ x: along, values: drawn.values, into }, done, done + take);
    smoothing.done += take;
    smoothing.summary.update(smoothing.values.subarray(0, smoothing.done));
    return smoothing;
  };

  /** The column that is smoothed over: steps, or tokens whatever the axis counts; null where the run has no tokens. */
  const alongOf = (run: CurveRun, order: CurveOrder, column: ColumnBuffer): Float64Array | null =>
    order.span?.unit === 'steps'
      ? column.view().steps
      : (drawnOf(run, { ...order, look: { x: 'tokens', withoutWaits: false } })?.x ?? null);

  const plainSeries = (run: CurveRun, order: CurveOrder): ChartSeries | null => {
    const drawn = drawnOf(run, order);
    const column = run.columns.get(order.tag);
    if (!drawn || !column) return null;
    const smoothing = smoothedOf(run, drawn, order);
    const steps = column.view().steps.subarray(0, drawn.values.length);
    return {
      id: run.id,
      label: run.label,
      color: run.color,
      steps,
      x: drawn.x,
      values: drawn.values,
      summary: drawn.summary,
      smoothed: smoothing ? smoothing.values.subarray(0, smoothing.done) : null,
      smoothedSummary: smoothing?.summary ?? null,
      replaced: replacedOf(run, order, referenceOf(run, order.look)),
    };
  };

  const derivativeSeries = (run: CurveRun, order: CurveOrder): ChartSeries | null => {
    const series = plainSeries(run, order);
    if (!series || !mayTake(series.values.length)) return null;
    const x = series.x ?? series.steps;
    const values = smoothDerivativeOf(
      { x, values: series.smoothed ?? series.values },
      0,
      DERIVATIVE_UNITS[order.look.x],
    );
    return withOwnSummary({ ...series, values, smoothed: null, replaced: [] });
  };

  const differenceSeries = (runs: readonly CurveRun[], order: CurveOrder): readonly ChartSeries[] => {
    const [base, ...others] = runs.flatMap((run) => plainSeries(run, order) ?? []);
    if (!base) return [];
    const baseX = base.x ?? base.steps;
    return others.flatMap((series) => {
      if (!mayTake(series.values.length * 2)) return [];
      const x = series.x ?? series.steps;
      const raw = differenceOf({ x, values: series.values }, { x: baseX, values: base.values });
      const { smoothed } = series;
      const isWhole =
        smoothed?.length === series.values.length && base.smoothed?.length === base.values.length;
      const smooth =
        smoothed && base.smoothed && isWhole
          ? differenceOf({ x, values: smoothed }, { x: baseX, values: base.smoothed }).values
          : null;
      const first = raw.x.length === 0 ? 0 : x.indexOf(raw.x[0] as number);
      const steps = series.steps.subarray(first, first + raw.x.length);
      const label = `${series.label} − ${base.label}`;
      return [
        withOwnSummary({
          ...series,
          label,
          steps,
          x: raw.x,
          values: raw.values,
          smoothed: smooth,
          replaced: [],
        }),
      ];
    });
  };

  return {
    startRound() {
      budget = POINTS_A_ROUND;
      isBehind = false;
    },
    seriesOf(runs, order) {
      if (order.shape === 'difference') return differenceSeries(runs, order);
      const one = order.shape === 'derivative' ? derivativeSeries : plainSeries;
      return runs.flatMap((run) => one(run, order) ?? []);
    },
    get isBehind() {
      return isBehind;
    },
  };
}

function withOwnSummary(series: ChartSeries): ChartSeries {
  const summary = createValueSummary();
  summary.update(series.values);
  return { ...series, summary, smoothedSummary: null };
}

function replacedOf(
  run: CurveRun,
  order: CurveOrder,
  reference: XReference | null,
): readonly ReplacedPoints[] {
  const pieces: ReplacedPoints[] = [];
  for (const [name, column] of run.columns) {
    if (replacedTag(name) !== order.tag || column.length === 0) continue;
    // On a clock nobody knows when steps were done that were done again.
    if (order.look.x === 'time' || order.look.x === 'relative') continue;
    const { steps, values } = column.view();
    pieces.push({ x: reference ? xAtSteps(steps, reference) : steps, values });
  }
  return pieces;
}
