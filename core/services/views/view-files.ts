// Saved views as files below views/: listed, saved without losing somebody else's edit, renamed, removed, restored.
import { readdir, rename, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { z } from 'zod';
import type { ListedView, SaveViewResult, ViewFile } from '../../api/views.ts';
import { StudioError } from '../../api/errors.ts';
import { parseSavedView, type SavedView, savedViewText } from '../../lib/datasets/saved-view.ts';
import { makeFolder } from '../files/make-folder.ts';
import { readTextFile, versionOf } from '../files/read-text.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { exists, moveToTrash, restoreFromTrash } from '../files/trash.ts';
import { withFileLock } from '../files/with-file-lock.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';

export const VIEW_FOLDER = 'views';
/** Fifty filters with five hundred values each stay below. */
const MAX_VIEW_BYTES = 4 * 1024 * 1024;
/** More names than a list helps with. */
const MAX_VIEWS = 1000;

/** Throws NOT_FOUND (through errno), TOO_LARGE, CORRUPT_FILE, or INVALID_INPUT that names the first field that is wrong. */
export async function readView(root: string, path: string): Promise<ViewFile> {
  const file = await readTextFile(await resolveView(root, path), MAX_VIEW_BYTES);
  return { path, version: file.version, modifiedMs: file.modifiedMs, saved: parse(path, file.text) };
}

function parse(path: string, text: string): SavedView {
  try {
    return parseSavedView(text);
  } catch (error) {
    const issue = error instanceof z.ZodError ? error.issues[0] : null;
    const reason = issue
      ? `${issue.path.join('.') || 'the file'}: ${issue.message}`
      : /^<{7} /m.test(text)
        ? 'git left a conflict in it'
        : 'it is not valid JSON';
    throw new StudioError('INVALID_INPUT', `${basename(path)} is not a saved view: ${reason}`, {
      hint: 'Mend the file in a text editor, or remove it and save the view again',
      path,
      cause: error,
    });
  }
}

/** Every .json below views/, by path; what cannot be read says why. */
export async function listViews(root: string, signal?: AbortSignal): Promise<ListedView[]> {
  const folder = join(root, VIEW_FOLDER);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json') && !entry.name.startsWith('.'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
    .slice(0, MAX_VIEWS);
  const listed: ListedView[] = [];
  for (const path of paths) {
    signal?.throwIfAborted();
    try {
      const file = await readView(root, path);
      const hasDataset = await isThere(root, file.saved.dataset);
      listed.push({ path, modifiedMs: file.modifiedMs, file, problem: null, hasDataset });
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      listed.push({ path, modifiedMs: 0, file: null, problem, hasDataset: false });
    }
  }
  return listed;
}

/** A pattern over several files is looked at when it is opened. */
async function isThere(root: string, dataset: string): Promise<boolean> {
  if (/[*?[\]{}]/.test(dataset)) return true;
  const path = await resolveInside(root, dataset).catch(() => null);
  return path !== null && (await exists(path));
}

/** A file that changed since `baseVersion` is left alone and returned. Throws NOT_FOUND when it was removed meanwhile. */
export async function saveView(
  root: string,
  request: { readonly path: string; readonly saved: SavedView; readonly baseVersion: string | null },
): Promise<SaveViewResult> {
  const { path, saved, baseVersion } = request;
  const real = await resolveView(root, path);
  const text = savedViewText(saved);
  return withFileLock(root, path, async () => {
    const version = versionOf(text);
    const current = await readTextFile(real, MAX_VIEW_BYTES).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (current === null && baseVersion !== null) {
      throw new StudioError('NOT_FOUND', `${basename(path)} was removed since it was opened`, {
        hint: 'Save the view under a name to keep it',
        path,
      });
    }
    if (current !== null && current.version !== baseVersion && current.version !== version) {
      return { kind: 'conflict', current: await readView(root, path).catch(() => null) };
    }
    if (current?.version !== version) await writeFileAtomic(real, text);
    return { kind: 'saved', file: { path, version, modifiedMs: (await stat(real)).mtimeMs, saved } };
  });
}

/** Never onto another file. */
export async function renameView(root: string, from: string, to: string): Promise<void> {
  const source = await resolveView(root, from);
  const target = await resolveView(root, to);
  await withFileLock(root, to, async () => {
    await stat(source);
    if (source !== target && (await exists(target))) {
      throw new StudioError('ALREADY_EXISTS', `${basename(to)} exists already`, {
        hint: 'Choose another name, or remove the other view first',
        path: to,
      });
    }
    await makeFolder(dirname(target));
    await rename(source, target);
  });
}

/** Returns the token that brings it back. */
export async function removeView(root: string, path: string): Promise<string> {
  await resolveView(root, path);
  return moveToTrash(root, path);
}

export async function restoreView(root: string, restoreToken: string): Promise<string> {
  return restoreFromTrash(root, restoreToken);
}

async function resolveView(root: string, path: string): Promise<string> {
  if (!path.startsWith(`${VIEW_FOLDER}/`) || !path.endsWith('.json')) {
    throw new StudioError('INVALID_INPUT', `${basename(path)} is no place for a view`, {
      hint: `Views are .json files below ${VIEW_FOLDER}/`,
      path,
    });
  }
  return resolveInside(root, path);
}
