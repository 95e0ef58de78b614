// Making findings: places a problem at its line and column. Exports: findingMaker(text).
// Knows nothing about rules; whoever reports decides code, severity and words.
import { lineIndex, type LineIndex } from './position.ts';
import type { Finding, TextRange } from './types.ts';

export type FindingDraft = Omit<Finding, 'line' | 'column' | 'path'> & Partial<Pick<Finding, 'path'>>;

export interface FindingMaker {
  readonly lines: LineIndex;
  /** Fills in line and column from the start of the range; the path is the root unless given. */
  make(draft: FindingDraft): Finding;
}

export function findingMaker(text: string): FindingMaker {
  const lines = lineIndex(text);
  return {
    lines,
    make(draft) {
      const { line, column } = lines.positionAt(draft.range.start);
      return { ...draft, path: draft.path ?? [], line, column };
    },
  };
}

/** Range of one character, or of nothing at the end of the text. */
export function pointRange(text: string, offset: number): TextRange {
  const start = Math.min(Math.max(0, offset), text.length);
  return { start, end: Math.min(start + 1, text.length) };
}
