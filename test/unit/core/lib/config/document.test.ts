import { describe, expect, it } from 'vitest';
import { MAX_EXPANDED_NODES } from '../../../../../core/lib/config/compose-nodes.ts';
import { MAX_DEPTH, MAX_TEXT_LENGTH, parseConfig } from '../../../../../core/lib/config/document.ts';
import { nodeAt } from '../../../../../core/lib/config/lookup.ts';

const problemsOf = (text: string) =>
  parseConfig(text).problems.map((problem) => `${problem.line}:${problem.column} ${problem.code}`);

describe('parseConfig', () => {
  it('gives every node its exact place', () => {
    const text = "a: 1.0e-08  # c\nb:\n- 'x'\n- {k: v}\nc:\n";
    const { root, problems } = parseConfig(text);
    expect(problems).toEqual([]);
    expect(nodeAt(root, ['a'])).toEqual({
      kind: 'scalar',
      range: { start: 3, end: 10 },
      value: 1e-8,
      type: 'float',
      source: '1.0e-08',
      quoted: false,
    });
    expect(nodeAt(root, ['b', 0])).toMatchObject({ source: "'x'", quoted: true, type: 'str', value: 'x' });
    expect(nodeAt(root, ['b'])).toMatchObject({ kind: 'list', flow: false });
    expect(nodeAt(root, ['b', 1])).toMatchObject({ kind: 'map', flow: true });
    expect(nodeAt(root, ['c'])).toMatchObject({
      type: 'null',
      source: '',
      range: { start: text.length - 1, end: text.length - 1 },
    });
  });

  it('resolves aliases and merge keys, at the place of the alias', () => {
    const { root } = parseConfig('a: &x {p: 1, q: 2}\nb: *x\nc:\n  <<: *x\n  q: 3\n');
    expect(nodeAt(root, ['b', 'p'])).toMatchObject({ value: 1 });
    expect(nodeAt(root, ['b'])).toMatchObject({ range: { start: 22, end: 24 } });
    expect(nodeAt(root, ['c', 'p'])).toMatchObject({ value: 1 });
    expect(nodeAt(root, ['c', 'q'])).toMatchObject({ value: 3 });
  });

  it.each([
    ['a: 1\na: 2\n', ['1:1 yaml-duplicate-key']],
    ['a: 1\n---\nb: 2\n', ['2:1 yaml-multiple-documents']],
    ['a: *none\n', ['1:4 yaml-unknown-alias']],
    ['a: &x [*x]\n', ['1:8 yaml-unknown-alias']],
    ['a: !foo x\n', ['1:9 yaml-unknown-tag']],
    ['{{name}}: 1\n', ['1:1 yaml-complex-key']],
    ['a: 1\nb:\tc\n', ['2:3 yaml-tab']],
    ['a: b\t# c\n', ['1:5 yaml-tab']],
    ['a: x\u0007\n', ['1:5 yaml-forbidden-character']],
    ['a: b: c\n', ['1:4 yaml-syntax']],
    ['a:\n  b: 1\n c: 2\n', ['3:1 yaml-syntax']],
    ['a: ok\nb: "never\nc: 1\n', ['2:4 yaml-syntax']],
    ['a: [1,\nb: 2\n', ['1:4 yaml-syntax']],
    ['a:\n  dp 1\n  tp: 2\n', ['2:3 yaml-syntax']],
    ['a: @x\n', ['1:4 yaml-syntax']],
  ])('%j has %j', (text, expected) => {
    expect(problemsOf(text).slice(0, expected.length)).toEqual(expected);
  });

  it('keeps the last of two equal keys, as the loader does', () => {
    expect(nodeAt(parseConfig('a: 1\na: 2\n').root, ['a'])).toMatchObject({ value: 2 });
  });

  it('accepts tabs in quotes, comments and block texts', () => {
    expect(problemsOf('a: "x\ty" # c\td\nb: |\n  x\ty\n')).toEqual([]);
    expect(problemsOf('a: 😀 # emoji\n')).toEqual([]);
  });

  it('reads on behind a line that lost its colon or its indentation', () => {
    const missingColon = parseConfig('a:\n  dp 1\n  tp: 2\nb: 3\n');
    expect(nodeAt(missingColon.root, ['a', 'tp'])).toMatchObject({ value: 2 });
    expect(nodeAt(missingColon.root, ['b'])).toMatchObject({ value: 3 });
    expect(missingColon.trustedUntil).toBeUndefined();
    const tooDeep = parseConfig('save: false\n  other: true\nb: 3\n');
    expect(nodeAt(tooDeep.root, ['other'])).toMatchObject({ value: true, range: { start: 21, end: 25 } });
    expect(tooDeep.problems.map((problem) => [problem.line, problem.column])).toEqual([[2, 3]]);
    expect(parseConfig('a: "x\nb: 1\n').trustedUntil).toBe(3);
  });

  it('never throws, whatever it is given', () => {
    for (const text of [
      '',
      '\n',
      '#',
      '---',
      '...',
      '-',
      '?',
      ':',
      '[',
      '{',
      '"',
      '|',
      '&',
      '*',
      '!',
      '%',
      '\0',
      '\ufeffa: 1',
      '\ud800',
      ']',
      '- - -',
      ': :',
      '? ?',
    ]) {
      expect(() => parseConfig(text)).not.toThrow();
    }
    expect(parseConfig('').root).toBeNull();
    expect(parseConfig('\ufeffa: 1\n').problems).toEqual([]);
  });
});

describe('limits on foreign input', () => {
  it('refuses a text of 50 MB at once', () => {
    const start = performance.now();
    const { root, problems } = parseConfig('a: 1\n'.repeat(10 * 1024 * 1024));
    expect(performance.now() - start).toBeLessThan(1000);
    expect(root).toBeNull();
    expect(problems).toMatchObject([{ code: 'yaml-too-large', line: 1, column: 1 }]);
    expect(MAX_TEXT_LENGTH).toBeLessThan(50e6);
  });

  it('refuses deep nesting without running out of stack', () => {
    for (const text of ['['.repeat(20_000), '- '.repeat(20_000), '{a: '.repeat(5_000)]) {
      expect(parseConfig(text)).toMatchObject({ root: null, problems: [{ code: 'yaml-too-deep' }] });
    }
    expect(parseConfig('['.repeat(MAX_DEPTH - 2) + ']'.repeat(MAX_DEPTH - 2)).problems).toEqual([]);
  });

  it('stops unfolding aliases at a limit', () => {
    let bomb = 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n';
    for (let level = 1; level < 12; level += 1)
      bomb += `a${level}: &a${level} [${`*a${level - 1}, `.repeat(10)}]\n`;
    const start = performance.now();
    const { problems } = parseConfig(bomb);
    expect(performance.now() - start).toBeLessThan(1000);
    expect(problems.map((problem) => problem.code)).toEqual(['yaml-alias-limit']);
    expect(MAX_EXPANDED_NODES).toBeLessThan(1e6);
  });
});
