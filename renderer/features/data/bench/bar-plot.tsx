// A few named bars with their numbers on top, as SVG.
import { useRef } from 'react';
import { useWidth } from '../../../charts/use-width.ts';
import styles from './plots.module.css';

export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly text: string;
}

const HEIGHT = 180;
const TOP = 18;
const AXIS = 20;
const GAP = 10;

/** `most`: the value of a bar that fills the height. */
export function BarPlot({ bars, most }: { readonly bars: readonly Bar[]; readonly most: number }) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box, 360);
  const step = width / Math.max(1, bars.length);
  const base = HEIGHT - AXIS;
  return (
    <div ref={box} className={styles['box']}>
      <svg width={width} height={HEIGHT} className={styles['plot']} aria-hidden="true">
        {bars.map(({ name, value, text }, index) => {
          const height = most > 0 ? ((base - TOP) * value) / most : 0;
          const middle = (index + 0.5) * step;
          return (
            <g key={name}>
              <rect
                className={styles['bar']}
                x={index * step + GAP / 2}
                width={Math.max(1, step - GAP)}
                y={base - height}
                height={height}
              />
              <text className={styles['value']} x={middle} y={base - height - 4}>
                {text}
              </text>
              <text className={styles['tick']} x={middle} y={HEIGHT - 5}>
                {name}
              </text>
            </g>
          );
        })}
        <line className={styles['axis']} x1={0} x2={width} y1={base} y2={base} />
      </svg>
    </div>
  );
}
