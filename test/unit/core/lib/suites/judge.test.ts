// Answers against checks: what passes, what fails and why, what cannot be told.
import { describe, expect, it } from 'vitest';
import { parseCheck } from '../../../../../core/lib/suites/check.ts';
import {
  type CheckTools,
  judge,
  markOf,
  parseJson,
  repetitionOf,
} from '../../../../../core/lib/suites/judge.ts';

const tools: CheckTools = {
  limited: (_, work) => work(),
  languageOf: (text) => (text.includes('è') ? 'it' : null),
};
const verdict = (check: unknown, text: string, more: { tokens?: number; stopReason?: string } = {}) => {
  const parsed = parseCheck(check);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return judge([parsed], { text, tokens: more.tokens ?? 5, stopReason: more.stopReason ?? 'end' }, tools)[0];
};
const passes = (check: unknown, text: string, more = {}) => verdict(check, text, more)?.passed;

describe('checks', () => {
  it.each([
    [{ contains: 'Roma' }, 'La capitale è roma.', true],
    [{ contains: 'Roma', ignoreCase: false }, 'roma', false],
    [{ contains: ['otto', 8] }, 'Ha 8 zampe', true],
    [{ containsAll: ['a', 'b'] }, 'only a', false],
    [{ excludes: 'ciao' }, 'Buongiorno', true],
    [{ excludes: ['x', 'ciao'] }, 'Ciao!', false],
    [{ equals: 'sì' }, ' Sì \n', true],
    [{ equals: 'sì' }, 'sì, certo', false],
    [{ regex: '\\b27\\b' }, '13 + 14 fa 27.', true],
    [{ regex: '\\b27\\b' }, '127', false],
    ['json', '```json\n{"a": 1}\n```', true],
    ['json', '{"a": 1', false],
    ['json', 'null', true],
    [{ jsonSchema: { type: 'object', required: ['a'] } }, '{"a": 1}', true],
    [
      { jsonSchema: { type: 'object', required: ['a'], properties: { a: { type: 'integer' } } } },
      '{"a": "1"}',
      false,
    ],
    [{ jsonSchema: { type: 'array' } }, 'not JSON', false],
    [{ language: 'it-IT' }, 'È una città, è bella', true],
    [{ language: 'en' }, 'è così', false],
    [{ language: 'en' }, 'ok', null],
    [{ length: { max: 2 } }, 'Azzurro, direi!', true],
    [{ length: { max: 2 } }, 'uno due tre', false],
    [{ length: { unit: 'characters', min: 2, max: 2 } }, '👍🏽', true],
    [{ repetition: 0.2 }, 'la la la la la la la la la la la la la la la la', false],
    [{ repetition: 0.2 }, 'Il gatto dorme sul divano mentre fuori piove forte.', true],
    ['notEmpty', ' \n', false],
  ])('%j of %j: %s', (check, text, expected) => {
    expect(passes(check, text)).toBe(expected);
  });

  it('take composed and decomposed letters for the same', () => {
    expect(passes({ contains: 'perch\u00e9' }, 'perche\u0301')).toBe(true);
  });

  it('tell answers that were cut off', () => {
    expect(passes('ends', 'abc', { stopReason: 'max-tokens' })).toBe(false);
    expect(passes('ends', 'abc', { stopReason: 'stop-text' })).toBe(true);
    expect(passes({ length: { unit: 'tokens', max: 10 } }, 'x', { tokens: 11 })).toBe(false);
  });

  it('say what they found', () => {
    expect(verdict({ containsAll: ['a', 'q'] }, 'a')).toEqual({
      words: 'contains all of “a” and “q”',
      passed: false,
      reason: '“q” is missing',
    });
    expect(
      verdict({ jsonSchema: { type: 'object', properties: { n: { type: 'integer' } } } }, '{"n":1.5}')
        ?.reason,
    ).toMatch(/^n: /);
  });

  it('fail a pattern that took too long', () => {
    const parsed = parseCheck({ regex: '(a+)+$' });
    if ('problem' in parsed) throw new Error(parsed.problem);
    const slow = judge(
      [parsed],
      { text: 'a', tokens: 1, stopReason: 'end' },
      { ...tools, limited: () => null },
    );
    expect(slow[0]).toMatchObject({ passed: false, reason: expect.stringContaining('too long') });
  });

  it.each([
    [7, /one of contains/],
    [{}, /one of contains/],
    [{ contains: 'a', equals: 'a' }, /not 2 of them/],
    [{ contains: [] }, /contains/],
    [{ regex: '[' }, /no regular expression/],
    [{ regex: 'x'.repeat(3000) }, /regex/],
    [{ jsonSchema: 'object' }, /takes a JSON schema/],
    [{ jsonSchema: { type: 'nonsense' } }, /cannot be used/],
    [{ length: {} }, /min, max or both/],
    [{ length: { minimum: 3 } }, /has no minimum/],
    [{ repetition: 2 }, /repetition/],
    [{ json: false }, /only true/],
    [{ contains: 'a', ignoreCase: 'no' }, /ignoreCase/],
  ])('%j is refused', (check, words) => {
    const parsed = parseCheck(check);
    expect('problem' in parsed ? parsed.problem : '').toMatch(words);
  });
});

describe('marks', () => {
  const one = (passed: boolean | null) => ({ words: '', reason: '', passed });
  it('fail with one failed check and tell nothing without one that can be told', () => {
    expect(markOf([one(true), one(false)])).toBe('fail');
    expect(markOf([one(true), one(null)])).toBe('pass');
    expect(markOf([one(null)])).toBe('unchecked');
    expect(markOf([])).toBe('unchecked');
  });
});

describe('repetition', () => {
  it('counts a loop up to the end even where its start is fresh', () => {
    const loop = `Una frase che comincia bene. ${'e poi ancora '.repeat(20)}`;
    expect(repetitionOf(loop)).toBeGreaterThan(0.7);
    expect(repetitionOf('corto')).toBeNull();
  });
});

it('reads JSON with and without a fence', () => {
  expect(parseJson(' {"a":[1]} ')).toEqual({ value: { a: [1] } });
  expect(parseJson('Here: {"a":1}')).toBeNull();
});
