// Comparisons of results in one go, with the draws made here: what the studio does file by file and beside other work.
import {
  type ComparisonOptions,
  type ComparisonPair,
  correctedComparisons,
  type ResultComparison,
  testPair,
} from '../../core/lib/evaluations/compare-results.ts';

export function compareResults(
  pairs: readonly ComparisonPair[],
  options: ComparisonOptions,
): readonly ResultComparison[] {
  return correctedComparisons(pairs.map((pair) => testPair(pair, options)));
}
