// When a lock counts as left behind: not by its date, which a clock that jumps or a distant disk makes anything.
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { standing } from '../../../../../core/services/files/standing.ts';

const DAY_MS = 86_400_000;
const LIMIT_MS = 50;
let folder: string;
let lock: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nesso-standing-'));
  lock = join(folder, 'lock');
});
afterEach(() => rm(folder, { recursive: true }));

const dateIt = (days: number): Promise<void> => {
  const at = new Date(Date.now() + days * DAY_MS);
  return utimes(lock, at, at);
};

it.each([-1, 0, 1])(
  'a lock dated %i days from now stands once it was watched for the limit',
  async (days) => {
    await writeFile(lock, 'x');
    await dateIt(days);
    const stands = standing(LIMIT_MS);
    expect(await stands(lock)).toBe(false);
    await sleep(2 * LIMIT_MS);
    expect(await stands(lock)).toBe(true);
  },
);

it('one that is touched, taken anew or gone does not', async () => {
  await writeFile(lock, 'x');
  const stands = standing(LIMIT_MS);
  await stands(lock);
  await sleep(2 * LIMIT_MS);
  await dateIt(1);
  expect(await stands(lock)).toBe(false);
  await sleep(2 * LIMIT_MS);
  await rm(lock);
  expect(await stands(lock)).toBe(false);
  await writeFile(lock, 'x');
  expect(await stands(lock)).toBe(false);
});
