// The cells of the board: when two are the same, and what they are called. Pure.
import type { Cell } from '../lab/link.ts';

export function isSameCell(a: Cell, b: Cell): boolean {
  return a.fw2 === b.fw2 && a.jql === b.jql;
}

/** "FW2 removes, JQL keeps". */
export function cellName({ fw2, jql }: Cell): string {
  const verbs = { kept: 'keeps', removed: 'removes' } as const;
  return fw2 === null ? `JQL ${verbs[jql]}` : `FW2 ${verbs[fw2]}, JQL ${verbs[jql]}`;
}

/** A whole number that is easy to say again; random samples of the same seed are the same. */
export function nextSeed(seed: number): number {
  return seed + 1;
}
