// A source × language matrix as a heat table, with its three averages, and the paper's rows below where they measure the same.
import type { BenchReport } from '../../../../core/lib/judge-bench/bench-report.ts';
import { type BenchFigure, languageLabel } from '../../../../core/lib/judge-bench/bench-figure.ts';
import { languageName } from '../../../../core/lib/judge-bench/bench.ts';
import type { ReferenceFigure } from '../../../../core/lib/judge-bench/reference.ts';
import { Figure } from './figure.tsx';
import { type HeatRow, HeatTable } from './heat-table.tsx';
import { formatSigned } from '../../../ui/format.ts';

export type ReferenceMatrix = Extract<ReferenceFigure, { kind: 'language-matrix' }>;

export interface MatrixProps {
  readonly report: BenchReport;
  readonly figure: BenchFigure;
  readonly references?: readonly ReferenceMatrix[];
  readonly scale: readonly [number, number];
  readonly titleOf?: (row: number, language: number) => string | undefined;
  readonly onChoose?: (row: number, language: number) => void;
  readonly chosen?: readonly [number, number] | null;
  /** A row of a reference: one's own cells then show the difference to it. */
  readonly baseline?: HeatRow | null;
}

/** More languages than this need the whole width. */
const HALF_LANGUAGES = 12;

/** Of the box of a matrix that may stand beside another figure. */
export function spanOf({ languages }: Pick<BenchReport, 'languages'>): { readonly 'data-wide'?: '' } {
  return languages.length > HALF_LANGUAGES ? { 'data-wide': '' } : {};
}

/** Texts that stand between the name and the languages: `Trained on`, `Tokens`. */
function leadingTexts(report: BenchReport, header: readonly string[]): number {
  const first = report.languages[0];
  return first === undefined ? 1 : Math.max(1, header.indexOf(languageLabel(first)));
}

export function Matrix(props: MatrixProps) {
  const { report, figure, references = [], scale, titleOf, onChoose, chosen = null, baseline = null } = props;
  const { header, rows: cells } = figure.table;
  const lead = leadingTexts(report, header);
  const names = header.slice(lead);
  const isMean = (column: number) => column >= report.languages.length;
  const format = (value: number) => figure.table.format?.(value, lead) ?? String(value);
  const own = cells.map((row): HeatRow => {
    const aside = row.slice(1, lead).join(', ');
    return {
      name: String(row[0] ?? ''),
      ...(aside === '' ? {} : { aside }),
      look: 'own',
      values: row.slice(lead).map((cell) => (typeof cell === 'number' ? cell : null)),
    };
  });
  const shown =
    baseline === null
      ? own
      : own.map((row) => ({
          ...row,
          values: row.values.map((value, column) => minus(value, baseline.values[column])),
        }));
  const rows = [
    ...shown,
    ...references.flatMap((reference) => referenceRows(report, reference, names.length)),
  ];
  return (
    <Figure figure={figure}>
      <HeatTable
        label={figure.title}
        corner={header[0] ?? ''}
        columns={names.map((name, column) => ({
          name,
          title: isMean(column)
            ? 'unweighted mean of languages'
            : languageName(report.languages[column] ?? ''),
          isMean: isMean(column),
        }))}
        rows={rows}
        scale={baseline === null ? scale : [0, 0.1]}
        format={baseline === null ? format : (value) => signed(value)}
        {...(titleOf
          ? { titleOf: (row, column) => (isMean(column) ? undefined : titleOf(row, column)) }
          : {})}
        {...(onChoose ? { onChoose } : {})}
        chosen={chosen}
      />
    </Figure>
  );
}

function minus(value: number | null, other: number | null | undefined): number | null {
  return value === null || other === null || other === undefined ? null : value - other;
}

function signed(value: number): string {
  return formatSigned(value, 3);
}

/** In the order of the report's columns; what the paper does not print is a dash. */
export function referenceRows(
  { languages }: Pick<BenchReport, 'languages'>,
  reference: ReferenceMatrix,
  columns: number,
): readonly HeatRow[] {
  return reference.rows.map((row): HeatRow => {
    const values = languages.map((code) => {
      const index = reference.languages.indexOf(code);
      return index < 0 ? null : (row.values?.[index] ?? null);
    });
    // The paper has no mean over whatever languages one's own data have.
    const means = [row.avg13, row.avg35, null].slice(0, columns - languages.length);
    return {
      name: row.name,
      aside: `JQL paper, ${reference.where}`,
      look: 'reference',
      values: [...values, ...means],
    };
  });
}
