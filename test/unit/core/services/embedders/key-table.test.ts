// The key table against a Map, with keys that share their first bits, across its growth.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { KEY_BYTES, KeyTable, RECORD_BYTES } from '../../../../../core/services/embedders/key-table.ts';

const keyOf = (name: string): Buffer => createHash('sha256').update(name).digest().subarray(0, KEY_BYTES);

function record(key: Uint8Array, checksum: number): Buffer {
  const bytes = Buffer.alloc(RECORD_BYTES);
  bytes.set(key);
  bytes.writeUInt32LE(checksum, KEY_BYTES);
  return bytes;
}

describe('a key table', () => {
  it('finds what a map finds while it grows, and nothing else', () => {
    const table = new KeyTable();
    const map = new Map<string, number>();
    for (let batch = 0; batch < 40; batch += 1) {
      const names = Array.from({ length: 251 }, (_, index) => `text ${(batch * 251 + index) % 7000}`);
      for (const [index, name] of names.entries()) map.set(name, batch * 251 + index);
      table.add(Buffer.concat(names.map((name, index) => record(keyOf(name), batch * 251 + index))));
    }
    expect(table.records).toBe(40 * 251);
    // Names come again: the newest record counts.
    for (const [name, place] of map) {
      expect(table.find(keyOf(name)), name).toBe(place);
      expect(table.checksum(place)).toBe(place);
    }
    expect(table.find(keyOf('never added'))).toBeNull();
  });

  it('tells keys apart that begin alike, and steps over the end of the table', () => {
    const table = new KeyTable();
    const alike = Array.from({ length: 300 }, (_, index) => {
      const key = Buffer.alloc(KEY_BYTES, 0xff);
      key.writeUInt32LE(index, KEY_BYTES - 4);
      return key;
    });
    table.add(Buffer.concat(alike.map((key, index) => record(key, index))));
    for (const [index, key] of alike.entries()) expect(table.find(key)).toBe(index);
  });

  it('forgets one record alone, until its key is written again', () => {
    const table = new KeyTable();
    const [first, second] = [keyOf('first'), keyOf('second')];
    table.add(Buffer.concat([record(first, 1), record(second, 2)]));
    table.forget(0);
    expect(table.find(first)).toBeNull();
    expect(table.find(second)).toBe(1);
    table.add(record(first, 0xffffffff));
    expect(table.find(first)).toBe(2);
    expect(table.checksum(2)).toBe(0xffffffff);
  });

  it('finds nothing in nothing', () => {
    expect(new KeyTable().find(keyOf('anything'))).toBeNull();
  });
});
