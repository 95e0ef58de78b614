// The numbers behind a figure, and how they leave the studio: CSV with every digit, Markdown as it is read.
// Knows cells, not what they mean.
import { trueMinus } from '../format/signs.ts';
import { csvField } from './csv-field.ts';

/** Null and NaN are what cannot be computed: a dash to read, an empty field in CSV, never 0. */
export type FigureCell = string | number | null;

export interface FigureTable {
  /** Units stand in the header: `Share (%)`. */
  readonly header: readonly string[];
  readonly rows: readonly (readonly FigureCell[])[];
  /** How a number is read; without it every digit is shown. */
  readonly format?: (value: number, column: number) => string;
}

const NOTHING = '–';

/** The cell as a person reads it. */
export function cellText(table: FigureTable, cell: FigureCell, column: number): string {
  if (cell === null || (typeof cell === 'number' && Number.isNaN(cell))) return NOTHING;
  if (typeof cell === 'string') return cell;
  return table.format ? table.format(cell, column) : String(cell);
}

/** The same in the window, with a true minus. */
export function shownText(table: FigureTable, cell: FigureCell, column: number): string {
  const text = cellText(table, cell, column);
  return typeof cell === 'number' ? trueMinus(text) : text;
}

/** RFC 4180 with line feeds; numbers exactly as JavaScript prints them, which reads back to the same value. */
export function toCsv(table: FigureTable): string {
  const lines = [table.header.map(fieldOf), ...table.rows.map((row) => row.map(fieldOf))];
  return `${lines.map((fields) => fields.join(',')).join('\n')}\n`;
}

/** For a paper or a chat. Pipes in cells are escaped; columns of numbers stand right. */
export function toMarkdown(table: FigureTable): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  const rule = table.header.map((_, column) =>
    table.rows.some((row) => typeof row[column] === 'number') ? '---:' : '---',
  );
  const rows = table.rows.map((row) =>
    line(row.map((cell, column) => withHyphen(cell, cellText(table, cell, column)))),
  );
  return [line(table.header), line(rule), ...rows].join('\n');
}

/** Where it is pasted, a negative number is read as one. */
function withHyphen(cell: FigureCell, text: string): string {
  return typeof cell === 'number' ? text.replace('−', '-') : text;
}

function fieldOf(cell: FigureCell): string {
  if (cell === null || (typeof cell === 'number' && Number.isNaN(cell))) return '';
  return typeof cell === 'number' ? String(cell) : csvField(cell);
}
