// Judges as files: those of the workspace in judges/<name>.yaml, those that are shipped, and any file by its path.
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import { fileSafeName } from '../../lib/annotations/campaign.ts';
import { type JudgeTemplate, parseJudge } from '../../lib/judges/judge-template.ts';
import { readTextFile } from '../files/read-text.ts';

export const JUDGE_FOLDER = 'judges';
/** A prompt of 50,000 characters, every one of them four bytes, and the rest. */
export const MAX_JUDGE_BYTES = 262_144;
const MAX_JUDGES = 500;
const ENDING = '.yaml';

export interface JudgeFile {
  readonly name: string;
  readonly origin: 'workspace' | 'shipped' | 'file';
  readonly path: string;
  readonly text: string;
  /** SHA-256 of the bytes. */
  readonly version: string;
}

export const shippedFolder = (appFolder: string): string => join(appFolder, 'resources', JUDGE_FOLDER);

export async function judgeNames(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(ENDING))
    .map((entry) => entry.name.slice(0, -ENDING.length))
    .filter((name) => fileSafeName.safeParse(name).success)
    .sort()
    .slice(0, MAX_JUDGES);
}

/** The workspace's own one hides the shipped one of the same name. Throws NOT_FOUND. */
export async function readJudgeFile(
  name: string,
  folders: { readonly workspace: string | null; readonly appFolder: string },
): Promise<JudgeFile> {
  const places = [
    ...(folders.workspace === null
      ? []
      : [{ origin: 'workspace' as const, folder: join(folders.workspace, JUDGE_FOLDER) }]),
    { origin: 'shipped' as const, folder: shippedFolder(folders.appFolder) },
  ];
  for (const { origin, folder } of places) {
    const path = join(folder, `${name}${ENDING}`);
    const file = await readTextFile(path, MAX_JUDGE_BYTES).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    });
    if (file) return { name, origin, path, text: file.text, version: file.version };
  }
  const known = (await Promise.all(places.map(({ folder }) => judgeNames(folder)))).flat();
  throw new StudioError('NOT_FOUND', `There is no judge ${name}`, {
    hint: `There are: ${[...new Set(known)].sort().join(', ') || 'none'}`,
  });
}

/** By its path: what a command line names. */
export async function readJudgeAt(path: string): Promise<JudgeFile> {
  const { text, version } = await readTextFile(path, MAX_JUDGE_BYTES);
  return { name: basename(path).replace(/\.ya?ml$/i, ''), origin: 'file', path, text, version };
}

export function judgeOf(file: JudgeFile): JudgeTemplate {
  return parseJudge(file.text, file.name);
}
