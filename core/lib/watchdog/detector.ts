// What a detector is: it sees every row once, in order, and says when something begins and when it is over.
import type { RunFacts } from '../../api/run-facts.ts';
import type { Thresholds } from '../../api/findings.ts';
import type { Alarm, Episodes } from './episodes.ts';
import type { WatchRow } from './watch-row.ts';
import { formatInteger } from '../format/numbers.ts';

export interface WatchContext {
  readonly facts: RunFacts;
  readonly thresholds: Thresholds;
  /** Steps of the run as the log says it. */
  readonly trainSteps: () => number | null;
}

export interface Detector {
  push(row: WatchRow, report: Report): void;
  /** Other data from here on: what was usual before says nothing. */
  startStage?(): void;
}

/** What a detector may do with the episodes of its row. */
export interface Report {
  raise(alarm: Alarm, isWorse?: boolean): void;
  settle(kind: Alarm['kind']): void;
  isOpen(kind: Alarm['kind']): boolean;
}

export function reportAt(episodes: Episodes, atMs: number): Report {
  return {
    raise: (alarm, isWorse) => episodes.raise(alarm, atMs, isWorse),
    settle: (kind) => episodes.settle(kind),
    isOpen: (kind) => episodes.isOpen(kind),
  };
}

/** `2.04`, `1,700`, `1e+21`: three digits that count. */
export function short(value: number): string {
  const rounded = Number(value.toPrecision(3));
  const size = Math.abs(rounded);
  return size >= 1000 && size < 1e15 ? formatInteger(rounded) : String(rounded);
}

export function percent(share: number): string {
  return `${short(share * 100)} %`;
}
