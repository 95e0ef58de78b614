// The messages of an Arrow IPC stream, one after the other: each whole, with its kind. A file is a stream between a magic word and a
// footer, so both are read from the front. Knows the framing, nothing of the data. Source: Arrow columnar format, "IPC".
import type { FileHandle } from 'node:fs/promises';

/** A batch is held in memory whole, a few times over; writers make them of thousands of rows. */
export const MAX_MESSAGE_BYTES = 536_870_912;
/** Schemas of thousands of columns take some hundred kB. */
const MAX_METADATA_BYTES = 67_108_864;
const MAGIC = 'ARROW1';
const CONTINUATION = 0xffffffff;

export type MessageKind = 'schema' | 'dictionary' | 'batch' | 'other';

export interface ArrowMessage {
  readonly kind: MessageKind;
  /** With its framing: a stream is these bytes after each other. */
  readonly bytes: Buffer;
  /** Where the next one starts. */
  readonly end: number;
}

/** `damaged`: the bytes are wrong. `large`: a limit of this file. */
export class ArrowProblem extends Error {
  override readonly name = 'ArrowProblem';
  readonly reason: 'damaged' | 'large';

  constructor(reason: ArrowProblem['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Ends at the end-of-stream mark, or where the bytes end between two messages. Throws ArrowProblem. */
export async function* readMessages(handle: FileHandle, size: number): AsyncGenerator<ArrowMessage, void> {
  const magic = await readBytes(handle, 0, Math.min(size, 8), size);
  const isFile = magic.toString('latin1', 0, 6) === MAGIC;
  let position = isFile ? 8 : 0;
  for (;;) {
    // A stream may end without its mark, a file may not.
    if (position === size && !isFile && position > 0) return;
    const prefix = await readBytes(handle, position, 8, size);
    if (prefix.readUInt32LE(0) !== CONTINUATION) {
      throw new ArrowProblem('damaged', 'A message does not start where it should');
    }
    const metadataBytes = prefix.readInt32LE(4);
    if (metadataBytes === 0) return;
    if (metadataBytes < 8 || metadataBytes > MAX_METADATA_BYTES) {
      throw new ArrowProblem('damaged', `A message claims ${metadataBytes} bytes of metadata`);
    }
    const { kind, bodyBytes } = readHeader(await readBytes(handle, position + 8, metadataBytes, size));
    const length = 8 + metadataBytes + bodyBytes;
    if (bodyBytes < 0 || position + length > size) {
      throw new ArrowProblem('damaged', 'A message is longer than the file');
    }
    if (length > MAX_MESSAGE_BYTES) {
      throw new ArrowProblem('large', `One batch has ${Math.round(length / 1_048_576)} MiB`);
    }
    const bytes = await readBytes(handle, position, length, size);
    position += length;
    yield { kind, bytes, end: position };
  }
}

async function readBytes(handle: FileHandle, at: number, length: number, size: number): Promise<Buffer> {
  if (at + length > size) throw new ArrowProblem('damaged', 'The file ends within a message');
  const buffer = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(buffer, done, length - done, at + done);
    if (bytesRead === 0) throw new ArrowProblem('damaged', 'The file became shorter while it was read');
    done += bytesRead;
  }
  return buffer;
}

/** `Message` of the flatbuffers schema: its second field is the kind, its fourth the length of the body. */
function readHeader(metadata: Buffer): { readonly kind: MessageKind; readonly bodyBytes: number } {
  try {
    const table = metadata.readUInt32LE(0);
    const fields = table - metadata.readInt32LE(table);
    const fieldBytes = metadata.readUInt16LE(fields);
    const offsetOf = (field: number): number =>
      4 + 2 * field < fieldBytes ? metadata.readUInt16LE(fields + 4 + 2 * field) : 0;
    const [kindAt, bodyAt] = [offsetOf(1), offsetOf(3)];
    const kind = kindAt === 0 ? 0 : metadata.readUInt8(table + kindAt);
    const body = bodyAt === 0 ? 0n : metadata.readBigInt64LE(table + bodyAt);
    const kinds: readonly MessageKind[] = ['other', 'schema', 'dictionary', 'batch'];
    return { kind: kinds[kind] ?? 'other', bodyBytes: Number(body) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ArrowProblem('damaged', 'A message has metadata that point outside it');
  }
}
