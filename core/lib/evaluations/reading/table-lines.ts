// A text cut into the lines and cells of a table, whoever printed it. Knows no harness.
import { withoutAnsi } from '../../log-view/ansi.ts';

/** A table of all tasks there are has 20,000 lines; longer texts are logs that were pasted whole. */
export const MAX_TABLE_CHARACTERS = 8_000_000;

export interface TableLine {
  /** From 1. */
  readonly line: number;
  readonly cells: readonly string[];
  /** How far the first cell is moved in: ` - stem` is a part of what stands above it. */
  readonly depth: number;
}

/** Lines with bars, cut at them; log lines around the table have none or do not look like cells. */
export function tableLines(text: string): readonly TableLine[] {
  return text
    .slice(0, MAX_TABLE_CHARACTERS)
    .split(/\r?\n/)
    .flatMap((raw, index) => {
      const plain = withoutAnsi(raw).trim();
      const bars = plain.replaceAll(/[│┃]/g, '|');
      if (!bars.includes('|') || /\d%\|/.test(bars)) return [];
      const cells = bars
        .replace(/^\|/, '')
        .replace(/\|$/, '')
        .split('|')
        .map((cell) => cell.trim());
      const depth = /^\|( *)- \S/.exec(bars)?.[1]?.length ?? 0;
      return cells.length < 2 ? [] : [{ line: index + 1, cells, depth }];
    });
}
