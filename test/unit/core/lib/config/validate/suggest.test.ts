// "Did you mean": which slips lead to the word, and which are too many.
import { expect, it } from 'vitest';
import { nearest } from '../../../../../../core/lib/config/validate/suggest.ts';

const words = ['hidden_size', 'micro_batch_size', 'lr', 'seed'];

it('counts two letters that changed places as one slip', () => {
  expect(nearest('sede', ['seed'])).toBe('seed');
  // Were it two, a word of four letters could not afford them.
  expect(nearest('esed', ['seed', 'used'])).toBe('seed');
  expect(nearest('hiddne_szie', words)).toBe('hidden_size');
});

it('takes a letter too many, one too few and another one for a slip each, one in three letters', () => {
  for (const slip of ['seeed', 'sed', 'sead']) expect(nearest(slip, words), slip).toBe('seed');
  expect(nearest('sxxd', words)).toBeNull();
  expect(nearest('rl', ['lr'])).toBe('lr');
  expect(nearest('ab', ['lr'])).toBeNull();
});

it('knows the same word in other signs and cases, and prefers the nearest', () => {
  expect(nearest('Hidden-Size', words)).toBe('hidden_size');
  expect(nearest('hiddensize', words)).toBe('hidden_size');
  expect(nearest('seet', ['seat', 'seed', 'set', 'seet'])).toBe('seet');
  expect(nearest('x', [])).toBeNull();
});
