import { expect, test } from 'vitest';
import { isInComment } from '../../../../../../renderer/features/configs/editor/yaml-comment.ts';

test.each([
  ['# ', true],
  ['  # 8 conversations × 1 ', true],
  ['seed: 8 # drawn', true],
  ['name: "a # b" # c', true],
  ["name: 'it''s # one' #", true],
  ["title: l'Italia # e", true],
  ['', false],
  ['seed: ', false],
  ['seed: 8', false],
  ['url: http://a/b#part', false],
  ['name: "a # b', false],
  ['name: "a \\" # b', false],
  ["name: 'a # b", false],
  ['- ["#', false],
])('%j is in a comment: %s', (before, expected) => {
  expect(isInComment(before)).toBe(expected);
});
