// Does an answer go round in circles: loops among tokens or words, and how much of it was there before.
// Works on any list of comparable units; knows neither models nor languages.
import { textUnits } from './units.ts';

/** Longer circles are rare, and looking for them costs time in proportion. */
const LONGEST_PERIOD = 400;
/** A loop of single units is "!!!!!!" or "0000" below this length; longer periods need three rounds. */
const SHORTEST_LOOP = 12;
const ROUNDS = 3;
/** A passage this long that comes twice in a row is a loop already. */
const LONG_PERIOD = 24;
/** A loop that ends this many units before the end goes on to the end: a full stop, an end mark. */
const TAIL = 2;

export interface Loop {
  /** Units of one round. */
  readonly period: number;
  /** Rounds, the first one included; the last may be cut off. */
  readonly rounds: number;
  /** Where the first round begins, counted from 0. */
  readonly start: number;
  /** After this many units nothing new comes: the end of the first round. */
  readonly freshUnits: number;
  /** Goes on to the end of the text: what a person would call "it loops". */
  readonly reachesEnd: boolean;
}

function isLoop(period: number, length: number): boolean {
  if (length < SHORTEST_LOOP) return false;
  return length >= period * (period >= LONG_PERIOD ? 2 : ROUNDS);
}

/** A loop at the end says more than one that was left again; else the one that begins first, and of those the shortest. */
function isWorse(known: Loop | null, found: Pick<Loop, 'start' | 'period' | 'reachesEnd'>): boolean {
  if (known === null) return true;
  if (known.reachesEnd !== found.reachesEnd) return found.reachesEnd;
  return found.start + found.period < known.freshUnits;
}

/**
 * A loop that goes on to the end where there is one, else the first (of several, the one with the shortest period), or null. Time grows with units × 400, memory with units.
 */
export function findLoop(units: readonly (string | number)[]): Loop | null {
  const ids = new Map<string | number, number>();
  const sequence = Int32Array.from(units, (unit) => {
    const known = ids.get(unit);
    if (known !== undefined) return known;
    ids.set(unit, ids.size);
    return ids.size - 1;
  });
  const count = sequence.length;
  let best: Loop | null = null;
  for (let period = 1; period <= Math.min(LONGEST_PERIOD, count >> 1); period += 1) {
    let start = 0;
    for (let index = period; index <= count; index += 1) {
      if (index < count && sequence[index] === sequence[index - period]) continue;
      // Units start … index − 1 repeat themselves with this period.
      const length = index - start;
      const reachesEnd = index >= count - TAIL;
      if (isLoop(period, length) && isWorse(best, { start, period, reachesEnd })) {
        best = { period, rounds: length / period, start, freshUnits: start + period, reachesEnd };
      }
      start = index - period + 1;
    }
  }
  return best;
}

/** `findLoop` over the words of a text; positions count words and signs. Case does not matter. */
export function findLoopInText(text: string): Loop | null {
  return findLoop(textUnits(text.toLowerCase()).map((unit) => unit.text));
}

/**
 * Share of the n-grams that occurred before in the list (1 − distinct-n of Li et al. 2016), 0 to 1; null when there are fewer than
 * two n-grams. 0.2 and more reads as repetitive; a loop tends to 1.
 */
export function repeatedShare(units: readonly (string | number)[], length = 4): number | null {
  const total = units.length - length + 1;
  if (total < 2) return null;
  const seen = new Set<string>();
  for (let index = 0; index < total; index += 1) {
    seen.add(JSON.stringify(units.slice(index, index + length)));
  }
  return 1 - seen.size / total;
}

/** `repeatedShare` over the words of a text. */
export function repeatedShareInText(text: string, length = 4): number | null {
  return repeatedShare(
    textUnits(text.toLowerCase()).map((unit) => unit.text),
    length,
  );
}
