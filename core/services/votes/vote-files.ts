// Votes as files: votes/<vote>/vote.json, read with a sentence about what is wrong; and the voters' files beside it.
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import { type Vote, vote as voteSchema, voteName } from '../../lib/votes/vote.ts';
import { parseVoter, type Voter } from '../../lib/votes/vote-state.ts';
import { makeFolder } from '../files/make-folder.ts';
import { PERSON_FILES_GIT_ATTRIBUTES, readPersonFiles } from '../files/person-files.ts';
import { readTextFile } from '../files/read-text.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { withFileLock } from '../files/with-file-lock.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';

export const VOTE_FOLDER = 'votes';
/** 2,000 items with two answers of some pages each. */
const MAX_VOTE_BYTES = 134_217_728;
const MAX_VOTES = 500;
const FILE = 'vote.json';

export async function voteFolder(root: string, name: string): Promise<string> {
  return resolveInside(root, `${VOTE_FOLDER}/${name}`);
}

/** Throws NOT_FOUND, TOO_LARGE, or CORRUPT_FILE that names the first field that is wrong. */
export async function readVote(root: string, name: string): Promise<Vote> {
  const path = join(await voteFolder(root, name), FILE);
  const { text } = await readTextFile(path, MAX_VOTE_BYTES).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new StudioError('NOT_FOUND', `There is no vote ${name}`, {
      hint: `Votes are folders with a ${FILE} below ${VOTE_FOLDER}/ of the workspace`,
      path,
      cause: error,
    });
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw notVote(path, name, 'it is not valid JSON', error);
  }
  const parsed = voteSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const reason = `${first?.path.join('.') || 'the file'}: ${first?.message ?? 'unknown'}`;
  throw notVote(path, name, reason, parsed.error);
}

function notVote(path: string, name: string, reason: string, cause: unknown): StudioError {
  return new StudioError('CORRUPT_FILE', `The vote ${name} cannot be read: ${reason}`, {
    hint: `Bring ${FILE} back from git; the choices beside it are untouched`,
    path,
    cause,
  });
}

/** Throws ALREADY_EXISTS when the folder is there, whatever is in it. */
export async function createVote(root: string, name: string, value: Vote): Promise<void> {
  await makeFolder(await resolveInside(root, VOTE_FOLDER));
  const folder = await voteFolder(root, name);
  try {
    await mkdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new StudioError('ALREADY_EXISTS', `A vote ${name} exists already`, {
      hint: 'Choose another name',
      path: folder,
      cause: error,
    });
  }
  try {
    await writeFileAtomic(join(folder, '.gitattributes'), PERSON_FILES_GIT_ATTRIBUTES);
    await writeFileAtomic(join(folder, FILE), textOf(value));
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

function textOf(value: Vote): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}

/** Reads the vote again under its lock, so that no other studio's change is lost, and writes what `change` makes of it. */
export async function changeVote(root: string, name: string, change: (vote: Vote) => Vote): Promise<Vote> {
  const path = join(await voteFolder(root, name), FILE);
  return withFileLock(root, path, async () => {
    const before = await readVote(root, name);
    const after = change(before);
    if (after !== before) await writeFileAtomic(path, textOf(after));
    return after;
  });
}

export async function readVoters(root: string, name: string): Promise<readonly Voter[]> {
  const files = await readPersonFiles(await voteFolder(root, name));
  return files.map(({ person, text }) => parseVoter(person, text));
}

/** Names of the folders below votes/ that may be votes. */
export async function voteNames(root: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, VOTE_FOLDER), { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && voteName.safeParse(entry.name).success)
    .map(({ name }) => name)
    .sort()
    .slice(0, MAX_VOTES);
}
