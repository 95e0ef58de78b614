// Votes as files: votes/<vote>/vote.json, read with a sentence about what is wrong; and the voters' files beside it.
import { join } from 'node:path';
import { type Vote, vote as voteSchema } from '../../lib/votes/vote.ts';
import { parseVoter, type Voter } from '../../lib/votes/vote-state.ts';
import { describedFolders, descriptionText } from '../files/described-folders.ts';
import { readPersonFiles } from '../files/person-files.ts';
import { withFileLock } from '../files/with-file-lock.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';

export const VOTE_FOLDER = 'votes';
const FILE = 'vote.json';

const votes = describedFolders<Vote>({
  below: VOTE_FOLDER,
  file: FILE,
  noun: 'vote',
  untouched: 'the choices beside it are untouched',
  schema: voteSchema,
  // 2,000 items with two answers of some pages each.
  maxBytes: 134_217_728,
});

export const voteFolder = votes.folder;
export const createVote = votes.create;
export const voteNames = votes.names;

/** Throws NOT_FOUND, TOO_LARGE, or CORRUPT_FILE that names the first field that is wrong. */
export async function readVote(root: string, name: string): Promise<Vote> {
  return votes.read(await voteFolder(root, name), name);
}

/** Reads the vote again under its lock, so that no other studio's change is lost, and writes what `change` makes of it. */
export async function changeVote(root: string, name: string, change: (vote: Vote) => Vote): Promise<Vote> {
  const path = join(await voteFolder(root, name), FILE);
  return withFileLock(root, path, async () => {
    const before = await readVote(root, name);
    const after = change(before);
    if (after !== before) await writeFileAtomic(path, descriptionText(after));
    return after;
  });
}

export async function readVoters(root: string, name: string): Promise<readonly Voter[]> {
  const files = await readPersonFiles(await voteFolder(root, name));
  return files.map(({ person, text }) => parseVoter(person, text));
}
