// One head: how the scores of what FineWeb-2 kept and removed are distributed, and the threshold as a handle.
// Knows bins and a quantile; which languages are meant and what a drag changes is decided above.
import { RotateCcw } from 'lucide-react';
import { type CSSProperties, useId, useRef } from 'react';
import type { FigureTable } from '../../../../../core/lib/figures/figure-table.ts';
import { FigureFrame } from '../../../../charts/figure-frame.tsx';
import { type LinearScale, ticksOf, toPixels, toValue } from '../../../../charts/linear-scale.ts';
import { areaPath, linePath } from '../../../../charts/paths.ts';
import { seriesVariable } from '../../../../charts/chart-colors.ts';
import { heightFor, useWidth } from '../../../../charts/use-width.ts';
import { IconButton } from '../../../../ui/button.tsx';
import { formatFixed, formatInteger } from '../../../../ui/format.ts';
import { quantileText } from '../lab/choice.ts';
import { BinMarks } from './bin-marks.tsx';
import { type Bins, type Point, type ShapeKind, outlineOf, summaryOf } from './densities.ts';
import styles from './head-panel.module.css';
import { ThresholdHandle } from './threshold-handle.tsx';

export interface Subset {
  readonly label: string;
  /** One word, for the read-out. */
  readonly short: string;
  readonly bins: Bins;
  /** Of the exact scores; null without any. */
  readonly mean: number | null;
  /** `head` has the colour of the head, `grey` is what it is compared with. */
  readonly look: 'head' | 'grey';
}

export interface HeadPanelProps {
  readonly name: string;
  /** 0-based number of the series colour. */
  readonly color: number;
  readonly where: string;
  readonly subsets: readonly Subset[];
  /** Ends of the score axis, the same in all panels. */
  readonly domain: readonly [number, number];
  readonly shape: ShapeKind;
  readonly quantile: number;
  /** Where the handle stands. */
  readonly threshold: number | null;
  /** "τ 2.42", or the range over languages. */
  readonly thresholdText: string;
  /** Thresholds of the single languages, as marks under the axis. */
  readonly marks: readonly number[];
  readonly isOverridden: boolean;
  readonly hoverScore: number | null;
  onHover(score: number | null): void;
  /** Opens the documents of a bin; null where nothing can. */
  readonly onPick: ((from: number, to: number) => void) | null;
  onDragTo(score: number): void;
  onStepTo(quantile: number): void;
  onSettle(): void;
  /** Null where the head has no quantile of its own. */
  readonly onReset: (() => void) | null;
}

const TOP = 14;
const AXIS = 24;
const SIDE = 8;
/** A number closer to the edge would be cut. */
const EDGE = 14;

export function HeadPanel(props: HeadPanelProps) {
  const { name, color, where, subsets, domain, shape, quantile, threshold, thresholdText, hoverScore } =
    props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box, 240);
  const clipId = useId();
  const height = heightFor(width, { least: 148, share: 0.36, most: 250 });
  const base = height - AXIS;
  const x: LinearScale = { from: domain[0], to: domain[1], start: SIDE, end: width - SIDE };
  const outlines = subsets.map((subset) => ({ ...subset, points: outlineOf(shape, subset.bins) }));
  const most = Math.max(1e-9, ...outlines.flatMap(({ points }) => points.map(({ y }) => y)));
  const y: LinearScale = { from: 0, to: shape === 'right-cdf' ? 100 : most * 1.04, start: base, end: TOP };
  const place = (point: Point) => ({ x: toPixels(x, point.x), y: toPixels(y, point.y) });
  const ticks = ticksOf(domain[0], domain[1], Math.max(2, Math.floor(width / 44))).filter(
    (tick) => Math.abs(toPixels(x, tick) - width / 2) < width / 2 - EDGE,
  );
  const at = threshold === null ? null : toPixels(x, threshold);
  return (
    <FigureFrame
      name={`${name}, ${shapeName(shape)}`}
      title={
        <>
          <span className={styles['dot']} style={{ background: `var(${seriesVariable(color)})` }} />
          {name}
        </>
      }
      aside={thresholdText}
      actions={
        props.onReset ? (
          <IconButton icon={RotateCcw} label={`Reset ${name}`} size="small" onPress={props.onReset} />
        ) : null
      }
      summary={summaryText(name, where, subsets, thresholdText)}
      numbers={() => numbersOf(subsets)}
    >
      <div
        ref={box}
        className={styles['box']}
        style={{ '--head': `var(${seriesVariable(color)})` } as CSSProperties}
        onPointerMove={(event) => {
          const left = box.current?.getBoundingClientRect().left ?? 0;
          props.onHover(toValue(x, event.clientX - left));
        }}
        onPointerLeave={() => props.onHover(null)}
        data-opens={props.onPick ? '' : undefined}
      >
        <svg width={width} height={height} className={styles['plot']}>
          <defs>
            <clipPath id={clipId}>
              <rect x={at ?? 0} y={0} width={Math.max(0, width - (at ?? 0))} height={height} />
            </clipPath>
            <clipPath id={`${clipId}-frame`}>
              <rect x={SIDE} y={0} width={Math.max(0, width - 2 * SIDE)} height={base} />
            </clipPath>
          </defs>
          <g clipPath={`url(#${clipId}-frame)`}>
            {outlines.toReversed().map(({ label, look, points, mean }) => {
              const placed = points.map(place);
              return (
                <g key={label} data-look={look} className={styles['subset']}>
                  {shape === 'right-cdf' ? null : (
                    <>
                      <path className={styles['below']} d={areaPath(placed, base)} />
                      <path
                        className={styles['above']}
                        d={areaPath(placed, base)}
                        clipPath={`url(#${clipId})`}
                      />
                    </>
                  )}
                  <path className={styles['outline']} d={linePath(placed)} />
                  {mean === null || shape === 'right-cdf' ? null : (
                    <line
                      className={styles['mean']}
                      x1={toPixels(x, mean)}
                      x2={toPixels(x, mean)}
                      y1={TOP}
                      y2={base}
                    />
                  )}
                </g>
              );
            })}
          </g>
          {props.onPick === null ? null : (
            <BinMarks
              name={name}
              subsets={subsets}
              from={domain[0]}
              to={domain[1]}
              start={SIDE}
              end={width - SIDE}
              top={TOP}
              base={base}
              isRightCdf={shape === 'right-cdf'}
              onPick={props.onPick}
              onHover={props.onHover}
            />
          )}
          <line className={styles['axis']} x1={SIDE} x2={width - SIDE} y1={base} y2={base} />
          {props.marks.map((mark, index) => (
            <line
              key={index}
              className={styles['mark']}
              x1={toPixels(x, mark)}
              x2={toPixels(x, mark)}
              y1={base}
              y2={base + 4}
            />
          ))}
          {ticks.map((tick) => (
            <text key={tick} className={styles['tick']} x={toPixels(x, tick)} y={height - 7}>
              {tick}
            </text>
          ))}
          <text className={styles['unit']} x={SIDE} y={TOP - 3}>
            {shape === 'right-cdf' ? '100 %' : `${most.toFixed(most < 10 ? 1 : 0)} %`}
          </text>
          {hoverScore === null ? null : (
            <line
              className={styles['cursor']}
              x1={toPixels(x, hoverScore)}
              x2={toPixels(x, hoverScore)}
              y1={TOP}
              y2={base}
            />
          )}
          {at === null ? null : (
            <ThresholdHandle
              label={`Threshold of ${name}, ${where}`}
              quantile={quantile}
              text={`quantile ${quantile.toFixed(2)}, ${thresholdText}`}
              tag={`q ${quantileText(quantile)}`}
              tagSide={at > width - 60 ? 'left' : 'right'}
              x={at}
              height={base}
              isActive={props.isOverridden}
              onDragTo={(pixels) => props.onDragTo(toValue(x, pixels))}
              onStepTo={props.onStepTo}
              onDragEnd={props.onSettle}
            />
          )}
        </svg>
        {hoverScore === null ? (
          <ul className={styles['legend']}>
            {subsets.map(({ label, short, look, bins, mean }) => (
              <li
                key={label}
                data-look={look}
                title={`${formatInteger(summaryOf(bins).total)} documents${mean === null ? '' : `, mean ${formatFixed(mean, 3)} (dotted line)`}`}
              >
                <span className={styles['stroke']} />
                {mean === null ? label : `${short} · mean ${formatFixed(mean, 2)}`}
              </li>
            ))}
          </ul>
        ) : (
          <p className={styles['legend']}>
            {hoverText(outlines, hoverScore, shape)}
            {props.onPick ? ' · a click shows the rows' : ''}
          </p>
        )}
      </div>
    </FigureFrame>
  );
}

export function shapeName(shape: ShapeKind): string {
  if (shape === 'right-cdf') return 'share at or above';
  return shape === 'density' ? 'smoothed density' : 'histogram';
}

function hoverText(
  outlines: readonly (Subset & { readonly points: readonly Point[] })[],
  score: number,
  shape: ShapeKind,
): string {
  const parts = outlines.map(({ short, points }) => `${short} ${valueAt(points, score).toFixed(1)} %`);
  return `${shape === 'right-cdf' ? '≥ ' : ''}${formatFixed(score, 2)} · ${parts.join(' · ')}`;
}

/** The value of the outline's last point left of the score. */
function valueAt(points: readonly Point[], score: number): number {
  let value = 0;
  for (const point of points) {
    if (point.x > score) break;
    value = point.y;
  }
  return value;
}

function summaryText(name: string, where: string, subsets: readonly Subset[], threshold: string): string {
  const parts = subsets.map(({ label, bins, mean }) => {
    const { total, median } = summaryOf(bins);
    return `${label}: ${formatInteger(total)} documents, median about ${median === null ? 'unknown' : formatFixed(median, 2)}, mean ${mean === null ? 'unknown' : formatFixed(mean, 2)}`;
  });
  return `${name}, ${where}, ${threshold}. ${parts.join('; ')}`;
}

function numbersOf(subsets: readonly Subset[]): FigureTable {
  const first = subsets[0]?.bins;
  const edge = (index: number) => Number(((first?.from ?? 0) + index * (first?.width ?? 0)).toFixed(6));
  const bins = Array.from({ length: first?.counts.length ?? 0 }, (_, index) => ({
    index,
    counts: subsets.map(({ bins: own }) => own.counts[index] ?? 0),
  }));
  return {
    header: ['Score, from', 'Score, below', ...subsets.map(({ label }) => `${label} (documents)`)],
    rows: bins
      .filter(({ counts }) => counts.some((count) => count > 0))
      .map(({ index, counts }) => [edge(index), edge(index + 1), ...counts]),
    format: (value, column) => (column < 2 ? value.toFixed(2) : formatInteger(value)),
  };
}
