// Writes every byte: a disk that is nearly full takes a part of what it is given and says so in a number only.
import type { FileHandle } from 'node:fs/promises';

/** Throws what the disk says once it takes nothing more. */
export async function writeAll(file: FileHandle, values: ArrayBufferView, position: number): Promise<void> {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
