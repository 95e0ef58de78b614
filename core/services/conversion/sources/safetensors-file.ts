// One safetensors file, read piece by piece. Synchronous: it is read in a process that does nothing else.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { StudioError } from '../../../api/errors.ts';
import { bytesOf, columnsOf, isFloatType, type TensorRows } from '../../../lib/conversion/tensor-rows.ts';
import {
  headerLength,
  LENGTH_BYTES,
  parseSafetensorsHeader,
  type SafeTensor,
  SafetensorsFault,
  type SafetensorsHeader,
} from '../../../lib/safetensors/header.ts';

export class SafetensorsFile implements Disposable {
  readonly path: string;
  readonly header: SafetensorsHeader;
  /** Changes when the file does. */
  readonly stamp: string;
  readonly #handle: number;

  /** Throws CORRUPT_FILE with the reason, INVALID_INPUT for what is no file, or errno errors. */
  constructor(path: string) {
    this.path = path;
    // Without O_NONBLOCK, opening a named pipe waits for a writer that may never come.
    this.#handle = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const info = fstatSync(this.#handle);
      if (!info.isFile()) {
        throw new StudioError('INVALID_INPUT', `${basename(path)} is not a file`, {
          hint: 'Choose the folder of a model',
          path,
        });
      }
      this.stamp = stampOf(info);
      const length = headerLength(this.#read(0, Math.min(LENGTH_BYTES, info.size)), info.size);
      this.header = parseSafetensorsHeader(this.#read(LENGTH_BYTES, length), info.size);
    } catch (error) {
      closeSync(this.#handle);
      throw error instanceof SafetensorsFault ? corrupt(path, error) : error;
    }
  }

  /** The tensor as rows under another name. Throws INVALID_INPUT for types that are no weights of a model. */
  rows(tensor: SafeTensor, name = tensor.name): TensorRows {
    const { type, shape } = tensor;
    if (!isFloatType(type)) {
      throw new StudioError('INVALID_INPUT', `The tensor ${tensor.name} is of ${type}`, {
        hint: 'F32, F16 and BF16 are converted: save the model in one of them',
        path: this.path,
      });
    }
    const rowBytes = columnsOf(tensor) * bytesOf(type);
    return {
      name,
      type,
      shape,
      readRows: (first, count, into) => this.#read(tensor.start + first * rowBytes, count * rowBytes, into),
    };
  }

  /** Throws CONFLICT when the file was written to since it was opened. */
  requireUnchanged(): void {
    if (stampOf(fstatSync(this.#handle)) === this.stamp) return;
    throw new StudioError('CONFLICT', `${basename(this.path)} changed while it was read`, {
      hint: 'Wait until the checkpoint is written, then convert it again',
      path: this.path,
    });
  }

  [Symbol.dispose](): void {
    closeSync(this.#handle);
  }

  #read(start: number, length: number, into?: Uint8Array): Uint8Array {
    const bytes = into && into.length >= length ? into.subarray(0, length) : new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const count = readSync(this.#handle, bytes, done, length - done, start + done);
      if (count === 0) throw corrupt(this.path, new SafetensorsFault('The file ends before its data does'));
      done += count;
    }
    return bytes;
  }
}

function stampOf(info: { readonly size: number; readonly mtimeMs: number }): string {
  return `${info.size}:${info.mtimeMs}`;
}

function corrupt(path: string, error: SafetensorsFault): StudioError {
  return new StudioError('CORRUPT_FILE', `${basename(path)} cannot be read. ${error.message}`, {
    hint: 'Copy or download the file again',
    path,
    cause: error,
  });
}
