// Brings the rows of a task from the hub: the files of its splits alone, checked by the hub's own hashes, to evals/data/<data set>/.
import { createHash } from 'node:crypto';
import { rename, rm, stat } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StudioError } from '../../../api/errors.ts';
import { filesOfSplit } from '../../../lib/evaluations/tasks/data-files.ts';
import {
  type HubAccess,
  hubEndpoint,
  type HubFile,
  hubToken,
  readHubFile,
  readHubModel,
} from '../../embedders/hub-client.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { writeAll } from '../../files/write-all.ts';
import { DATA_FOLDER } from './task-data.ts';
import { type CatalogPlace, findGroup, findTask } from './task-catalog.ts';

export interface DownloadOptions {
  readonly signal: AbortSignal;
  /** Bytes. */
  readonly onProgress: (done: number, total: number) => void;
}

/** Absolute paths. Throws INVALID_INPUT, NOT_FOUND, UNAVAILABLE. */
export async function downloadTask(
  place: CatalogPlace,
  name: string,
  { signal, onProgress }: DownloadOptions,
): Promise<readonly string[]> {
  const { root } = place;
  if (root === null)
    throw new StudioError('NO_WORKSPACE', 'No workspace is open', { hint: 'Open one first' });
  const group = await findGroup(place, name);
  const access: HubAccess = { endpoint: hubEndpoint(), token: await hubToken(), kind: 'datasets' };
  const wanted = new Map<
    string,
    { readonly dataset: Awaited<ReturnType<typeof readHubModel>>; readonly file: HubFile }
  >();
  const known = new Map<string, Awaited<ReturnType<typeof readHubModel>>>();
  for (const task of group?.tasks ?? [name]) {
    const { repository } = await findTask(place, task);
    if (repository === null) {
      throw new StudioError('INVALID_INPUT', `The questions of ${task} are no data set of the hub`, {
        hint: 'Its task file names files of its own',
      });
    }
    const dataset =
      known.get(repository.name) ?? (await readHubModel(repository.name, 'main', access, signal));
    known.set(repository.name, dataset);
    const paths = dataset.files.map(({ path }) => path);
    for (const split of repository.splits) {
      const found = filesOfSplit(paths, { config: repository.config, split });
      if (found.length === 0) {
        throw new StudioError(
          'NOT_FOUND',
          `${repository.name} has no files of ${[repository.config, split].filter(Boolean).join(', ')}`,
          {
            hint: 'The data set may have changed: copy its files by hand',
          },
        );
      }
      for (const file of dataset.files)
        if (found.includes(file.path)) wanted.set(`${repository.name}/${file.path}`, { dataset, file });
    }
  }
  const total = [...wanted.values()].reduce((sum, { file }) => sum + file.sizeBytes, 0);
  let done = 0;
  const made: string[] = [];
  for (const [shown, { dataset, file }] of wanted) {
    const path = join(root, DATA_FOLDER, shown);
    const isThere = await stat(path).then(
      ({ size }) => size === file.sizeBytes,
      () => false,
    );
    if (!isThere) {
      await downloadFile(path, { dataset, file }, access, {
        signal,
        onProgress: (bytes) => onProgress(done + bytes, total),
      });
    }
    done += file.sizeBytes;
    onProgress(done, total);
    made.push(path);
  }
  return made;
}

async function downloadFile(
  path: string,
  { dataset, file }: { readonly dataset: Awaited<ReturnType<typeof readHubModel>>; readonly file: HubFile },
  access: HubAccess,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (bytes: number) => void },
): Promise<void> {
  await makeFolder(dirname(path));
  const part = `${path}.part`;
  // Small files, a few megabytes: one that was cut off is begun again.
  const hash =
    file.checksum.kind === 'sha256'
      ? createHash('sha256')
      : createHash('sha1').update(`blob ${file.sizeBytes}\0`);
  try {
    const handle = await open(part, 'w');
    try {
      const { body } = await readHubFile(dataset, { file, offset: 0 }, access, signal);
      let bytes = 0;
      for await (const chunk of body) {
        signal.throwIfAborted();
        await writeAll(handle, chunk, bytes);
        hash.update(chunk);
        bytes += chunk.length;
        onProgress(bytes);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (hash.digest('hex') !== file.checksum.hex) {
      throw new StudioError('CORRUPT_FILE', `${file.path} did not arrive as it lies on the hub`, {
        hint: 'Start the download again',
        path,
      });
    }
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
