// A logged curve made small enough for a page: least, greatest and last value of each column, so that no spike is lost. Pure.
import { formatInteger } from '../format/numbers.ts';
import { envelopeOf } from '../series/envelope.ts';
import { shortNumber } from './curve-geometry.ts';
import type { CurveColumn, ReportChart } from './document.ts';
import type { ReportCurve } from './facts.ts';

/** Half a pixel column each on a page. */
export const DRAWN_COLUMNS = 300;
const TABLE_ROWS = 8;

export function chartOf({ title, tag, steps, values }: ReportCurve): ReportChart {
  const from = steps[0] ?? 0;
  const to = steps.at(-1) ?? 0;
  const isSmall = steps.length <= DRAWN_COLUMNS;
  const columns = isSmall ? everyPoint(steps, values) : enveloped(steps, values, from, to);
  const finite = [...values.keys()].filter((index) => Number.isFinite(values[index]));
  const places = spread(finite.length, TABLE_ROWS).map((index) => finite[index] ?? 0);
  const notFinite = values.length - finite.length;
  return {
    kind: 'chart',
    title,
    tag,
    columns,
    points: values.length,
    notFinite,
    rows: places.map((index) => [steps[index] ?? 0, values[index] ?? 0]),
    summary: summaryOf({ tag, steps, values, finite, notFinite, drawn: isSmall ? null : columns.length }),
  };
}

function everyPoint(steps: Float64Array, values: Float64Array): CurveColumn[] {
  return [...values].flatMap((value, index) =>
    Number.isFinite(value) ? [[steps[index] ?? 0, value, value, value] satisfies CurveColumn] : [],
  );
}

function enveloped(steps: Float64Array, values: Float64Array, from: number, to: number): CurveColumn[] {
  const envelope = envelopeOf(steps, values, { from, to, columns: DRAWN_COLUMNS });
  // First and last column stand at the first and last step: half a column off is less than a pixel.
  const width = (to - from) / (DRAWN_COLUMNS - 1);
  return [...envelope.count].flatMap((count, index) =>
    count === 0
      ? []
      : [
          [
            from + index * width,
            envelope.min[index] ?? 0,
            envelope.max[index] ?? 0,
            envelope.last[index] ?? 0,
          ] satisfies CurveColumn,
        ],
  );
}

/** `count` places of `length`, first and last among them. */
function spread(length: number, count: number): readonly number[] {
  if (length <= count) return Array.from({ length }, (_, index) => index);
  return Array.from({ length: count }, (_, index) => Math.round((index * (length - 1)) / (count - 1)));
}

function summaryOf({
  tag,
  steps,
  values,
  finite,
  notFinite,
  drawn,
}: {
  readonly tag: string;
  readonly steps: Float64Array;
  readonly values: Float64Array;
  readonly finite: readonly number[];
  readonly notFinite: number;
  readonly drawn: number | null;
}): string {
  const [first] = finite;
  const last = finite.at(-1);
  if (first === undefined || last === undefined) return `${tag}: no point of ${values.length} is a number.`;
  let low = first;
  let high = first;
  for (const index of finite) {
    if ((values[index] ?? 0) < (values[low] ?? 0)) low = index;
    if ((values[index] ?? 0) > (values[high] ?? 0)) high = index;
  }
  const at = (index: number) =>
    `${shortNumber(values[index] ?? 0)} at step ${formatInteger(steps[index] ?? 0)}`;
  return [
    `${tag} from ${at(first)} to ${at(last)}; least ${at(low)}, greatest ${at(high)}.`,
    drawn === null
      ? `${formatInteger(finite.length)} points, all drawn.`
      : `${formatInteger(finite.length)} points drawn as ${formatInteger(drawn)} columns, each from its least to its greatest value.`,
    ...(notFinite === 0 ? [] : [`${formatInteger(notFinite)} more are no numbers (NaN or infinite).`]),
  ].join(' ');
}
