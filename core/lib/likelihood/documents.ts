// Texts whose likelihood is measured, and pairs of a right and a wrong sentence, out of lines of JSON. Knows no files and no models.
import { z } from 'zod';

/** A book; more of one text tells nothing more and takes hours. */
export const MAX_TEXT_CHARACTERS = 2_000_000;

export interface HeldOutText {
  readonly id: string;
  readonly language: string;
  readonly domain: string;
  readonly text: string;
}

const line = z.object({
  id: z.union([z.string(), z.number()]).transform(String).optional(),
  language: z.string().min(1).max(40).optional(),
  domain: z.string().min(1).max(100).optional(),
  text: z.string().min(1).max(MAX_TEXT_CHARACTERS),
});

export interface MinimalPair {
  readonly id: string;
  readonly language: string;
  /** What the two sentences differ in: `agreement`. */
  readonly phenomenon: string;
  readonly right: string;
  readonly wrong: string;
}

const pairLine = z
  .object({
    id: z.union([z.string(), z.number()]).transform(String).optional(),
    language: z.string().min(1).max(40).optional(),
    phenomenon: z.string().min(1).max(100).optional(),
    right: z.string().min(1).max(20_000),
    wrong: z.string().min(1).max(20_000),
  })
  .refine(({ right, wrong }) => right !== wrong, 'right and wrong are the same');

/** Unknown language or domain. */
export const UNKNOWN = 'unknown';

export interface ParsedLines<T> {
  readonly rows: readonly T[];
  /** What is wrong, with lines; at most a few. */
  readonly problems: readonly string[];
}

const MAX_PROBLEMS = 5;

export function parseTexts(text: string): ParsedLines<HeldOutText> {
  return parseLines(text, line, (row, number) => ({
    id: row.id ?? `line ${number}`,
    language: row.language ?? UNKNOWN,
    domain: row.domain ?? UNKNOWN,
    text: row.text,
  }));
}

export function parsePairs(text: string): ParsedLines<MinimalPair> {
  return parseLines(text, pairLine, (row, number) => ({
    id: row.id ?? `line ${number}`,
    language: row.language ?? UNKNOWN,
    phenomenon: row.phenomenon ?? UNKNOWN,
    right: row.right,
    wrong: row.wrong,
  }));
}

function parseLines<Row, T>(
  text: string,
  schema: z.ZodType<Row>,
  made: (row: Row, number: number) => T,
): ParsedLines<T> {
  const rows: T[] = [];
  const problems: string[] = [];
  for (const [index, one] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (one.trim() === '' || problems.length >= MAX_PROBLEMS) continue;
    const value = jsonOf(one);
    const parsed = value === undefined ? null : schema.safeParse(value);
    if (parsed === null) problems.push(`line ${index + 1} is not JSON`);
    else if (parsed.success) rows.push(made(parsed.data, index + 1));
    else {
      const [first] = parsed.error.issues;
      problems.push(`line ${index + 1}: ${first?.path.join('.') || 'it'}: ${first?.message ?? 'is wrong'}`);
    }
  }
  return { rows, problems };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
