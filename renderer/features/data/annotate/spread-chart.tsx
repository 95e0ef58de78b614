// How far apart the ratings of a document are: the share of documents with a spread of at most 0, 1, … 5.
import { useRef } from 'react';
import { FigureFrame } from '../../../charts/figure-frame.tsx';
import { useWidth } from '../../../charts/use-width.ts';
import styles from './spread-chart.module.css';

const HEIGHT = 140;
const TOP = 18;
const AXIS = 20;
const GAP = 10;

export function SpreadChart(props: {
  /** Null: no document has two ratings. */
  readonly shares: readonly (number | null)[];
  readonly documents: number;
}) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box, 320);
  const { shares, documents } = props;
  const step = width / Math.max(1, shares.length);
  const base = HEIGHT - AXIS;
  const percent = (share: number | null) => (share === null ? '–' : `${(100 * share).toFixed(1)} %`);
  return (
    <FigureFrame
      name="Spread of ratings"
      title="Spread of ratings"
      aside={`share of ${documents.toLocaleString('en-US')} documents`}
      summary={`Share of documents whose highest and lowest rating differ by at most: ${shares.map((share, limit) => `${limit}: ${percent(share)}`).join(', ')}`}
      numbers={() => ({
        header: ['Spread at most', 'Share of documents (%)'],
        rows: shares.map((share, limit) => [limit, share === null ? null : 100 * share]),
        format: (value, column) => (column === 0 ? String(value) : `${value.toFixed(1)} %`),
      })}
    >
      <div ref={box} className={styles['box']}>
        <svg width={width} height={HEIGHT} aria-hidden="true">
          {shares.map((share, limit) => {
            const height = (base - TOP) * (share ?? 0);
            const middle = (limit + 0.5) * step;
            return (
              <g key={limit}>
                <rect
                  className={styles['bar']}
                  x={limit * step + GAP / 2}
                  width={Math.max(1, step - GAP)}
                  y={base - height}
                  height={height}
                />
                <text className={styles['value']} x={middle} y={base - height - 4}>
                  {percent(share)}
                </text>
                <text className={styles['tick']} x={middle} y={HEIGHT - 5}>
                  ≤ {limit}
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
