import { expect, test } from 'vitest';
import {
  folderOf,
  freeName,
  pathFromName,
} from '../../../../../../renderer/features/configs/work/config-names.ts';

test('makes a path of a name, and takes no path for a name', () => {
  expect(pathFromName(' zagreus 0.4B ')).toBe('configs/zagreus 0.4B.yaml');
  expect(pathFromName('studio.yml', '')).toBe('studio.yaml');
  expect(pathFromName('a/b')).toBeNull();
  expect(pathFromName('..')).toBeNull();
  expect(pathFromName('')).toBeNull();
});

test('names a copy so that nothing is overwritten', () => {
  const taken = new Set(['configs/a.yaml', 'configs/a-copy.yaml']);
  expect(freeName('configs/a.yaml', taken)).toBe('a-copy-2');
});

test('knows the folder of a path', () => {
  expect(folderOf('configs/deep/a.yaml')).toBe('configs/deep');
  expect(folderOf('studio.yaml')).toBe('');
});
