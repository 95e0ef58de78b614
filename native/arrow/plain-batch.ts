// A message of an Arrow stream whose buffers are compressed, with the same buffers as they are. The reader knows the format of such
// messages but none of the two compressions; each buffer may be marked as not compressed, so only places and lengths change.
// Source: Arrow columnar format, "Compression", and Message.fbs.
import { decompress } from 'fzstd';
import { unpackLz4Frame } from './lz4-frame.ts';
import { ArrowProblem, MAX_MESSAGE_BYTES } from './messages.ts';

/** Continuation mark and length of the metadata. */
const FRAMING_BYTES = 8;
/** Before each buffer: its length when it is unpacked. */
const LENGTH_BYTES = 8;
const NOT_COMPRESSED = -1n;
const ALIGNMENT = 64;
const DICTIONARY_BATCH = 2;
const RECORD_BATCH = 3;

/** Fields by their order in Message.fbs. */
const MESSAGE = { kind: 1, header: 2, bodyLength: 3 };
const DICTIONARY = { data: 1 };
const BATCH = { buffers: 2, compression: 3 };
const COMPRESSION = { codec: 0 };
const ZSTD = 1;

interface Place {
  /** Of the pair in the metadata. */
  readonly at: number;
  readonly offset: number;
  readonly length: number;
}

/** `message` itself when nothing in it is compressed. Throws ArrowProblem. */
export function plainBatch(message: Buffer): Buffer {
  try {
    return rewritten(message);
  } catch (error) {
    if (error instanceof ArrowProblem) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ArrowProblem('damaged', `A compressed batch cannot be unpacked: ${reason}`);
  }
}

function rewritten(message: Buffer): Buffer {
  const head = Buffer.from(message.subarray(0, FRAMING_BYTES + message.readInt32LE(4)));
  const metadata = head.subarray(FRAMING_BYTES);
  const root = metadata.readUInt32LE(0);
  const kindAt = fieldOf(metadata, root, MESSAGE.kind);
  const headerAt = fieldOf(metadata, root, MESSAGE.header);
  const lengthAt = fieldOf(metadata, root, MESSAGE.bodyLength);
  const kind = kindAt === 0 ? 0 : metadata.readUInt8(kindAt);
  if (headerAt === 0 || lengthAt === 0 || (kind !== DICTIONARY_BATCH && kind !== RECORD_BATCH))
    return message;
  const header = follow(metadata, headerAt);
  const batch = kind === RECORD_BATCH ? header : follow(metadata, fieldOf(metadata, header, DICTIONARY.data));
  const compressionAt = fieldOf(metadata, batch, BATCH.compression);
  if (compressionAt === 0) return message;
  const compression = follow(metadata, compressionAt);
  const codecAt = fieldOf(metadata, compression, COMPRESSION.codec);
  const isZstd = codecAt !== 0 && metadata.readUInt8(codecAt) === ZSTD;
  const body = message.subarray(head.length);
  const parts: Buffer[] = [];
  let length = 0;
  for (const { at, ...place } of placesOf(metadata, batch)) {
    const packed = body.subarray(place.offset, place.offset + place.length);
    if (packed.length < place.length) throw new RangeError('a buffer lies outside the message');
    const plain = packed.length === 0 ? packed : unpacked(packed, isZstd);
    metadata.writeBigInt64LE(BigInt(length), at);
    metadata.writeBigInt64LE(BigInt(plain.length), at + 8);
    const padding = Buffer.alloc((ALIGNMENT - (plain.length % ALIGNMENT)) % ALIGNMENT);
    parts.push(plain, padding);
    length += plain.length + padding.length;
    if (length > MAX_MESSAGE_BYTES) {
      throw new ArrowProblem('large', `One batch has more than ${MAX_MESSAGE_BYTES / 1_048_576} MiB`);
    }
  }
  metadata.writeBigInt64LE(BigInt(length), lengthAt);
  return Buffer.concat([head, ...parts]);
}

/** With the mark that it is not compressed in front. */
function unpacked(packed: Buffer, isZstd: boolean): Buffer {
  const claimed = packed.readBigInt64LE(0);
  if (claimed === NOT_COMPRESSED) return packed;
  if (claimed < 0n || claimed > BigInt(MAX_MESSAGE_BYTES)) {
    throw new ArrowProblem('large', `One buffer claims ${claimed} bytes`);
  }
  const length = Number(claimed);
  const bytes = packed.subarray(LENGTH_BYTES);
  const plain = isZstd ? unpackZstd(bytes, length) : unpackLz4Frame(bytes, length);
  const mark = Buffer.alloc(LENGTH_BYTES);
  mark.writeBigInt64LE(NOT_COMPRESSED);
  return Buffer.concat([mark, plain]);
}

function unpackZstd(bytes: Buffer, length: number): Uint8Array {
  const plain = decompress(bytes, new Uint8Array(length));
  if (plain.length !== length) throw new RangeError(`${plain.length} bytes instead of ${length}`);
  return plain;
}

function placesOf(metadata: Buffer, batch: number): readonly Place[] {
  const vectorAt = fieldOf(metadata, batch, BATCH.buffers);
  if (vectorAt === 0) return [];
  const vector = follow(metadata, vectorAt);
  const count = metadata.readUInt32LE(vector);
  if (vector + 4 + 16 * count > metadata.length) throw new RangeError('metadata that point outside it');
  return Array.from({ length: count }, (_, index) => {
    const at = vector + 4 + 16 * index;
    const offset = Number(metadata.readBigInt64LE(at));
    const length = Number(metadata.readBigInt64LE(at + 8));
    if (offset < 0 || length < 0) throw new RangeError('a buffer lies outside the message');
    return { at, offset, length };
  });
}

/** Where a field of a table lies, 0 when it is not there. */
function fieldOf(metadata: Buffer, table: number, field: number): number {
  const fields = table - metadata.readInt32LE(table);
  const at =
    4 + 2 * field < metadata.readUInt16LE(fields) ? metadata.readUInt16LE(fields + 4 + 2 * field) : 0;
  return at === 0 ? 0 : table + at;
}

function follow(metadata: Buffer, at: number): number {
  return at + metadata.readUInt32LE(at);
}
