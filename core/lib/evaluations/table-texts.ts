// A table of results as it leaves the studio: Markdown, LaTeX, CSV, SVG. The best of each column is marked, missing cells are dashes,
// what differs is said below.
import { type FigureTable, toCsv, toMarkdown } from '../figures/figure-table.ts';
import { columnTitle } from './result-columns.ts';
import type { AgainstBaseline } from './against-baseline.ts';
import type { ShownLeaderboard } from './leaderboard.ts';

export type TableFormat = 'markdown' | 'latex' | 'csv';

interface TextCell {
  readonly value: number;
  readonly standardError: number | null;
  /** Set apart from its column: the places of its notes. */
  readonly notes?: readonly number[];
  /** Against a baseline; with a dagger by a paired test, without by standard errors. */
  readonly sign?: '+' | '−' | '+†' | '−†' | null;
}

/** What a table needs to be written; results of the command line and the leaderboard of the window both have it. */
export interface TextTable {
  readonly columns: readonly {
    readonly task: string;
    readonly metric: string;
    readonly differs: readonly string[];
  }[];
  readonly means: readonly { readonly label: string }[];
  readonly rows: readonly {
    readonly model: string;
    readonly cells: readonly (TextCell | null)[];
    readonly means: readonly (number | null)[];
  }[];
  readonly best: readonly (readonly number[])[];
  readonly bestMeans?: readonly (readonly number[])[];
  /** Below the table. */
  readonly notes?: readonly string[];
}

const NOTHING = '–';
const DIGITS = 4;

export function tableText(table: TextTable, format: TableFormat): string {
  if (format === 'csv') return toCsv(plainTable(table));
  if (format === 'latex') return latexTable(table);
  const notes = (table.notes ?? []).map((note, index) => `${index + 1}. ${note}`);
  return `${toMarkdown(markedTable(table))}${notes.length === 0 ? '' : `\n\n${notes.join('\n')}\n`}`;
}

/** The leaderboard as it is shown, with what sets single cells apart as numbered notes. */
export function leaderboardText({ columns, means, rows, best, bestMeans }: ShownLeaderboard): TextTable {
  const notes: string[] = [];
  const noteOf = (text: string): number => {
    const place = notes.indexOf(text);
    return place === -1 ? notes.push(text) : place + 1;
  };
  const baseline = rows.find(({ isBaseline }) => isBaseline);
  const written = rows.map(({ model, cells, means: own, against }) => ({
    model: plain(model.name),
    cells: cells.map((cell, place) => {
      if (cell === null) return null;
      return {
        value: cell.value,
        standardError: cell.standardError,
        notes: cell.differs.length === 0 ? [] : [noteOf(`Asked otherwise: ${cell.differs.join(', ')}`)],
        sign: signOf(against[place] ?? null),
      };
    }),
    means: own.map((mean) => mean?.value ?? null),
  }));
  if (baseline !== undefined) {
    const isPaired = written.some(({ cells }) => cells.some((cell) => cell?.sign?.endsWith('†')));
    notes.push(
      `+ and − beside a value: better and worse than ${plain(baseline.model.name)} by the standard errors${isPaired ? ', with † by a paired test of the answers to the same questions' : ''} (p < 0.05 after Holm's correction over the tasks of the row)`,
    );
  }
  for (const mean of means)
    if (mean.outOf !== undefined)
      notes.push(
        `${meanTitle(mean)} over the ${mean.over.length} of ${mean.outOf} tasks that every model here was asked`,
      );
  return { columns, means, rows: written, best, bestMeans, notes };
}

function signOf(against: AgainstBaseline | null): NonNullable<TextCell['sign']> | null {
  if (against?.verdict === 'better') return against.paired === null ? '+' : '+†';
  if (against?.verdict === 'worse') return against.paired === null ? '−' : '−†';
  return null;
}

/** A name of several lines would leave a cell, or a comment. */
const plain = (text: string): string => text.replaceAll(/\s+/g, ' ');

/** Values and standard errors in columns of their own, with every digit. */
function plainTable({ columns, means, rows }: TextTable): FigureTable {
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

/** What stands in a cell besides its value. */
export function cellWords(cell: TextCell): { readonly value: string; readonly rest: string } {
  const error = cell.standardError === null ? '' : ` ± ${cell.standardError.toFixed(DIGITS)}`;
  const sign = cell.sign == null ? '' : ` ${cell.sign}`;
  const notes = (cell.notes ?? []).map((place) => ` [${place}]`).join('');
  return { value: cell.value.toFixed(DIGITS), rest: `${error}${sign}${notes}` };
}

function markedTable({ columns, means, rows, best, bestMeans }: TextTable): FigureTable {
  return {
    header: ['Model', ...columns.map(columnTitle), ...means.map(meanTitle)],
    rows: rows.map(({ model, cells, means: own }, row) => [
      model,
      ...cells.map((cell, place) => {
        if (cell === null) return NOTHING;
        const { value, rest } = cellWords(cell);
        return `${best[place]?.includes(row) ? `**${value}**` : value}${rest}`;
      }),
      ...own.map((mean, place) => {
        if (mean === null) return NOTHING;
        const value = mean.toFixed(DIGITS);
        return bestMeans?.[place]?.includes(row) ? `**${value}**` : value;
      }),
    ]),
  };
}

function latexTable({ columns, means, rows, best, bestMeans, notes = [] }: TextTable): string {
  const header = ['Model', ...columns.map(columnTitle), ...means.map(meanTitle)];
  const body = rows.map(({ model, cells, means: own }, row) => [
    escapeLatex(model),
    ...cells.map((cell, place) =>
      cell === null ? '--' : latexCell(cell, best[place]?.includes(row) ?? false),
    ),
    ...own.map((mean, place) => {
      if (mean === null) return '--';
      const value = mean.toFixed(DIGITS);
      return bestMeans?.[place]?.includes(row) ? `\\textbf{${value}}` : value;
    }),
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
    ...notes.map((note, index) => `% ${index + 1}. ${note}`),
    '',
  ].join('\n');
}

function latexCell(cell: TextCell, isBest: boolean): string {
  const value = cell.value.toFixed(DIGITS);
  const sign = cell.sign?.replace('−', '-').replace('†', '\\dagger');
  const marks = [...(sign === undefined ? [] : [sign]), ...(cell.notes ?? [])];
  const shown = `${isBest ? `\\textbf{${value}}` : value}${marks.length === 0 ? '' : `$^{${marks.join(',')}}$`}`;
  return cell.standardError === null ? shown : `${shown} $\\pm$ ${cell.standardError.toFixed(DIGITS)}`;
}

export const meanTitle = ({ label }: TextTable['means'][number]): string =>
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
