// Which cells of a row differ from the baseline's by more than chance. Pure.
import type { LeaderboardCell, LeaderboardColumn } from '../../api/evaluations.ts';
import { holm } from '../statistics/holm.ts';
import { normalTwoSided } from '../statistics/normal.ts';
import { SIGNIFICANCE } from './compare-results.ts';

/** Answers of a cell paired with the baseline's. */
export interface PairedAnswers {
  readonly questions: number;
  /** As it stands in a sentence. */
  readonly test: string;
  readonly p: number;
}

/** Of a cell, by the keys of its model and column; null where the answers of both are not there. */
export type PairedLookup = (model: string, column: string) => PairedAnswers | null;

/** A cell against the baseline's. */
export interface AgainstBaseline {
  readonly difference: number;
  /** Of the paired test where the answers of both were kept; else of the two standard errors, as if both had answered other questions. */
  readonly p: number | null;
  /** Null for standard errors. */
  readonly paired: PairedAnswers | null;
  /** Holm's correction over the tasks of the row. */
  readonly adjustedP: number | null;
  /** `same`: no difference seen. `untested`: a standard error is missing. */
  readonly verdict: 'better' | 'worse' | 'same' | 'untested';
}

/**
 * By the answers to the same questions where they were kept; else by standard errors, as if both had answered other questions, which
 * sees larger differences only. Corrected over the tasks of the row.
 */
export function againstBaseline<C extends Pick<LeaderboardColumn, 'higherIsBetter'>>(
  columns: readonly C[],
  base: readonly (Pick<LeaderboardCell, 'value' | 'standardError'> | null)[],
  cells: readonly (Pick<LeaderboardCell, 'value' | 'standardError'> | null)[],
  pairedOf: (column: C) => PairedAnswers | null = () => null,
): readonly (AgainstBaseline | null)[] {
  const tested = cells.map((cell, place) => {
    const other = base[place] ?? null;
    const column = columns[place];
    if (cell === null || other === null || column === undefined) return null;
    const difference = cell.value - other.value;
    const paired = pairedOf(column);
    if (paired !== null) return { difference, p: paired.p, paired };
    const error =
      cell.standardError === null || other.standardError === null
        ? 0
        : Math.hypot(cell.standardError, other.standardError);
    return { difference, p: error === 0 ? null : normalTwoSided(difference / error), paired };
  });
  const adjusted = holm(tested.flatMap((one) => one?.p ?? []));
  let next = 0;
  return tested.map((one, place) => {
    if (one === null) return null;
    const { difference, p, paired } = one;
    if (p === null) return { difference, p, paired, adjustedP: null, verdict: 'untested' as const };
    const adjustedP = adjusted[next] ?? 1;
    next += 1;
    const isBetter = difference > 0 === (columns[place]?.higherIsBetter ?? true);
    const verdict =
      adjustedP >= SIGNIFICANCE || difference === 0
        ? ('same' as const)
        : isBetter
          ? ('better' as const)
          : ('worse' as const);
    return { difference, p, paired, adjustedP, verdict };
  });
}
