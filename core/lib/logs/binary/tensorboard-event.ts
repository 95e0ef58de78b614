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

export type AddPoint = (step: number, value: number) => void;

interface KnownTag {
  readonly bytes: Uint8Array;
  readonly add: AddPoint;
}

/** Tags come in the same order again and again: each is decoded and looked up once. */
interface TagMemory {
  /** Where the points go of the tag whose text lies from `start` to `end`. */
  find(bytes: Uint8Array, start: number, end: number): AddPoint;
}

function createTagMemory(adderOf: (tag: string) => AddPoint): TagMemory {
  const known: KnownTag[] = [];
  const decoder = new TextDecoder();
  let next = 0;
  return {
    find(bytes, start, end) {
      for (let tried = 0; tried < known.length; tried += 1) {
        const tag = known[next] as KnownTag;
        next = next + 1 === known.length ? 0 : next + 1;
        if (isAt(tag.bytes, bytes, start, end)) return tag.add;
      }
      const own = bytes.slice(start, end);
      const add = adderOf(decoder.decode(own));
      known.push({ bytes: own, add });
      next = 0;
      return add;
    },
  };
}

function isAt(expected: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  const { length } = expected;
  if (end - start !== length) return false;
  for (let index = 0; index < length; index += 1) if (bytes[start + index] !== expected[index]) return false;
  return true;
}

/** Reads events one after another. */
export interface EventReader {
  /**
   * The record from `start` to `end` of `bytes`. The event's time in Unix seconds when it holds a scalar, else 0. Throws RangeError
   * for bytes that are no message.
   */
  read(bytes: Uint8Array, start: number, end: number): number;
}

/** `adderOf` says where the scalars of a tag go. */
export function createEventReader(adderOf: (tag: string) => AddPoint): EventReader {
  const memory = createTagMemory(adderOf);
  const reader = new MessageReader();
  const inner = new MessageReader();
  let view: DataView = new DataView(new ArrayBuffer(0));
  let viewed: Uint8Array = new Uint8Array(0);

  /**
   * An event as PyTorch and most others write a scalar: time, step, one value with its tag and a float, every length one byte.
   * −1 for any other; nothing has been added then.
   */
  const readPlain = (bytes: Uint8Array, start: number, end: number): number => {
    if (end - start < 20 || bytes[start] !== WALL_TIME) return -1;
    let at = start + 9;
    let step = 0;
    if (bytes[at] === STEP) {
      at += 1;
      let factor = 1;
      let byte = bytes[at] as number;
      while (byte >= 0x80 && factor < 2 ** 28) {
        step += (byte & 0x7f) * factor;
        factor *= 128;
        at += 1;
        byte = bytes[at] as number;
      }
      if (byte >= 0x80) return -1;
      step += byte * factor;
      at += 1;
    }
    // Summary, value and tag, each with a length below 128 that reaches exactly to the end, and the float behind the tag.
    if (
      bytes[at] !== SUMMARY ||
      (bytes[at + 1] as number) >= 0x80 ||
      at + 2 + (bytes[at + 1] as number) !== end
    )
      return -1;
    at += 2;
    if (
      bytes[at] !== VALUE ||
      (bytes[at + 1] as number) >= 0x80 ||
      at + 2 + (bytes[at + 1] as number) !== end
    )
      return -1;
    at += 2;
    const tagEnd = at + 2 + (bytes[at + 1] as number);
    if (
      bytes[at] !== TAG ||
      (bytes[at + 1] as number) === 0 ||
      tagEnd + 5 !== end ||
      bytes[tagEnd] !== SIMPLE_VALUE
    )
      return -1;
    if (bytes !== viewed) {
      viewed = bytes;
      view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    memory.find(bytes, at + 2, tagEnd)(step, view.getFloat32(tagEnd + 1, true));
    return view.getFloat64(start + 1, true);
  };

  const readAny = (bytes: Uint8Array, start: number, recordEnd: number): number => {
    const summaries: number[] = [];
    reader.open(bytes, start, recordEnd);
    let step = 0;
    let wallTime = 0;
    let scalars = 0;
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
        let add: AddPoint | null = null;
        let value: number | null = null;
        while (reader.position < valueEnd) {
          const field = reader.key();
          if (field === TAG) {
            const tagEnd = reader.innerEnd();
            add = tagEnd > reader.position ? memory.find(bytes, reader.position, tagEnd) : null;
            reader.position = tagEnd;
          } else if (field === SIMPLE_VALUE) value = reader.float();
          else if (field === TENSOR) value = readTensor(inner.open(reader.slice()));
          else reader.skip(field);
        }
        if (value === null || add === null) continue;
        add(step, value);
        scalars += 1;
      }
    }
    return scalars > 0 ? wallTime : 0;
  };

  return {
    read(bytes, start, end) {
      const plain = readPlain(bytes, start, end);
      return plain === -1 ? readAny(bytes, start, end) : plain;
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
