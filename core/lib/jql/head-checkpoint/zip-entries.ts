// The files inside a zip archive whose entries are stored, not compressed: the form torch.save writes.
// Every offset comes from the file, so each is checked against its length before it is used.
import { damaged, unsupported } from './refusal.ts';

/** A head with optimiser states has about 30 entries. */
const MAX_ENTRIES = 10_000;
/** The end record is 22 bytes and may carry a comment of up to 65,535. */
const MAX_END_DISTANCE = 22 + 65_535;
const END_MAGIC = 0x06054b50;
const CENTRAL_MAGIC = 0x02014b50;
const LOCAL_MAGIC = 0x04034b50;
const IN_ZIP64_FIELD = 0xffffffff;
const ENCRYPTED = 1;

export interface ZipEntry {
  readonly name: string;
  readonly sizeBytes: number;
  /** A view into the archive; checks bounds and CRC-32. Throws CheckpointRefusal. */
  read(): Uint8Array;
}

/** Entries by name, from the central directory. Throws CheckpointRefusal. */
export function readZipEntries(bytes: Uint8Array): ReadonlyMap<string, ZipEntry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  const directoryBytes = view.getUint32(end + 12, true);
  let position = view.getUint32(end + 16, true);
  if (count > MAX_ENTRIES) throw unsupported(`the archive has more than ${MAX_ENTRIES} files`);
  if (position + directoryBytes > end) throw damaged('the table of the archive is not in the file');
  const entries = new Map<string, ZipEntry>();
  for (let index = 0; index < count; index += 1) {
    const { entry, next } = readCentralHeader(bytes, view, position, end);
    if (entries.has(entry.name)) throw damaged(`the archive holds ${shown(entry.name)} twice`);
    entries.set(entry.name, entry);
    position = next;
  }
  return entries;
}

function findEnd(view: DataView): number {
  const first = Math.max(0, view.byteLength - MAX_END_DISTANCE);
  for (let position = view.byteLength - 22; position >= first; position -= 1) {
    if (view.getUint32(position, true) === END_MAGIC) return position;
  }
  const isZip = view.byteLength >= 4 && view.getUint32(0, true) === LOCAL_MAGIC;
  if (isZip) throw damaged('the archive has no end');
  throw unsupported('it is not a zip archive as torch.save has written since PyTorch 1.6');
}

function readCentralHeader(
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
): { readonly entry: ZipEntry; readonly next: number } {
  if (start + 46 > end || view.getUint32(start, true) !== CENTRAL_MAGIC) {
    throw damaged('the table of the archive is broken');
  }
  const nameBytes = view.getUint16(start + 28, true);
  const extraBytes = view.getUint16(start + 30, true);
  const extraStart = start + 46 + nameBytes;
  const next = extraStart + extraBytes + view.getUint16(start + 32, true);
  if (next > end) throw damaged('the table of the archive is broken');
  const name = new TextDecoder().decode(bytes.subarray(start + 46, extraStart));
  const wide = zip64Numbers(view, extraStart, extraStart + extraBytes);
  const field = (offset: number): number => {
    const value = view.getUint32(start + offset, true);
    return value === IN_ZIP64_FIELD ? (wide.shift() ?? value) : value;
  };
  // The order of the zip64 field: size, compressed size, offset.
  const sizeBytes = field(24);
  const storedBytes = field(20);
  const localStart = field(42);
  const crc = view.getUint32(start + 16, true);
  const isEncrypted = (view.getUint16(start + 8, true) & ENCRYPTED) !== 0;
  const isStored = view.getUint16(start + 10, true) === 0 && storedBytes === sizeBytes && !isEncrypted;
  const read = (): Uint8Array => {
    if (!isStored)
      throw unsupported(`${shown(name)} is compressed or encrypted, which torch.save never does`);
    const data = readStored(bytes, view, localStart, sizeBytes);
    if (!data) throw damaged(`${shown(name)} is not all there`);
    if (crc32(data) !== crc) throw damaged(`the checksum of ${shown(name)} is wrong`);
    return data;
  };
  return { entry: { name, sizeBytes, read }, next };
}

function zip64Numbers(view: DataView, start: number, end: number): number[] {
  for (let position = start; position + 4 <= end; ) {
    const size = view.getUint16(position + 2, true);
    const dataEnd = position + 4 + size;
    if (dataEnd > end) return [];
    if (view.getUint16(position, true) === 1) {
      const numbers: number[] = [];
      for (let at = position + 4; at + 8 <= dataEnd; at += 8)
        numbers.push(Number(view.getBigUint64(at, true)));
      return numbers;
    }
    position = dataEnd;
  }
  return [];
}

function readStored(bytes: Uint8Array, view: DataView, start: number, size: number): Uint8Array | null {
  if (start + 30 > bytes.length || view.getUint32(start, true) !== LOCAL_MAGIC) return null;
  const dataStart = start + 30 + view.getUint16(start + 26, true) + view.getUint16(start + 28, true);
  if (dataStart + size > bytes.length) return null;
  return bytes.subarray(dataStart, dataStart + size);
}

/** Names come from the file: short enough for a sentence. */
function shown(name: string): string {
  return name.length <= 80 ? name : `${name.slice(0, 80)}…`;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 as zip uses it (polynomial 0xEDB88320), unsigned. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (crcTable[(crc ^ byte) & 0xff] as number);
  return (crc ^ 0xffffffff) >>> 0;
}
