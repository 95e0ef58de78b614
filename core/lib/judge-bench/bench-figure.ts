// What every figure of a bench report is made of: names, averages that say what they average, the language × source matrix. Pure.
import type { FigureTable } from '../figures/figure-table.ts';
import type { BenchCell, BenchMean, BenchReport, BenchRow } from './bench-report.ts';

export interface BenchFigure {
  /** Names files and links. */
  readonly id: string;
  readonly title: string;
  /** The figure or table of the paper that shows the same. */
  readonly paper: string;
  /** Definitions, and what is particular about these data. */
  readonly note: string;
  readonly table: FigureTable;
}

export const CLASS_NAMES = ['0', '1', '2', '3', '4', '5'] as const;

export const three = (value: number) => value.toFixed(3);

export const percent = (share: number | null): number | null => (share === null ? null : 100 * share);

/** `avg-13`, or `avg of 4 of 13` where languages are missing: never called what it is not. */
export function meanLabel(name: 'avg-13' | 'avg-35', mean: BenchMean): string {
  return mean.languages === mean.wanted ? name : `${name}: ${mean.languages} of ${mean.wanted}`;
}

export function languageLabel(code: string): string {
  return code === '' ? 'no language' : code;
}

/** The rows of a language × source matrix with its three means at the end. */
export function matrix(
  report: BenchReport,
  rows: readonly {
    readonly name: string;
    readonly values: readonly (number | null)[];
    readonly means: BenchRow['spearman'];
  }[],
  format: (value: number) => string,
): FigureTable {
  const first = rows[0]?.means;
  return {
    header: [
      'Source',
      ...report.languages.map(languageLabel),
      first ? meanLabel('avg-13', first.avg13) : 'avg-13',
      first ? meanLabel('avg-35', first.avg35) : 'avg-35',
      'avg of all',
    ],
    rows: rows.map(({ name, values, means }) => [
      name,
      ...values,
      means.avg13.value,
      means.avg35.value,
      means.all.value,
    ]),
    format,
  };
}

export function cellValues(row: BenchRow, pick: (cell: BenchCell) => number | null): (number | null)[] {
  return row.cells.map((cell) => (cell === null ? null : pick(cell)));
}
