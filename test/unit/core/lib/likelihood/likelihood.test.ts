// Bits per byte, pairs, and two models' scores beside each other.
import { describe, expect, it } from 'vitest';
import { alignScores } from '../../../../../core/lib/likelihood/align-scores.ts';
import { groupsOf, pairGroupsOf } from '../../../../../core/lib/likelihood/bits.ts';
import { parsePairs, parseTexts } from '../../../../../core/lib/likelihood/documents.ts';

const text = (place: string, bytes: number, bits: number) => ({
  id: `${place} ${bytes}`,
  language: place.split(' ')[0] ?? '',
  domain: place.split(' ')[1] ?? '',
  bytes,
  tokens: bytes / 4,
  nats: bits * Math.LN2,
});

describe('bits per byte', () => {
  it('weighs documents by their bytes, by language and domain', () => {
    const groups = groupsOf([text('it news', 100, 150), text('it law', 300, 300), text('en news', 100, 80)]);
    expect(
      groups.map((group) => [group.language, group.domain, Number(group.bitsPerByte.toFixed(6))]),
    ).toEqual([
      [null, null, 1.06],
      ['en', null, 0.8],
      ['it', null, 1.125],
      ['it', 'law', 1],
      ['it', 'news', 1.5],
    ]);
    // residuals of it: 150 - 112.5 = 37.5 and -37.5; sqrt(2812.5 / 1 * 2) / 400.
    expect(groups[2]?.standardError).toBeCloseTo(0.1875, 10);
    expect(groups[1]?.standardError).toBeNull();
  });

  it('has no groups without documents', () => {
    expect(groupsOf([])).toEqual([]);
  });
});

it('counts pairs whose right sentence is more likely; ties are wrong', () => {
  const pair = (id: string, phenomenon: string, right: number, wrong: number) => ({
    id,
    language: 'it',
    phenomenon,
    right,
    wrong,
  });
  const groups = pairGroupsOf([pair('a', 'x', -1, -2), pair('b', 'x', -3, -3), pair('c', 'y', -1, -5)]);
  expect(groups.map(({ phenomenon, correct, pairs }) => [phenomenon, correct, pairs])).toEqual([
    [null, 2, 3],
    [null, 2, 3],
    ['x', 1, 2],
    ['y', 1, 1],
  ]);
});

describe('two models on one text', () => {
  const piece = (own: string, logProbability: number | null) => ({ text: own, logProbability });
  const shown = (stretches: ReturnType<typeof alignScores>) =>
    stretches.map((one) => `${one.text}|${one.a}|${one.b}`);

  it('are compared token by token where the vocabulary is one', () => {
    const a = [piece('<s>', null), piece('Il', -1), piece(' gatto', -2)];
    const b = [piece('<s>', null), piece('Il', -3), piece(' gatto', -4)];
    expect(shown(alignScores('Il gatto', a, b))).toEqual(['Il|-1|-3', ' gatto|-2|-4']);
  });

  it('are compared in stretches where boundaries meet', () => {
    const a = [piece('un', -1), piece('belli', -1), piece('ssimo', -1)];
    const b = [piece('unbel', -2), piece('li', -2), piece('ss', -2), piece('imo', -2)];
    expect(shown(alignScores('unbellissimo', a, b))).toEqual(['unbelli|-2|-4', 'ssimo|-1|-4']);
  });

  it('lose nothing where characters are spread over tokens', () => {
    const own = 'è 👍 ok';
    const a = [piece('\uFFFD', -1), piece('\uFFFD', -1), piece(' ', -1), piece('👍', -1), piece(' ok', -1)];
    const b = [piece('è', -1), piece(' \uFFFD', -1), piece('\uFFFD', -1), piece(' ok', -1)];
    const stretches = alignScores(own, a, b);
    expect(stretches.map((one) => one.text).join('')).toBe(own);
    expect(stretches.reduce((sum, one) => sum + (one.a ?? 0), 0)).toBe(-5);
    expect(stretches.reduce((sum, one) => sum + (one.b ?? 0), 0)).toBe(-4);
  });

  it('know that a first token may have nothing before it', () => {
    const a = [piece('Il', null), piece(' re', -1)];
    expect(alignScores('Il re', a, a)[0]).toEqual({ text: 'Il', a: null, b: null });
  });
});

describe('lines', () => {
  it('are read with what they leave out, and problems are named', () => {
    expect(parseTexts('{"text":"ciao"}\n\n{"id":7,"language":"it","domain":"d","text":"x"}').rows).toEqual([
      { id: 'line 1', language: 'unknown', domain: 'unknown', text: 'ciao' },
      { id: '7', language: 'it', domain: 'd', text: 'x' },
    ]);
    expect(parsePairs('{"right":"a","wrong":"a"}\n{"right":"a"}\nno').problems).toEqual([
      'line 1: it: right and wrong are the same',
      expect.stringMatching(/^line 2: wrong/),
      'line 3 is not JSON',
    ]);
  });
});
