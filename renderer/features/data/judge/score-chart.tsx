// How many documents got which score: aggregated, half up, and beside them those without any.
import { useRef } from 'react';
import type { JudgementBoard } from '../../../../core/api/judges.ts';
import { FigureFrame } from '../../../charts/figure-frame.tsx';
import { useWidth } from '../../../charts/use-width.ts';
import { formatInteger } from '../../../ui/format.ts';
import styles from './score-chart.module.css';

const HEIGHT = 150;
const TOP = 18;
const AXIS = 20;
const GAP = 10;

export function ScoreChart({ tally }: { readonly tally: JudgementBoard['tally'] }) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box, 320);
  const bars = [
    { name: 'invalid', count: tally.invalidDocuments },
    ...tally.classes.map((count, score) => ({ name: String(score), count })),
  ];
  const highest = Math.max(1, ...bars.map(({ count }) => count));
  const step = width / bars.length;
  const base = HEIGHT - AXIS;
  return (
    <FigureFrame
      name="Scores of documents"
      title="Scores"
      aside={`${formatInteger(tally.documents)} documents, majority of samples, half up`}
      summary={`Documents by score: ${bars.map(({ name, count }) => `${name}: ${count}`).join(', ')}`}
      numbers={() => ({
        header: ['Score', 'Documents'],
        rows: bars.map(({ name, count }) => [name, count]),
        format: (value) => formatInteger(value),
      })}
    >
      <div ref={box} className={styles['box']}>
        <svg width={width} height={HEIGHT} aria-hidden="true">
          {bars.map(({ name, count }, index) => {
            const height = ((base - TOP) * count) / highest;
            const middle = (index + 0.5) * step;
            return (
              <g key={name}>
                <rect
                  className={index === 0 ? styles['invalid'] : styles['bar']}
                  x={index * step + GAP / 2}
                  width={Math.max(1, step - GAP)}
                  y={base - height}
                  height={height}
                />
                <text className={styles['value']} x={middle} y={base - height - 4}>
                  {formatInteger(count)}
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
    </FigureFrame>
  );
}
