// Two answers beside each other: by tokens where both models have the same vocabulary, else by words and signs.
// Says where they part, where each loops, and which stretches of each text the other does not have.
import { findLoop } from '../text-quality/repetition.ts';
import { textUnits } from '../text-quality/units.ts';
import { align } from './align.ts';

export interface AnswerToken {
  readonly id: number;
  /** The piece as text; a piece that is half a character may be empty. */
  readonly text: string;
  /** A mark of the template, not part of the text. */
  readonly special: boolean;
}

export interface ComparedAnswer {
  readonly text: string;
  /** Null where no tokens were kept. */
  readonly tokens: readonly AnswerToken[] | null;
  /** Equal where the same ids mean the same pieces; null when that is not known. */
  readonly vocabulary: string | null;
}

/** UTF-16 code units, `end` exclusive. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export type ComparisonUnit = 'token' | 'word';

export interface AnswerComparison {
  readonly unit: ComparisonUnit;
  /** Index of the first unit that differs; null when the answers are the same. */
  readonly partsAt: number | null;
  /** Stretches that the other answer does not have, ascending, apart from each other. */
  readonly left: readonly TextRange[];
  readonly right: readonly TextRange[];
  readonly isExact: boolean;
}

export function compareAnswers(left: ComparedAnswer, right: ComparedAnswer): AnswerComparison {
  const unit = comparesByToken(left, right) ? 'token' : 'word';
  const own = unitsOf(left, unit);
  const other = unitsOf(right, unit);
  const { partsAt, onlyLeft, onlyRight, isExact } = align(own.keys, other.keys);
  return {
    unit,
    partsAt,
    left: rangesOf(own.ranges, onlyLeft),
    right: rangesOf(other.ranges, onlyRight),
    isExact,
  };
}

export function comparesByToken(left: ComparedAnswer, right: ComparedAnswer): boolean {
  return (
    left.tokens !== null &&
    right.tokens !== null &&
    left.vocabulary !== null &&
    left.vocabulary === right.vocabulary
  );
}

/** Where the answer begins to go round: by tokens where they were kept. `after` counts the units that are new; null without a loop. */
export function loopOf(
  answer: Pick<ComparedAnswer, 'text' | 'tokens'>,
): { readonly unit: ComparisonUnit; readonly after: number } | null {
  const unit = answer.tokens === null ? 'word' : 'token';
  const loop = findLoop(unitsOf(answer, unit).keys);
  return loop === null || !loop.reachesEnd ? null : { unit, after: loop.freshUnits };
}

/** "Answers part at token 6", "Same answer"; counts from 1, as people do. */
export function partingText({ partsAt, unit }: Pick<AnswerComparison, 'partsAt' | 'unit'>): string {
  return partsAt === null ? 'Same answer' : `Answers part at ${unit} ${partsAt + 1}`;
}

export function loopText(loop: { readonly unit: ComparisonUnit; readonly after: number }): string {
  return `loops after ${loop.unit} ${loop.after}`;
}

interface Units {
  readonly keys: readonly (string | number)[];
  readonly ranges: readonly TextRange[];
}

function unitsOf({ text, tokens }: Pick<ComparedAnswer, 'text' | 'tokens'>, unit: ComparisonUnit): Units {
  if (unit === 'word' || tokens === null) {
    const units = textUnits(text);
    return { keys: units.map((one) => one.text), ranges: units };
  }
  const shown = tokens.filter(({ special }) => !special);
  return { keys: shown.map(({ id }) => id), ranges: tokenRanges(text, shown) };
}

/**
 * Where each token stands in the text. Pieces that are part of one character only show once the character is whole: they share
 * its place. A piece that is not found is given the empty range where the last one ended.
 */
export function tokenRanges(text: string, tokens: readonly Pick<AnswerToken, 'text'>[]): TextRange[] {
  const ranges: TextRange[] = [];
  let at = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.text !== '' && text.startsWith(token.text, at)) {
      ranges.push({ start: at, end: at + token.text.length });
      at += token.text.length;
      continue;
    }
    // The next piece that is found near by says how far the broken ones reach.
    const next = tokens.slice(index + 1).find(({ text: piece }) => piece !== '' && !piece.includes('\uFFFD'));
    const found = next === undefined ? text.length : text.indexOf(next.text, at);
    const end = found >= 0 && (next === undefined || found - at <= LONGEST_GAP) ? found : at;
    ranges.push({ start: at, end });
    const following = tokens[index + 1];
    if (following !== undefined && following === next) at = end;
  }
  return ranges;
}

/** One character outside the basic plane with its variation and joiner is no longer. */
const LONGEST_GAP = 16;

function rangesOf(ranges: readonly TextRange[], chosen: readonly boolean[]): TextRange[] {
  const merged: TextRange[] = [];
  let previousChosen = false;
  for (const [index, range] of ranges.entries()) {
    const isChosen = chosen[index] === true;
    const last = merged.at(-1);
    if (isChosen && range.end > range.start) {
      if (last !== undefined && (previousChosen || range.start <= last.end)) {
        merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
      } else merged.push({ start: range.start, end: range.end });
    }
    if (isChosen || range.end > range.start) previousChosen = isChosen;
  }
  return merged;
}

/** More than this share of a text marked is all of it to the eye. */
const MOST_MARKED = 0.9;

/** The ranges, or none where nearly the whole text is marked: then the answers have nothing in common to stand out from. */
export function readableMarks(text: string, ranges: readonly TextRange[]): readonly TextRange[] {
  const marked = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
  return marked > MOST_MARKED * text.trim().length ? [] : ranges;
}

/** The text in stretches, marked or not, that together are the whole text. */
export function markedPieces(
  text: string,
  ranges: readonly TextRange[],
): readonly { readonly text: string; readonly isMarked: boolean }[] {
  const pieces: { readonly text: string; readonly isMarked: boolean }[] = [];
  let at = 0;
  const push = (end: number, isMarked: boolean) => {
    if (end > at) pieces.push({ text: text.slice(at, end), isMarked });
    at = Math.max(at, end);
  };
  for (const { start, end } of ranges) {
    push(Math.min(start, text.length), false);
    push(Math.min(end, text.length), true);
  }
  push(text.length, false);
  return pieces;
}

/** Stretches that are in any of the lists, joined where they touch. */
export function joinRanges(lists: readonly (readonly TextRange[])[]): readonly TextRange[] {
  const sorted = lists.flat().sort((a, b) => a.start - b.start || a.end - b.end);
  const joined: TextRange[] = [];
  for (const range of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && range.start <= last.end) {
      joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
    } else joined.push({ start: range.start, end: range.end });
  }
  return joined;
}
