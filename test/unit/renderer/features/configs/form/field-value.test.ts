import { expect, test } from 'vitest';
import { parseConfig } from '../../../../../../core/lib/config/document.ts';
import { nodeAt } from '../../../../../../core/lib/config/lookup.ts';
import {
  readTyped,
  restingText,
  shownText,
} from '../../../../../../renderer/features/configs/form/field-value.ts';

const node = (value: string) => nodeAt(parseConfig(`k: ${value}\n`).root, ['k']) ?? null;

test('shows a value as it is written, text without its quotes, null as nothing', () => {
  expect(shownText(node('1.0e-08'))).toBe('1.0e-08');
  expect(shownText(node('"stable phase"'))).toBe('stable phase');
  expect(shownText(node('null'))).toBe('');
  expect(shownText(null)).toBe('');
});

test('groups large whole numbers while nobody types in them', () => {
  expect(restingText(node('2000000'))).toBe('2,000,000');
  expect(restingText(node('4096'))).toBe('4096');
  expect(restingText(node('1.0e-08'))).toBe('1.0e-08');
});

test('reads numbers as people type them', () => {
  expect(readTyped('2,000,000', { kind: 'int' })).toEqual({ kind: 'value', value: 2_000_000 });
  expect(readTyped(' 1e-8 ', { kind: 'float' })).toEqual({ kind: 'value', value: 1e-8 });
  expect(readTyped('9007199254740993', { kind: 'int' })).toEqual({ kind: 'value', value: 9007199254740993n });
});

test('says why a value is not taken', () => {
  expect(readTyped('1.5', { kind: 'int' })).toEqual({ kind: 'invalid', reason: 'A whole number' });
  expect(readTyped('0', { kind: 'int', minimum: 1 })).toEqual({ kind: 'invalid', reason: 'At least 1' });
  expect(readTyped('2', { kind: 'float', maximum: 1 })).toEqual({ kind: 'invalid', reason: 'At most 1' });
  expect(readTyped('0', { kind: 'float', exclusiveMinimum: 0 })).toEqual({
    kind: 'invalid',
    reason: 'Greater than 0',
  });
  expect(readTyped('', { kind: 'float' }).kind).toBe('invalid');
});
