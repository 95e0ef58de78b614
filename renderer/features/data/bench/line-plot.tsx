// Lines over few points, as SVG: shares above a threshold, Spearman by sample size. Each line is named at its end.
// Knows points and axes, not what they mean.
import { useId, useRef } from 'react';
import { seriesVariable } from '../../../charts/chart-colors.ts';
import { type LinearScale, ticksOf, toPixels } from '../../../charts/linear-scale.ts';
import { linePath } from '../../../charts/paths.ts';
import { useMarks } from '../../../charts/use-marks.ts';
import { heightFor, useWidth } from '../../../charts/use-width.ts';
import styles from './plots.module.css';

export interface PlotLine {
  readonly name: string;
  /** 0-based number of the series colour. */
  readonly color: number;
  readonly points: readonly PlotPoint[];
}

export interface PlotPoint {
  readonly x: number;
  readonly y: number;
}

export interface LinePlotProps {
  readonly lines: readonly PlotLine[];
  /** Ends of the axes. Logarithmic x: give positive ends. */
  readonly x: {
    readonly from: number;
    readonly to: number;
    readonly label: string;
    readonly isLogarithmic?: boolean;
  };
  readonly y: { readonly from: number; readonly to: number; readonly label: string };
  readonly xTicks: readonly { readonly at: number; readonly text: string }[];
  /** What a click on a point does, and what its name says it would. */
  readonly pick?: {
    /** Absent: every line's points open something. */
    readonly isOpening?: (line: PlotLine) => boolean;
    readonly nameOf: (line: PlotLine, point: PlotPoint) => string;
    readonly onPick: (line: PlotLine, point: PlotPoint) => void;
  };
}

const LEFT = 40;
const RIGHT = 116;
const TOP = 20;
const BOTTOM = 36;
/** A point is easier to hit than to see. */
const HIT = 9;
/** Names at the ends stand at least this far apart. */
const NAME_HEIGHT = 13;

export function LinePlot({ lines, x, y, xTicks, pick }: LinePlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const clipId = useId();
  const width = useWidth(box, 480);
  const height = heightFor(width, { least: 220, share: 0.5, most: 320 });
  const scaled = (value: number) => (x.isLogarithmic ? Math.log10(value) : value);
  const xScale: LinearScale = { from: scaled(x.from), to: scaled(x.to), start: LEFT, end: width - RIGHT };
  const yScale: LinearScale = { from: y.from, to: y.to, start: height - BOTTOM, end: TOP };
  const place = (point: { readonly x: number; readonly y: number }) => ({
    x: toPixels(xScale, scaled(point.x)),
    y: toPixels(yScale, point.y),
  });
  const names = spread(
    lines.flatMap(({ name, color, points }) => {
      const last = points.at(-1);
      return last ? [{ name, color, ...place(last) }] : [];
    }),
  );
  const opening = pick?.isOpening ? lines.filter(pick.isOpening) : lines;
  const marks = useMarks(opening.flatMap(({ points }, row) => points.map((_, column) => ({ row, column }))));
  const markOf = (line: number, point: number) =>
    marks.mark(opening.slice(0, line).reduce((sum, { points }) => sum + points.length, point));
  return (
    <div ref={box} className={styles['box']}>
      <svg
        width={width}
        height={height}
        className={styles['plot']}
        {...(pick ? { role: 'group', ...marks.group } : { 'aria-hidden': true })}
      >
        <defs>
          <clipPath id={clipId}>
            <rect x={LEFT} y={TOP - 4} width={width - LEFT - RIGHT + 4} height={height - TOP - BOTTOM + 8} />
          </clipPath>
        </defs>
        {ticksOf(y.from, y.to, 5).map((tick) => (
          <g key={tick}>
            <line
              className={styles['grid']}
              x1={LEFT}
              x2={width - RIGHT}
              y1={toPixels(yScale, tick)}
              y2={toPixels(yScale, tick)}
            />
            <text className={styles['yTick']} x={LEFT - 6} y={toPixels(yScale, tick) + 4}>
              {tick}
            </text>
          </g>
        ))}
        {xTicks.map(({ at, text }) => (
          <text
            key={text}
            className={styles['tick']}
            x={toPixels(xScale, scaled(at))}
            y={height - BOTTOM + 15}
          >
            {text}
          </text>
        ))}
        <text className={styles['axisName']} x={LEFT} y={TOP - 9}>
          {y.label}
        </text>
        <text className={styles['tick']} x={(LEFT + width - RIGHT) / 2} y={height - 5}>
          {x.label}
        </text>
        <line
          className={styles['axis']}
          x1={LEFT}
          x2={width - RIGHT}
          y1={height - BOTTOM}
          y2={height - BOTTOM}
        />
        <g clipPath={`url(#${clipId})`}>
          {lines.map(({ name, color, points }) => (
            <g key={name} style={{ color: `var(${seriesVariable(color)})` }}>
              <path className={styles['line']} d={linePath(points.map(place))} />
              {points.map((point) => (
                <circle key={point.x} className={styles['dot']} cx={place(point).x} cy={place(point).y} r={3}>
                  <title>{`${name}: ${point.x} → ${point.y}`}</title>
                </circle>
              ))}
            </g>
          ))}
          {pick
            ? opening.flatMap((line, row) =>
                line.points.map((point, column) => (
                  <circle
                    key={`${line.name} ${point.x}`}
                    className={styles['hit']}
                    cx={place(point).x}
                    cy={place(point).y}
                    r={HIT}
                    role="button"
                    aria-label={pick.nameOf(line, point)}
                    {...markOf(row, column)}
                    onClick={() => pick.onPick(line, point)}
                  />
                )),
              )
            : null}
        </g>
        {names.map(({ name, color, x: left, y: top }) => (
          <text
            key={name}
            className={styles['name']}
            style={{ fill: `var(${seriesVariable(color)})` }}
            x={left + 8}
            y={top + 4}
          >
            {name.length > 16 ? `${name.slice(0, 15)}…` : name}
          </text>
        ))}
      </svg>
    </div>
  );
}

/** Moves names down until none touches the one above. */
function spread<Name extends { readonly y: number }>(names: readonly Name[]): readonly Name[] {
  let lowest = Number.NEGATIVE_INFINITY;
  return names
    .toSorted((a, b) => a.y - b.y)
    .map((name) => {
      const y = Math.max(name.y, lowest + NAME_HEIGHT);
      lowest = y;
      return { ...name, y };
    });
}
