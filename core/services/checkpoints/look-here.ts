// Looks for checkpoints in a folder of this computer, as the script for other computers does: whole ones that are known are only
// named again. Never writes.
import type { Dirent } from 'node:fs';
import { readdir, readFile, realpath, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoint } from '../../api/checkpoints.ts';
import {
  isOfSameStep,
  LATEST_FILES,
  MAX_SMALL_FILE_BYTES,
  readCheckpoint,
  SMALL_FILES,
  stepOfName,
} from '../../lib/checkpoints/layouts.ts';
import type { FolderListing } from '../../lib/checkpoints/listing-script.ts';

/** Looked at closely in one round, newest first. */
const MAX_CLOSE_LOOKS = 50;
/** Files of one checkpoint: a model of a thousand tensors on a hundred ranks has fewer. */
const MAX_FILES = 200_000;

export async function lookHere(
  folder: string,
  known: readonly string[],
  signal?: AbortSignal,
): Promise<FolderListing> {
  const path = await realpath(folder).catch(() => null);
  const entries = path === null ? null : await readdir(path, { withFileTypes: true }).catch(() => null);
  if (path === null || entries === null) {
    return { path: null, latestText: null, disk: null, names: [], looked: [] };
  }
  let latestText: string | null = null;
  for (const file of LATEST_FILES) latestText ??= await readSmall(join(path, file));
  const siblings = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  const names = entries
    .filter((entry) => {
      const named = stepOfName(entry.name);
      return named !== null && (named.layout === 'nanochat' ? entry.isFile() : entry.isDirectory());
    })
    .map(({ name }) => name)
    .sort((left, right) => (stepOfName(right)?.step ?? 0) - (stepOfName(left)?.step ?? 0));
  const looked: Checkpoint[] = [];
  for (const name of names.filter((candidate) => !known.includes(candidate)).slice(0, MAX_CLOSE_LOOKS)) {
    signal?.throwIfAborted();
    const ofStep = siblings.filter((file) => isOfSameStep(name, file));
    const checkpoint =
      ofStep.length > 0
        ? await lookAtFiles(path, name, ofStep)
        : await lookAt(path, name, latestText, signal);
    if (checkpoint !== null) looked.push(checkpoint);
  }
  const disk = await statfs(path).catch(() => null);
  return {
    path,
    latestText,
    names,
    looked,
    disk:
      disk === null ? null : { freeBytes: disk.bavail * disk.bsize, totalBytes: disk.blocks * disk.bsize },
  };
}

async function lookAt(
  parent: string,
  name: string,
  latestText: string | null,
  signal?: AbortSignal,
): Promise<Checkpoint | null> {
  const folder = join(parent, name);
  const entries = await readdir(folder).catch((): string[] => []);
  const texts: Record<string, string> = {};
  for (const file of SMALL_FILES) {
    const text = entries.includes(file) ? await readSmall(join(folder, file)) : null;
    if (text !== null) texts[file] = text;
  }
  const size = await sizeOf(folder, signal);
  return readCheckpoint({ name, entries, texts, ...size }, parent, latestText);
}

/** Of a checkpoint that is some files of `parent`. */
async function lookAtFiles(
  parent: string,
  name: string,
  entries: readonly string[],
): Promise<Checkpoint | null> {
  const texts: Record<string, string> = {};
  let sizeBytes = 0;
  let modifiedMs = 0;
  for (const file of entries) {
    const info = await stat(join(parent, file)).catch(() => null);
    sizeBytes += info?.size ?? 0;
    modifiedMs = Math.max(modifiedMs, info?.mtimeMs ?? 0);
    const text = file.endsWith('.json') ? await readSmall(join(parent, file)) : null;
    if (text !== null) texts[file] = text;
  }
  return readCheckpoint({ name, entries, texts, sizeBytes, files: entries.length, modifiedMs }, parent, null);
}

interface TreeSize {
  readonly sizeBytes: number;
  readonly files: number;
  readonly modifiedMs: number | null;
}

/** Links are not followed; what vanishes meanwhile is not counted. */
async function sizeOf(folder: string, signal?: AbortSignal): Promise<TreeSize> {
  let sizeBytes = 0;
  let files = 0;
  let modifiedMs = 0;
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined && files < MAX_FILES; next = waiting.pop()) {
    signal?.throwIfAborted();
    const here = next;
    const entries = await readdir(here, { withFileTypes: true }).catch((): Dirent[] => []);
    for (const entry of entries) {
      const path = join(here, entry.name);
      if (entry.isDirectory()) waiting.push(path);
      if (!entry.isFile()) continue;
      const info = await stat(path).catch(() => null);
      if (info === null) continue;
      files += 1;
      sizeBytes += info.size;
      modifiedMs = Math.max(modifiedMs, info.mtimeMs);
    }
  }
  return { sizeBytes, files, modifiedMs: modifiedMs === 0 ? null : modifiedMs };
}

async function readSmall(path: string): Promise<string | null> {
  const info = await stat(path).catch(() => null);
  if (info === null || !info.isFile() || info.size > MAX_SMALL_FILE_BYTES) return null;
  return readFile(path, 'utf8').catch(() => null);
}
