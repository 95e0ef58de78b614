// A zip archive of stored entries, small enough to be taken apart by tests. Not what PyTorch writes byte for byte.
import { crc32 } from '../../core/lib/jql/head-checkpoint/zip-entries.ts';

export function zipFile(entries: Readonly<Record<string, Uint8Array>>): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [name, data] of Object.entries(entries)) {
    const text = new TextEncoder().encode(name);
    const local = new DataView(new ArrayBuffer(30));
    local.setUint32(0, 0x04034b50, true);
    local.setUint16(26, text.length, true);
    const central = new DataView(new ArrayBuffer(46));
    central.setUint32(0, 0x02014b50, true);
    central.setUint32(16, crc32(data), true);
    central.setUint32(20, data.length, true);
    central.setUint32(24, data.length, true);
    central.setUint16(28, text.length, true);
    central.setUint32(42, offset, true);
    parts.push(new Uint8Array(local.buffer), text, data);
    directory.push(new Uint8Array(central.buffer), text);
    offset += 30 + text.length + data.length;
  }
  const directoryBytes = directory.reduce((sum, part) => sum + part.length, 0);
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(10, Object.keys(entries).length, true);
  end.setUint32(12, directoryBytes, true);
  end.setUint32(16, offset, true);
  return Uint8Array.from([...parts, ...directory, new Uint8Array(end.buffer)].flatMap((part) => [...part]));
}
