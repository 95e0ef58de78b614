import { expect, it } from 'vitest';
import { documentNames } from '../../../../renderer/app/document-names.ts';

it('names of views become paths that stay below views/', () => {
  const { nameOf, pathOf } = documentNames('views');
  expect(pathOf('Italian, long')).toBe('views/Italian-long.json');
  expect(pathOf('team/../../etc/passwd')).toBe('views/team/etc/passwd.json');
  expect(pathOf('…')).toBeNull();
  expect(nameOf('views/team/a.json')).toBe('team/a');
});
