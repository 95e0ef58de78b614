import { expect, test } from 'vitest';
import type { Finding } from '../../../../../../core/lib/config/types.ts';
import {
  countFindings,
  findingKey,
  stepFinding,
} from '../../../../../../renderer/features/configs/findings/step.ts';

function finding(code: string, start: number, severity: Finding['severity'] = 'error'): Finding {
  return {
    code,
    severity,
    range: { start, end: start + 3 },
    line: 1,
    column: start + 1,
    path: [],
    message: code,
  };
}

const first = finding('first', 10);
const second = finding('second', 10, 'warning');
const third = finding('third', 40);
const all = [first, second, third];

test('goes to the next finding from the cursor, and around the end', () => {
  expect(stepFinding(all, { offset: 0, currentKey: null }, 1)).toBe(first);
  expect(stepFinding(all, { offset: 20, currentKey: null }, 1)).toBe(third);
  expect(stepFinding(all, { offset: 90, currentKey: null }, 1)).toBe(first);
  expect(stepFinding(all, { offset: 5, currentKey: null }, -1)).toBe(third);
});

test('visits every finding of one place, with the cursor left at its end', () => {
  const here = { offset: 13, currentKey: findingKey(first) };
  expect(stepFinding(all, here, 1)).toBe(second);
  expect(stepFinding(all, { offset: 13, currentKey: findingKey(second) }, -1)).toBe(first);
});

test('a finding that was stepped to counts only while the cursor is on it', () => {
  expect(stepFinding(all, { offset: 30, currentKey: findingKey(first) }, 1)).toBe(third);
});

test('answers null without findings', () => {
  expect(stepFinding([], { offset: 0, currentKey: null }, 1)).toBeNull();
});

test('counts by severity', () => {
  expect(countFindings(all)).toEqual({ error: 2, warning: 1, info: 0 });
});
