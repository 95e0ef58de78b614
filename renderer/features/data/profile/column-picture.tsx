// The picture of a column: bars of numbers or lengths, or one bar of shares of its values. A click keeps what was clicked,
// with Alt it leaves that out. In a header it is for the pointer alone; in the profile panel every part is a button.
import { type MouseEvent, useState } from 'react';
import type { ColumnProfile, ProfileHistogram } from '../../../../core/api/dataset-profile.ts';
import type { FilterValue } from '../../../../core/lib/datasets/view.ts';
import { inRow } from '../../../charts/mark-steps.ts';
import { useMarks } from '../../../charts/use-marks.ts';
import { formatInteger } from '../../../ui/format.ts';
import styles from './profile.module.css';
import { isNaming, shareText, shortNumber } from './profile-words.ts';

export interface ProfilePicks {
  onRange(column: string, from: number, to: number, includesTo: boolean): void;
  onLength(column: string, unit: 'characters' | 'items', from: number, to: number): void;
  onValue(column: string, value: FilterValue, negated: boolean): void;
  onNull(column: string, negated: boolean): void;
}

const WIDTH = 100;
const HEIGHT = 28;
/** Fewer parts than this can be told apart in a header. */
const MAX_PARTS = 8;

export interface ColumnPictureProps {
  readonly profile: ColumnProfile;
  readonly rows: number;
  readonly picks: ProfilePicks;
  /** Every part can be reached by keyboard. */
  readonly isReachable: boolean;
  readonly onHover?: (text: string | null) => void;
}

export function ColumnPicture(props: ColumnPictureProps) {
  const { profile, picks } = props;
  const { name, numbers, lengths, values } = profile;
  if (numbers !== null && numbers.histogram.counts.length > 0) {
    const last = numbers.histogram.edges.at(-1);
    return (
      <Bars
        {...props}
        histogram={numbers.histogram}
        labelOf={(from, to) => `${shortNumber(from)} to ${shortNumber(to)}`}
        onPick={(from, to) => picks.onRange(name, from, to, to === last)}
      />
    );
  }
  if (values.length > 0) return <Parts {...props} />;
  if (lengths !== null && lengths.histogram.counts.length > 1 && !isNaming(profile)) {
    const { unit, histogram } = lengths;
    return (
      <Bars
        {...props}
        histogram={histogram}
        labelOf={(from, to) =>
          to - from <= 1
            ? `${formatInteger(from)} ${unit}`
            : `${formatInteger(from)} to ${formatInteger(to - 1)} ${unit}`
        }
        onPick={(from, to) => picks.onLength(name, unit, from, to)}
      />
    );
  }
  return <span className={styles['nothing']} aria-hidden />;
}

function Bars(
  props: ColumnPictureProps & {
    readonly histogram: ProfileHistogram;
    readonly labelOf: (from: number, to: number) => string;
    readonly onPick: (from: number, to: number) => void;
  },
) {
  const { profile, histogram, rows, labelOf, onPick, isReachable, onHover } = props;
  const { edges, counts } = histogram;
  const most = Math.max(1, ...counts);
  const width = WIDTH / Math.max(1, counts.length);
  const labels = counts.map((count, index) => {
    const from = edges[index] ?? 0;
    return `${labelOf(from, edges[index + 1] ?? from)}: ${formatInteger(count)} (${shareText(count, rows)})`;
  });
  const marks = useMarks(inRow(counts.length), (index) => onHover?.(labels[index] ?? null));
  return (
    <svg
      {...marks.group}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className={styles['bars']}
      role={isReachable ? 'group' : 'img'}
      aria-label={`Distribution of ${profile.name}`}
    >
      {counts.map((count, index) => {
        const from = edges[index] ?? 0;
        const to = edges[index + 1] ?? from;
        const label = labels[index] ?? '';
        const height = count === 0 ? 0 : Math.max(1, (HEIGHT * count) / most);
        return (
          <g key={from} className={styles['part']}>
            <rect
              className={styles['bar']}
              x={index * width + 0.4}
              width={Math.max(0.4, width - 0.8)}
              y={HEIGHT - height}
              height={height}
            />
            <rect
              className={styles['hit']}
              x={index * width}
              width={width}
              y={0}
              height={HEIGHT}
              {...(isReachable
                ? { role: 'button', 'aria-label': label, ...marks.mark(index), onBlur: () => onHover?.(null) }
                : { 'aria-hidden': true })}
              onMouseEnter={() => onHover?.(label)}
              onMouseLeave={() => onHover?.(null)}
              onClick={(event) => {
                event.stopPropagation();
                if (count > 0) onPick(from, to);
              }}
            >
              <title>{label}</title>
            </rect>
          </g>
        );
      })}
    </svg>
  );
}

function Parts({ profile, rows, picks, isReachable, onHover }: ColumnPictureProps) {
  const shown = profile.values.slice(0, MAX_PARTS);
  const present = rows - profile.nulls;
  const rest = present - shown.reduce((sum, value) => sum + value.rows, 0);
  const [hovered, setHovered] = useState<string | null>(null);
  const hover = (text: string | null) => {
    setHovered(text);
    onHover?.(text);
  };
  const labels = shown.map(
    ({ value, rows: count }) => `${String(value)}: ${formatInteger(count)} (${shareText(count, rows)})`,
  );
  const marks = useMarks(inRow(shown.length), (index) => hover(labels[index] ?? null));
  return (
    <div
      {...marks.group}
      className={styles['parts']}
      role={isReachable ? 'group' : 'img'}
      aria-label={`Values of ${profile.name}`}
    >
      {shown.map(({ value, rows: count }, index) => {
        const label = labels[index] ?? '';
        // In the head of a grid the pieces are for the pointer alone: a picture holds nothing to step to.
        const Piece = isReachable ? 'button' : 'span';
        return (
          <Piece
            key={`${typeof value} ${String(value)}`}
            {...(isReachable
              ? {
                  type: 'button' as const,
                  'aria-label': label,
                  ...marks.mark(index),
                  onBlur: () => hover(null),
                }
              : { 'aria-hidden': true })}
            className={styles['share']}
            style={{ flexGrow: count }}
            data-series={(index % 8) + 1}
            data-hovered={hovered === label || undefined}
            title={label}
            onMouseEnter={() => hover(label)}
            onMouseLeave={() => hover(null)}
            onClick={(event: MouseEvent) => {
              event.stopPropagation();
              picks.onValue(profile.name, value, event.altKey);
            }}
          >
            <span className={styles['shareName']}>{String(value)}</span>
          </Piece>
        );
      })}
      {rest > 0 ? (
        <span
          className={styles['rest']}
          style={{ flexGrow: rest }}
          title={`Others: ${formatInteger(rest)}`}
        />
      ) : null}
      {profile.nulls > 0 ? (
        <span
          className={styles['null']}
          style={{ flexGrow: profile.nulls }}
          title={`Without a value: ${formatInteger(profile.nulls)}`}
        />
      ) : null}
    </div>
  );
}
