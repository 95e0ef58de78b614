// The palette's matching: order of letters, words and their beginnings, what must not match.
import { describe, expect, it } from 'vitest';
import { fuzzyMatch } from '../../../../../renderer/app/palette/fuzzy.ts';

function best(texts: readonly string[], query: string): string | undefined {
  return texts
    .flatMap((text) => {
      const match = fuzzyMatch(text, query);
      return match ? [{ text, score: match.score }] : [];
    })
    .sort((left, right) => right.score - left.score)[0]?.text;
}

describe('fuzzyMatch', () => {
  it('wants every letter, in order', () => {
    expect(fuzzyMatch('zagreus-0.4B-ita.yaml', 'zit')).not.toBeNull();
    expect(fuzzyMatch('zagreus-0.4B-ita.yaml', 'zx')).toBeNull();
    expect(fuzzyMatch('abc', 'cba')).toBeNull();
  });

  it('says which letters matched', () => {
    expect(fuzzyMatch('Go to runs', 'runs')?.positions).toEqual([6, 7, 8, 9]);
    expect(fuzzyMatch('documents.parquet data', 'dp')?.positions).toEqual([0, 10]);
  });

  it('takes words in any order', () => {
    expect(fuzzyMatch('Theme: high contrast', 'contrast theme')).not.toBeNull();
  });

  it('prefers whole words and beginnings over scattered letters', () => {
    expect(best(['Copy the link to what is open', 'Configs'], 'con')).toBe('Configs');
    expect(best(['Fold or show the list', 'Show long work'], 'sl')).toBe('Show long work');
    expect(best(['nesso-dpo.yaml configs', 'zagreus-0.4B-spa.yaml configs'], 'spa')).toBe(
      'zagreus-0.4B-spa.yaml configs',
    );
  });

  it('falls back to the leftmost letters when beginnings of words run out', () => {
    expect(fuzzyMatch('run tests', 'tt')).not.toBeNull();
    expect(fuzzyMatch('aab b', 'abb')).not.toBeNull();
  });

  it('matches everything when nothing is asked', () => {
    expect(fuzzyMatch('anything', '  ')?.positions).toEqual([]);
  });
});
