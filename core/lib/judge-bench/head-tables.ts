// Heads as numbers: regimes of training languages, one language on all, training documents, token limits. Pure.
import type { BenchReport } from './bench-report.ts';
import { type BenchFigure, three, languageLabel, matrix, cellValues } from './bench-figure.ts';

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
