// Folders of people's work: each with one JSON file that says what it is, and beside it a file of lines a person, which git merges.
// Knows nothing about what is described.
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { StudioError } from '../../api/errors.ts';
import { fileSafeName } from '../../lib/annotations/campaign.ts';
import { makeFolder } from './make-folder.ts';
import { PERSON_FILES_GIT_ATTRIBUTES } from './person-files.ts';
import { readTextFile } from './read-text.ts';
import { resolveInside } from './resolve-inside.ts';
import { writeFileAtomic } from './write-atomic.ts';

/** More than a list of them shows. */
const MAX_FOLDERS = 500;

export interface DescribedKind<T> {
  /** Below the workspace: `annotations`. */
  readonly below: string;
  /** `campaign.json`. */
  readonly file: string;
  /** `campaign`. */
  readonly noun: string;
  /** What damage to the file does not touch: "the ratings beside it are untouched". */
  readonly untouched: string;
  readonly schema: z.ZodType<T>;
  readonly maxBytes: number;
}

export interface DescribedFolders<T> {
  /** Throws for a name that leads out of the workspace. */
  folder(root: string, name: string): Promise<string>;
  /** Throws NOT_FOUND, TOO_LARGE, or CORRUPT_FILE that names the first field that is wrong. */
  read(folder: string, name: string): Promise<T>;
  /** Throws ALREADY_EXISTS when the folder is there, whatever is in it. */
  create(root: string, name: string, value: T): Promise<void>;
  /** Names of the folders that may be of this kind. */
  names(root: string): Promise<readonly string[]>;
}

export function describedFolders<T>(kind: DescribedKind<T>): DescribedFolders<T> {
  const { below, file, noun } = kind;
  const folder = (root: string, name: string) => resolveInside(root, `${below}/${name}`);
  return {
    folder,
    async read(where, name) {
      const path = join(where, file);
      const { text } = await readTextFile(path, kind.maxBytes).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        throw new StudioError('NOT_FOUND', `There is no ${noun} ${name}`, {
          hint: `${noun.charAt(0).toUpperCase()}${noun.slice(1)}s are folders with a ${file} below ${below}/ of the workspace`,
          path,
          cause: error,
        });
      });
      return parse(kind, text, { path, name });
    },
    async create(root, name, value) {
      await makeFolder(await resolveInside(root, below));
      const made = await folder(root, name);
      try {
        await mkdir(made);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        throw new StudioError('ALREADY_EXISTS', `A ${noun} ${name} exists already`, {
          hint: 'Choose another name',
          path: made,
          cause: error,
        });
      }
      try {
        await writeFileAtomic(join(made, '.gitattributes'), PERSON_FILES_GIT_ATTRIBUTES);
        await writeFileAtomic(join(made, file), descriptionText(value));
      } catch (error) {
        await rm(made, { recursive: true, force: true });
        throw error;
      }
    },
    async names(root) {
      const entries = await readdir(join(root, below), { withFileTypes: true }).catch(() => []);
      return entries
        .filter((entry) => entry.isDirectory() && fileSafeName.safeParse(entry.name).success)
        .map(({ name }) => name)
        .sort()
        .slice(0, MAX_FOLDERS);
    },
  };
}

export function descriptionText(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}

function parse<T>(
  kind: DescribedKind<T>,
  text: string,
  { path, name }: { readonly path: string; readonly name: string },
): T {
  const damaged = (reason: string, cause: unknown) =>
    new StudioError('CORRUPT_FILE', `The ${kind.noun} ${name} cannot be read: ${reason}`, {
      hint: `Bring ${kind.file} back from git; ${kind.untouched}`,
      path,
      cause,
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw damaged('it is not valid JSON', error);
  }
  const parsed = kind.schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw damaged(`${first?.path.join('.') || 'the file'}: ${first?.message ?? 'unknown'}`, parsed.error);
}
