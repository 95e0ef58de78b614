import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyEdits } from '../../../../../../core/lib/config/edit.ts';
import { lineEdits } from '../../../../../../renderer/features/configs/documents/text-changes.ts';

test('touches only the characters that differ on a changed line', () => {
  const before = 'a: 1\nb: 22 # two\nc: 3\n';
  const edits = lineEdits(before, 'a: 1\nb: 23 # two\nc: 3\n');
  expect(edits).toEqual([{ start: 9, end: 10, newText: '3' }]);
});

test('leaves the lines between two changes alone', () => {
  const before = 'a: 1\nb: 2\nc: 3\n';
  const edits = lineEdits(before, 'a: 9\nb: 2\nc: 3\nd: 4\n');
  expect(edits).toHaveLength(2);
  expect(edits[1]).toEqual({ start: before.length, end: before.length, newText: 'd: 4\n' });
});

test('has nothing to do for equal texts', () => {
  expect(lineEdits('a\r\n', 'a\r\n')).toEqual([]);
});

test('edits always lead from one text to the other', () => {
  const line = fc.constantFrom('a: 1\n', 'b: 2\n', 'c: 3\n', '  d: 4 # x\n', '\n', 'e: 5\r\n');
  const text = fc
    .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('', 'last: 1'))
    .map(([lines, last]) => lines.join('') + last);
  fc.assert(
    fc.property(text, text, (before, after) => {
      expect(applyEdits(before, lineEdits(before, after))).toBe(after);
    }),
  );
});
