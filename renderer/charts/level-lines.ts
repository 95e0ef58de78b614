// Values that stand still, as horizontal lines over the whole width with their names at the right: chance, models to compare with.
// Where each and its name stands in pixels. Pure; a canvas and an SVG file paint what is placed here.
import type { ThemeColors } from './chart-colors.ts';
import { escaped, svgElement } from './svg-text.ts';

export interface ChartLevel {
  readonly id: string;
  readonly label: string;
  readonly value: number;
  /** Number of a series colour; null for what belongs to nobody, such as chance. */
  readonly color: number | null;
}

export interface PlacedLevel {
  readonly level: ChartLevel;
  /** CSS pixels inside the plot area. */
  readonly y: number;
  /** Of the baseline of its name, moved where names would stand on each other. */
  readonly textY: number;
}

/** Between two names, CSS pixels. */
const ROW_PX = 12;
export const LEVEL_FONT_PX = 10.5;
const DASH = [5, 4] as const;
const CHANCE_DASH = [1.5, 3] as const;

export const levelDash = ({ color }: ChartLevel): readonly number[] => (color === null ? CHANCE_DASH : DASH);

/** Those inside the plot area, from top to bottom. */
export function placeLevels(
  levels: readonly ChartLevel[],
  yToPixels: (value: number) => number,
  height: number,
): readonly PlacedLevel[] {
  let lowest = ROW_PX;
  return levels
    .map((level) => ({ level, y: yToPixels(level.value) }))
    .filter(({ y }) => y >= 0 && y <= height)
    .toSorted((a, b) => a.y - b.y)
    .map(({ level, y }) => {
      const textY = Math.max(y - 3, lowest);
      lowest = textY + ROW_PX;
      return { level, y, textY };
    });
}

export const levelColor = ({ color }: ChartLevel, colors: ThemeColors): string =>
  color === null ? colors.faint : (colors.series[color % colors.series.length] ?? colors.ink);

export function levelsSvg(
  placed: readonly PlacedLevel[],
  area: { readonly left: number; readonly top: number; readonly width: number },
  colors: ThemeColors,
): string {
  const { left, top, width } = area;
  return placed
    .map(({ level, y, textY }) => {
      const line = svgElement('line', {
        x1: left,
        x2: left + width,
        y1: top + y,
        y2: top + y,
        stroke: levelColor(level, colors),
        'stroke-dasharray': levelDash(level).join(' '),
      });
      const words = svgElement(
        'text',
        {
          x: left + width - 4,
          y: top + textY,
          'text-anchor': 'end',
          'font-size': LEVEL_FONT_PX,
          fill: level.color === null ? colors.faint : colors.ink,
          stroke: colors.panel,
          'stroke-width': 3,
          'paint-order': 'stroke',
        },
        escaped(level.label),
      );
      return line + words;
    })
    .join('');
}
