// The leaderboard as an SVG file: text as text, the best of a column bold and underlined. Widths are estimated from letters: fonts differ
// from program to program. Pure.
import { columnTitle } from '../../../../core/lib/evaluations/result-columns.ts';
import { cellWords, meanTitle, type TextTable } from '../../../../core/lib/evaluations/table-texts.ts';
import { escaped, svgDocument, svgElement } from '../../../charts/svg-text.ts';

const SIZE = 12;
/** Of a letter of this size, generously. */
const LETTER = 6.7;
const ROW = 22;
const PAD = 10;
const MARGIN = 16;
const INK = '#1b1f24';
const FAINT = '#57606a';
const LINE = '#cbd0d6';

interface Cell {
  readonly text: string;
  readonly isBest: boolean;
}

export function tableSvg(table: TextTable, title: string): string {
  const { columns, means, rows, best, bestMeans, notes = [] } = table;
  const heads = [
    'Model',
    ...columns.map((column) => columnTitle(column)),
    ...means.map((mean) => meanTitle(mean)),
  ].map(headLines);
  const lines = rows.map(({ model, cells, means: own }, row): readonly Cell[] => [
    { text: model, isBest: false },
    ...cells.map((cell, place) => {
      if (cell === null) return { text: '–', isBest: false };
      const { value, rest } = cellWords(cell);
      return { text: `${value}${rest}`, isBest: best[place]?.includes(row) ?? false };
    }),
    ...own.map((mean, place) => ({
      text: mean === null ? '–' : mean.toFixed(4),
      isBest: mean !== null && (bestMeans?.[place]?.includes(row) ?? false),
    })),
  ]);
  const widths = heads.map((head, column) => {
    const texts = [...head, ...lines.map((line) => line[column]?.text ?? '')];
    return Math.max(...texts.map((text) => text.length)) * LETTER + 2 * PAD;
  });
  const headHeight = Math.max(...heads.map((head) => head.length)) * (SIZE + 4) + 8;
  const width = widths.reduce((sum, one) => sum + one, 0) + 2 * MARGIN;
  const top = MARGIN + headHeight;
  const bottom = top + rows.length * ROW;
  const height = bottom + notes.length * (SIZE + 5) + (notes.length > 0 ? 12 : 0) + MARGIN;
  const parts = [rule(MARGIN, width), rule(top, width), rule(bottom, width)];
  let x = MARGIN;
  for (const [column, columnWidth] of widths.entries()) {
    // Names stand left, numbers right.
    const at = column === 0 ? x + PAD : x + columnWidth - PAD;
    const anchor = column === 0 ? null : 'end';
    for (const [line, text] of (heads[column] ?? []).entries()) {
      const y = top - 8 - ((heads[column]?.length ?? 1) - 1 - line) * (SIZE + 4);
      parts.push(words({ x: at, y, text, anchor, isBold: line === 0, fill: line === 0 ? INK : FAINT }));
    }
    for (const [row, line] of lines.entries()) {
      const cell = line[column];
      if (cell === undefined) continue;
      const y = top + row * ROW + 15;
      parts.push(
        words({
          x: at,
          y,
          text: cell.text,
          anchor,
          isBold: cell.isBest,
          isUnderlined: cell.isBest,
          fill: INK,
        }),
      );
    }
    x += columnWidth;
  }
  for (const [index, note] of notes.entries()) {
    const y = bottom + 12 + (index + 1) * (SIZE + 5) - 5;
    parts.push(
      words({ x: MARGIN, y, text: `${index + 1}. ${note}`, anchor: null, isBold: false, fill: FAINT }),
    );
  }
  const noteWidth = Math.max(0, ...notes.map((note) => (note.length + 4) * LETTER + 2 * MARGIN));
  const description = `${rows.length} models by ${columns.length} columns`;
  return svgDocument(
    { width: Math.max(width, noteWidth), height, title, description, background: '#ffffff' },
    parts.join(''),
  );
}

/** `arc_it (acc_norm), 5-shot` in two lines or more. */
const headLines = (title: string): readonly string[] => {
  const [task = title, rest] = title.split(/ (?=\()/, 2);
  return rest === undefined ? [title] : [task, ...rest.split(/, /)];
};

const rule = (y: number, width: number): string =>
  svgElement('line', { x1: MARGIN, x2: width - MARGIN, y1: y, y2: y, stroke: LINE });

function words(text: {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly anchor: string | null;
  readonly isBold: boolean;
  readonly isUnderlined?: boolean;
  readonly fill: string;
}): string {
  return svgElement(
    'text',
    {
      x: text.x,
      y: text.y,
      'text-anchor': text.anchor,
      'font-size': SIZE,
      'font-weight': text.isBold ? 700 : null,
      'text-decoration': text.isUnderlined ? 'underline' : null,
      fill: text.fill,
    },
    escaped(text.text),
  );
}
