// An annotator's file: JSON lines, one a mark, only ever appended. The last line of a document counts.
import { annotationLine, type Mark } from './campaign.ts';
import { parsePersonLines } from './person-lines.ts';

export interface AnnotationMarks {
  readonly marks: ReadonlyMap<string, Mark>;
  /** Lines that are no annotation: half a line after a crash, marks of a merge, another program's text. */
  readonly brokenLines: number;
  /** When the newest line was written; null without any. */
  readonly newestMs: number | null;
}

/** Never throws: what cannot be read is counted and left out. Empty lines are nothing. */
export function parseAnnotations(text: string): AnnotationMarks {
  const { lines, brokenLines, newestMs } = parsePersonLines(text, annotationLine);
  const marks = new Map<string, Mark>();
  for (const line of lines) {
    marks.set(
      line.document,
      line.kind === 'rating' ? { kind: line.kind, rating: line.rating } : { kind: line.kind },
    );
  }
  return { marks, brokenLines, newestMs };
}

/** One line with its end; keys in a fixed order, so that equal marks are equal bytes. */
export function annotationText(document: string, mark: Mark, atMs: number): string {
  const rating = mark.kind === 'rating' ? { rating: mark.rating } : {};
  return `${JSON.stringify({ document, kind: mark.kind, ...rating, atMs })}\n`;
}
