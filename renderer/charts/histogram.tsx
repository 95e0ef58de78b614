// A histogram as SVG bars: every bar is a button that filters by its interval; dragging over several, or Shift with an arrow,
// takes all of them. The exact counts stand beside the title for the bar below the pointer or the keyboard.
// Knows edges and counts, not where they come from.
import { type KeyboardEvent, useEffect, useState } from 'react';
import { FigureFrame } from './figure-frame.tsx';
import { inRow } from './mark-steps.ts';
import { axisValues, readout } from './number-labels.ts';
import styles from './histogram.module.css';
import { useMarks } from './use-marks.ts';

export interface HistogramProps {
  readonly title: string;
  /** counts.length + 1 ascending edges; intervals are left-closed. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly nulls: number;
  readonly note?: string;
  readonly onPick?: (from: number, to: number) => void;
}

const WIDTH = 600;
const HEIGHT = 160;

export function Histogram({ title, edges, counts, nulls, note, onPick }: HistogramProps) {
  const [hovered, setHovered] = useState<number | null>(null);
  /** Where a drag over bars began; it lasts until the pointer is let go anywhere. */
  const [dragFrom, setDragFrom] = useState<number | null>(null);
  useEffect(() => {
    if (dragFrom === null) return;
    const stop = () => setDragFrom(null);
    window.addEventListener('pointerup', stop);
    return () => window.removeEventListener('pointerup', stop);
  }, [dragFrom]);
  /** Where Shift with an arrow began. */
  const [anchor, setAnchor] = useState<number | null>(null);
  const marks = useMarks(inRow(counts.length), setHovered);
  const begin = dragFrom ?? anchor;
  const dragged = (index: number): boolean =>
    begin !== null &&
    hovered !== null &&
    index >= Math.min(begin, hovered) &&
    index <= Math.max(begin, hovered);
  const onKeyDown = (event: KeyboardEvent) => {
    const mark = event.target instanceof Element ? event.target.getAttribute('data-mark') : null;
    if (event.key.startsWith('Arrow'))
      setAnchor(event.shiftKey && mark !== null ? (anchor ?? Number(mark)) : null);
    else if (event.key === 'Escape') setAnchor(null);
    marks.group.onKeyDown(event);
  };
  const group = { onKeyDown };
  const pick = (from: number, to: number) => onPick?.(edges[from] ?? 0, edges[to + 1] ?? 0);
  const most = Math.max(1, ...counts);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const width = WIDTH / Math.max(1, counts.length);
  const first = edges[0] ?? 0;
  const last = edges[edges.length - 1] ?? 0;
  const labels = axisValues([first, (first + last) / 2, last]);
  return (
    <div className={styles.figure}>
      <FigureFrame
        name={title}
        title=""
        aside={
          hovered === null
            ? (note ?? `${total.toLocaleString('en-US')} values`)
            : intervalText(edges, counts, hovered, total)
        }
        summary={summaryText(edges, counts, nulls)}
        numbers={() => ({
          header: ['From', 'To', 'Rows'],
          rows: counts.map((count, index) => [edges[index] ?? null, edges[index + 1] ?? null, count]),
          format: (value, column) => (column === 2 ? value.toLocaleString('en-US') : readout(value)),
        })}
      >
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          className={styles.bars}
          role="group"
          aria-label={title}
          {...group}
        >
          {counts.map((count, index) => {
            const height = (HEIGHT * count) / most;
            return (
              <g key={edges[index]}>
                <rect
                  className={styles.bar}
                  x={index * width + 0.5}
                  width={Math.max(0.5, width - 1)}
                  y={HEIGHT - height}
                  height={height}
                />
                <rect
                  className={styles.hit}
                  data-dragged={dragged(index) || undefined}
                  x={index * width}
                  width={width}
                  y={0}
                  height={HEIGHT}
                  role={onPick ? 'button' : 'img'}
                  aria-label={intervalText(edges, counts, index, total)}
                  {...marks.mark(index)}
                  onMouseEnter={() => setHovered(index)}
                  onMouseLeave={() => setHovered(null)}
                  onBlur={() => setHovered(null)}
                  onPointerDown={(event) => {
                    event.currentTarget.releasePointerCapture(event.pointerId);
                    setAnchor(null);
                    if (onPick && event.button === 0) setDragFrom(index);
                  }}
                  onPointerUp={() => {
                    if (dragFrom !== null && dragFrom !== index)
                      pick(Math.min(dragFrom, index), Math.max(dragFrom, index));
                  }}
                  onClick={() => {
                    // With Shift and arrows before it: everything from where they began.
                    const from = anchor ?? index;
                    setAnchor(null);
                    pick(Math.min(from, index), Math.max(from, index));
                  }}
                />
              </g>
            );
          })}
        </svg>
        <div className={styles.axis} aria-hidden="true">
          <span>{labels[0]}</span>
          <span>{labels[1]}</span>
          <span>{labels[2]}</span>
        </div>
        {nulls > 0 && <p className={styles.nulls}>{nulls.toLocaleString('en-US')} rows without a value</p>}
      </FigureFrame>
    </div>
  );
}

function intervalText(
  edges: readonly number[],
  counts: readonly number[],
  index: number,
  total: number,
): string {
  const count = counts[index] ?? 0;
  const share = total > 0 ? ` · ${((100 * count) / total).toFixed(1)} %` : '';
  return `${readout(edges[index])} to ${readout(edges[index + 1])}: ${count.toLocaleString('en-US')}${share}`;
}

function summaryText(edges: readonly number[], counts: readonly number[], nulls: number): string {
  const most = counts.indexOf(Math.max(...counts));
  return `${counts.length} intervals from ${readout(edges[0])} to ${readout(edges[edges.length - 1])}; fullest from ${readout(edges[most])} with ${counts[most] ?? 0}; ${nulls} without a value`;
}
