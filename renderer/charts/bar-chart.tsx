// A few named bars with their numbers on top, as SVG. Knows heights and texts, not what they count.
import { useRef } from 'react';
import styles from './bar-chart.module.css';
import { useMarks } from './use-marks.ts';
import { useWidth } from './use-width.ts';

export interface Bar {
  readonly name: string;
  /** Null draws no bar, but its text. */
  readonly value: number | null;
  readonly text: string;
  /** `apart`: of another kind than the others. */
  readonly look?: 'apart';
}

const TOP = 18;
const AXIS = 20;
const GAP = 10;
/** A bar that is wider says nothing more. */
const MAX_BAR = 120;

export interface BarChartProps {
  readonly bars: readonly Bar[];
  /** The value of a bar that fills the height. */
  readonly most: number;
  /** In pixels. */
  readonly height?: number;
  /** What a click on a bar does; its name says what it would: "3: 120, show these documents". */
  readonly pick?: { readonly nameOf: (bar: Bar) => string; readonly onPick: (bar: Bar) => void };
}

export function BarChart({ bars, most, height = 150, pick }: BarChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box, 320);
  const step = width / Math.max(1, bars.length);
  const barWidth = Math.min(MAX_BAR, Math.max(1, step - GAP));
  const base = height - AXIS;
  const marks = useMarks(bars.map((_, column) => ({ row: 0, column })));
  return (
    <div ref={box} className={styles['box']}>
      <svg
        width={width}
        height={height}
        {...(pick ? { role: 'group', ...marks.group } : { 'aria-hidden': true })}
      >
        {bars.map((bar, index) => {
          const { name, value, text, look } = bar;
          const size = most > 0 ? ((base - TOP) * (value ?? 0)) / most : 0;
          const middle = (index + 0.5) * step;
          return (
            <g key={name} data-look={look}>
              <rect
                className={styles['bar']}
                x={middle - barWidth / 2}
                width={barWidth}
                y={base - size}
                height={size}
              />
              <text className={styles['value']} x={middle} y={base - size - 4}>
                {text}
              </text>
              <text className={styles['tick']} x={middle} y={height - 5}>
                {name}
              </text>
              {pick ? (
                <rect
                  className={styles['hit']}
                  x={index * step}
                  width={step}
                  y={0}
                  height={height}
                  role="button"
                  aria-label={pick.nameOf(bar)}
                  {...marks.mark(index)}
                  onClick={() => pick.onPick(bar)}
                />
              ) : null}
            </g>
          );
        })}
        <line className={styles['axis']} x1={0} x2={width} y1={base} y2={base} />
      </svg>
    </div>
  );
}
