// How long the documents are in tokens, with the two lengths that matter marked: 512 and 8192.
// Knows edges and counts; bins are equally wide on a logarithmic axis.
import { useRef, useState } from 'react';
import { formatInteger } from '../../../../ui/format.ts';
import { ChartFrame } from './chart-frame.tsx';
import styles from './length-histogram.module.css';
import { type LinearScale, toPixels } from './linear-scale.ts';
import { useWidth } from './use-width.ts';

export interface LengthHistogramProps {
  readonly where: string;
  /** counts.length + 1 ascending edges in tokens; intervals are left-closed. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly tokenizer: string;
  /** Share of documents longer than each mark. */
  readonly marks: readonly { readonly tokens: number; readonly share: number }[];
}

const HEIGHT = 150;
const TOP = 26;
const BASE = 130;
const SIDE = 8;
const TICKS = [1, 8, 32, 128, 512, 2048, 8192, 32_768, 131_072] as const;

export function LengthHistogram(props: LengthHistogramProps) {
  const { where, edges, counts, tokenizer, marks } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box, 320);
  const [hovered, setHovered] = useState<number | null>(null);
  const first = Math.max(1, edges[0] ?? 1);
  const last = Math.max(first * 2, edges.at(-1) ?? 2, ...marks.map(({ tokens }) => tokens * 1.3));
  const scale: LinearScale = { from: Math.log2(first), to: Math.log2(last), start: SIDE, end: width - SIDE };
  const x = (tokens: number) => toPixels(scale, Math.log2(Math.max(first, tokens)));
  const most = Math.max(1, ...counts);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const textOf = (index: number) =>
    `${formatInteger(edges[index] ?? 0)} to ${formatInteger((edges[index + 1] ?? 0) - 1)} tokens: ${formatInteger(counts[index] ?? 0)}`;
  const beyond = marks.map(
    ({ tokens, share }) => `${percent(share)} longer than ${formatInteger(tokens)} tokens`,
  );
  return (
    <ChartFrame
      name={`Token length, ${where}`}
      title="Token length"
      aside={hovered === null ? `${where} · ${tokenizer}` : textOf(hovered)}
      summary={`Token length of ${formatInteger(total)} documents, ${where}, counted with ${tokenizer}. ${beyond.join('; ')}`}
      numbers={() => ({
        header: ['Tokens', 'Documents'],
        rows: counts.map((count, index) => [
          `${formatInteger(edges[index] ?? 0)} to ${formatInteger((edges[index + 1] ?? 0) - 1)}`,
          formatInteger(count),
        ]),
      })}
    >
      <div ref={box} className={styles['box']}>
        <svg width={width} height={HEIGHT} className={styles['plot']} onPointerLeave={() => setHovered(null)}>
          {counts.map((count, index) => {
            const left = x(edges[index] ?? first);
            const right = x(edges[index + 1] ?? first);
            const bar = (value: number) => ((BASE - TOP) * value) / most;
            const size = Math.max(0.5, right - left - 1);
            return (
              <g key={edges[index]} onPointerEnter={() => setHovered(index)}>
                <rect
                  className={styles['hit']}
                  x={left}
                  width={Math.max(0.5, right - left)}
                  y={TOP}
                  height={BASE - TOP}
                />
                <rect
                  className={styles['bar']}
                  x={left}
                  width={size}
                  y={BASE - bar(count)}
                  height={bar(count)}
                />
              </g>
            );
          })}
          <line className={styles['axis']} x1={SIDE} x2={width - SIDE} y1={BASE} y2={BASE} />
          {TICKS.filter((tick) => tick >= first && tick <= last).map((tick) => (
            <text key={tick} className={styles['tick']} x={x(tick)} y={HEIGHT - 6}>
              {formatInteger(tick)}
            </text>
          ))}
          {marks.map(({ tokens, share }) => {
            const isRight = x(tokens) > width - 90;
            return (
              <g key={tokens} className={styles['lengthMark']}>
                <line x1={x(tokens)} x2={x(tokens)} y1={8} y2={BASE} />
                <text x={x(tokens) + (isRight ? -4 : 4)} y={16} textAnchor={isRight ? 'end' : 'start'}>
                  {percent(share)} &gt; {formatInteger(tokens)}
                </text>
              </g>
            );
          })}
        </svg>
        <p className={styles['note']}>Tokens a document, logarithmic axis</p>
      </div>
    </ChartFrame>
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}
