// A large file written front to back beside its place, that takes its name when it is whole. Synchronous.
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { StudioError } from '../../../api/errors.ts';
import { formatDiskSize } from '../../../lib/format/numbers.ts';
import { asidePath } from '../../files/aside-path.ts';

export class OutputFile implements Disposable {
  readonly #path: string;
  readonly #aside: string;
  #handle: number | null;
  #position = 0;

  /** Throws DISK_FULL when `sizeBytes` cannot fit, or errno errors. */
  constructor(path: string, sizeBytes: number) {
    requireSpace(path, sizeBytes);
    this.#path = path;
    this.#aside = asidePath(path);
    this.#handle = openSync(this.#aside, 'wx');
  }

  get position(): number {
    return this.#position;
  }

  append(bytes: Uint8Array): void {
    this.#write(bytes, this.#position);
    this.#position += bytes.length;
  }

  padTo(position: number): void {
    if (position > this.#position) this.append(new Uint8Array(position - this.#position));
  }

  /** Replaces bytes that were written before. */
  patch(position: number, bytes: Uint8Array): void {
    this.#write(bytes, position);
  }

  /** Gives the file its name. */
  finish(): void {
    if (this.#handle === null) return;
    fsyncSync(this.#handle);
    closeSync(this.#handle);
    this.#handle = null;
    renameSync(this.#aside, this.#path);
  }

  [Symbol.dispose](): void {
    if (this.#handle === null) return;
    closeSync(this.#handle);
    this.#handle = null;
    rmSync(this.#aside, { force: true });
  }

  #write(bytes: Uint8Array, position: number): void {
    if (this.#handle === null) throw new Error('The output is finished');
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.#handle, bytes, done, bytes.length - done, position + done);
    }
  }
}

function requireSpace(path: string, sizeBytes: number): void {
  const { bavail, bsize } = statfsSync(dirname(path));
  const free = bavail * bsize;
  if (free >= sizeBytes) return;
  throw new StudioError(
    'DISK_FULL',
    `${basename(path)} needs ${formatDiskSize(sizeBytes)}, ${formatDiskSize(free)} are free`,
    {
      hint: 'Free some space, or choose a smaller type or another disk',
      path,
    },
  );
}
