// Judges and heads against people as numbers: correlations, classes, confusion, what has no valid score. Pure.
import type { BenchCell, BenchReport, BenchRow } from './bench-report.ts';
import {
  type BenchFigure,
  CLASS_NAMES,
  three,
  percent,
  languageLabel,
  matrix,
  cellValues,
} from './bench-figure.ts';

const THRESHOLDS = [1, 2, 3, 4, 5] as const;

export function spearmanFigure(report: BenchReport): BenchFigure {
  const rows = report.rows.map((row) => ({
    name: row.name,
    values: cellValues(row, (cell) => cell.spearman),
    means: row.spearman,
  }));
  return {
    id: 'spearman',
    title: 'Spearman against people',
    paper: 'Fig. 2, Fig. 12',
    note: 'Documents valid on both sides; averages are unweighted means of languages, never pooled',
    table: matrix(report, rows, three),
  };
}

export function spearmanDetailsFigure(report: BenchReport): BenchFigure {
  const { resamples, seed } = report.bootstrap;
  return {
    id: 'spearman-details',
    title: 'Spearman with documents, intervals and p-values',
    paper: 'Fig. 2, Table 4',
    note:
      resamples === 0
        ? 'No intervals were drawn'
        : `95 % bootstrap intervals, ${resamples.toLocaleString('en-US')} draws, seed ${seed}; p two-sided, Student t`,
    table: {
      header: ['Source', 'Language', 'Documents', 'Invalid', 'Missing', 'Spearman', 'Low', 'High', 'p'],
      rows: report.rows.flatMap(({ name, cells }) =>
        cells.flatMap((cell) =>
          cell === null
            ? []
            : [
                [
                  name,
                  languageLabel(cell.language),
                  cell.documents,
                  cell.invalid,
                  cell.missing,
                  cell.spearman,
                  cell.low,
                  cell.high,
                  cell.pValue,
                ],
              ],
        ),
      ),
      format: (value, column) =>
        column < 5 ? String(value) : column === 8 ? value.toExponential(2) : three(value),
    },
  };
}

export function pValueFigure(report: BenchReport): BenchFigure {
  return {
    id: 'p-values',
    title: 'p-values over languages',
    paper: 'Table 4',
    note: 'A mean of p-values says little; it is what the paper prints',
    table: {
      header: ['Source', 'Mean p', 'Smallest p', 'Largest p'],
      rows: report.rows.map(({ name, pValues }) => [name, pValues.mean, pValues.smallest, pValues.largest]),
      format: (value) => value.toExponential(2),
    },
  };
}

export function macroF1Figure(report: BenchReport): BenchFigure {
  const rows = report.rows.map((row) => ({
    name: row.name,
    values: cellValues(row, (cell) => cell.macroF1),
    means: row.macroF1,
  }));
  return {
    id: 'macro-f1',
    title: 'Macro-F1, classes that occur',
    paper: 'Fig. 11, Fig. 13',
    note: 'Rounded half up, clamped to 0–5; over the classes that occur in truth or prediction (scikit-learn’s default); invalid left out',
    table: matrix(report, rows, three),
  };
}

export function errorsFigure(report: BenchReport): BenchFigure {
  const mean = (row: BenchRow, pick: (cell: BenchCell) => number | null): number | null => {
    const known = cellValues(row, pick).filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
  };
  return {
    id: 'errors',
    title: 'Errors and agreement at thresholds',
    paper: 'evaluate_classifier',
    note: 'Means of languages; errors on unrounded scores, the rest on classes rounded half up',
    table: {
      header: [
        'Source',
        'MSE',
        'MAE',
        'Accuracy',
        'Macro-F1, classes that occur',
        'Macro-F1, classes 0–5',
        ...THRESHOLDS.map((threshold) => `Agreement at ${threshold}`),
      ],
      rows: report.rows.map((row) => [
        row.name,
        mean(row, (cell) => cell.mse),
        mean(row, (cell) => cell.mae),
        mean(row, (cell) => cell.accuracy),
        mean(row, (cell) => cell.macroF1),
        mean(row, (cell) => cell.macroF1SixClasses),
        ...THRESHOLDS.map((_, index) => mean(row, (cell) => cell.thresholdAgreement[index] ?? null)),
      ]),
      format: three,
    },
  };
}

/** Counts of one language, or the sum over all (`null`). */
export function confusionCounts(row: BenchRow, language: string | null): readonly (readonly number[])[] {
  return CLASS_NAMES.map((_, truth) =>
    [0, 1, 2, 3, 4, 5, 6].map((column) =>
      row.cells.reduce(
        (sum, cell) =>
          cell !== null && (language === null || cell.language === language)
            ? sum + (cell.confusion[truth]?.[column] ?? 0)
            : sum,
        0,
      ),
    ),
  );
}

/** Shares of each row; null for a class that nobody gave. */
export function rowShares(counts: readonly (readonly number[])[]): readonly (readonly (number | null)[])[] {
  return counts.map((row) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count) => (total === 0 ? null : count / total));
  });
}

export function confusionFigure(row: BenchRow, language: string | null): BenchFigure {
  const counts = confusionCounts(row, language);
  const shares = rowShares(counts);
  const where = language === null ? 'all languages, counts added up' : languageLabel(language);
  return {
    id: `confusion-${row.name}${language === null ? '' : `-${language}`}`,
    title: `Confusion of ${row.name}`,
    paper: 'Fig. 14',
    note: `Rows: people, columns: ${row.name}; shares of each row; ${where}`,
    table: {
      header: ['True', 'Documents', 'invalid', ...CLASS_NAMES],
      rows: shares.map((own, truth) => [
        String(truth),
        (counts[truth] ?? []).reduce((sum, count) => sum + count, 0),
        ...own,
      ]),
      format: (value, column) => (column === 1 ? String(value) : value.toFixed(2)),
    },
  };
}

export function invalidFigure(report: BenchReport): BenchFigure {
  const rows = report.rows.map((row) => ({
    name: row.name,
    values: cellValues(row, ({ documents, invalid }) =>
      documents + invalid === 0 ? null : (100 * invalid) / (documents + invalid),
    ),
    means: {
      avg13: { ...row.invalidShare.avg13, value: percent(row.invalidShare.avg13.value) },
      avg35: { ...row.invalidShare.avg35, value: percent(row.invalidShare.avg35.value) },
      all: { ...row.invalidShare.all, value: percent(row.invalidShare.all.value) },
    },
  }));
  return {
    id: 'invalid',
    title: 'Documents without a valid sample (%)',
    paper: 'Fig. 9',
    note: 'Share of the documents a source was asked about on which no sample is valid',
    table: matrix(report, rows, (value) => value.toFixed(1)),
  };
}
