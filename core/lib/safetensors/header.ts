// The header of a safetensors file: which tensor lies where. Parsed without trusting any number in it, and written.
// Format: u64 length of the header (little-endian), a JSON object padded with spaces, the data. Knows nothing of files.
import { z } from 'zod';

/** The reference library refuses longer headers too. */
export const MAX_HEADER_BYTES = 100_000_000;
/** The length field before the header. */
export const LENGTH_BYTES = 8;

/** Bytes a value takes, by the names the format uses. */
const valueBytes: ReadonlyMap<string, number> = new Map([
  ['BOOL', 1],
  ['U8', 1],
  ['I8', 1],
  ['F8_E4M3', 1],
  ['F8_E5M2', 1],
  ['I16', 2],
  ['U16', 2],
  ['F16', 2],
  ['BF16', 2],
  ['I32', 4],
  ['U32', 4],
  ['F32', 4],
  ['I64', 8],
  ['U64', 8],
  ['F64', 8],
]);

export interface SafeTensor {
  readonly name: string;
  readonly type: string;
  /** Slowest dimension first; empty for a scalar. */
  readonly shape: readonly number[];
  /** From the start of the file. */
  readonly start: number;
  readonly sizeBytes: number;
}

export interface SafetensorsHeader {
  readonly metadata: Readonly<Record<string, string>>;
  /** In the order of their data. */
  readonly tensors: readonly SafeTensor[];
}

/** The bytes are no safetensors file. The message is one sentence without the path. */
export class SafetensorsFault extends Error {
  override readonly name = 'SafetensorsFault';
}

/** Length of the JSON header from the first eight bytes of the file. Throws SafetensorsFault. */
export function headerLength(first: Uint8Array, fileSizeBytes: number): number {
  if (fileSizeBytes < LENGTH_BYTES + 2 || first.length < LENGTH_BYTES) {
    throw new SafetensorsFault('The file is too short for a safetensors header');
  }
  const view = new DataView(first.buffer, first.byteOffset, first.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > MAX_HEADER_BYTES) {
    throw new SafetensorsFault('The file does not start with the length of a safetensors header');
  }
  if (LENGTH_BYTES + length > fileSizeBytes) throw new SafetensorsFault('The file ends inside its header');
  return length;
}

const count = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(count).max(8),
  data_offsets: z.tuple([count, count]),
});

/** `json` is the header without its length. Throws SafetensorsFault when it lies about the file. */
export function parseSafetensorsHeader(json: Uint8Array, fileSizeBytes: number): SafetensorsHeader {
  const { __metadata__: own, ...entries } = objectOf(json);
  const dataStart = LENGTH_BYTES + json.length;
  const tensors = Object.entries(entries).map(([name, entry]) =>
    tensorOf(name, entry, { dataStart, fileSizeBytes }),
  );
  tensors.sort((left, right) => left.start - right.start);
  for (const [index, tensor] of tensors.entries()) {
    const before = tensors[index - 1];
    if (before && before.start + before.sizeBytes > tensor.start) {
      throw new SafetensorsFault(`The tensors ${shown(before.name)} and ${shown(tensor.name)} overlap`);
    }
  }
  const metadata = z.record(z.string(), z.string()).safeParse(own ?? {});
  return { metadata: metadata.success ? metadata.data : {}, tensors };
}

function objectOf(json: Uint8Array): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch {
    throw new SafetensorsFault('The safetensors header is not valid JSON');
  }
  const parsed = z.record(z.string(), z.unknown()).safeParse(value);
  if (!parsed.success) throw new SafetensorsFault('The safetensors header is not a list of tensors');
  return parsed.data;
}

function tensorOf(
  name: string,
  entry: unknown,
  file: { readonly dataStart: number; readonly fileSizeBytes: number },
): SafeTensor {
  const parsed = entrySchema.safeParse(entry);
  if (!parsed.success)
    throw new SafetensorsFault(`The entry of tensor ${shown(name)} is not one of a tensor`);
  const { dtype, shape, data_offsets } = parsed.data;
  const size = valueBytes.get(dtype);
  if (size === undefined)
    throw new SafetensorsFault(`The tensor ${shown(name)} has the unknown type ${shown(dtype)}`);
  const [start, end] = data_offsets;
  if (end - start !== shape.reduce((product, length) => product * length, size)) {
    throw new SafetensorsFault(`The tensor ${shown(name)} does not have the size its shape needs`);
  }
  if (file.dataStart + end > file.fileSizeBytes) {
    throw new SafetensorsFault(`The file is cut short: the tensor ${shown(name)} lies beyond its end`);
  }
  return { name, type: dtype, shape, start: file.dataStart + start, sizeBytes: end - start };
}

/** Names come from foreign files. */
function shown(name: string): string {
  return name.length > 80 ? `${name.slice(0, 80)}…` : name;
}

export interface TensorToWrite {
  readonly name: string;
  readonly type: 'F32' | 'F16' | 'BF16';
  readonly shape: readonly number[];
}

/** The bytes before the data: length, JSON padded to eight bytes. Data follows in the order given, without gaps. */
export function safetensorsHeader(
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  let offset = 0;
  const entries: Record<string, unknown> = { __metadata__: metadata };
  for (const { name, type, shape } of tensors) {
    const end = offset + shape.reduce((product, length) => product * length, valueBytes.get(type) ?? 0);
    entries[name] = { dtype: type, shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(entries));
  const padded = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(LENGTH_BYTES + padded).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(json, LENGTH_BYTES);
  return bytes;
}
