// The cache of embeddings as a person sees it: how large, and empty again.
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { withFileLock } from '../files/with-file-lock.ts';
import { embeddingCacheFolder } from './embedding-cache.ts';
import { RECORD_BYTES } from './key-table.ts';

export interface EmbedderCacheFacts {
  readonly folders: readonly {
    readonly name: string;
    readonly records: number;
    readonly sizeBytes: number;
  }[];
  readonly sizeBytes: number;
}

export async function embeddingCacheFacts(root: string): Promise<EmbedderCacheFacts> {
  const place = embeddingCacheFolder(root);
  const names = await readdir(place).catch(() => []);
  const folders = await Promise.all(
    names.map(async (name) => {
      const size = (file: string) =>
        stat(join(place, name, file)).then(
          (info) => info.size,
          () => 0,
        );
      const [keys, vectors] = await Promise.all([size('keys.bin'), size('vectors.bin')]);
      return { name, records: Math.floor(keys / RECORD_BYTES), sizeBytes: keys + vectors };
    }),
  );
  return { folders, sizeBytes: folders.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
}

/** Who embeds right now goes on; what it computes from here on is kept only as long as it runs. */
export async function emptyEmbeddingCache(root: string): Promise<{ freedBytes: number }> {
  const { folders, sizeBytes } = await embeddingCacheFacts(root);
  for (const { name } of folders) {
    const folder = join(embeddingCacheFolder(root), name);
    await withFileLock(root, folder, () => rm(folder, { recursive: true, force: true }));
  }
  return { freedBytes: sizeBytes };
}
