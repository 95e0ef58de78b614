// A zip archive whose files are stored as they are: the form torch.save writes and torch.load wants. The numbers of a tensor
// start at a multiple of 64 bytes, so that a checkpoint can be mapped into memory.
import { crc32 } from './zip-entries.ts';

const ALIGNMENT = 64;
const LOCAL_MAGIC = 0x04034b50;
const CENTRAL_MAGIC = 0x02014b50;
const END_MAGIC = 0x06054b50;
/** PyTorch's mark for a field that is only padding ("FB"). */
const PADDING_FIELD = 0x4246;
/** 1 January 1980, the earliest date zip knows: the same head gives the same bytes. */
const NO_DATE = 0x0021;

export interface StoredFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The archive; all of it must stay below 4 GB. */
export function writeZip(files: readonly StoredFile[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  const push = (bytes: Uint8Array): void => {
    parts.push(bytes);
    offset += bytes.length;
  };
  for (const { name, bytes } of files) {
    const encoded = new TextEncoder().encode(name);
    const checksum = crc32(bytes);
    const headerEnd = offset + 30 + encoded.length + 4;
    const padding = (ALIGNMENT - (headerEnd % ALIGNMENT)) % ALIGNMENT;
    const start = offset;
    const local = record(30, encoded, 4 + padding);
    local.setUint32(0, LOCAL_MAGIC, true);
    describe(local, 4, { checksum, size: bytes.length, nameSize: encoded.length });
    local.setUint16(28, 4 + padding, true);
    local.setUint16(30 + encoded.length, PADDING_FIELD, true);
    local.setUint16(32 + encoded.length, padding, true);
    push(new Uint8Array(local.buffer));
    push(bytes);
    const central = record(46, encoded, 0);
    central.setUint32(0, CENTRAL_MAGIC, true);
    describe(central, 6, { checksum, size: bytes.length, nameSize: encoded.length });
    central.setUint32(42, start, true);
    directory.push(new Uint8Array(central.buffer));
  }
  const directoryStart = offset;
  for (const entry of directory) push(entry);
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, END_MAGIC, true);
  end.setUint16(8, files.length, true);
  end.setUint16(10, files.length, true);
  end.setUint32(12, offset - directoryStart, true);
  end.setUint32(16, directoryStart, true);
  push(new Uint8Array(end.buffer));
  return joined(parts, offset);
}

function record(fixed: number, name: Uint8Array, extra: number): DataView {
  const bytes = new Uint8Array(fixed + name.length + extra);
  bytes.set(name, fixed);
  return new DataView(bytes.buffer);
}

/** The fields that a local and a central header share, which start at `at`: version needed, flags, method, time, date, … */
function describe(
  header: DataView,
  at: number,
  file: { readonly checksum: number; readonly size: number; readonly nameSize: number },
): void {
  header.setUint16(at, 20, true);
  header.setUint16(at + 8, NO_DATE, true);
  header.setUint32(at + 10, file.checksum, true);
  header.setUint32(at + 14, file.size, true);
  header.setUint32(at + 18, file.size, true);
  header.setUint16(at + 22, file.nameSize, true);
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let position = 0;
  for (const part of parts) {
    all.set(part, position);
    position += part.length;
  }
  return all;
}
