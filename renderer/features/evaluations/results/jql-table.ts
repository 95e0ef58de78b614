// A published figure of the JQL paper as a plain table. Pure.
import type { FigureCell } from '../../../../core/lib/figures/figure-table.ts';
import type { ReferenceFigure } from '../../../../core/lib/judge-bench/reference.ts';

export interface PlainTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly FigureCell[])[];
}

const SCORES = ['invalid', '0', '1', '2', '3', '4', '5'] as const;

export function jqlTable(figure: ReferenceFigure): PlainTable {
  switch (figure.kind) {
    case 'language-matrix':
      return {
        header: [figure.measure, ...figure.languages, 'mean of 13', 'mean of 35'],
        rows: figure.rows.map(({ name, values, avg13, avg35 }) => [
          name,
          ...(values ?? figure.languages.map(() => null)),
          avg13,
          avg35,
        ]),
      };
    case 'confusion':
      return {
        header: ['Judge', 'People say', ...SCORES.map((score) => `judge says ${score}`)],
        rows: figure.rows.flatMap(({ name, matrix }) =>
          matrix.map((shares, truth) => [name, truth, ...shares]),
        ),
      };
    case 'sample-size':
      return {
        header: ['Samples', 'Epochs', 'mean of 13', 'mean of 35'],
        rows: figure.points.map(({ samples, epochs, avg13, avg35 }) => [samples, epochs, avg13, avg35]),
      };
    case 'cross-language':
      return {
        header: ['Judge', ...figure.trainLanguages.map((language) => `trained on ${language}`)],
        rows: [
          ...figure.rows.map(({ name, avg35 }) => [`${name}, mean of 35`, ...avg35]),
          ...crossRows(figure),
        ],
      };
    case 'quantities': {
      const names = [...new Set(figure.rows.flatMap(({ values }) => Object.keys(values)))];
      const unit = figure.unit === 'percent' ? ' (%)' : figure.unit === 'hours' ? ' (h)' : '';
      return {
        header: ['', ...names.map((name) => `${name}${unit}`)],
        rows: figure.rows.map(({ name, values }) => [name, ...names.map((one) => values[one] ?? null)]),
      };
    }
  }
}

function crossRows({
  cells,
  trainLanguages,
}: Extract<ReferenceFigure, { kind: 'cross-language' }>): readonly (readonly FigureCell[])[] {
  const names = [...new Set(cells.map(({ judge, test }) => JSON.stringify([judge, test])))];
  return names.map((name) => {
    const [judge = '', test = ''] = JSON.parse(name) as readonly string[];
    return [
      `${judge} on ${test}`,
      ...trainLanguages.map(
        (train) =>
          cells.find((cell) => cell.judge === judge && cell.test === test && cell.train === train)?.value ??
          null,
      ),
    ];
  });
}
