// Bars in groups, one bar a series, with error bars and a mark for guessing, as SVG. Knows values and names, not what they measure.
import { useRef } from 'react';
import { seriesVariable } from './chart-colors.ts';
import { ChartEntries } from './chart-entries.tsx';
import styles from './grouped-bars.module.css';
import { useWidth } from './use-width.ts';
import { scaleFromZero } from './value-scale.ts';

export interface BarValue {
  readonly value: number;
  readonly error: number | null;
}

export interface BarGroup {
  readonly name: string;
  /** A second, quieter line. */
  readonly detail: string;
  /** What a group is compared with; null for none. */
  readonly mark: number | null;
  /** One a series; null draws none. */
  readonly values: readonly (BarValue | null)[];
}

export interface GroupedBarsProps {
  readonly series: readonly string[];
  readonly groups: readonly BarGroup[];
}

const LEFT = 44;
const TOP = 12;
const BASE = 300;
const HEIGHT = 350;
const GAP = 26;
const BAR = 16;
/** Names of tasks are cut below this. */
const LEAST_GROUP = 84;
const LETTER = 6.2;

export function GroupedBars({ series, groups }: GroupedBarsProps) {
  const box = useRef<HTMLDivElement>(null);
  const room = useWidth(box, 800);
  const own = Math.max(LEAST_GROUP, series.length * BAR + GAP);
  const step = Math.max(own, Math.min(own * 2, (room - LEFT) / Math.max(1, groups.length)));
  const bar = Math.min(BAR * 2, (step - GAP) / Math.max(1, series.length));
  const width = Math.max(room, LEFT + step * groups.length);
  const scale = scaleFromZero(
    groups.flatMap(({ values, mark }) => [
      ...values.flatMap((one) => (one === null ? [] : [one.value + (one.error ?? 0), one.value])),
      ...(mark === null ? [] : [mark]),
    ]),
  );
  const y = (value: number) => BASE - ((value - scale.low) / (scale.high - scale.low)) * (BASE - TOP);
  const zero = y(0);
  return (
    <div ref={box} className={styles['box']}>
      <ChartEntries names={series} lines={false} />
      <svg width={width} height={HEIGHT} aria-hidden="true">
        {scale.ticks.map((tick) => (
          <g key={tick}>
            <line className={styles['grid']} x1={LEFT} x2={width} y1={y(tick)} y2={y(tick)} />
            <text className={styles['tick']} x={LEFT - 6} y={y(tick) + 4} textAnchor="end">
              {tick}
            </text>
          </g>
        ))}
        {groups.map(({ name, detail, mark, values }, group) => {
          const left = LEFT + group * step + (step - bar * series.length) / 2;
          const middle = LEFT + (group + 0.5) * step;
          return (
            <g key={`${name} ${detail}`}>
              {values.map((one, index) => {
                const x = left + index * bar;
                if (one === null) return null;
                const top = y(one.value);
                return (
                  <g key={series[index]}>
                    <rect
                      x={x + 1}
                      width={Math.max(1, bar - 2)}
                      y={Math.min(top, zero)}
                      height={Math.abs(zero - top)}
                      style={{ fill: `var(${seriesVariable(index)})` }}
                    />
                    {one.error === null ? null : (
                      <path
                        className={styles['error']}
                        d={`M${x + bar / 2} ${y(one.value - one.error)}V${y(one.value + one.error)}M${x + bar / 2 - 3} ${y(one.value + one.error)}h6M${x + bar / 2 - 3} ${y(one.value - one.error)}h6`}
                      />
                    )}
                    <text className={styles['number']} x={x + bar / 2} y={BASE + 12}>
                      {index + 1}
                    </text>
                  </g>
                );
              })}
              {mark === null ? null : (
                <line
                  className={styles['mark']}
                  x1={left - 4}
                  x2={left + bar * series.length + 4}
                  y1={y(mark)}
                  y2={y(mark)}
                />
              )}
              <text className={styles['name']} x={middle} y={BASE + 28}>
                {cut(name, step)}
              </text>
              <text className={styles['detail']} x={middle} y={BASE + 43}>
                {cut(detail, step)}
              </text>
            </g>
          );
        })}
        <line className={styles['axis']} x1={LEFT} x2={width} y1={zero} y2={zero} />
      </svg>
    </div>
  );
}

function cut(text: string, room: number): string {
  const most = Math.max(4, Math.floor((room - 4) / LETTER));
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
