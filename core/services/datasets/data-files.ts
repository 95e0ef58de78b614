// Which files a dataset path stands for: a file, every data file below a folder, or those a glob matches. Names only; nothing is
// opened. Links that lead outside the workspace are left out and counted.
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import { globDepth, globMatcher, isGlob, splitGlob } from '../../lib/datasets/glob.ts';
import { isInside } from '../files/resolve-inside.ts';
import { ignoredFolders } from '../workspace/list-files.ts';
import { looksLikeDataset } from './detect.ts';

/** A view of more files spends its time on opening them; a language of FineWeb-2 has at most a few hundred. */
export const MAX_DATASET_FILES = 1000;
/** Folders and files looked at before giving up: a home folder is no dataset. */
const MAX_ENTRIES = 200_000;

export interface DataFile {
  /** Absolute. */
  readonly path: string;
  /** Below the folder of the dataset, with forward slashes. */
  readonly name: string;
}

export interface DataFiles {
  readonly kind: 'file' | 'folder' | 'glob';
  /** Sorted by name; at least one. */
  readonly files: readonly DataFile[];
  /** Links that lead outside of where files may lie. */
  readonly linksOut: number;
}

export interface DataFileWish {
  /** Where files may lie, links followed; null for everywhere. */
  readonly root: string | null;
  readonly signal?: AbortSignal | undefined;
}

/** `path` is absolute. A file that really has wildcards in its name is that file. Throws NOT_FOUND, TOO_LARGE, errno errors. */
export async function findDataFiles(path: string, { root, signal }: DataFileWish): Promise<DataFiles> {
  const info = await stat(path).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if ((code === 'ENOENT' || code === 'EINVAL') && isGlob(path)) return null;
    throw error;
  });
  if (info !== null && !info.isDirectory()) {
    return { kind: 'file', files: [{ path, name: basename(path) }], linksOut: 0 };
  }
  if (info !== null) {
    const found = await walk(path, { depth: Number.POSITIVE_INFINITY, root, signal }, isDataFile);
    return atLeastOne('folder', path, found, `There are no data files in ${basename(path)}`);
  }
  const { base, pattern } = splitGlob(path.split(sep).join('/'));
  const folder = base === '' ? sep : base.split('/').join(sep);
  const matches = globMatcher(pattern);
  const wish = { depth: globDepth(pattern), root, signal };
  const found = await walk(folder, wish, (name) => isDataFile(name) && matches(name));
  return atLeastOne('glob', path, found, `No data file matches ${basename(path)}`);
}

/** By its name; the bytes are looked at when it is opened. */
function isDataFile(name: string): boolean {
  return looksLikeDataset(name) !== null;
}

function atLeastOne(
  kind: 'folder' | 'glob',
  path: string,
  found: Omit<DataFiles, 'kind'>,
  otherwise: string,
): DataFiles {
  if (found.files.length === 0) {
    throw new StudioError('NOT_FOUND', otherwise, {
      hint:
        found.linksOut > 0
          ? 'The links in it lead outside the workspace: copy the files into it'
          : 'Files that end in .parquet, .jsonl or .jsonl.zst, .csv or .arrow are data',
      path,
    });
  }
  if (found.files.length > MAX_DATASET_FILES) {
    throw new StudioError(
      'TOO_LARGE',
      `${basename(path)} stands for ${found.files.length.toLocaleString('en')} files; at most ${MAX_DATASET_FILES.toLocaleString('en')} open as one dataset`,
      {
        hint: `Name some of them with a pattern, such as ${kind === 'folder' ? `${basename(path)}/000*.parquet` : '000*.parquet'}`,
        path,
      },
    );
  }
  return { kind, ...found };
}

/** Files below a folder that are wanted by their name, in the order of their names. Hidden ones and caches are passed over. */
async function walk(
  folder: string,
  wish: DataFileWish & { readonly depth: number },
  isWanted: (name: string) => boolean,
): Promise<{ readonly files: readonly DataFile[]; readonly linksOut: number }> {
  const { root, signal } = wish;
  const realRoot = root === null ? null : await realpath(root);
  const files: DataFile[] = [];
  let linksOut = 0;
  let entries = 0;
  /** A link counts when it leads to a file inside. Links to folders are not followed: they could lead in a circle. */
  const isFileInside = async (path: string): Promise<boolean> => {
    const real = await realpath(path).catch(() => null);
    if (real === null) return false;
    if (realRoot !== null && !isInside(realRoot, real)) {
      linksOut += 1;
      return false;
    }
    return (await stat(real)).isFile();
  };
  const visit = async (below: string, depth: number): Promise<void> => {
    signal?.throwIfAborted();
    const children = await readdir(join(folder, below), { withFileTypes: true });
    entries += children.length;
    if (entries > MAX_ENTRIES) {
      throw new StudioError(
        'TOO_LARGE',
        `There are more than ${MAX_ENTRIES.toLocaleString('en')} files below ${basename(folder)}`,
        { hint: 'Open the folder that holds the data', path: folder },
      );
    }
    children.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const child of children) {
      if (child.name.startsWith('.')) continue;
      const name = below === '' ? child.name : `${below}/${child.name}`;
      const path = join(folder, name);
      if (child.isDirectory()) {
        if (depth > 1 && !ignoredFolders.has(child.name)) await visit(name, depth - 1);
      } else if (isWanted(name)) {
        if (child.isFile() || (child.isSymbolicLink() && (await isFileInside(path)))) {
          files.push({ path, name });
        }
      }
    }
  };
  await visit('', wish.depth);
  // Depth first mixes files and folders; a person reads them by name.
  files.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { files, linksOut };
}
