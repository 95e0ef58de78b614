// The branch a workspace is on, read from .git without starting git. Knows nothing else about git.
import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { readTextFile } from '../files/read-text.ts';

/** packed-refs of a repository with a hundred thousand branches. */
const MAX_GIT_FILE_BYTES = 16 * 1024 * 1024;

interface GitHead {
  readonly branch: string | null;
  readonly commit: string | null;
}

/** Branch (or a short commit when detached) and commit of `root` or the repository above it; nulls without git. */
export async function readGitHead(root: string): Promise<GitHead> {
  const folder = await findGitFolder(root);
  if (folder === null) return { branch: null, commit: null };
  const head = await readText(join(folder, 'HEAD'));
  if (head === null) return { branch: null, commit: null };
  const reference = /^ref: (refs\/heads\/(.+))$/.exec(head);
  if (!reference) return { branch: head.slice(0, 10), commit: head };
  return { branch: reference[2] ?? null, commit: await readReference(folder, reference[1] ?? '') };
}

/** The folder that holds HEAD of `start` or of the repository above it; null without git. */
export async function findGitFolder(start: string): Promise<string | null> {
  for (let folder = start; ; folder = dirname(folder)) {
    const path = join(folder, '.git');
    const info = await stat(path).catch(() => null);
    if (info?.isDirectory()) return path;
    if (info?.isFile()) {
      // A worktree or submodule: the file names the real folder.
      const target = /^gitdir: (.+)$/m.exec((await readText(path)) ?? '')?.[1];
      return target === undefined ? null : resolve(folder, target);
    }
    if (dirname(folder) === folder) return null;
  }
}

async function readReference(folder: string, name: string): Promise<string | null> {
  const common = (await readText(join(folder, 'commondir'))) ?? '.';
  const base = resolve(folder, common);
  const loose = await readText(join(base, name));
  if (loose !== null) return loose;
  const packed = (await readText(join(base, 'packed-refs'))) ?? '';
  const line = packed.split('\n').find((candidate) => candidate.endsWith(` ${name}`));
  return line?.split(' ')[0] ?? null;
}

async function readText(path: string): Promise<string | null> {
  return readTextFile(path, MAX_GIT_FILE_BYTES).then(
    ({ text }) => text.trim(),
    () => null,
  );
}
