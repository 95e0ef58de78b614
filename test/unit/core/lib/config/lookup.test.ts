import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../../core/lib/config/document.ts';
import { nodeAt, parseKeyPath, printKeyPath } from '../../../../../core/lib/config/lookup.ts';

const TEXT = 'a:\n  b: 1\nlist:\n- name: x\n  deep: {k: v}\n-\n';
const { root } = parseConfig(TEXT);

describe('key paths', () => {
  it.each([
    ['a.b.c', ['a', 'b', 'c']],
    ['data_stages[0].data.seed', ['data_stages', 0, 'data', 'seed']],
    ['a["b.c"][12]', ['a', 'b.c', 12]],
    ['lora_target_modules', ['lora_target_modules']],
  ] as const)('%s', (text, path) => {
    expect(parseKeyPath(text)).toEqual(path);
    expect(printKeyPath(path)).toBe(text);
  });

  it.each(['', '.a', 'a.', 'a..b', 'a[', 'a[x]', 'a b', 'a["x]'])('refuses %j', (text) => {
    expect(parseKeyPath(text)).toBeNull();
  });

  it('prints what it reads', () => {
    const step = fc.oneof(fc.nat(99), fc.string({ minLength: 1 }));
    fc.assert(
      fc.property(fc.string(), fc.array(step, { maxLength: 4 }), (first, rest) => {
        expect(parseKeyPath(printKeyPath([first, ...rest]))).toEqual([first, ...rest]);
      }),
    );
  });
});

describe('nodes', () => {
  it('finds nodes by path, list positions also as text', () => {
    expect(nodeAt(root, ['list', 0, 'deep', 'k'])).toMatchObject({ value: 'v' });
    expect(nodeAt(root, ['list', '0', 'name'])).toMatchObject({ value: 'x' });
    expect(nodeAt(root, ['a', 'b', 'c'])).toBeUndefined();
    expect(nodeAt(root, ['list', 5])).toBeUndefined();
  });
});
