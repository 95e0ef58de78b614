// Vectors that were computed before, on disk, one folder an embedder identity. `keys.bin` holds 24 bytes a record (16 of the text's
// SHA-256, CRC-32 of the vector, 4 zero), `vectors.bin` the float32 vectors in the same order. Only appended; a record counts once
// both parts are there, so a write cut off at any moment costs that write and nothing else.
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { makeFolder } from '../files/make-folder.ts';
import { StudioError } from '../../api/errors.ts';
import { withFileLock } from '../files/with-file-lock.ts';
import { writeAll } from '../files/write-all.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import type { EmbedderIdentity } from './text-embedder.ts';
import { KEY_BYTES, KeyTable, RECORD_BYTES } from './key-table.ts';

/** Keys read at once when a cache is opened: 24 MB. */
const KEYS_AT_ONCE = 1_048_576;
/** The newest records are checked when a cache is opened: a computer that lost power may have written sizes without contents. */
const CHECKED_AT_OPEN = 64;

export interface CacheFacts {
  readonly records: number;
  readonly sizeBytes: number;
}

/** `snowflake-arctic-embed-m-v2.0-1a2b3c4d5e6f7081`: readable, and different for every identity. */
export function cacheName(identity: EmbedderIdentity): string {
  const { id, variant, dimensions, sha256 } = identity;
  const hash = createHash('sha256')
    .update(JSON.stringify([id, variant, dimensions, sha256]))
    .digest('hex');
  const readable = (id.split('/').at(-1) ?? id).replaceAll(/[^\w.-]+/g, '-').slice(0, 60);
  return `${readable}-${hash.slice(0, 16)}`;
}

export function textKey(text: string): Uint8Array {
  return createHash('sha256').update(text, 'utf8').digest().subarray(0, KEY_BYTES);
}

export class EmbeddingCache implements AsyncDisposable {
  readonly folder: string;
  private readonly root: string;
  private readonly dimensions: number;
  private readonly keys: FileHandle;
  private readonly vectors: FileHandle;
  private readonly table = new KeyTable();

  private constructor(
    place: { readonly root: string; readonly folder: string },
    dimensions: number,
    files: { readonly keys: FileHandle; readonly vectors: FileHandle },
  ) {
    this.root = place.root;
    this.folder = place.folder;
    this.dimensions = dimensions;
    this.keys = files.keys;
    this.vectors = files.vectors;
  }

  /** `root` is where `.studio/` lies (the workspace, or the state folder), for the lock and the cache. Throws errno errors. */
  static async open(root: string, identity: EmbedderIdentity): Promise<EmbeddingCache> {
    const folder = join(embeddingCacheFolder(root), cacheName(identity));
    await makeFolder(folder);
    const facts = join(folder, 'identity.json');
    const known = await readFile(facts, 'utf8').catch(() => null);
    const text = `${JSON.stringify({ format: 'nesso-embeddings', version: 1, ...identity }, null, 2)}\n`;
    if (known !== text) await writeFileAtomic(facts, text);
    const flags = constants.O_RDWR | constants.O_CREAT;
    const keys = await open(join(folder, 'keys.bin'), flags);
    const vectors = await open(join(folder, 'vectors.bin'), flags).catch(async (error: unknown) => {
      await keys.close();
      throw error;
    });
    const cache = new EmbeddingCache({ root, folder }, identity.dimensions, { keys, vectors });
    try {
      await cache.locked(() => cache.repair());
      await cache.refresh();
      return cache;
    } catch (error) {
      await cache[Symbol.asyncDispose]();
      throw error;
    }
  }

  get records(): number {
    return this.table.records;
  }

  /** Fills what is known into `target` (texts × dimensions); returns the places that are not known. */
  async read(keys: readonly Uint8Array[], target: Float32Array): Promise<readonly number[]> {
    const missing: number[] = [];
    const found: { readonly place: number; readonly record: number }[] = [];
    for (const [place, key] of keys.entries()) {
      const record = this.table.find(key);
      if (record === null) missing.push(place);
      else found.push({ place, record });
    }
    // In the order of the file: neighbours are read in one go by the operating system.
    found.sort((left, right) => left.record - right.record);
    const size = this.dimensions * 4;
    for (const { place, record } of found) {
      const bytes = new Uint8Array(target.buffer, target.byteOffset + place * size, size);
      const { bytesRead } = await this.vectors.read(bytes, 0, size, record * size);
      if (bytesRead === size && crc32(bytes) === this.table.checksum(record)) continue;
      bytes.fill(0);
      this.table.forget(record);
      missing.push(place);
    }
    return missing.toSorted((left, right) => left - right);
  }

  /** Appends vectors, one a key. Throws DISK_FULL and other typed errors; the cache stays valid. */
  async append(keys: readonly Uint8Array[], vectors: Float32Array): Promise<void> {
    if (keys.length === 0) return;
    await this.locked(async () => {
      const start = await this.repair();
      const size = this.dimensions * 4;
      const records = new Uint8Array(keys.length * RECORD_BYTES);
      const view = new DataView(records.buffer);
      const bytes = new Uint8Array(vectors.buffer, vectors.byteOffset, keys.length * size);
      for (const [index, key] of keys.entries()) {
        records.set(key, index * RECORD_BYTES);
        const checksum = crc32(bytes.subarray(index * size, (index + 1) * size));
        view.setUint32(index * RECORD_BYTES + KEY_BYTES, checksum, true);
      }
      try {
        await writeAll(this.vectors, bytes, start * size);
        await writeAll(this.keys, records, start * RECORD_BYTES);
      } catch (error) {
        // Best effort: whoever appends next cuts the same tail off.
        await this.keys.truncate(start * RECORD_BYTES).catch(() => undefined);
        await this.vectors.truncate(start * size).catch(() => undefined);
        throw explain(error, this.folder);
      }
      // Others may have appended since: their records come first.
      await this.refresh();
    });
  }

  async facts(): Promise<CacheFacts> {
    const [keys, vectors] = await Promise.all([this.keys.stat(), this.vectors.stat()]);
    return { records: this.table.records, sizeBytes: keys.size + vectors.size };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.keys.close(), this.vectors.close()]);
  }

  private locked<T>(work: () => Promise<T>): Promise<T> {
    return withFileLock(this.root, this.folder, work);
  }

  /** Cuts off what a write that was interrupted left; returns the number of whole records. Only under the lock. */
  private async repair(): Promise<number> {
    const [keys, vectors] = await Promise.all([this.keys.stat(), this.vectors.stat()]);
    const size = this.dimensions * 4;
    let whole = Math.min(Math.floor(keys.size / RECORD_BYTES), Math.floor(vectors.size / size));
    if (whole > this.table.records) {
      const first = Math.max(this.table.records, whole - CHECKED_AT_OPEN);
      whole = first + (await this.soundRecords(first, whole));
    }
    if (keys.size !== whole * RECORD_BYTES) await this.keys.truncate(whole * RECORD_BYTES);
    if (vectors.size !== whole * size) await this.vectors.truncate(whole * size);
    return whole;
  }

  /** How many records from `first` on have the contents that were written. */
  private async soundRecords(first: number, end: number): Promise<number> {
    const size = this.dimensions * 4;
    const keys = new Uint8Array((end - first) * RECORD_BYTES);
    const vector = new Uint8Array(size);
    await this.keys.read(keys, 0, keys.length, first * RECORD_BYTES);
    const view = new DataView(keys.buffer);
    for (let record = first; record < end; record += 1) {
      await this.vectors.read(vector, 0, size, record * size);
      const written = view.getUint32((record - first) * RECORD_BYTES + KEY_BYTES, true);
      if (crc32(vector) !== written) return record - first;
    }
    return end - first;
  }

  /** Learns the records that were appended since, by whoever. */
  private async refresh(): Promise<void> {
    const { size } = await this.keys.stat();
    const end = Math.floor(size / RECORD_BYTES);
    for (let record = this.table.records; record < end; record = this.table.records) {
      const count = Math.min(KEYS_AT_ONCE, end - record);
      const bytes = new Uint8Array(count * RECORD_BYTES);
      const { bytesRead } = await this.keys.read(bytes, 0, bytes.length, record * RECORD_BYTES);
      if (bytesRead < RECORD_BYTES) return;
      this.table.add(bytes.subarray(0, bytesRead - (bytesRead % RECORD_BYTES)));
    }
  }
}

export function embeddingCacheFolder(root: string): string {
  return join(root, '.studio', 'cache', 'embeddings');
}

function explain(error: unknown, folder: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new StudioError('DISK_FULL', 'There is no space left to keep embeddings', {
    hint: 'Free some space, or empty the cache of embeddings, and start again: what was kept before is still there',
    path: folder,
    cause: error,
  });
}
