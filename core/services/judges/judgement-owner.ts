// Who works on a judgement: running.json in its folder, while a process of this computer or another one judges.
import { readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../api/errors.ts';
import { isDeadHere } from '../files/is-dead-here.ts';
import { makeFolder } from '../files/make-folder.ts';
import { takeFile } from '../files/take-file.ts';

const OWNER_FILE = 'running.json';

const owner = z.object({ pid: z.number(), host: z.string(), startedMs: z.number() });

/** Who works on a judgement now; null when nobody does, or nobody that still lives here. */
export async function ownerOf(
  folder: string,
): Promise<{ readonly pid: number; readonly host: string } | null> {
  const text = await readFile(join(folder, OWNER_FILE), 'utf8').catch(() => null);
  const parsed = text === null ? null : owner.safeParse(parseJson(text));
  return parsed?.success === true && !isDeadHere(parsed.data) ? parsed.data : null;
}

/** This process alone works on the judgement until it is disposed of. Throws CONFLICT when another does. */
export async function takeJudgement(folder: string): Promise<AsyncDisposable> {
  await makeFolder(folder);
  const path = join(folder, OWNER_FILE);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const mine = JSON.stringify({ pid: process.pid, host: hostname(), startedMs: Date.now() });
    if (await takeFile(path, mine)) return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
    const other = await ownerOf(folder);
    if (other) {
      throw new StudioError('CONFLICT', `${basename(folder)} is being judged already`, {
        hint: `By process ${other.pid} on ${other.host}; stop it there, or wait until it ends`,
        path: folder,
      });
    }
    await rm(path, { force: true });
  }
  throw new StudioError('UNAVAILABLE', `${basename(folder)} is busy`, {
    hint: 'Try again in a moment',
    path: folder,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
