// What pulled checkpoints take on this disk, measured; removed in a way that can be taken back for a while, then freed.
import { readdir, readFile, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { LocalCheckpoints, Removable, RemovedCheckpoints } from '../../api/checkpoint-budget.ts';
import { type CheckpointLife, checkpointLife } from '../../api/checkpoint-life.ts';
import { KEPT_STEPS, type Measured, proposalFor } from '../../lib/checkpoints/budget.ts';
import {
  CHECKPOINTS_FOLDER,
  lifeFolder,
  PART_FOLDER,
  WEIGHTS_FOLDER,
} from '../../lib/checkpoints/life-files.ts';
import { moveToTrash, restoreFromTrash } from '../files/trash.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { changeLife, findLife, isThere, listLives, sourceHere } from './life-store.ts';
import { readMemory } from './service.ts';
import { findStray, listStrays, UNKNOWN_TARGET } from './strays.ts';

/** Long enough to see that it was a mistake, short enough that the disk has its room while one still wants it. */
export const UNDO_MS = 10 * 60_000;
const TRASH = join('.studio', 'trash');
/** Beside what was removed: what its file said. */
const LIFE_COPY = 'life.json';

export interface BudgetOptions {
  readonly limitBytes: number;
  readonly isBusy: (runId: string, step: number) => boolean;
  readonly keepOf: (runId: string) => Promise<number | null>;
}

export async function measureLocal(root: string, options: BudgetOptions): Promise<LocalCheckpoints> {
  await freeOld(root, Date.now() - UNDO_MS);
  const lives = [...(await listLives(root, null)), ...(await listStrays(root))];
  const counted = new Set<string>();
  const items: LocalCheckpoints['items'] = [];
  let totalBytes = 0;
  for (const life of lives.toSorted((a, b) => a.runName.localeCompare(b.runName) || b.step - a.step)) {
    const measured = await measure(root, life);
    totalBytes += await takenBy(join(root, lifeFolder(life.runId, life.step)), counted);
    const newer = lives.filter(({ runId, step }) => runId === life.runId && step > life.step).length;
    const keep = (await options.keepOf(life.runId)) ?? KEPT_STEPS;
    items.push({
      ...measured,
      ...proposalFor(measured, { newer, keep, isBusy: options.isBusy(life.runId, life.step) }),
    });
  }
  const { bavail, bsize } = await statfs(root);
  return {
    items,
    totalBytes,
    limitBytes: options.limitBytes,
    freeBytes: bavail * bsize,
    trashBytes: (await trashed(root)).reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

async function measure(root: string, life: CheckpointLife): Promise<Measured> {
  const folder = join(root, lifeFolder(life.runId, life.step));
  let modelsBytes = 0;
  for (const { file } of life.models)
    modelsBytes += (await stat(join(folder, file)).catch(() => null))?.size ?? 0;
  return {
    life,
    weightsBytes: await freedBy(join(folder, WEIGHTS_FOLDER)),
    modelsBytes,
    partsBytes: await freedBy(join(folder, PART_FOLDER)),
    source: await sourceState(root, life),
  };
}

/** As its run's list has it: nobody is asked for this. */
export async function sourceState(root: string, life: CheckpointLife): Promise<Measured['source']> {
  if (life.source.target === UNKNOWN_TARGET) return 'gone';
  if (life.source.target === 'this-computer')
    return (await isThere(sourceHere(root, life))) ? 'there' : 'gone';
  const list = await readMemory(root, life.runId);
  if (list.lookedMs === null || list.folders.length === 0) return 'unknown';
  return list.checkpoints.some(({ step, problem }) => step === life.step && problem === null)
    ? 'there'
    : 'gone';
}

/** Removes and says what that frees once the time to take it back is over. */
export async function removeLocal(
  root: string,
  items: readonly { readonly runId: string; readonly step: number; readonly what: Removable }[],
): Promise<RemovedCheckpoints> {
  const tokens: string[] = [];
  let bytes = 0;
  for (const { runId, step, what } of items) {
    const known = await findLife(root, runId, step);
    const life = known ?? (await findStray(root, runId, step));
    if (life === null) continue;
    const folder = lifeFolder(runId, step);
    const paths = what === 'all' ? [folder] : await pathsOf(root, life, what);
    for (const path of paths) {
      const absolute = join(root, path);
      if (!(await isThere(absolute))) continue;
      bytes += await freedBy(absolute);
      const token = await moveToTrash(root, path);
      await writeFileAtomic(join(root, TRASH, token, LIFE_COPY), JSON.stringify(life));
      tokens.push(token);
    }
    if (known === null) continue;
    if (what === 'weights') await changeLife(root, life, (before) => ({ ...before, pulled: null }));
    if (what === 'models') await changeLife(root, life, (before) => ({ ...before, models: [] }));
  }
  return { bytes, tokens, untilMs: Date.now() + UNDO_MS };
}

async function pathsOf(root: string, life: CheckpointLife, what: Removable): Promise<readonly string[]> {
  const folder = lifeFolder(life.runId, life.step);
  if (what === 'weights') return [`${folder}/${WEIGHTS_FOLDER}`];
  if (what === 'models') return life.models.map(({ file }) => `${folder}/${file}`);
  const names = await readdir(join(root, folder)).catch((): string[] => []);
  return names.filter((name) => name.endsWith('.part')).map((name) => `${folder}/${name}`);
}

/** Throws NOT_FOUND once the time is over, ALREADY_EXISTS where it was pulled again meanwhile. */
export async function restoreLocal(root: string, tokens: readonly string[]): Promise<void> {
  for (const token of tokens) {
    const copy = await readFile(join(root, TRASH, token, LIFE_COPY), 'utf8').catch(() => '');
    const path = await restoreFromTrash(root, token);
    const was = copy === '' ? null : checkpointLife.safeParse(JSON.parse(copy)).data;
    if (!was) continue;
    await changeLife(root, was, (now) => ({
      ...now,
      pulled: path.endsWith(`/${WEIGHTS_FOLDER}`) ? was.pulled : now.pulled,
      models: [
        ...now.models,
        ...was.models.filter(
          ({ file }) => path.endsWith(`/${file}`) && !now.models.some((model) => model.file === file),
        ),
      ],
    }));
  }
}

const entry = z.object({ path: z.string(), removedMs: z.number() });

async function trashed(root: string) {
  const found: { folder: string; removedMs: number; bytes: number }[] = [];
  for (const token of await readdir(join(root, TRASH)).catch((): string[] => [])) {
    const folder = join(root, TRASH, token);
    const text = await readFile(join(folder, 'entry.json'), 'utf8').catch(() => '{}');
    const parsed = entry.safeParse(jsonOf(text));
    // Other things in the trash are text that somebody wrote: they stay.
    if (!parsed.success || !parsed.data.path.startsWith(`${CHECKPOINTS_FOLDER}/`)) continue;
    found.push({ folder, removedMs: parsed.data.removedMs, bytes: await freedBy(join(folder, 'content')) });
  }
  return found;
}

/** Frees what was removed before; returns the bytes. */
export async function freeOld(root: string, beforeMs: number): Promise<number> {
  let bytes = 0;
  for (const one of await trashed(root)) {
    if (one.removedMs > beforeMs) continue;
    await rm(one.folder, { recursive: true, force: true });
    bytes += one.bytes;
  }
  return bytes;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function filesBelow(path: string) {
  const info = await stat(path).catch(() => null);
  if (info === null) return [];
  if (info.isFile()) return [info];
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
  const all = entries
    .filter((one) => one.isFile())
    .map((one) => stat(join(one.parentPath, one.name)).catch(() => null));
  return (await Promise.all(all)).filter((one) => one !== null);
}

/** Bytes that go from the disk with this: not those of files that have another name elsewhere. */
async function freedBy(path: string): Promise<number> {
  const names = new Map<string, { names: number; links: number; bytes: number }>();
  for (const { dev, ino, nlink, blocks, size } of await filesBelow(path)) {
    const key = `${dev}:${ino}`;
    const own = names.get(key) ?? { names: 0, links: nlink, bytes: Math.min(size, blocks * 512) };
    own.names += 1;
    names.set(key, own);
  }
  return [...names.values()].reduce((sum, one) => sum + (one.names >= one.links ? one.bytes : 0), 0);
}

/** Bytes on the disk, each file once over all calls. */
async function takenBy(path: string, counted: Set<string>): Promise<number> {
  let bytes = 0;
  for (const { dev, ino, blocks, size } of await filesBelow(path)) {
    const key = `${dev}:${ino}`;
    if (counted.has(key)) continue;
    counted.add(key);
    bytes += Math.min(size, blocks * 512);
  }
  return bytes;
}
