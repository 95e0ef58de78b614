// How marks look, and marks as SVG for files. Pure; the canvas paints the same in paint-marks.ts.
import { SERIES_COUNT, type ThemeColors } from './chart-colors.ts';
import type { MarkKind, PlacedMark } from './chart-marks.ts';
import { escaped, svgElement } from './svg-text.ts';

export const RING_RADIUS = 4;
const SIGN_SIZE = 4;

export interface MarkArea {
  /** Pixels of the plot area on the canvas or in the file. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Canvas pixels a CSS pixel; 1 in a file. */
  readonly ratio: number;
}

export const MARK_DASHES: Readonly<Record<MarkKind, readonly number[]>> = {
  checkpoint: [],
  point: [],
  restart: [5, 3],
  stage: [1, 0],
  finding: [2, 3],
  parting: [6, 2, 2, 2],
  note: [2, 4],
};

export function markColor(mark: PlacedMark, colors: ThemeColors): string {
  if (mark.kind === 'checkpoint') return colors.accent;
  if (mark.kind === 'point') return colors.series[mark.color % SERIES_COUNT] ?? colors.ink;
  if (mark.kind === 'parting') return colors.ink;
  if (mark.kind !== 'finding') return colors.faint;
  const severities = mark.marks.map(({ severity }) => severity);
  return severities.includes('error') ? colors.bad : severities.includes('info') ? colors.faint : colors.warn;
}

/** Several in one, or one that was chosen. */
export const isFilled = ({ marks }: PlacedMark): boolean =>
  marks.length > 1 || marks.some(({ isChosen }) => isChosen === true);

const S = SIGN_SIZE;
/** Corners of the sign at the top of a line. */
export const MARK_SIGNS: Readonly<Record<MarkKind, readonly (readonly [number, number])[]>> = {
  checkpoint: [],
  point: [],
  restart: [
    [-S, 0],
    [0, 0],
    [0, 2 * S],
  ],
  stage: [
    [0, 0],
    [2 * S, S],
    [0, 2 * S],
  ],
  finding: [
    [-S, 0],
    [S, 0],
    [0, 2 * S],
  ],
  parting: [
    [-S, 0],
    [S, 0],
    [S, S],
    [-S, S],
  ],
  note: [
    [-S, 0],
    [S, 0],
    [S, S],
    [-S, S],
  ],
};

export function marksSvg(placed: readonly PlacedMark[], area: MarkArea, colors: ThemeColors): string {
  const { left, top, height } = area;
  return placed
    .map((mark) => {
      const x = left + mark.x;
      const color = markColor(mark, colors);
      const title = svgElement('title', {}, escaped(mark.marks.map(({ label }) => label).join(', ')));
      if (mark.y !== null) {
        const look = {
          cx: x,
          cy: top + mark.y,
          r: RING_RADIUS,
          fill: isFilled(mark) ? color : colors.panel,
          stroke: color,
          'stroke-width': 1.75,
        };
        return svgElement('circle', look, title);
      }
      const line = svgElement(
        'line',
        {
          x1: x,
          x2: x,
          y1: top,
          y2: top + height,
          stroke: color,
          'stroke-dasharray': MARK_DASHES[mark.kind].join(' '),
        },
        title,
      );
      const points = MARK_SIGNS[mark.kind].map(([dx, dy]) => `${x + dx},${top + dy}`).join(' ');
      return line + svgElement('polygon', { points, fill: color });
    })
    .join('');
}
