// Tokens of an answer as columns: cut and forced at a place, with what the model thought of that place.
import { describe, expect, it } from 'vitest';
import type { TokenColumns } from '../../../../../core/api/conversations.ts';
import type { Token } from '../../../../../core/api/generation.ts';
import {
  alternativesAt,
  copyOfTokens,
  noTokens,
  perplexityOf,
  pushTokens,
  textBefore,
  withForced,
  withoutEnd,
} from '../../../../../core/lib/conversations/token-columns.ts';

const token = (
  id: number,
  text: string,
  probability: number,
  others: readonly [number, string, number][],
): Token => ({
  id,
  text,
  special: text.startsWith('<'),
  logProbability: Math.log(probability),
  entropy: 0.5,
  top: [
    { id, text, logProbability: Math.log(probability) },
    ...others.map(([other, piece, value]) => ({ id: other, text: piece, logProbability: Math.log(value) })),
  ],
});

function example(): TokenColumns {
  const columns = copyOfTokens(noTokens);
  pushTokens(columns, [
    token(1, 'La', 0.5, [[7, 'Il', 0.25]]),
    token(2, ' capitale', 0.5, [[8, ' città', 0.125]]),
  ]);
  pushTokens(columns, [token(3, '<end>', 0.5, [])]);
  return columns;
}

/** Why columns do not fit each other; null when they do. */
function problemOf(columns: TokenColumns): string | null {
  const { ids, texts, logProbabilities, entropies, topIds, topLogProbabilities } = columns;
  const sameLength = [texts, logProbabilities, entropies, topIds, topLogProbabilities].every(
    ({ length }) => length === ids.length,
  );
  if (!sameLength) return 'the columns of tokens are not equally long';
  return topIds.every((top, place) => top.length === topLogProbabilities[place]?.length)
    ? null
    : 'alternatives of tokens lack their probabilities';
}

describe('token columns', () => {
  it('hold tokens, alternatives and special places', () => {
    const columns = example();
    expect(problemOf(columns)).toBeNull();
    expect(columns.special).toEqual([2]);
    expect(columns.logProbabilities).toEqual([-0.6931, -0.6931, -0.6931]);
    const [first, second] = alternativesAt(columns, 1);
    expect([first?.text, second?.text]).toEqual([' capitale', ' città']);
    expect(second?.probability).toBeCloseTo(0.125, 3);
    expect(perplexityOf(columns)).toBeCloseTo(2, 3);
  });

  it('forced at a place keep what came before and the distribution of that place', () => {
    const forced = withForced(example(), 1, [{ id: 8, text: ' città', special: false }]);
    expect(forced.ids).toEqual([1, 8]);
    expect(forced.forced).toEqual([1]);
    expect(forced.special).toEqual([]);
    expect(forced.logProbabilities[1]).toBeCloseTo(Math.log(0.125), 2);
    expect(alternativesAt(forced, 1)).toHaveLength(2);
    expect(problemOf(forced)).toBeNull();
    // A text that no alternative was: its tokens have no probability.
    const typed = withForced(example(), 0, [
      { id: 90, text: 'Qu', special: false },
      { id: 91, text: 'esta', special: false },
    ]);
    expect(typed.logProbabilities).toEqual([null, null]);
    expect(typed.forced).toEqual([0, 1]);
    expect(perplexityOf(typed)).toBeNull();
  });

  it('go on without the token that ended them', () => {
    expect(withoutEnd(example()).texts).toEqual(['La', ' capitale']);
    expect(withoutEnd(withoutEnd(example())).special).toEqual([]);
  });

  it('give the text before a place, with characters that are spread over tokens', () => {
    const columns = copyOfTokens(noTokens);
    pushTokens(columns, [
      token(1, 'Ciao ', 1, []),
      token(2, '\ufffd', 1, []),
      token(3, '\ufffd', 1, []),
      token(4, '!', 1, []),
    ]);
    expect(textBefore(columns, 'Ciao 👍!', 1)).toBe('Ciao ');
    expect(textBefore(columns, 'Ciao 👍!', 3)).toBe('Ciao 👍');
  });

  it('survive a probability of zero as a number that JSON has', () => {
    const columns = copyOfTokens(noTokens);
    pushTokens(columns, [token(1, 'x', 0, [])]);
    expect(columns.logProbabilities).toEqual([-1000]);
    expect(JSON.parse(JSON.stringify(columns))).toEqual(columns);
  });
});
