import { describe, expect, it } from 'vitest';
import { hashText } from '../../../../../core/lib/jql/hash.ts';
import { splitByDocument } from '../../../../../core/lib/jql/split.ts';
import { ngramFeatures } from '../../../../support/plain-head.ts';

function cosine(left: Float32Array, right: Float32Array): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
}

describe('hashed n-grams', () => {
  it('has length 1, is deterministic and ignores case and composition', () => {
    const features = ngramFeatures('La fotosintesi è un processo');
    expect(features.length).toBe(512);
    expect(cosine(features, features)).toBeCloseTo(1, 5);
    expect(ngramFeatures('LA FOTOSINTESI E\u0300 un processo')).toEqual(features);
  });

  it('places related texts nearer than unrelated ones', () => {
    const lesson = ngramFeatures('Plants turn sunlight into sugar in their leaves', 4096);
    const near = ngramFeatures('A plant turns the sunlight into sugar', 4096);
    const far = ngramFeatures('Compra ora: sconto del 50 percento!!!', 4096);
    expect(cosine(lesson, near)).toBeGreaterThan(0.3);
    expect(Math.abs(cosine(lesson, far))).toBeLessThan(0.1);
  });

  it('sees word order through 2-grams', () => {
    expect(ngramFeatures('dog bites man')).not.toEqual(ngramFeatures('man bites dog'));
  });

  it('gives zeros for an empty text and reads only the first part of a huge one', () => {
    expect(ngramFeatures('  ').every((value) => value === 0)).toBe(true);
    const long = 'parola '.repeat(10_000);
    expect(ngramFeatures(`${long}coda`)).toEqual(ngramFeatures(long));
  });

  it('keeps its hash (values from a Python implementation): stored heads depend on it', () => {
    expect(['', 'nesso', 'è'].map((text) => hashText(text))).toEqual([2872998923, 2977040624, 4294803928]);
  });
});

describe('split by document', () => {
  it('holds out a tenth and never splits a document', () => {
    const ids = Array.from({ length: 300 }, (_, row) => `document-${row % 100}`);
    const { train, validation } = splitByDocument(ids, 0.1, 7);
    const held = new Set([...validation].map((row) => ids[row]));
    expect(held.size).toBe(10);
    expect(validation.length).toBe(30);
    expect(train.length).toBe(270);
    expect([...train].some((row) => held.has(ids[row]))).toBe(false);
    expect(splitByDocument(ids, 0.1, 7)).toEqual({ train, validation });
  });
});
