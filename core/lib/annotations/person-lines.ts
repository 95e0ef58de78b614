// A person's file of marks: JSON lines, only ever appended, so that git merges two copies line by line.
import type { z } from 'zod';

export interface PersonLines<Line> {
  /** In the order of the file. */
  readonly lines: readonly Line[];
  /** Lines that are none: half a line after a crash, marks of a merge, another program's text. */
  readonly brokenLines: number;
  /** When the newest line was written; null without any. */
  readonly newestMs: number | null;
}

function parseLine<Line>(text: string, schema: z.ZodType<Line>): Line | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** Never throws: what cannot be read is counted and left out. Empty lines are nothing. */
export function parsePersonLines<Line extends { readonly atMs: number }>(
  text: string,
  schema: z.ZodType<Line>,
): PersonLines<Line> {
  const lines: Line[] = [];
  let brokenLines = 0;
  let newestMs: number | null = null;
  for (const written of text.split(/\r?\n/)) {
    if (written.trim() === '') continue;
    const line = parseLine(written, schema);
    if (line === null) {
      brokenLines += 1;
      continue;
    }
    lines.push(line);
    newestMs = Math.max(newestMs ?? line.atMs, line.atMs);
  }
  return { lines, brokenLines, newestMs };
}
