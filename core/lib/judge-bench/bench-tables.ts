// Every figure of a bench report as numbers: what the command line prints, what the window draws and exports. Pure.
import type { FigureCell, FigureTable } from '../figures/figure-table.ts';
import { findLanguage, languages as knownLanguages } from '../datasets/language-codes.ts';
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
const THRESHOLDS = [1, 2, 3, 4, 5] as const;

const three = (value: number) => value.toFixed(3);
const percent = (share: number | null): number | null => (share === null ? null : 100 * share);

/** `avg-13`, or `avg of 4 of 13` where languages are missing: never called what it is not. */
export function meanLabel(name: 'avg-13' | 'avg-35', mean: BenchMean): string {
  return mean.languages === mean.wanted ? name : `${name}: ${mean.languages} of ${mean.wanted}`;
}

export function languageLabel(code: string): string {
  return code === '' ? 'no language' : code;
}

/** The rows of a language × source matrix with its three means at the end. */
function matrix(
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

function cellValues(row: BenchRow, pick: (cell: BenchCell) => number | null): (number | null)[] {
  return row.cells.map((cell) => (cell === null ? null : pick(cell)));
}

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

/** Shares of documents at or above 0, 1, … 5: the documents of one language, or of all. */
export function atLeastShares(row: BenchRow, language: string | null): readonly (number | null)[] {
  const cells = row.cells.filter(
    (cell) => cell !== null && (language === null || cell.language === language),
  );
  const total = cells.reduce((sum, cell) => sum + (cell?.documents ?? 0), 0);
  return CLASS_NAMES.map((_, score) =>
    total === 0 ? null : cells.reduce((sum, cell) => sum + (cell?.atLeast[score] ?? 0), 0) / total,
  );
}

export function atLeastFigure(report: BenchReport, language: string | null): BenchFigure {
  return {
    id: `at-least${language === null ? '' : `-${language}`}`,
    title: 'Documents kept at a threshold (%)',
    paper: 'Fig. 15',
    note: `Share of documents scored at least 0, 1, … 5; ${language === null ? 'all languages pooled' : languageLabel(language)}`,
    table: {
      header: ['Source', ...CLASS_NAMES.map((score) => `≥ ${score}`)],
      rows: report.rows.map((row) => [row.name, ...atLeastShares(row, language).map(percent)]),
      format: (value) => value.toFixed(1),
    },
  };
}

export function peopleFigure(report: BenchReport): BenchFigure {
  const { histogram, name } = report.truth;
  const total = histogram.reduce((sum, count) => sum + count, 0);
  return {
    id: 'people-scores',
    title: 'Scores of people',
    paper: 'Fig. 7',
    note: `${name}: ${total.toLocaleString('en-US')} documents, rounded half up; a translation counts as a document`,
    table: {
      header: ['Score', 'Documents', 'Share (%)'],
      rows: histogram.map((count, score) => [
        String(score),
        count,
        total === 0 ? null : (100 * count) / total,
      ]),
      format: (value, column) => (column === 2 ? value.toFixed(1) : value.toLocaleString('en-US')),
    },
  };
}

export function spreadFigure(report: BenchReport): BenchFigure | null {
  const { spread } = report.truth;
  if (spread === null) return null;
  const { documents, majority, meanDeviation } = spread;
  return {
    id: 'people-spread',
    title: 'Spread of people’s ratings',
    paper: 'Fig. 8',
    note: `${documents.toLocaleString('en-US')} documents with two ratings or more; majority agreement ${majority === null ? '–' : `${(100 * majority).toFixed(1)} %`}, mean standard deviation ${meanDeviation === null ? '–' : meanDeviation.toFixed(2)}`,
    table: {
      header: ['Spread at most', 'Documents (%)'],
      rows: spread.shares.map((share, limit) => [String(limit), percent(share)]),
      format: (value) => value.toFixed(1),
    },
  };
}

export function lengthsFigure(report: BenchReport): BenchFigure | null {
  const { lengths } = report.truth;
  if (lengths === null) return null;
  const { edges, counts } = lengths;
  const rows = counts.flatMap((count, index): FigureCell[][] =>
    count === 0 ? [] : [[edges[index] ?? null, edges[index + 1] ?? null, count]],
  );
  return {
    id: 'lengths',
    title: 'Token length',
    paper: 'Fig. 39 c',
    note: `Tokens ${lengths.label}`,
    table: {
      header: ['Tokens, from', 'Tokens, below', 'Documents'],
      rows,
      format: (value, column) => (column === 2 ? String(value) : value.toFixed(0)),
    },
  };
}

export function regimesFigure(report: BenchReport): BenchFigure | null {
  if (report.regimes.length === 0) return null;
  const rows = report.regimes.map(({ name, heads, values, means }) => ({
    name: `${name} (${heads} ${heads === 1 ? 'head' : 'heads'})`,
    values,
    means,
  }));
  return {
    id: 'regimes',
    title: 'Heads by the languages they were trained on',
    paper: 'Fig. 3',
    note: 'Mean over heads of Spearman; families as in Table 1 of the paper',
    table: matrix(report, rows, three),
  };
}

export function crossLanguageFigure(report: BenchReport): BenchFigure | null {
  if (report.crossLanguage.length === 0) return null;
  return {
    id: 'cross-language',
    title: 'Trained on one language, tested on every one',
    paper: 'Fig. 18',
    note: 'Spearman of unrounded scores; colours from 0.50 to 0.80 as in the paper',
    table: {
      header: ['Head', 'Trained on', ...report.languages.map(languageLabel), 'avg of all'],
      rows: report.crossLanguage.map(({ row, train, mean }) => {
        const own = report.rows[row];
        return [
          own?.name ?? '',
          languageLabel(train),
          ...(own ? cellValues(own, (cell) => cell.spearman) : []),
          mean,
        ];
      }),
      format: three,
    },
  };
}

export function sampleSizeFigure(report: BenchReport): BenchFigure | null {
  if (report.sampleSizes.length === 0) return null;
  return {
    id: 'sample-size',
    title: 'Spearman by number of training documents',
    paper: 'Fig. 17',
    note: 'Heads with a card; epochs until training ended',
    table: {
      header: ['Head', 'Training documents', 'Epochs', 'avg-13', 'avg-35', 'avg of all'],
      rows: report.sampleSizes.map(({ row, samples, epochs }) => {
        const own = report.rows[row];
        const { avg13, avg35, all } = own?.spearman ?? {};
        return [
          own?.name ?? '',
          samples,
          epochs,
          avg13?.value ?? null,
          avg35?.value ?? null,
          all?.value ?? null,
        ];
      }),
      format: (value, column) => (column < 3 ? value.toLocaleString('en-US') : three(value)),
    },
  };
}

export function lengthPairsFigure(report: BenchReport): BenchFigure | null {
  if (report.lengthPairs.length === 0) return null;
  return {
    id: 'token-limit',
    title: 'Spearman at 512 and at 8192 tokens',
    paper: 'Fig. 39 a, b',
    note: 'The same source, documents cut after 512 or 8192 tokens',
    table: {
      header: ['Source', 'Tokens', ...report.languages.map(languageLabel), 'avg of all'],
      rows: report.lengthPairs.flatMap(({ name, short, long }) =>
        [short, long].map((index) => {
          const row = report.rows[index];
          return [
            name,
            String(row?.maxLength ?? ''),
            ...(row ? cellValues(row, (cell) => cell.spearman) : []),
            row?.spearman.all.value ?? null,
          ];
        }),
      ),
      format: three,
    },
  };
}

/** Table 1 of the paper, for the languages of the report. */
export function familiesFigure(report: BenchReport): BenchFigure {
  const known = new Set(report.languages);
  return {
    id: 'families',
    title: 'Languages and families',
    paper: 'Table 1',
    note: 'Evaluated: one of the 13 languages of avg-13',
    table: {
      header: ['Code', 'FineWeb-2', 'Language', 'Family', 'Second order', 'Evaluated', 'Documents here'],
      rows: [...known]
        .toSorted(
          (a, b) =>
            knownLanguages.findIndex(({ code }) => code === a) -
            knownLanguages.findIndex(({ code }) => code === b),
        )
        .map((code) => {
          const language = findLanguage(code);
          return [
            languageLabel(code),
            language?.fineWeb ?? null,
            language?.name ?? null,
            language?.family ?? null,
            language?.subFamily ?? null,
            language?.isEvaluated ? 'yes' : 'no',
            report.truth.languages.find((own) => own.language === code)?.documents ?? 0,
          ];
        }),
    },
  };
}

/** All of them, in the order of a report. */
export function allFigures(report: BenchReport): readonly BenchFigure[] {
  return [
    spearmanFigure(report),
    spearmanDetailsFigure(report),
    pValueFigure(report),
    macroF1Figure(report),
    errorsFigure(report),
    ...report.rows.map((row) => confusionFigure(row, null)),
    invalidFigure(report),
    atLeastFigure(report, null),
    peopleFigure(report),
    spreadFigure(report),
    lengthsFigure(report),
    regimesFigure(report),
    crossLanguageFigure(report),
    sampleSizeFigure(report),
    lengthPairsFigure(report),
    familiesFigure(report),
  ].filter((figure) => figure !== null);
}
