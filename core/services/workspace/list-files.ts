// The files of a workspace, each with its kind by name. Bounded, never follows links out, skips caches. Of an open workspace the list
// is kept as it changes; any other folder is walked. Knows names only; no file is opened.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkspaceFile } from '../../api/workspace.ts';
import { temporaryName } from '../files/aside-path.ts';
import { resolveInside } from '../files/resolve-inside.ts';

/** A window can list this many with a virtual list; more is a data folder that belongs elsewhere. */
export const MAX_FILES = 20_000;
/** Deeper than any sensible workspace; guards against nested copies of a home folder. */
export const MAX_DEPTH = 16;

/** Folders that hold caches or other programs' files. Also not watched. */
export const ignoredFolders: ReadonlySet<string> = new Set([
  'node_modules',
  '.git',
  '.studio',
  '.venv',
  'venv',
  '__pycache__',
  '.ipynb_checkpoints',
]);

/** Pulled weights: hundreds of small files a step that nobody opens one by one. Also not watched. */
export const pulledWeightsFolder = /^checkpoints\/[^/]+\/[^/]+\/weights(\.part)?(\/|$)/;

/**
 * Parts of a whole step of Nanotron, a file a tensor: 57 files of 2M parameters. A run of 400 steps here would fill the list, and what
 * comes after it would be missing.
 */
export const stepParts: ReadonlySet<string> = new Set(['model', 'optimizer', 'lr_scheduler', 'random']);
/** Written last, beside them. */
export const STEP_MARK = 'model_config.json';

export type FileKind = WorkspaceFile['kind'];

const kindByEnding: readonly (readonly [RegExp, FileKind])[] = [
  // Prompt suites, and what models answered to them.
  [/^suites\/[^/]+\.(ya?ml|jsonl)$/, 'text'],
  [/^evals\/.+\.jsonl$/, 'text'],
  // Tasks of evaluations, in the format of their harness.
  [/^evals\/tasks\/.+\.ya?ml$/, 'text'],
  [/\.ya?ml$/i, 'config'],
  [/(^|\/)runs\/[^/]+\/(metrics\.jsonl|log\.txt)$/i, 'log'],
  // What people said in a campaign: read there, and blind.
  [/^annotations\/[^/]+\/[^/]+\.jsonl$/, 'text'],
  // Figures of a report as numbers: read in a spreadsheet.
  [/^reports\/[^/]+\/[^/]+\.csv$/i, 'text'],
  [/\.ds$/, 'dataset'],
  [/\.(parquet|jsonl|ndjson|csv|tsv|arrow)(\.(gz|zst))?$/i, 'dataset'],
  [/\.(gguf|safetensors|onnx)$/i, 'model'],
  [/\.(log|out|err)$/i, 'log'],
  [/\.(txt|md|json|py|sh|toml|ini|cfg|slurm|sbatch|jinja|csv)$/i, 'text'],
];

/** Kind by path alone: `runs/x/log.txt` → log, `data/a.jsonl.zst` → dataset. */
export function classifyPath(path: string): FileKind {
  return kindByEnding.find(([ending]) => ending.test(path))?.[1] ?? 'other';
}

export interface FileListing {
  readonly files: WorkspaceFile[];
  readonly truncated: boolean;
  /** Folders whose files are missing here, as they may not be read. */
  readonly unread: string[];
}

export type FilesOf = (signal?: AbortSignal) => Promise<FileListing>;

/** The lists that are kept, of each open workspace by its real path. Two cores may have one open. */
const kept = new Map<string, Set<FilesOf>>();

/** From now on whoever asks for the files of `root` gets `files`, until the returned function is called. */
export function keepList(root: string, files: FilesOf): () => void {
  const lists = kept.get(root) ?? new Set();
  kept.set(root, lists.add(files));
  return () => {
    lists.delete(files);
    if (lists.size === 0) kept.delete(root);
  };
}

/** Whether a folder is there and cannot be read; one that is gone is no trouble. */
export function isUnreadable(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code !== 'ENOENT' && code !== 'ENOTDIR';
}

/** Every file below `root`, sorted by path. Files that vanish meanwhile are left out. */
export function listFiles(root: string, signal?: AbortSignal): Promise<FileListing> {
  const [files] = kept.get(root) ?? [];
  return files === undefined ? walkFiles(root, signal) : files(signal);
}

/** The same, from the disk. */
export async function walkFiles(
  root: string,
  signal?: AbortSignal,
  maxFiles: number = MAX_FILES,
): Promise<FileListing> {
  const files: WorkspaceFile[] = [];
  const unread: string[] = [];
  let truncated = false;

  const addFile = async (path: string): Promise<void> => {
    const info = await stat(join(root, path)).catch(() => null);
    if (!info?.isFile()) return;
    files.push({ path, kind: classifyPath(path), sizeBytes: info.size, modifiedMs: info.mtimeMs });
  };
  const visit = async (folder: string, depth: number): Promise<void> => {
    signal?.throwIfAborted();
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
      if (isUnreadable(error)) unread.push(folder);
      return [];
    });
    const isStep = entries.some((entry) => entry.name === STEP_MARK && entry.isFile());
    const folders: string[] = [];
    const found: string[] = [];
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        const isPart = isStep && stepParts.has(entry.name);
        if (!isPart && !ignoredFolders.has(entry.name) && !pulledWeightsFolder.test(path)) folders.push(path);
      } else if (entry.isFile() && !temporaryName.test(entry.name)) {
        found.push(path);
      } else if (entry.isSymbolicLink() && (await staysInside(root, path))) {
        found.push(path);
      }
    }
    const room = maxFiles - files.length;
    if (found.length > room) truncated = true;
    await Promise.all(found.slice(0, room).map(addFile));
    if (depth >= MAX_DEPTH && folders.length > 0) truncated = true;
    if (depth >= MAX_DEPTH || truncated) return;
    for (const child of folders) await visit(child, depth + 1);
  };

  await visit('', 0);
  return { files: files.sort(byPath), truncated, unread };
}

export function byPath(left: WorkspaceFile, right: WorkspaceFile): number {
  return left.path < right.path ? -1 : left.path > right.path ? 1 : 0;
}

async function staysInside(root: string, path: string): Promise<boolean> {
  return resolveInside(root, path).then(
    () => true,
    () => false,
  );
}
