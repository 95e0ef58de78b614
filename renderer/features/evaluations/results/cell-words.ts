// A cell of the leaderboard in words: what it shows, what is read aloud, what sets it apart. Pure.
import type { LeaderboardCell, LeaderboardColumn } from '../../../../core/api/evaluations.ts';
import type { AgainstBaseline } from '../../../../core/lib/evaluations/against-baseline.ts';
import { UNNAMED_METRIC } from '../../../../core/lib/evaluations/comparability.ts';
import { formatFixed, formatSigned } from '../../../ui/format.ts';

export const fourDigits = (value: number): string => formatFixed(value, 4);

export const metricWords = ({ metric, filter, shots }: LeaderboardColumn): string =>
  [
    metric === UNNAMED_METRIC ? 'metric unknown' : metric,
    filter === 'none' ? '' : filter,
    shots === null ? '' : `${shots}-shot`,
  ]
    .filter((part) => part !== '')
    .join(' · ');

export const differenceWords = ({ differs }: Pick<LeaderboardColumn, 'differs'>): string =>
  differs.filter((difference) => !/^metric |-shot$/.test(difference)).join(', ');

export const pWords = (p: number): string => (p < 0.0001 ? 'p < 0.0001' : `p = ${p.toFixed(4)}`);

export function againstWords(against: AgainstBaseline, baseline: string): string {
  const { difference, adjustedP, verdict } = against;
  const signed = difference === 0 ? `±${fourDigits(0)}` : formatSigned(difference, 4);
  if (verdict === 'untested' || adjustedP === null)
    return `${signed} against ${baseline}, not tested: a standard error is missing`;
  const words = verdict === 'same' ? 'no difference seen' : verdict;
  return `${signed} against ${baseline}: ${words}, ${pWords(adjustedP)} ${testWords(against)}, corrected over the tasks of the row`;
}

export const testWords = ({ paired }: Pick<AgainstBaseline, 'paired'>): string =>
  paired === null
    ? 'by standard errors'
    : `by a paired test (${paired.test}) on ${paired.questions.toLocaleString('en-US')} questions`;

/** Filled by a paired test, hollow by standard errors. */
export function againstSign({ verdict, paired }: AgainstBaseline): string {
  if (verdict === 'better') return paired === null ? '△' : '▲';
  if (verdict === 'worse') return paired === null ? '▽' : '▼';
  return '';
}

export interface CellFacts {
  readonly model: string;
  readonly column: LeaderboardColumn;
  readonly cell: LeaderboardCell | null;
  readonly isBest: boolean;
  readonly against: AgainstBaseline | null;
  readonly baseline: string;
}

/** All that the cell says, also by its looks. */
export function cellLabel({ model, column, cell, isBest, against, baseline }: CellFacts): string {
  const apart = column.differs.join(', ');
  const where = `${model}, ${column.task}${apart === '' ? '' : ` (${apart})`}`;
  if (cell === null) return `${where}: no result`;
  return [
    `${where}: ${fourDigits(cell.value)}`,
    cell.standardError === null ? 'standard error unknown' : `± ${fourDigits(cell.standardError)}`,
    isBest ? 'best of the column' : '',
    against === null ? '' : againstWords(against, baseline),
    cell.differs.length === 0 ? '' : `asked otherwise: ${cell.differs.join(', ')}`,
    cell.samples !== null && cell.available !== null && cell.samples < cell.available
      ? `sample of ${cell.samples.toLocaleString('en-US')} of ${cell.available.toLocaleString('en-US')} questions`
      : '',
    cell.older.length === 0 ? '' : `${cell.older.length} older results of the same`,
  ]
    .filter((part) => part !== '')
    .join('; ');
}
