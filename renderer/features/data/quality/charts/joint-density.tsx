// Two heads against each other: how many documents have each pair of scores, with both thresholds.
// The tint is logarithmic, so that single documents stay visible beside the crowd; the note says so.
import { useMemo, useRef, useState } from 'react';
import { FigureFrame } from '../../../../charts/figure-frame.tsx';
import { type LinearScale, ticksOf, toPixels } from '../../../../charts/linear-scale.ts';
import { useMarks } from '../../../../charts/use-marks.ts';
import { heightFor, useWidth } from '../../../../charts/use-width.ts';
import { formatFixed, formatInteger } from '../../../../ui/format.ts';
import styles from './joint-density.module.css';

export interface JointDensityProps {
  readonly where: string;
  readonly xName: string;
  readonly yName: string;
  /** Both axes have `size` equal bins from `from` on. */
  readonly from: number;
  readonly width: number;
  readonly size: number;
  /** Row by row from the lowest y: `counts[y * size + x]`. */
  readonly counts: ArrayLike<number>;
  readonly xThreshold: number | null;
  readonly yThreshold: number | null;
  /** Opens the documents of a cell, from its lower edges; null where nothing can. */
  readonly onPick: ((x: number, y: number) => void) | null;
}

const LEFT = 26;
const AXIS = 20;
const TOP = 6;

export function JointDensity(props: JointDensityProps) {
  const { where, xName, yName, from, size, counts, xThreshold, yThreshold, onPick } = props;
  const box = useRef<HTMLDivElement>(null);
  const widthPx = useWidth(box, 260);
  const [hovered, setHovered] = useState<Cell | null>(null);
  const height = heightFor(widthPx, { least: 176, share: 0.62, most: 340 });
  const base = height - AXIS;
  const to = from + size * props.width;
  const x: LinearScale = { from, to, start: LEFT, end: widthPx - 6 };
  const y: LinearScale = { from, to, start: base, end: TOP };
  const cells = useMemo(() => cellsOf({ counts, size }), [counts, size]);
  // Up on the page is a higher score.
  const places = useMemo(() => cells.map(({ row, column }) => ({ row: -row, column })), [cells]);
  const marks = useMarks(places, (index) => setHovered(cells[index] ?? null));
  const most = Math.max(1, ...cells.map(({ count }) => count));
  const total = cells.reduce((sum, { count }) => sum + count, 0);
  const textOf = (cell: Cell) =>
    `${xName} ${formatFixed(from + cell.column * props.width, 2)}, ${yName} ${formatFixed(from + cell.row * props.width, 2)}: ${formatInteger(cell.count)}`;
  return (
    <FigureFrame
      name={`Joint density of ${xName} and ${yName}`}
      title={`${xName} × ${yName}`}
      aside={hovered === null ? where : textOf(hovered)}
      summary={`Joint density of ${xName} and ${yName}, ${where}: ${formatInteger(total)} documents in ${formatInteger(cells.length)} filled cells, at most ${formatInteger(most)} in one`}
      numbers={() => ({
        header: [`${xName}, from`, `${yName}, from`, 'Documents'],
        rows: cells
          .toSorted((a, b) => b.count - a.count)
          .map(({ column, row, count }) => [from + column * props.width, from + row * props.width, count]),
        format: (value, column) => (column === 2 ? formatInteger(value) : value.toFixed(2)),
      })}
    >
      <div ref={box} className={styles['box']}>
        <svg
          width={widthPx}
          height={height}
          className={styles['plot']}
          role={onPick ? 'group' : 'img'}
          aria-label={`Joint density of ${xName} and ${yName}`}
          onPointerLeave={() => setHovered(null)}
          {...marks.group}
        >
          {cells.map((cell, index) => {
            const left = toPixels(x, from + cell.column * props.width);
            const bottom = toPixels(y, from + cell.row * props.width);
            return (
              <rect
                key={`${cell.column}-${cell.row}`}
                className={styles['cell']}
                {...(onPick
                  ? {
                      'data-opens': '',
                      role: 'button',
                      'aria-label': `${textOf(cell)} documents, show the rows`,
                      ...marks.mark(index),
                      onBlur: () => setHovered(null),
                      onClick: () => onPick(from + cell.column * props.width, from + cell.row * props.width),
                    }
                  : {})}
                x={left}
                y={toPixels(y, from + (cell.row + 1) * props.width)}
                width={Math.max(1, toPixels(x, from + (cell.column + 1) * props.width) - left)}
                height={Math.max(1, bottom - toPixels(y, from + (cell.row + 1) * props.width))}
                opacity={0.18 + (0.82 * Math.log1p(cell.count)) / Math.log1p(most)}
                onPointerEnter={() => setHovered(cell)}
              />
            );
          })}
          <path className={styles['axis']} d={`M${LEFT} ${TOP}V${base}H${widthPx - 6}`} />
          {ticksOf(from, to, 6).map((tick) => (
            <g key={tick} className={styles['tick']}>
              <text x={toPixels(x, tick)} y={height - 6} textAnchor="middle">
                {tick}
              </text>
              <text x={LEFT - 5} y={toPixels(y, tick) + 4} textAnchor="end">
                {tick}
              </text>
            </g>
          ))}
          {xThreshold === null ? null : (
            <line
              className={styles['threshold']}
              x1={toPixels(x, xThreshold)}
              x2={toPixels(x, xThreshold)}
              y1={TOP}
              y2={base}
            />
          )}
          {yThreshold === null ? null : (
            <line
              className={styles['threshold']}
              x1={LEFT}
              x2={widthPx - 6}
              y1={toPixels(y, yThreshold)}
              y2={toPixels(y, yThreshold)}
            />
          )}
        </svg>
        <p className={styles['note']}>
          Across {xName}, up {yName} · tint logarithmic{onPick ? ' · a click shows the rows' : ''}
        </p>
      </div>
    </FigureFrame>
  );
}

interface Cell {
  readonly column: number;
  readonly row: number;
  readonly count: number;
}

function cellsOf({ counts, size }: Pick<JointDensityProps, 'counts' | 'size'>): readonly Cell[] {
  const cells: Cell[] = [];
  for (let index = 0; index < counts.length; index += 1) {
    const count = counts[index] ?? 0;
    if (count > 0) cells.push({ column: index % size, row: Math.floor(index / size), count });
  }
  return cells;
}
