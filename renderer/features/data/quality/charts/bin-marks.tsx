// The bins of a head as buttons over its drawing: a click or Enter opens the documents of one. Drawn anew only with other bins:
// a dragged threshold redraws the panel many times a second.
import { memo } from 'react';
import { inRow } from '../../../../charts/mark-steps.ts';
import { useMarks } from '../../../../charts/use-marks.ts';
import { formatFixed, formatInteger } from '../../../../ui/format.ts';
import type { Bins } from './densities.ts';
import styles from './head-panel.module.css';

export interface BinMarksProps {
  readonly name: string;
  readonly subsets: readonly { readonly label: string; readonly bins: Bins }[];
  /** Ends of the score axis in scores and in pixels. */
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
  readonly top: number;
  readonly base: number;
  /** What is drawn counts everything at or above a score. */
  readonly isRightCdf: boolean;
  onPick(from: number, to: number): void;
  onHover(score: number | null): void;
}

export const BinMarks = memo(function BinMarks(props: BinMarksProps) {
  const { name, subsets, from, to, start, end, top, base, isRightCdf } = props;
  const bins = filledBins(subsets);
  const marks = useMarks(inRow(bins.length), (index) => {
    const bin = bins[index];
    props.onHover(bin ? (bin.from + bin.to) / 2 : null);
  });
  const place = (score: number) => start + ((score - from) / (to - from)) * (end - start);
  return (
    <g role="group" aria-label={`Documents by score of ${name}`} {...marks.group}>
      {bins.map((bin, index) => (
        <rect
          key={bin.from}
          className={styles['bin']}
          role="button"
          aria-label={labelOf(bin, subsets, isRightCdf)}
          {...marks.mark(index)}
          onBlur={() => props.onHover(null)}
          onClick={() => props.onPick(bin.from, isRightCdf ? to : bin.to)}
          x={place(bin.from)}
          width={Math.max(0.5, place(bin.to) - place(bin.from))}
          y={top}
          height={base - top}
        />
      ))}
    </g>
  );
}, isSameDrawing);

interface Bin {
  readonly from: number;
  readonly to: number;
  /** Of each subset. */
  readonly counts: readonly number[];
}

function filledBins(subsets: BinMarksProps['subsets']): readonly Bin[] {
  const first = subsets[0]?.bins;
  if (!first || !(first.width > 0)) return [];
  return Array.from(first.counts).flatMap((_, index) => {
    const counts = subsets.map(({ bins }) => bins.counts[index] ?? 0);
    if (counts.every((count) => count === 0)) return [];
    return [{ from: first.from + index * first.width, to: first.from + (index + 1) * first.width, counts }];
  });
}

function labelOf(bin: Bin, subsets: BinMarksProps['subsets'], isRightCdf: boolean): string {
  const parts = subsets.map(({ label }, index) => `${label} ${formatInteger(bin.counts[index] ?? 0)}`);
  const rows = isRightCdf ? 'show the rows at or above' : 'show the rows';
  return `Score ${formatFixed(bin.from, 2)} to ${formatFixed(bin.to, 2)}: ${parts.join(', ')}, ${rows}`;
}

/** Callbacks are made anew at every draw; what they do changes with the bins only. */
function isSameDrawing(before: BinMarksProps, after: BinMarksProps): boolean {
  return (
    before.subsets === after.subsets &&
    before.name === after.name &&
    before.from === after.from &&
    before.to === after.to &&
    before.start === after.start &&
    before.end === after.end &&
    before.base === after.base &&
    before.isRightCdf === after.isRightCdf
  );
}
