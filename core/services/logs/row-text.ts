// What of a line is shown in one row: its last state, cut where it is very long.
import { statesOf } from '../../lib/log-view/progress.ts';
import type { RawLine } from './line-reader.ts';

/** Several screens of text; the rest is one click away. */
export const SHOWN_CHARACTERS = 4000;

export interface RowText {
  readonly text: string;
  readonly isCut: boolean;
  readonly updates: number;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export function rowText(line: RawLine): RowText {
  const isWhole = line.tail.length === 0;
  const withoutEnd = (bytes: Uint8Array): Uint8Array =>
    bytes.at(-1) === 0x0d ? bytes.subarray(0, -1) : bytes;
  if (isWhole) {
    const states = statesOf(decoder.decode(withoutEnd(line.head)));
    return { ...cut(states.at(-1) ?? ''), updates: states.length - 1 };
  }
  const tail = withoutEnd(line.tail);
  const lastReturn = tail.lastIndexOf(0x0d);
  if (lastReturn < 0) return { ...cut(decoder.decode(line.head)), isCut: true, updates: line.returns };
  const state = decoder.decode(tail.subarray(lastReturn + 1));
  return { ...cut(state), updates: line.returns };
}

function cut(text: string): { text: string; isCut: boolean } {
  if (text.length <= SHOWN_CHARACTERS) return { text, isCut: false };
  // Never through the middle of a character.
  const end = /[\ud800-\udbff]/.test(text[SHOWN_CHARACTERS - 1] ?? '')
    ? SHOWN_CHARACTERS - 1
    : SHOWN_CHARACTERS;
  return { text: text.slice(0, end), isCut: true };
}
