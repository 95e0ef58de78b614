// A table of results as it leaves the studio: Markdown, LaTeX, CSV. The best of each column is marked, missing cells are dashes.
import { type FigureTable, toCsv, toMarkdown } from '../figures/figure-table.ts';
import { columnTitle } from './result-columns.ts';
import type { ResultTable } from './result-table.ts';

export type TableFormat = 'markdown' | 'latex' | 'csv';

const NOTHING = '–';
const DIGITS = 4;

export function tableText(table: ResultTable, format: TableFormat): string {
  if (format === 'csv') return toCsv(plainTable(table));
  return format === 'markdown' ? toMarkdown(markedTable(table)) : latexTable(table);
}

/** Values and standard errors in columns of their own, with every digit. */
function plainTable({ columns, means, rows }: ResultTable): FigureTable {
  return {
    header: [
      'model',
      ...columns.flatMap((column) => [columnTitle(column), `${columnTitle(column)} standard error`]),
      ...means.map(({ label }) => `mean ${label}`),
    ],
    rows: rows.map(({ model, cells, means: own }) => [
      model,
      ...cells.flatMap((cell) => [cell?.value ?? null, cell?.standardError ?? null]),
      ...own,
    ]),
  };
}

function markedTable({ columns, means, rows, best }: ResultTable): FigureTable {
  return {
    header: ['Model', ...columns.map(columnTitle), ...means.map(meanTitle)],
    rows: rows.map(({ model, cells, means: own }, row) => [
      model,
      ...cells.map((cell, place) => {
        if (cell === null) return NOTHING;
        const value = cell.value.toFixed(DIGITS);
        const error = cell.standardError === null ? '' : ` ± ${cell.standardError.toFixed(DIGITS)}`;
        return `${best[place]?.includes(row) ? `**${value}**` : value}${error}`;
      }),
      ...own.map((mean) => (mean === null ? NOTHING : mean.toFixed(DIGITS))),
    ]),
  };
}

function latexTable({ columns, means, rows, best }: ResultTable): string {
  const header = ['Model', ...columns.map(columnTitle), ...means.map(meanTitle)];
  const body = rows.map(({ model, cells, means: own }, row) => [
    escapeLatex(model),
    ...cells.map((cell, place) => {
      if (cell === null) return '--';
      const value = cell.value.toFixed(DIGITS);
      const shown = best[place]?.includes(row) ? `\\textbf{${value}}` : value;
      return cell.standardError === null ? shown : `${shown} $\\pm$ ${cell.standardError.toFixed(DIGITS)}`;
    }),
    ...own.map((mean) => (mean === null ? '--' : mean.toFixed(DIGITS))),
  ]);
  const line = (cells: readonly string[]) => `  ${cells.join(' & ')} \\\\`;
  return [
    `\\begin{tabular}{l${'r'.repeat(header.length - 1)}}`,
    '  \\toprule',
    line(header.map(escapeLatex)),
    '  \\midrule',
    ...body.map(line),
    '  \\bottomrule',
    '\\end{tabular}',
    '',
  ].join('\n');
}

const meanTitle = ({ label }: ResultTable['means'][number]): string =>
  label === 'all' ? 'Mean' : `Mean ${label}`;

const LATEX: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};

/** All that LaTeX reads as a command. */
function escapeLatex(text: string): string {
  return text.replaceAll(/[\\~^&%$#_{}]/g, (character) => LATEX[character] ?? `\\${character}`);
}
