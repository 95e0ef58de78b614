// Finds the lines of one top-level section without parsing the rest of the file. Exports: sectionSlice.
// Answers null whenever a line-based look could be wrong; the caller then parses the whole text.

export interface SectionSlice {
  readonly text: string;
  /** Where the slice starts in the whole text. */
  readonly offset: number;
}

const PLAIN_KEY = /^[A-Za-z_][\w-]*$/;
/** First line that is neither blank nor a comment: a plain key at column 0 means that the root is a block map. */
const FIRST_CONTENT = /^(?!#)(?!\s*$)(?!\s*#).*$/m;
const KEY_LINE = /^[A-Za-z_][\w.-]*:(?:\s|$)/;
const DOCUMENT_MARK = /^(?:---|\.\.\.|%)/m;
/** Anchors, aliases and merges reach beyond a section. */
const REACHES_OUT = /[&*]\w|<</;

/**
 * The section of a top-level key. In a block map every line at column 0 that is not blank, a comment or a list dash starts
 * another key, because continuation lines of values must be indented.
 */
export function sectionSlice(text: string, key: string | number | undefined): SectionSlice | null {
  if (typeof key !== 'string' || !PLAIN_KEY.test(key)) return null;
  const start = onlyLine(text, key);
  if (start === null || DOCUMENT_MARK.test(text)) return null;
  const first = FIRST_CONTENT.exec(text);
  if (first === null || !KEY_LINE.test(first[0])) return null;
  const boundary = /^[^\s#-]/gm;
  boundary.lastIndex = start + 1;
  const end = boundary.exec(text)?.index ?? text.length;
  const slice = text.slice(start, end);
  return REACHES_OUT.test(slice) ? null : { text: slice, offset: start };
}

/** Offset of the only line that starts with `key:`, or null. */
function onlyLine(text: string, key: string): number | null {
  const line = new RegExp(`^${key}:(?=\\s|$)`, 'gm');
  const first = line.exec(text);
  return first !== null && line.exec(text) === null ? first.index : null;
}
