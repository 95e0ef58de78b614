// An annotator's file: JSON lines, one a mark, only ever appended. The last line of a document counts.
import { type AnnotationLine, annotationLine, type Mark } from './campaign.ts';

export interface AnnotationMarks {
  readonly marks: ReadonlyMap<string, Mark>;
  /** Lines that are no annotation: half a line after a crash, marks of a merge, another program's text. */
  readonly brokenLines: number;
  /** When the newest line was written; null without any. */
  readonly newestMs: number | null;
}

function parseLine(text: string): AnnotationLine | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = annotationLine.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** Never throws: what cannot be read is counted and left out. Empty lines are nothing. */
export function parseAnnotations(text: string): AnnotationMarks {
  const marks = new Map<string, Mark>();
  let brokenLines = 0;
  let newestMs: number | null = null;
  for (const written of text.split(/\r?\n/)) {
    if (written.trim() === '') continue;
    const line = parseLine(written);
    if (line === null) {
      brokenLines += 1;
      continue;
    }
    marks.set(
      line.document,
      line.kind === 'rating' ? { kind: line.kind, rating: line.rating } : { kind: line.kind },
    );
    newestMs = Math.max(newestMs ?? line.atMs, line.atMs);
  }
  return { marks, brokenLines, newestMs };
}

/** One line with its end; keys in a fixed order, so that equal marks are equal bytes. */
export function annotationText(document: string, mark: Mark, atMs: number): string {
  const rating = mark.kind === 'rating' ? { rating: mark.rating } : {};
  return `${JSON.stringify({ document, kind: mark.kind, ...rating, atMs })}\n`;
}
