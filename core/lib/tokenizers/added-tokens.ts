// Finds added tokens (`<|end_of_text|>`) in a text before anything else looks at it: the leftmost and longest first, with the
// rules of the Python library for single words and for spaces beside them.
import type { AddedTokenEntry } from './definition.ts';

/** `id` is null for text between added tokens. Sections follow one another; none is empty. */
export interface Section {
  readonly start: number;
  readonly end: number;
  readonly id: number | null;
}

export interface AddedTokens {
  readonly size: number;
  find(text: string): readonly Section[];
}

interface Entry {
  readonly text: string;
  readonly token: AddedTokenEntry;
}

const WORD = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]/u;
const SPACE = /\p{White_Space}/u;

/** `textOf` is what stands in the text for a token: its content, or its content normalized. */
export function makeAddedTokens(
  tokens: readonly AddedTokenEntry[],
  textOf: (content: string) => string,
): AddedTokens {
  const byFirst = new Map<number, Entry[]>();
  for (const token of tokens) {
    const text = textOf(token.content);
    if (text === '') continue;
    const entries = byFirst.get(text.charCodeAt(0)) ?? [];
    entries.push({ text, token });
    byFirst.set(text.charCodeAt(0), entries);
  }
  for (const entries of byFirst.values()) entries.sort((a, b) => b.text.length - a.text.length);
  return { size: tokens.length, find: (text) => findAll(text, byFirst) };
}

function findAll(text: string, byFirst: ReadonlyMap<number, readonly Entry[]>): readonly Section[] {
  const sections: Section[] = [];
  let done = 0;
  if (byFirst.size > 0) {
    for (let at = 0; at < text.length; at += 1) {
      const entry = byFirst.get(text.charCodeAt(at))?.find((each) => text.startsWith(each.text, at));
      if (entry === undefined) continue;
      const stop = at + entry.text.length;
      const { token } = entry;
      if (token.single_word !== true || isAlone(text, at, stop)) {
        const start = token.lstrip === true ? spacesBefore(text, at, done) : at;
        const end = token.rstrip === true ? spacesAfter(text, stop) : stop;
        if (start > done) sections.push({ start: done, end: start, id: null });
        sections.push({ start, end, id: token.id });
        done = end;
        at = end - 1;
      } else {
        at = stop - 1;
      }
    }
  }
  if (done < text.length) sections.push({ start: done, end: text.length, id: null });
  return sections;
}

function isAlone(text: string, start: number, end: number): boolean {
  const before = /.$/su.exec(text.slice(Math.max(0, start - 2), start))?.[0] ?? '';
  const after = text.codePointAt(end);
  return !WORD.test(before) && !(after !== undefined && WORD.test(String.fromCodePoint(after)));
}

function spacesBefore(text: string, at: number, floor: number): number {
  let start = at;
  while (start > floor && SPACE.test(text.charAt(start - 1))) start -= 1;
  return start;
}

function spacesAfter(text: string, at: number): number {
  let end = at;
  while (end < text.length && SPACE.test(text.charAt(end))) end += 1;
  return end;
}
