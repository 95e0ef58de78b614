// Fuzzy matching for the palette: the letters of the query in order, words and their beginnings first.
// Pure; knows nothing about what is searched.

export interface Match {
  /** Higher is better. */
  readonly score: number;
  /** Positions in the text that matched, ascending. */
  readonly positions: readonly number[];
}

const START_OF_WORD = 8;
const CONSECUTIVE = 6;
const FIRST_LETTER = 4;
/** Each character between two matched ones costs this, up to a limit. */
const GAP = 1;
const GAP_LIMIT = 6;

function isStartOfWord(text: string, index: number): boolean {
  if (index === 0) return true;
  const before = text[index - 1] ?? '';
  if (/[\s/._\-:]/.test(before)) return true;
  const here = text[index] ?? '';
  return /[a-z]/.test(before) && /[A-Z]/.test(here);
}

/** Null when a letter of `query` is missing. Every space-separated word is matched on its own. */
export function fuzzyMatch(text: string, query: string): Match | null {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  let score = 0;
  const positions = new Set<number>();
  for (const word of words) {
    const match = matchWord(text, word);
    if (!match) return null;
    score += match.score;
    for (const position of match.positions) positions.add(position);
  }
  return {
    score: score - text.length * 0.02,
    positions: [...positions].sort((left, right) => left - right),
  };
}

/** A whole occurrence beats scattered letters; among occurrences the one at the start of a word. */
function matchWord(text: string, word: string): Match | null {
  const lower = text.toLowerCase();
  let best: Match | null = null;
  for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1)) {
    const positions = Array.from(word, (_, offset) => at + offset);
    const score = scoreOf(text, positions);
    if (!best || score > best.score) best = { score, positions };
  }
  if (best) return best;
  const positions: number[] = [];
  let from = 0;
  for (const letter of word) {
    const at = nextPosition(text, lower, letter, from);
    if (at < 0) return scattered(text, lower, word);
    positions.push(at);
    from = at + 1;
  }
  return { score: scoreOf(text, positions), positions };
}

/** Prefers the next start of a word over a letter in the middle of one. */
function nextPosition(text: string, lower: string, letter: string, from: number): number {
  const plain = lower.indexOf(letter, from);
  for (let at = plain; at >= 0; at = lower.indexOf(letter, at + 1)) {
    if (at === from || isStartOfWord(text, at)) return at;
  }
  return plain;
}

/** Plain leftmost matching, when preferring word starts ran past the end. */
function scattered(text: string, lower: string, word: string): Match | null {
  const positions: number[] = [];
  let from = 0;
  for (const letter of word) {
    const at = lower.indexOf(letter, from);
    if (at < 0) return null;
    positions.push(at);
    from = at + 1;
  }
  return { score: scoreOf(text, positions), positions };
}

function scoreOf(text: string, positions: readonly number[]): number {
  let score = 0;
  let previous = -1;
  for (const position of positions) {
    score += 1;
    if (position === 0) score += FIRST_LETTER;
    if (isStartOfWord(text, position)) score += START_OF_WORD;
    if (previous >= 0 && position === previous + 1) score += CONSECUTIVE;
    else if (previous >= 0) score -= Math.min(GAP_LIMIT, (position - previous - 1) * GAP);
    previous = position;
  }
  return score;
}
