// Marks on curves: checkpoints, restarts, data stages, findings. Where each stands in pixels, and which are so close that they
// are one. Pure: a canvas and an SVG file paint what is placed here, buttons lie over it.
import { nearestIndex } from '../../core/lib/series/search.ts';
import { type ChartSeries, xOf } from './chart-series.ts';

/**
 * Decides the sign: a ring on the curve (`point`: the value itself, in the curve's colour), or a line over the whole height with a sign
 * at the top.
 */
export type MarkKind = 'checkpoint' | 'point' | 'restart' | 'stage' | 'finding' | 'parting' | 'note';

export interface ChartMark {
  /** Unique within a chart. */
  readonly id: string;
  readonly kind: MarkKind;
  /** The training step it belongs to, whatever the x axis counts. */
  readonly step: number;
  /** Set for what holds over a range: a stage, steps that were done again. */
  readonly toStep?: number;
  /** What it is, in a few words: "Checkpoint 180,000", "Loss spike ×2.1". */
  readonly label: string;
  /** A second line: what is known about it. */
  readonly detail?: string;
  readonly severity?: 'info' | 'warning' | 'error';
  /** The series it belongs to; the first one when absent. */
  readonly seriesId?: string;
  /** Only on charts of these tags; on all when absent. */
  readonly tags?: readonly string[];
  /** A ring that is filled. */
  readonly isChosen?: boolean;
  /** What a click or Enter does. */
  readonly onOpen?: () => void;
}

export interface PlacedMark {
  /** One mark, or several that stand within a few pixels of each other and are of one kind. */
  readonly marks: readonly [ChartMark, ...ChartMark[]];
  readonly kind: MarkKind;
  /** CSS pixels inside the plot area. */
  readonly x: number;
  readonly toX: number | null;
  /** Of the curve at the mark; null for what stands at the top. */
  readonly y: number | null;
  readonly color: number;
}

export interface MarkPlace {
  /** x of the axis → pixels inside the plot area. */
  readonly xToPixels: (x: number) => number;
  readonly yToPixels: (value: number) => number;
  readonly width: number;
  readonly height: number;
}

/** Marks of one kind closer than this cannot be hit one by one. */
const MERGE_PX = 12;
/** Values of a curve are each a result of their own: only those that lie on each other are one. */
const MERGE_POINTS_PX = 5;

/** Those inside the plot area, from left to right. */
export function placeMarks(
  marks: readonly ChartMark[],
  series: readonly ChartSeries[],
  place: MarkPlace,
): readonly PlacedMark[] {
  const placed = marks
    .flatMap((mark): PlacedMark[] => {
      const owner = series.find((one) => one.id === mark.seriesId) ?? series[0];
      if (!owner) return [];
      const at = xAtStep(owner, mark.step);
      if (at === null) return [];
      const x = place.xToPixels(at);
      const end = mark.toStep === undefined ? null : xAtStep(owner, mark.toStep, true);
      const toX = end === null ? null : place.xToPixels(end);
      if (!Number.isFinite(x) || Math.max(x, toX ?? x) < 0 || x > place.width) return [];
      const isRing = mark.kind === 'checkpoint' || mark.kind === 'point';
      const value = isRing ? valueAtStep(owner, mark.step) : null;
      const y = value === null ? null : clamped(place.yToPixels(value), place.height);
      return [{ marks: [mark], kind: mark.kind, x, toX, y, color: owner.color }];
    })
    .toSorted((a, b) => a.x - b.x);
  return merged(placed);
}

function merged(placed: readonly PlacedMark[]): readonly PlacedMark[] {
  const result: PlacedMark[] = [];
  const newest = new Map<string, number>();
  for (const one of placed) {
    // Points of two curves of one colour stay apart.
    const key = `${one.kind} ${one.color} ${one.kind === 'point' ? one.marks[0].seriesId : ''}`;
    const at = newest.get(key);
    const before = at === undefined ? undefined : result[at];
    if (at !== undefined && before && one.toX === null && before.toX === null && isNear(before, one)) {
      result[at] = { ...before, marks: [...before.marks, ...one.marks] };
    } else {
      newest.set(key, result.length);
      result.push(one);
    }
  }
  return result;
}

function isNear(before: PlacedMark, one: PlacedMark): boolean {
  if (one.kind !== 'point') return one.x - before.x < MERGE_PX;
  return Math.hypot(one.x - before.x, (one.y ?? 0) - (before.y ?? 0)) < MERGE_POINTS_PX;
}

/** Where a training step stands on the x axis; between two points in proportion. Null beyond the curve unless `clamps`. */
export function xAtStep(series: ChartSeries, step: number, clamps = false): number | null {
  const { steps } = series;
  const x = xOf(series);
  if (steps.length === 0) return null;
  if (x === steps) return step;
  const index = nearestIndex(steps, step);
  const near = steps[index] as number;
  if (near === step) return x[index] as number;
  const other = near < step ? index + 1 : index - 1;
  if (other < 0 || other >= steps.length) {
    // A checkpoint of the newest step is written before the next line is logged: a little beyond is still the end.
    const span = Math.abs((steps[steps.length - 1] as number) - (steps[0] as number));
    return clamps || Math.abs(near - step) <= span * 0.02 + 1 ? (x[index] as number) : null;
  }
  const share = (step - near) / ((steps[other] as number) - near);
  return (x[index] as number) + share * ((x[other] as number) - (x[index] as number));
}

function valueAtStep(series: ChartSeries, step: number): number | null {
  const index = nearestIndex(series.steps, step);
  if (index < 0) return null;
  const smooth = series.smoothed?.[index];
  const value = smooth !== undefined && Number.isFinite(smooth) ? smooth : series.values[index];
  return value !== undefined && Number.isFinite(value) ? value : null;
}

function clamped(y: number, height: number): number {
  return Number.isFinite(y) ? Math.min(height - 6, Math.max(6, y)) : height / 2;
}

/** What a screen reader says of it. */
export function markName({ marks }: PlacedMark): string {
  const [first, ...others] = marks;
  const own = `${first.label}${first.detail ? `, ${first.detail}` : ''}`;
  return others.length === 0 ? own : `${marks.length} marks: ${marks.map(({ label }) => label).join(', ')}`;
}
