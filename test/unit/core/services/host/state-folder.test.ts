import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { stateFolderOf } from '../../../../../core/services/host/state-folder.ts';

const home = '/home/ada';

test('follows the convention of each system', () => {
  expect(stateFolderOf({ platform: 'linux', environment: {}, home })).toBe(
    '/home/ada/.local/state/nesso-studio',
  );
  const xdg = { XDG_STATE_HOME: '/data/state' };
  expect(stateFolderOf({ platform: 'linux', environment: xdg, home })).toBe('/data/state/nesso-studio');
  expect(stateFolderOf({ platform: 'darwin', environment: xdg, home })).toBe(
    '/home/ada/Library/Application Support/Nesso Studio',
  );
  const windows = stateFolderOf({
    platform: 'win32',
    environment: { APPDATA: 'C:/Users/ada/Roaming' },
    home,
  });
  expect(windows.replaceAll('\\', '/')).toBe('C:/Users/ada/Roaming/Nesso Studio');
});

test('NESSO_STATE_FOLDER wins and becomes absolute; empty counts as unset', () => {
  const chosen = stateFolderOf({ platform: 'darwin', environment: { NESSO_STATE_FOLDER: 'here' }, home });
  expect(chosen).toBe(resolve('here'));
  const empty = { NESSO_STATE_FOLDER: '', XDG_STATE_HOME: '' };
  expect(stateFolderOf({ platform: 'linux', environment: empty, home })).toBe(
    '/home/ada/.local/state/nesso-studio',
  );
});
