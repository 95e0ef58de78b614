// Files that belong to one person each: <name>.jsonl in a folder that git merges. Knows nothing about their lines.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileSafeName } from '../../lib/annotations/campaign.ts';
import { readTextFile } from './read-text.ts';

/** 10,000 documents marked twenty times over. */
const MAX_FILE_BYTES = 67_108_864;
/** JQL had 15 annotators. */
const MAX_PERSONS = 200;
const ENDING = '.jsonl';

/** The same person on two computers: git keeps the lines of both sides instead of asking. */
export const PERSON_FILES_GIT_ATTRIBUTES = '*.jsonl merge=union\n';

export function personFile(person: string): string {
  return `${person}${ENDING}`;
}

/** Everybody with a file, by name. Other files of the folder are left alone. */
export async function readPersonFiles(
  folder: string,
): Promise<readonly { readonly person: string; readonly text: string }[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const persons = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(ENDING))
    .map((entry) => entry.name.slice(0, -ENDING.length))
    .filter((name) => fileSafeName.safeParse(name).success)
    .sort()
    .slice(0, MAX_PERSONS);
  const files: { readonly person: string; readonly text: string }[] = [];
  for (const person of persons) {
    const { text } = await readTextFile(join(folder, personFile(person)), MAX_FILE_BYTES);
    files.push({ person, text });
  }
  return files;
}
