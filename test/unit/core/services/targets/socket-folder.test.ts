// Where sockets may lie: short and plain names, folders of one's own.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { socketFolder } from '../../../../../core/services/targets/socket-folder.ts';

const name = `nesso-${userInfo().uid}`;
let place: string;

beforeEach(() => {
  place = mkdtempSync('/tmp/nesso-sockets-');
});
afterEach(() => rmSync(place, { recursive: true }));

const below = (...names: readonly string[]): string => {
  const folder = join(place, ...names);
  mkdirSync(folder, { recursive: true });
  return folder;
};

it.skipIf(process.platform === 'win32')(
  'passes over long names, spaces, signs of ssh and nothing',
  async () => {
    const places = ['', below('x'.repeat(80)), below('with spaces'), below('50%h'), below('quote"s')];
    expect(await socketFolder(places)).toBeNull();
    const good = below('good');
    expect(await socketFolder([...places, good])).toBe(join(good, name));
    expect(statSync(join(good, name)).mode & 0o777).toBe(0o700);
  },
);

it.skipIf(process.platform === 'win32')(
  'closes a folder that others may enter, and takes no link',
  async () => {
    const open = below('open');
    mkdirSync(join(open, name));
    chmodSync(join(open, name), 0o777);
    expect(await socketFolder([open])).toBe(join(open, name));
    expect(statSync(join(open, name)).mode & 0o777).toBe(0o700);
    const linked = below('linked');
    symlinkSync(join(open, name), join(linked, name));
    expect(await socketFolder([linked])).toBeNull();
  },
);
