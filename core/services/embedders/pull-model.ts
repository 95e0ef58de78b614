// Downloads an embedding model: its small files and one ONNX variant, each resumed where it stopped and checked by the hub's own
// hash before it gets its name. Where the model came from is written last.
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeFolder } from '../files/make-folder.ts';
import { StudioError } from '../../api/errors.ts';
import { findModelFiles } from '../../lib/embedding/model-variant.ts';
import { writeAll } from '../files/write-all.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { type HubAccess, type HubFile, type HubModel, readHubFile, readHubModel } from './hub-client.ts';
import { SOURCE_FILE } from './model-folder.ts';

/** What an embedder needs beside its ONNX file, where the model has it. */
const smallFiles: readonly string[] = [
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  '1_Pooling/config.json',
  'README.md',
];
/** A connection that breaks is tried again at once, then ever later; each byte that arrives starts the count anew. */
const RETRY_MS: readonly number[] = [0, 1000, 4000];

export interface PullRequest {
  /** owner/name */
  readonly id: string;
  /** Branch, tag or commit. */
  readonly revision: string;
  /** Null: the most exact there is. */
  readonly variant: string | null;
  /** Absolute; made where it is missing. */
  readonly folder: string;
  readonly access: HubAccess;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((doneBytes: number, totalBytes: number) => void) | undefined;
}

export interface PulledModel {
  /** Absolute. */
  readonly folder: string;
  readonly id: string;
  readonly revision: string;
  readonly variant: string;
  readonly files: readonly { readonly path: string; readonly sizeBytes: number }[];
  /** What had to be fetched this time. */
  readonly downloadedBytes: number;
}

/** Throws StudioError, and AbortError when `signal` aborts; what was downloaded stays for the next try. */
export async function pullModel(request: PullRequest): Promise<PulledModel> {
  const { id, folder, access, signal } = request;
  const model = await readHubModel(id, request.revision, access, signal);
  const { variant, files } = chooseFiles(model, request.variant);
  const totalBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const missing: HubFile[] = [];
  for (const file of files) {
    if (!(await isThere(join(folder, file.path), file, signal))) missing.push(file);
  }
  await requireSpace(folder, missing);
  const missingBytes = missing.reduce((sum, file) => sum + file.sizeBytes, 0);
  let finishedBytes = totalBytes - missingBytes;
  let downloadedBytes = 0;
  request.onProgress?.(finishedBytes, totalBytes);
  for (const file of missing) {
    const onBytes = (done: number): void => request.onProgress?.(finishedBytes + done, totalBytes);
    downloadedBytes += await download({ model, file, folder, access, signal, onBytes });
    finishedBytes += file.sizeBytes;
  }
  // What is left there belongs to other revisions.
  await rm(join(folder, '.partial'), { recursive: true, force: true });
  const source = { id, revision: model.revision, endpoint: access.endpoint };
  await writeFileAtomic(join(folder, SOURCE_FILE), `${JSON.stringify(source, null, 2)}\n`);
  return {
    folder,
    id,
    revision: model.revision,
    variant,
    files: files.map(({ path, sizeBytes }) => ({ path, sizeBytes })),
    downloadedBytes,
  };
}

/** `Snowflake/snowflake-arctic-embed-m-v2.0` → snowflake-arctic-embed-m-v2.0 */
export function folderOfModel(id: string): string {
  return basename(id).replaceAll(/[^\w.-]+/g, '-');
}

function chooseFiles(model: HubModel, wanted: string | null): { variant: string; files: readonly HubFile[] } {
  const names = model.files.map(({ path }) => path);
  const variants = findModelFiles(names);
  const chosen = wanted === null ? variants[0] : variants.find(({ variant }) => variant === wanted);
  if (!chosen) {
    const there = variants.map(({ variant }) => variant).join(', ');
    throw new StudioError(
      'INVALID_INPUT',
      wanted === null || variants.length === 0
        ? `${model.id} has no ONNX file that can be used`
        : `${model.id} has no variant ${wanted}`,
      {
        hint:
          there === '' ? 'Choose a model with onnx/model.onnx; onnx-community has many' : `It has: ${there}`,
      },
    );
  }
  // Large models keep their weights in a file of their own.
  const wantedNames = [chosen.file, `${chosen.file}_data`, `${chosen.file}.data`, ...smallFiles];
  return { variant: chosen.variant, files: model.files.filter(({ path }) => wantedNames.includes(path)) };
}

async function isThere(path: string, file: HubFile, signal?: AbortSignal): Promise<boolean> {
  const info = await stat(path).catch(() => null);
  if (info?.size !== file.sizeBytes) return false;
  const hash = startHash(file);
  await feed(hash, path, signal);
  return hash.digest('hex') === file.checksum.hex;
}

/** Git hashes a header before the contents. */
function startHash({ checksum, sizeBytes }: HubFile): Hash {
  return checksum.kind === 'sha256' ? createHash('sha256') : createHash('sha1').update(`blob ${sizeBytes}\0`);
}

async function feed(hash: Hash, path: string, signal?: AbortSignal): Promise<void> {
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal })) {
    hash.update(chunk as Uint8Array);
  }
}

async function requireSpace(folder: string, missing: readonly HubFile[]): Promise<void> {
  let needed = 0;
  for (const file of missing) {
    const partial = await stat(partialPath(folder, file)).catch(() => null);
    needed += file.sizeBytes - Math.min(partial?.size ?? 0, file.sizeBytes);
  }
  await makeFolder(folder);
  const { bavail, bsize } = await statfs(folder);
  if (needed <= bavail * bsize) return;
  const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`;
  throw new StudioError(
    'DISK_FULL',
    `The model needs ${megabytes(needed)} and ${megabytes(bavail * bsize)} are free`,
    { hint: 'Free some space, or choose a smaller variant such as int8', path: folder },
  );
}

function partialPath(folder: string, file: HubFile): string {
  return join(folder, '.partial', `${file.path.replaceAll('/', '--')}.${file.checksum.hex.slice(0, 16)}`);
}

interface Download {
  readonly model: HubModel;
  readonly file: HubFile;
  readonly folder: string;
  readonly access: HubAccess;
  readonly signal?: AbortSignal | undefined;
  readonly onBytes: (doneBytes: number) => void;
}

/** Returns the bytes that came over the network. */
async function download(work: Download): Promise<number> {
  const { file, folder, signal } = work;
  const partial = partialPath(folder, file);
  await makeFolder(dirname(partial));
  let fetched = 0;
  for (let attempt = 0; ; ) {
    const before = fetched;
    try {
      await append(work, partial, (bytes) => (fetched += bytes));
      break;
    } catch (error) {
      signal?.throwIfAborted();
      if (fetched > before) attempt = 0;
      const pause = RETRY_MS[attempt++];
      const broken = error instanceof StudioError && error.code === 'UNAVAILABLE';
      if (!broken || pause === undefined) throw explain(error, file, partial);
      await sleep(pause, undefined, { signal });
    }
  }
  const target = join(folder, file.path);
  await makeFolder(dirname(target));
  await rename(partial, target);
  return fetched;
}

/** Goes on where the partial file ends. Complete and right when it returns. */
async function append(work: Download, partial: string, onFetched: (bytes: number) => void): Promise<void> {
  const { model, file, access, signal, onBytes } = work;
  const existing = await stat(partial).catch(() => null);
  let done = existing && existing.size <= file.sizeBytes ? existing.size : 0;
  let hash = startHash(file);
  if (done > 0) await feed(hash, partial, signal);
  const handle = await open(partial, done > 0 ? 'r+' : 'w');
  try {
    if (done < file.sizeBytes) {
      const { offset, body } = await readHubFile(model, { file, offset: done }, access, signal);
      if (offset !== done) {
        done = 0;
        hash = startHash(file);
        await handle.truncate(0);
      }
      for await (const chunk of body) {
        if (done + chunk.length > file.sizeBytes) break;
        await writeAll(handle, chunk, done);
        hash.update(chunk);
        done += chunk.length;
        onFetched(chunk.length);
        onBytes(done);
      }
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (done < file.sizeBytes) {
    throw new StudioError('UNAVAILABLE', `The download of ${file.path} broke off`, {
      hint: 'Start it again: what was downloaded is kept',
    });
  }
  if (hash.digest('hex') === file.checksum.hex) return;
  await rm(partial, { force: true });
  throw new StudioError('CORRUPT_FILE', `${file.path} arrived damaged: its checksum is not the hub's`, {
    hint: 'Start it again; it is downloaded anew',
  });
}

function explain(error: unknown, file: HubFile, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new StudioError('DISK_FULL', `There is no space left for ${file.path}`, {
    hint: 'Free some space and start again: what was downloaded is kept',
    path,
    cause: error,
  });
}
