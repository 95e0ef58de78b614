// One folder of a workspace as it was read last: its files, the folders below it that count, and the watch on it. Knows how one folder
// is read; when that is done, and what becomes of the changes, is in watcher.ts.
import { type FSWatcher, type Stats, watch } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkspaceFile } from '../../api/workspace.ts';
import { temporaryName } from '../files/aside-path.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import {
  classifyPath,
  ignoredFolders,
  isUnreadable,
  pulledWeightsFolder,
  STEP_MARK,
  stepParts,
} from './list-files.ts';

export interface FolderNode {
  /** Of the workspace; empty for its root. */
  readonly path: string;
  readonly depth: number;
  /** By name. */
  readonly files: Map<string, WorkspaceFile>;
  readonly folders: Map<string, FolderNode>;
  /** Null where it is not watched: it is polled, or may not be read. */
  watcher: FSWatcher | null;
  /** It is there and could not be read. */
  isUnread: boolean;
  isClosed: boolean;
}

/** How a folder hears of its changes. `name` is null where the system did not say which entry it was. */
export type WatchFolder = (node: FolderNode) => FSWatcher | null;

export interface FolderReader {
  readonly root: string;
  readonly watchFolder: WatchFolder;
  /** A file or folder that is new, other or gone; not told of what a first reading finds. */
  readonly onChange: (path: string) => void;
  /** Whether there is room for one file or folder more, which is taken. */
  readonly takeRoom: () => boolean;
  readonly giveRoom: () => void;
  /** Deeper folders are not read. */
  readonly maxDepth: number;
  readonly onTooDeep: () => void;
  readonly isClosed: () => boolean;
  /** From now on changes in this folder are heard of. */
  readonly onOpened: (node: FolderNode) => void;
}

export function createNode(path: string, depth: number): FolderNode {
  return {
    path,
    depth,
    files: new Map(),
    folders: new Map(),
    watcher: null,
    isUnread: false,
    isClosed: false,
  };
}

export function pathIn(node: FolderNode, name: string): string {
  return node.path === '' ? name : `${node.path}/${name}`;
}

/** Starts to listen first, so that nothing falls between reading and listening. */
export async function openNode(reader: FolderReader, node: FolderNode): Promise<void> {
  if (reader.isClosed()) return;
  node.watcher = reader.watchFolder(node);
  await readNode(reader, node);
  reader.onOpened(node);
}

/** Reads the folder again and tells what is other than before. `isDeep`: and all folders below it. */
export async function readNode(reader: FolderReader, node: FolderNode, isDeep = false): Promise<void> {
  if (node.isClosed || reader.isClosed()) return;
  let isUnread = false;
  const entries = await readdir(join(reader.root, node.path), { withFileTypes: true }).catch(
    (error: unknown) => {
      isUnread = isUnreadable(error);
      return [];
    },
  );
  if (isUnread !== node.isUnread) {
    node.isUnread = isUnread;
    reader.onChange(node.path);
  }
  const isStep = entries.some((entry) => entry.name === STEP_MARK && entry.isFile());
  const files = new Set<string>();
  const folders = new Set<string>();
  for (const entry of entries) {
    const { name } = entry;
    if (entry.isDirectory()) {
      if (isWanted(node, name, isStep)) folders.add(name);
    } else if ((entry.isFile() || entry.isSymbolicLink()) && !temporaryName.test(name)) files.add(name);
  }
  for (const name of node.files.keys()) if (!files.has(name)) dropFile(reader, node, name);
  for (const name of node.folders.keys()) if (!folders.has(name)) dropFolder(reader, node, name);
  await Promise.all([...files].map((name) => readFile(reader, node, name)));
  const known = isDeep ? [...node.folders.values()] : [];
  const added = [...folders].filter((name) => !node.folders.has(name));
  await Promise.all([
    ...known.map((child) => readNode(reader, child, true)),
    ...added.map((name) => addFolder(reader, node, name)),
  ]);
}

/** Looks again at one entry of which something was heard. `isOther`: it may be another one of the same name now. */
export async function readEntry(
  reader: FolderReader,
  node: FolderNode,
  name: string,
  isOther: boolean,
): Promise<void> {
  if (node.isClosed || reader.isClosed()) return;
  const info = await lstat(join(reader.root, node.path, name)).catch(() => null);
  const isStepMark = name === STEP_MARK && info?.isFile() !== node.files.has(name);
  if (info === null || info.isDirectory()) dropFile(reader, node, name);
  const child = node.folders.get(name);
  if (child !== undefined && (isOther || info?.isDirectory() !== true)) dropFolder(reader, node, name);
  if (info?.isDirectory() === true) {
    if (node.folders.has(name)) await readNode(reader, node.folders.get(name) ?? node);
    else if (isWanted(node, name, node.files.has(STEP_MARK))) await addFolder(reader, node, name);
  } else if (info !== null) await readFile(reader, node, name, true);
  // The parts of a step are not listed from now on, or again.
  if (isStepMark) await readNode(reader, node);
}

/** The folder is another one than was read: all that was known of it goes, and what is there now is listened to and read. */
export async function reopenNode(reader: FolderReader, node: FolderNode): Promise<void> {
  for (const name of node.folders.keys()) dropFolder(reader, node, name);
  node.watcher?.close();
  await openNode(reader, node);
}

export function closeNode(node: FolderNode): void {
  node.isClosed = true;
  node.watcher?.close();
  node.watcher = null;
  for (const child of node.folders.values()) closeNode(child);
}

function isWanted(node: FolderNode, name: string, isStep: boolean): boolean {
  return (
    !(isStep && stepParts.has(name)) &&
    !ignoredFolders.has(name) &&
    !pulledWeightsFolder.test(pathIn(node, name))
  );
}

async function addFolder(reader: FolderReader, node: FolderNode, name: string): Promise<void> {
  if (node.depth >= reader.maxDepth) {
    reader.onTooDeep();
    return;
  }
  if (!reader.takeRoom()) return;
  const child = createNode(pathIn(node, name), node.depth + 1);
  node.folders.set(name, child);
  reader.onChange(child.path);
  await openNode(reader, child);
}

function dropFolder(reader: FolderReader, node: FolderNode, name: string): void {
  const child = node.folders.get(name);
  if (child === undefined) return;
  node.folders.delete(name);
  closeNode(child);
  forgetBelow(reader, child);
}

function forgetBelow(reader: FolderReader, node: FolderNode): void {
  reader.giveRoom();
  reader.onChange(node.path);
  for (const name of node.files.keys()) dropFile(reader, node, name);
  for (const child of node.folders.values()) forgetBelow(reader, child);
}

function dropFile(reader: FolderReader, node: FolderNode, name: string): void {
  const file = node.files.get(name);
  if (file === undefined) return;
  node.files.delete(name);
  reader.giveRoom();
  reader.onChange(file.path);
}

/** `wasHeardOf`: it counts as changed also where size and time are what they were. */
async function readFile(
  reader: FolderReader,
  node: FolderNode,
  name: string,
  wasHeardOf = false,
): Promise<void> {
  const path = pathIn(node, name);
  const info = await statInside(reader.root, path);
  if (node.isClosed) return;
  if (info === null || !info.isFile()) {
    dropFile(reader, node, name);
    return;
  }
  const before = node.files.get(name);
  if (before === undefined && !reader.takeRoom()) return;
  const isOther = before?.sizeBytes !== info.size || before.modifiedMs !== info.mtimeMs;
  if (isOther)
    node.files.set(name, { path, kind: classifyPath(path), sizeBytes: info.size, modifiedMs: info.mtimeMs });
  if (isOther || wasHeardOf) reader.onChange(path);
}

/** Null for what is gone, and for a link that leads out of the workspace. */
async function statInside(root: string, path: string): Promise<Stats | null> {
  const info = await lstat(join(root, path)).catch(() => null);
  if (info === null || !info.isSymbolicLink()) return info;
  const isInside = await resolveInside(root, path).then(
    () => true,
    () => false,
  );
  return isInside ? stat(join(root, path)).catch(() => null) : null;
}

/** A watch on one folder. Throws where the system has none left. */
export function watchPath(
  path: string,
  onEvent: (isOther: boolean, name: string | null) => void,
  onError: (error: unknown) => void,
): FSWatcher {
  const watcher = watch(path, { persistent: false }, (kind, name) => onEvent(kind === 'rename', name));
  watcher.on('error', onError);
  return watcher;
}
