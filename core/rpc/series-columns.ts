// What `series.columns` and `series.overview` answer, read.
import { columnsHeader, type OverviewHeader, overviewHeader, type OverviewRequest } from '../api/series.ts';
import { unpackColumns } from './columns.ts';

export interface NumberColumn {
  readonly steps: Float64Array;
  readonly values: Float64Array;
}

export interface SeriesPart extends NumberColumn {
  readonly tag: string;
  /** Index of the first point. */
  readonly first: number;
}

export interface SeriesParts {
  readonly generation: number;
  /** In the order of the tags that were asked for. */
  readonly parts: readonly SeriesPart[];
}

export async function readSeriesColumns(data: Blob): Promise<SeriesParts> {
  const { header, take } = await unpackColumns(data, (value) => columnsHeader.parse(value));
  const parts = header.columns.map(({ tag, first, count }) => ({
    tag,
    first,
    steps: take(count),
    values: take(count),
  }));
  return { generation: header.generation, parts };
}

export interface OverviewPart extends NumberColumn {
  /** The steps themselves on an axis of steps. */
  readonly x: Float64Array;
  readonly smoothed: Float64Array | null;
  readonly replaced: readonly { readonly x: Float64Array; readonly values: Float64Array }[];
}

export interface Overview {
  readonly middle: OverviewHeader['middle'];
  /** In the order of the curves that were asked for; without points where there is nothing to draw. */
  readonly curves: readonly (Omit<OverviewHeader['curves'][number], 'replaced'> & OverviewPart)[];
}

export async function readOverview(data: Blob, { look }: OverviewRequest): Promise<Overview> {
  const { header, take } = await unpackColumns(data, (value) => overviewHeader.parse(value));
  const curves = header.curves.map((curve) => {
    const { kept, isSmoothed } = curve;
    const steps = take(kept);
    const x = look.x === 'steps' ? steps : take(kept);
    const values = take(kept);
    const smoothed = isSmoothed ? take(kept) : null;
    const replaced = curve.replaced.map((count) => ({ x: take(count), values: take(count) }));
    return { ...curve, steps, x, values, smoothed, replaced };
  });
  return { middle: header.middle, curves };
}
