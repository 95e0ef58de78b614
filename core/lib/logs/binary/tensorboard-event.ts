// One event of TensorBoard: its step, its time and its scalars. Everything else (texts, images, histograms) is passed over.
// Fields as in event.proto, summary.proto and tensor.proto of TensorFlow 2.
import { MessageReader, wire } from './message-reader.ts';

// Keys as on the wire: field << 3 | kind.
const WALL_TIME = 0x09;
const STEP = 0x10;
const SUMMARY = 0x2a;
const VALUE = 0x0a;
const TAG = 0x0a;
const SIMPLE_VALUE = 0x15;
const TENSOR = 0x42;
const tensor = { type: 1, content: 4, floats: 5, doubles: 6, ints: 7, longs: 10 } as const;
const types: Readonly<Record<number, { readonly bytes: number; read(view: DataView): number }>> = {
  1: { bytes: 4, read: (view) => view.getFloat32(0, true) },
  2: { bytes: 8, read: (view) => view.getFloat64(0, true) },
  3: { bytes: 4, read: (view) => view.getInt32(0, true) },
  9: { bytes: 8, read: (view) => Number(view.getBigInt64(0, true)) },
};

/** Tags come in the same order again and again: each is decoded once. */
interface TagMemory {
  textOf(bytes: Uint8Array): string;
}

function createTagMemory(): TagMemory {
  const known: { readonly bytes: Uint8Array; readonly text: string }[] = [];
  const decoder = new TextDecoder();
  let next = 0;
  return {
    textOf(bytes) {
      const expected = known[next];
      if (expected && same(expected.bytes, bytes)) {
        next = (next + 1) % known.length;
        return expected.text;
      }
      const at = known.findIndex((tag) => same(tag.bytes, bytes));
      if (at !== -1) {
        next = (at + 1) % known.length;
        return known[at]?.text ?? '';
      }
      const text = decoder.decode(bytes);
      known.push({ bytes: bytes.slice(), text });
      next = 0;
      return text;
    },
  };
}

/** Reads events one after another; `add` gets every scalar. */
export interface EventReader {
  /** The event's time in Unix seconds when it holds a scalar, else 0. Throws RangeError for bytes that are no message. */
  read(record: Uint8Array, add: (tag: string, step: number, value: number) => void): number;
}

export function createEventReader(): EventReader {
  const memory = createTagMemory();
  const reader = new MessageReader();
  const inner = new MessageReader();
  const summaries: number[] = [];
  return {
    read(record, add) {
      reader.open(record);
      let step = 0;
      let wallTime = 0;
      let scalars = 0;
      summaries.length = 0;
      while (reader.position < reader.end) {
        const key = reader.key();
        if (key === WALL_TIME) wallTime = reader.double();
        else if (key === STEP) step = reader.varint();
        else if (key === SUMMARY) {
          const end = reader.innerEnd();
          summaries.push(reader.position, end);
          reader.position = end;
        } else reader.skip(key);
      }
      // The step may come behind the values.
      for (let index = 0; index < summaries.length; index += 2) {
        reader.position = summaries[index] as number;
        const end = summaries[index + 1] as number;
        while (reader.position < end) {
          const key = reader.key();
          if (key !== VALUE) {
            reader.skip(key);
            continue;
          }
          const valueEnd = reader.innerEnd();
          let tag = '';
          let value: number | null = null;
          while (reader.position < valueEnd) {
            const field = reader.key();
            if (field === TAG) tag = memory.textOf(reader.slice());
            else if (field === SIMPLE_VALUE) value = reader.float();
            else if (field === TENSOR) value = readTensor(inner.open(reader.slice()));
            else reader.skip(field);
          }
          if (value === null || tag === '') continue;
          add(tag, step, value);
          scalars += 1;
        }
      }
      return scalars > 0 ? wallTime : 0;
    },
  };
}

/** The number of a tensor that holds exactly one; null for any other. */
function readTensor(reader: MessageReader): number | null {
  let type = 0;
  const numbers: number[] = [];
  let content: Uint8Array | null = null;
  const readAll = (kind: number, read: () => number): void => {
    if (kind !== wire.bytes) {
      numbers.push(read());
      return;
    }
    const end = reader.innerEnd();
    while (reader.position < end && numbers.length < 2) numbers.push(read());
    reader.position = end;
  };
  while (reader.position < reader.end) {
    const key = reader.key();
    switch (key >>> 3) {
      case tensor.type:
        type = reader.varint();
        break;
      case tensor.content:
        content = reader.slice();
        break;
      case tensor.floats:
        readAll(key & 7, () => reader.float());
        break;
      case tensor.doubles:
        readAll(key & 7, () => reader.double());
        break;
      case tensor.ints:
      case tensor.longs:
        readAll(key & 7, () => reader.varint());
        break;
      default:
        reader.skip(key);
    }
  }
  if (numbers.length > 0) return numbers.length === 1 ? (numbers[0] ?? null) : null;
  const kind = types[type];
  if (!kind || content?.length !== kind.bytes) return null;
  return kind.read(new DataView(content.buffer, content.byteOffset, content.byteLength));
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}
