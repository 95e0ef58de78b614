// The YAML files of a workspace as files: read, save, rename, remove, restore.
// Knows nothing about what is in them, and never overwrites what somebody else wrote meanwhile.
import { rename, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { ConfigFile, SaveResult } from '../../api/configs.ts';
import { StudioError } from '../../api/errors.ts';
import { isWritable, readTextFile, versionOf } from '../files/read-text.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { exists, moveToTrash, restoreFromTrash } from '../files/trash.ts';
import { withFileLock } from '../files/with-file-lock.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { ignoredFolders } from '../workspace/list-files.ts';
import { makeFolder } from '../files/make-folder.ts';

/** Far above any config, and what an editor with schema support can still show; 50 MB files are data. */
export const MAX_CONFIG_BYTES = 16 * 1024 * 1024;

/** Text, version and whether it may be saved. TOO_LARGE, CORRUPT_FILE (not UTF-8), NOT_FOUND. */
export async function readConfig(root: string, path: string): Promise<ConfigFile> {
  const real = await resolveConfig(root, path);
  const file = await readTextFile(real, MAX_CONFIG_BYTES);
  const writable = (await isWritable(real)) && (await isWritable(dirname(real)));
  return { path, text: file.text, version: file.version, modifiedMs: file.modifiedMs, readOnly: !writable };
}

export interface SaveRequest {
  readonly path: string;
  readonly text: string;
  /** What the text was based on; null: the file must not exist yet. */
  readonly baseVersion: string | null;
}

/**
 * Writes aside, fsyncs, renames. A file that changed since `baseVersion` is left alone and returned as a conflict;
 * one that was removed is NOT_FOUND. READ_ONLY and DISK_FULL keep the old file.
 */
export async function saveConfig(root: string, request: SaveRequest): Promise<SaveResult> {
  const { path, text, baseVersion } = request;
  if (Buffer.byteLength(text) > MAX_CONFIG_BYTES) {
    throw new StudioError('TOO_LARGE', `${basename(path)} would be larger than 16 MiB`, {
      hint: 'Move data out of the config, for example into a JSONL file under data/',
      path,
    });
  }
  const real = await resolveConfig(root, path);
  await requireWritable(root, real);
  return withFileLock(root, path, async () => {
    const current = await readIfThere(root, path);
    if (current === null && baseVersion !== null) {
      throw new StudioError(
        'NOT_FOUND',
        `${basename(path)} was removed by another program since it was opened`,
        {
          hint: 'Save it as a new file to keep your text',
          path,
        },
      );
    }
    const version = versionOf(text);
    if (current && current.version !== baseVersion && current.version !== version) {
      return { kind: 'conflict', current };
    }
    if (current?.version !== version) await writeFileAtomic(real, text);
    return { kind: 'saved', version, modifiedMs: (await stat(real)).mtimeMs };
  });
}

/** Moves a config; never onto another file. */
export async function renameConfig(root: string, from: string, to: string): Promise<void> {
  const source = await resolveConfig(root, from);
  const target = await resolveConfig(root, to);
  await requireWritable(root, source);
  await withFileLock(root, to, async () => {
    await stat(source);
    const caseOnly = source !== target && source.toLowerCase() === target.toLowerCase();
    if (!caseOnly && (await exists(target))) {
      throw new StudioError('ALREADY_EXISTS', `${basename(to)} exists already`, {
        hint: 'Choose another name, or remove the other file first',
        path: to,
      });
    }
    await makeFolder(dirname(target));
    await rename(source, target);
  });
}

/** Moves a config to the trash; returns the token that brings it back. */
export async function removeConfig(root: string, path: string): Promise<string> {
  await requireWritable(root, await resolveConfig(root, path));
  return moveToTrash(root, path);
}

/** Brings a removed config back; returns its path. */
export async function restoreConfig(root: string, restoreToken: string): Promise<string> {
  return restoreFromTrash(root, restoreToken);
}

async function resolveConfig(root: string, path: string): Promise<string> {
  const hidden = path.split('/').some((part) => ignoredFolders.has(part));
  if (!/\.ya?ml$/i.test(path) || hidden) {
    throw new StudioError('INVALID_INPUT', `${basename(path)} is not a config of this workspace`, {
      hint: 'Configs are files that end in .yaml or .yml, outside folders like .git and .studio',
      path,
    });
  }
  return resolveInside(root, path);
}

async function readIfThere(root: string, path: string): Promise<ConfigFile | null> {
  try {
    return await readConfig(root, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function requireWritable(root: string, real: string): Promise<void> {
  const fileIsFine = !(await exists(real)) || (await isWritable(real));
  if (fileIsFine && (await isWritable(root)) && (await nearestFolderIsWritable(dirname(real)))) return;
  throw new StudioError(
    'READ_ONLY',
    `${basename(real)} may not be changed: the file or its folder is read-only`,
    {
      hint: 'Copy the text into a workspace that you may write to',
      path: real,
    },
  );
}

async function nearestFolderIsWritable(folder: string): Promise<boolean> {
  if (await exists(folder)) return isWritable(folder);
  const parent = dirname(folder);
  return parent === folder ? false : nearestFolderIsWritable(parent);
}
