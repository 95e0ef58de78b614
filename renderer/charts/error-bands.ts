// How sure the points of a series are, as a band around its line with a whisker at each point: where it stands in pixels. Pure; a
// canvas and an SVG file paint what is placed here.
import { type ChartSeries, visiblePiece, xOf } from './chart-series.ts';
import type { PlotArea } from './envelope-lines.ts';

export interface BandPoint {
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
}

export interface ErrorBands {
  /** Stretches of points with a known error, each from left to right. */
  readonly stretches: readonly (readonly BandPoint[])[];
  /** Few enough that each can be seen. */
  readonly hasWhiskers: boolean;
}

export const BAND_OPACITY = 0.16;
export const WHISKER_OPACITY = 0.55;
/** Half the width of the cap of a whisker, CSS pixels. */
export const CAP_PX = 2.5;
/** More whiskers would be a hedge. */
const MAX_WHISKERS = 48;

/** Null for a series that does not say how sure it is. */
export function errorBands(series: ChartSeries, area: PlotArea): ErrorBands | null {
  const { errors, values } = series;
  if (errors === undefined) return null;
  const x = xOf(series);
  const { start, end } = visiblePiece(series, area.from, area.to);
  const stretches: BandPoint[][] = [];
  let own: BandPoint[] = [];
  const close = () => {
    if (own.length > 0) stretches.push(own);
    own = [];
  };
  // The points beside the range, so that the band goes to the edge.
  const last = Math.min(values.length, end + 1);
  for (let index = Math.max(0, start - 1); index < last; index += 1) {
    const [value = Number.NaN, error = Number.NaN] = [values[index], errors[index]];
    if (!Number.isFinite(value) || !Number.isFinite(error)) {
      close();
      continue;
    }
    own.push({
      x: pixelOfX(x[index] ?? 0, area),
      top: area.yOf(value + error),
      bottom: area.yOf(value - error),
    });
  }
  close();
  return { stretches, hasWhiskers: end - start <= MAX_WHISKERS };
}

export function pixelOfX(value: number, { from, to, left, width, logarithmicX }: PlotArea): number {
  const scaled = (one: number) => (logarithmicX ? Math.log10(Math.max(one, Number.MIN_VALUE)) : one);
  const span = scaled(to) - scaled(from);
  return span > 0 ? left + ((scaled(value) - scaled(from)) / span) * width : left;
}

/** Data of two SVG paths: of the filled bands and of the whiskers. */
export function errorBandPaths({ stretches, hasWhiskers }: ErrorBands): {
  readonly band: string;
  readonly whiskers: string;
} {
  const at = (value: number) => value.toFixed(1);
  const band = stretches.map((stretch) => {
    const there = stretch.map(({ x, top }) => `${at(x)} ${at(top)}`);
    const back = stretch.toReversed().map(({ x, bottom }) => `${at(x)} ${at(bottom)}`);
    return `M${[...there, ...back].join('L')}z`;
  });
  const whiskers = hasWhiskers
    ? stretches.flat().map(({ x, top, bottom }) => {
        const caps = [top, bottom].map((y) => `M${at(x - CAP_PX)} ${at(y)}H${at(x + CAP_PX)}`);
        return `M${at(x)} ${at(top)}V${at(bottom)}${caps.join('')}`;
      })
    : [];
  return { band: band.join(''), whiskers: whiskers.join('') };
}
