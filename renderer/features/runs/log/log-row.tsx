// One row of a log: its number, its time, its text in colour, and what was folded into it.
import { memo } from 'react';
import type { LogRow } from '../../../../core/api/logs.ts';
import { type AnsiText, parseAnsi } from '../../../../core/lib/log-view/ansi.ts';
import { lineLevel, lineTimeMs } from '../../../../core/lib/log-view/line-facts.ts';
import type { Rgb } from '../../../../core/lib/log-view/readable-color.ts';
import { formatDiskSize, formatInteger } from '../../../ui/format.ts';
import { AnsiLine } from './ansi-spans.tsx';
import { elapsedText } from './elapsed.ts';
import styles from './log.module.css';

const parsed = new WeakMap<LogRow, AnsiText>();

/** The text of a row as it is shown, with its colours. */
export function shownText(row: LogRow): AnsiText {
  let text = parsed.get(row);
  if (!text) {
    text = parseAnsi(row.text);
    parsed.set(row, text);
  }
  return text;
}

export interface LogRowProps {
  readonly row: LogRow | null;
  readonly ground: Rgb;
  readonly isActive: boolean;
  /** It belongs to a trouble; `root` is the one to look at first. */
  readonly trouble: 'root' | 'other' | null;
  /** Time of the first line, to show how long after it this one was written; null shows no times. */
  readonly sinceMs: number | null;
  readonly digits: number;
  readonly opened: OpenedLine | null;
  readonly onNumber: (row: LogRow) => void;
  readonly onRepeat: (row: LogRow) => void;
  readonly onOpen: (row: LogRow) => void;
}

/** A long line or the states of a progress bar, opened in place. */
export interface OpenedLine {
  readonly text: string | null;
  readonly isAll: boolean;
}

export const LogRowView = memo(function LogRowView(props: LogRowProps) {
  const { row, ground, isActive, trouble, sinceMs, digits, opened } = props;
  if (row === null) {
    return (
      <div className={styles['row']}>
        <span className={styles['number']} style={{ width: `${digits}ch` }} />
      </div>
    );
  }
  const line = shownText(row);
  const level = line.spans.length > 0 ? null : lineLevel(line.text);
  const atMs = sinceMs === null ? null : timeOf(line.text);
  const { repeat, updates } = row;
  return (
    <div
      className={styles['row']}
      data-line={row.line ?? undefined}
      data-active={isActive || undefined}
      data-trouble={trouble ?? undefined}
    >
      <button
        type="button"
        tabIndex={-1}
        className={styles['number']}
        style={{ width: `${digits}ch` }}
        aria-label={row.line === null ? 'Line, not counted yet' : `Line ${row.line + 1}: link to it`}
        onClick={() => props.onNumber(row)}
      >
        {row.line === null ? '·' : row.line + 1}
      </button>
      {sinceMs === null ? null : (
        <span className={styles['time']}>{atMs === null ? '' : elapsedText(atMs - sinceMs)}</span>
      )}
      <span className={styles['content']}>
        <span className={styles['text']} data-text data-level={level ?? undefined}>
          <AnsiLine line={line} ground={ground} />
        </span>
        {repeat ? (
          <Badge
            label={
              repeat.isUnfolded
                ? `Fold ${formatInteger(repeat.times)} repeats`
                : `Show ${formatInteger(repeat.times)} repeats`
            }
            isOpen={repeat.isUnfolded}
            onPress={() => props.onRepeat(row)}
          >
            {`${repeat.period > 1 ? `${repeat.period} lines ` : ''}× ${formatInteger(repeat.times)}`}
          </Badge>
        ) : null}
        {updates > 0 ? (
          <Badge
            label={`${opened ? 'Hide' : 'Show'} ${formatInteger(updates)} earlier updates`}
            isOpen={opened !== null}
            onPress={() => props.onOpen(row)}
          >
            {`${formatInteger(updates)} ${updates === 1 ? 'update' : 'updates'}`}
          </Badge>
        ) : row.isCut ? (
          <Badge
            label={opened ? 'Show less of this line' : 'Show all of this line'}
            isOpen={opened !== null}
            onPress={() => props.onOpen(row)}
          >
            {opened ? 'show less' : `show all, ${formatDiskSize(row.sizeBytes)}`}
          </Badge>
        ) : null}
        {opened ? <Opened opened={opened} row={row} /> : null}
      </span>
    </div>
  );
});

/** Of stamps without a year the last one that is not to come. */
export function timeOf(text: string): number | null {
  return lineTimeMs(text, Date.now());
}

function Badge(props: {
  readonly label: string;
  readonly isOpen: boolean;
  readonly onPress: () => void;
  readonly children: string;
}) {
  return (
    <button
      type="button"
      className={styles['badge']}
      aria-label={props.label}
      aria-expanded={props.isOpen}
      onClick={props.onPress}
    >
      {props.children}
    </button>
  );
}

function Opened({ opened, row }: { readonly opened: OpenedLine; readonly row: LogRow }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre className={styles['opened']} data-scrolls tabIndex={0} aria-label="The whole line">
      {opened.text ?? 'Reading…'}
      {opened.text !== null && !opened.isAll ? (
        <span className={styles['quiet']}>
          {`\nThe first ${formatDiskSize(opened.text.length)} of ${formatDiskSize(row.sizeBytes)}; save the log to see the rest`}
        </span>
      ) : null}
    </pre>
  );
}
