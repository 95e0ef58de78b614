// Values of a few series on axes around a point, as SVG. All axes have one scale from 0 on; a missing value breaks the line.
import { useRef } from 'react';
import { seriesVariable } from './chart-colors.ts';
import { ChartEntries, dashOf } from './chart-entries.tsx';
import styles from './radar-chart.module.css';
import { radarLabels } from './radar-labels.ts';
import { useWidth } from './use-width.ts';
import { scaleFromZero } from './value-scale.ts';

export interface RadarAxis {
  readonly name: string;
  readonly detail: string;
}

export interface RadarChartProps {
  readonly axes: readonly RadarAxis[];
  /** `values` in the order of the axes. */
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
}

const RADIUS = 190;
const MOST = 900;
/** Of a letter of a name, about; and of the space between a name and the edge. */
const LETTER_PX = 6.6;
const MARGIN_PX = 24;
/** Below the first line of a label: the second. */
const SECOND_LINE_PX = 13;

export function RadarChart({ axes, series }: RadarChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const labels = radarLabels(axes.length, RADIUS);
  const longest = Math.max(0, ...axes.flatMap(({ name, detail }) => [name.length, detail.length]));
  // A name that does not fit is scrolled to, not cut.
  const least = 2 * (RADIUS + MARGIN_PX + longest * LETTER_PX);
  const width = Math.max(least, Math.min(MOST, useWidth(box, 800)));
  const [top, bottom] = [
    Math.min(-RADIUS, ...labels.map(({ y }) => y)) - MARGIN_PX,
    Math.max(RADIUS, ...labels.map(({ y }) => y)) + SECOND_LINE_PX + MARGIN_PX,
  ];
  const height = bottom - top;
  const [middleX, middleY] = [width / 2, -top];
  const scale = scaleFromZero(series.flatMap(({ values }) => values.filter((value) => value !== null)));
  const angle = (axis: number) => (axis / axes.length) * 2 * Math.PI - Math.PI / 2;
  const at = (axis: number, radius: number): readonly [number, number] => [
    middleX + radius * Math.cos(angle(axis)),
    middleY + radius * Math.sin(angle(axis)),
  ];
  const radiusOf = (value: number) => ((value - scale.low) / (scale.high - scale.low)) * RADIUS;
  return (
    <div ref={box} className={styles['box']}>
      <ChartEntries names={series.map(({ name }) => name)} lines />
      <svg width={width} height={height} aria-hidden="true">
        {scale.ticks.slice(1).map((tick) => (
          <g key={tick}>
            <polygon
              className={styles['ring']}
              points={axes.map((_, axis) => at(axis, radiusOf(tick)).map(rounded).join(',')).join(' ')}
            />
            <text className={styles['tick']} x={middleX + 4} y={middleY - radiusOf(tick) + 11}>
              {tick}
            </text>
          </g>
        ))}
        {axes.map(({ name, detail }, axis) => {
          const [x, y] = at(axis, RADIUS);
          const label = labels[axis] ?? { x: 0, y: 0, anchor: 'middle' };
          const [labelX, labelY] = [middleX + label.x, middleY + label.y];
          const { anchor } = label;
          return (
            <g key={`${name} ${detail}`}>
              <line className={styles['ring']} x1={middleX} y1={middleY} x2={x} y2={y} />
              <text className={styles['name']} x={labelX} y={labelY} textAnchor={anchor}>
                {name}
              </text>
              <text className={styles['detail']} x={labelX} y={labelY + 13} textAnchor={anchor}>
                {detail}
              </text>
            </g>
          );
        })}
        {series.map(({ name, values }, index) => (
          <g key={name}>
            <path
              className={styles['line']}
              style={{ stroke: `var(${seriesVariable(index)})` }}
              strokeDasharray={dashOf(index)}
              d={linePath(values, (axis, value) => at(axis, radiusOf(value)))}
            />
            {values.map((value, axis) => {
              if (value === null) return null;
              const [x, y] = at(axis, radiusOf(value));
              return (
                <circle
                  key={axes[axis]?.name}
                  cx={x}
                  cy={y}
                  r={3}
                  style={{ fill: `var(${seriesVariable(index)})` }}
                />
              );
            })}
          </g>
        ))}
      </svg>
    </div>
  );
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

/** Round about, closed; broken where a value is missing. */
function linePath(
  values: readonly (number | null)[],
  place: (axis: number, value: number) => readonly [number, number],
): string {
  const parts: string[] = [];
  for (let axis = 0; axis < values.length; axis += 1) {
    const next = (axis + 1) % values.length;
    const [from, to] = [values[axis] ?? null, values[next] ?? null];
    if (from === null || to === null) continue;
    parts.push(`M${place(axis, from).map(rounded).join(' ')}L${place(next, to).map(rounded).join(' ')}`);
  }
  return parts.join('');
}
