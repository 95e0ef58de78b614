// A file that is asked for again and again is read once for each version of it.
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepReading } from '../../core/services/files/kept-reading.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nesso-kept-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('it is read again when it was written, replaced, or came back, and only then', async () => {
  const path = join(folder, 'a.json');
  let readings = 0;
  const read = keepReading(async (at) => {
    readings += 1;
    return readFile(at, 'utf8');
  });
  await expect(read(path)).rejects.toThrow('ENOENT');
  await writeFile(path, 'one');
  expect([await read(path), await read(path), readings]).toEqual(['one', 'one', 1]);
  await writeFile(path, 'three');
  expect([await read(path), await read(path), readings]).toEqual(['three', 'three', 2]);
  await writeFile(join(folder, 'b'), 'other');
  await rename(join(folder, 'b'), path);
  expect([await read(path), await read(path), readings]).toEqual(['other', 'other', 3]);
  await rm(path);
  await expect(read(path)).rejects.toThrow('ENOENT');
  await writeFile(path, 'other');
  expect([await read(path), readings]).toEqual(['other', 4]);
});

test('a reading that failed is tried again', async () => {
  const path = join(folder, 'a.json');
  await writeFile(path, 'text');
  let isBroken = true;
  const read = keepReading(async (at) => {
    if (isBroken) throw new Error('not now');
    return readFile(at, 'utf8');
  });
  await expect(read(path)).rejects.toThrow('not now');
  isBroken = false;
  expect(await read(path)).toBe('text');
});
