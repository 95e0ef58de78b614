// Two models' log-probabilities of the same text beside each other: cut where both have a boundary of tokens, so that the sums of
// a stretch can be compared whatever the vocabularies are.

export interface ScoredPiece {
  /** As the token reads; half a character reads as a replacement character. */
  readonly text: string;
  readonly logProbability: number | null;
}

export interface ComparedStretch {
  readonly text: string;
  /** Sums of natural log-probabilities; null where no token of it has one (the first token of a text without a begin token). */
  readonly a: number | null;
  readonly b: number | null;
}

const BROKEN = '\uFFFD';

interface Bounded {
  /** Ends of tokens in the text, UTF-16, ascending, the last is the text's length. */
  readonly ends: readonly number[];
  readonly sums: readonly (number | null)[];
}

/** Tokens that are not in the text (a begin token) are left out. */
export function alignScores(
  text: string,
  a: readonly ScoredPiece[],
  b: readonly ScoredPiece[],
): readonly ComparedStretch[] {
  const left = boundsOf(text, a);
  const right = boundsOf(text, b);
  const stretches: ComparedStretch[] = [];
  let [atLeft, atRight, start] = [0, 0, 0];
  let sums: { a: number | null; b: number | null } = { a: null, b: null };
  while (atLeft < left.ends.length || atRight < right.ends.length) {
    const endLeft = left.ends[atLeft] ?? text.length;
    const endRight = right.ends[atRight] ?? text.length;
    if (endLeft <= endRight && atLeft < left.ends.length) {
      sums = { ...sums, a: added(sums.a, left.sums[atLeft] ?? null) };
      atLeft += 1;
    }
    if (endRight <= endLeft && atRight < right.ends.length) {
      sums = { ...sums, b: added(sums.b, right.sums[atRight] ?? null) };
      atRight += 1;
    }
    if (endLeft !== endRight) continue;
    if (endLeft > start) stretches.push({ text: text.slice(start, endLeft), ...sums });
    start = endLeft;
    sums = { a: null, b: null };
  }
  return stretches;
}

const added = (sum: number | null, value: number | null): number | null =>
  value === null ? sum : (sum ?? 0) + value;

/** Where each token ends. Tokens that are half a character belong to the next one that is whole. */
function boundsOf(text: string, pieces: readonly ScoredPiece[]): Bounded {
  const ends: number[] = [];
  const sums: (number | null)[] = [];
  let at = 0;
  let waiting: number | null = null;
  for (const [index, piece] of pieces.entries()) {
    const isWhole = piece.text !== '' && !piece.text.includes(BROKEN);
    const found = isWhole ? text.indexOf(piece.text, at) : -1;
    // After halves of a character the next whole token is looked for; else it must stand right here.
    const fits = found === at || (found > at && waiting !== null);
    if (!fits) {
      if (isWhole && waiting === null && index === 0) continue;
      waiting = added(waiting, piece.logProbability);
      continue;
    }
    if (found > at) {
      ends.push(found);
      sums.push(waiting);
      waiting = null;
    }
    at = found + piece.text.length;
    ends.push(at);
    sums.push(waiting === null ? piece.logProbability : added(waiting, piece.logProbability));
    waiting = null;
  }
  if (at < text.length || waiting !== null) {
    ends.push(text.length);
    sums.push(waiting);
  }
  return { ends, sums };
}
