// How long the documents are in tokens, with the two lengths that matter marked: 512 and 8192.
// Knows edges and counts; bins are equally wide on a logarithmic axis.
import { useRef, useState } from 'react';
import { FigureFrame } from '../../../../charts/figure-frame.tsx';
import { type LinearScale, toPixels } from '../../../../charts/linear-scale.ts';
import { inRow } from '../../../../charts/mark-steps.ts';
import { useMarks } from '../../../../charts/use-marks.ts';
import { heightFor, useWidth } from '../../../../charts/use-width.ts';
import { formatInteger } from '../../../../ui/format.ts';
import styles from './length-histogram.module.css';

export interface LengthHistogramProps {
  readonly where: string;
  /** counts.length + 1 ascending edges in tokens; intervals are left-closed. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly tokenizer: string;
  /** Share of documents longer than each mark. */
  readonly marks: readonly { readonly tokens: number; readonly share: number }[];
  /** Opens the documents of `from` to below `to` tokens; absent where nothing can. */
  readonly onPick?: ((from: number, to: number) => void) | undefined;
}

const TOP = 32;
const TICK_SPACE = 44;
const AXIS = 20;
const SIDE = 8;
const TICKS = [1, 8, 32, 128, 512, 2048, 8192, 32_768, 131_072] as const;

export function LengthHistogram(props: LengthHistogramProps) {
  const { where, edges, counts, tokenizer, marks, onPick } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box, 320);
  const height = heightFor(width, { least: 150, share: 0.45, most: 260 });
  const base = height - AXIS;
  const [hovered, setHovered] = useState<number | null>(null);
  const first = Math.max(1, edges[0] ?? 1);
  const filled = counts.findLastIndex((count) => count > 0);
  const marked = useMarks(inRow(filled + 1), setHovered);
  const last = Math.max(first * 2, edges[filled + 1] ?? 2, ...marks.map(({ tokens }) => tokens * 1.6));
  const scale: LinearScale = { from: Math.log2(first), to: Math.log2(last), start: SIDE, end: width - SIDE };
  const x = (tokens: number) => toPixels(scale, Math.log2(Math.max(first, tokens)));
  const most = Math.max(1, ...counts);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const textOf = (index: number) =>
    `${lengthsText(edges, index)} tokens: ${formatInteger(counts[index] ?? 0)}`;
  const beyond = marks.map(
    ({ tokens, share }) => `${percent(share)} longer than ${formatInteger(tokens)} tokens`,
  );
  return (
    <FigureFrame
      name={`Token length, ${where}`}
      title="Token length"
      aside={hovered === null ? `${where} · ${tokenizer}` : textOf(hovered)}
      summary={`Token length of ${formatInteger(total)} documents, ${where}, counted with ${tokenizer}. ${beyond.join('; ')}`}
      numbers={() => ({
        header: ['Tokens, from', 'Tokens, to', 'Documents'],
        rows: counts.flatMap((count, index) => {
          const lengths = lengthsOf(edges, index);
          return lengths === null ? [] : [[lengths.from, lengths.to, count]];
        }),
        format: formatInteger,
      })}
    >
      <div ref={box} className={styles['box']}>
        <svg
          width={width}
          height={height}
          className={styles['plot']}
          role={onPick ? 'group' : 'img'}
          aria-label={`Token length, ${where}`}
          onPointerLeave={() => setHovered(null)}
          {...marked.group}
        >
          {counts.slice(0, filled + 1).map((count, index) => {
            const left = x(edges[index] ?? first);
            const right = x(edges[index + 1] ?? first);
            const bar = (value: number) => ((base - TOP) * value) / most;
            const size = Math.max(0.5, right - left - 1);
            return (
              <g key={edges[index]} onPointerEnter={() => setHovered(index)}>
                <rect
                  className={styles['hit']}
                  data-opens={onPick ? '' : undefined}
                  {...(onPick
                    ? {
                        role: 'button',
                        'aria-label': `${textOf(index)}, show the rows`,
                        ...marked.mark(index),
                        onBlur: () => setHovered(null),
                        onClick: () => onPick(Math.ceil(edges[index] ?? 0), Math.ceil(edges[index + 1] ?? 0)),
                      }
                    : {})}
                  x={left}
                  width={Math.max(0.5, right - left)}
                  y={TOP}
                  height={base - TOP}
                />
                <rect
                  className={styles['bar']}
                  x={left}
                  width={size}
                  y={base - bar(count)}
                  height={bar(count)}
                />
              </g>
            );
          })}
          <line className={styles['axis']} x1={SIDE} x2={width - SIDE} y1={base} y2={base} />
          {spacedTicks(
            TICKS.filter((tick) => tick >= first && tick <= last),
            x,
          ).map((tick) => (
            <text key={tick} className={styles['tick']} x={x(tick)} y={height - 6}>
              {formatInteger(tick)}
            </text>
          ))}
          {marks.map(({ tokens, share }, index) => {
            const isRight = x(tokens) > width - 90;
            return (
              <g key={tokens} className={styles['lengthMark']}>
                <line x1={x(tokens)} x2={x(tokens)} y1={6 + index * 13} y2={base} />
                <text
                  x={x(tokens) + (isRight ? -4 : 4)}
                  y={14 + index * 13}
                  textAnchor={isRight ? 'end' : 'start'}
                >
                  {percent(share)} &gt; {formatInteger(tokens)}
                </text>
              </g>
            );
          })}
        </svg>
        <p className={styles['note']}>
          Tokens a document, logarithmic axis{onPick ? ' · a click shows the rows' : ''}
        </p>
      </div>
    </FigureFrame>
  );
}

/** The whole numbers of an interval; null when there is none in it. */
function lengthsOf(
  edges: readonly number[],
  index: number,
): { readonly from: number; readonly to: number } | null {
  const from = Math.ceil(edges[index] ?? 0);
  const isLast = index === edges.length - 2;
  const to = isLast ? Math.floor(edges[index + 1] ?? 0) : Math.ceil(edges[index + 1] ?? 0) - 1;
  return to < from ? null : { from, to };
}

/** "4", "97 to 121". */
function lengthsText(edges: readonly number[], index: number): string {
  const lengths = lengthsOf(edges, index);
  if (lengths === null) return 'No';
  const { from, to } = lengths;
  return to === from ? formatInteger(from) : `${formatInteger(from)} to ${formatInteger(to)}`;
}

/** Leaves out the ticks whose numbers would touch the one before. */
function spacedTicks(ticks: readonly number[], x: (tokens: number) => number): readonly number[] {
  const kept: number[] = [];
  for (const tick of ticks) {
    const before = kept.at(-1);
    if (before === undefined || x(tick) - x(before) >= TICK_SPACE) kept.push(tick);
  }
  return kept;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}
