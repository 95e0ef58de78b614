// Parses the header of a GGUF file (versions 2 and 3, little-endian) without trusting any number in it.
// Written by hand because a reader that believes counts and lengths is what a damaged file breaks.
// Knows the format; whether the model makes sense is check-header.ts.
import { GgufCursor, scalarSizeBytes } from './cursor.ts';
import { GgufFault, type GgufHeader, type GgufTensor, type GgufValue } from './header.ts';
import { tensorTypes } from './tensor-types.ts';

/** Real headers have some 30 keys and, for the largest mixtures of experts, some 2,000 tensors. */
export const MAX_KEYS = 10_000;
export const MAX_TENSORS = 100_000;
/** llama.cpp keeps key names in fixed buffers elsewhere; real ones stay below 100 bytes. */
const MAX_KEY_BYTES = 1024;
/** ggml's GGML_MAX_NAME is 64 with the closing zero. */
const MAX_TENSOR_NAME_BYTES = 63;
/** ggml's GGML_MAX_DIMS. */
const MAX_DIMENSIONS = 4;
const MAX_ALIGNMENT_BYTES = 1024 * 1024;
const DEFAULT_ALIGNMENT_BYTES = 32;
/** Values of a list kept for display. */
export const FIRST_VALUES = 8;
const MIN_FILE_BYTES = 24;
/** Smallest key (length, one letter, type, one byte) and tensor entry: bounds counts by the file's size. */
const MIN_KEY_BYTES = 14;
const MIN_TENSOR_BYTES = 33;
const TEXT = 8;
const LIST = 9;

/**
 * `bytes` is the start of the file, `fileSizeBytes` all of it.
 * Throws GgufFault for a damaged file and GgufNeedsMore when `bytes` holds only a part of the header. Lists that `keepWhole`
 * names are kept with all their values.
 */
export function parseGgufHeader(
  bytes: Uint8Array,
  fileSizeBytes: number,
  { keepWhole }: { readonly keepWhole?: ReadonlySet<string> } = {},
): GgufHeader {
  if (fileSizeBytes === 0) throw new GgufFault('The file is empty');
  const magic = String.fromCharCode(...bytes.subarray(0, 4));
  if (magic !== 'GGUF') {
    throw new GgufFault(
      magic === 'FUGG'
        ? 'The file is a big-endian GGUF, which is not supported'
        : 'The file is not a GGUF model: it does not start with "GGUF"',
    );
  }
  if (fileSizeBytes < MIN_FILE_BYTES) throw new GgufFault('The file ends in the middle of its header');
  const cursor = new GgufCursor(bytes, fileSizeBytes);
  cursor.take(4, 'the magic');
  const version = cursor.uint32('the version');
  if (version !== 2 && version !== 3) throw new GgufFault(`GGUF version ${version} is not supported`);
  const tensorCount = cursor.uint64('the tensor count');
  const keyCount = cursor.uint64('the key count');
  if (tensorCount > MAX_TENSORS || tensorCount * MIN_TENSOR_BYTES > cursor.left) {
    throw new GgufFault(`The header claims ${tensorCount} tensors, which cannot be`);
  }
  if (keyCount > MAX_KEYS || keyCount * MIN_KEY_BYTES > cursor.left) {
    throw new GgufFault(`The header claims ${keyCount} keys, which cannot be`);
  }
  const metadata = new Map<string, GgufValue>();
  for (let index = 0; index < keyCount; index += 1) {
    const key = cursor.text(`key ${index + 1}`, MAX_KEY_BYTES);
    if (key === '') throw new GgufFault(`Key ${index + 1} has no name`);
    if (metadata.has(key)) throw new GgufFault(`The key ${key} appears twice`);
    metadata.set(key, readValue(cursor, key, keepWhole?.has(key) === true));
  }
  const alignmentBytes = alignmentOf(metadata);
  const entries: GgufTensor[] = [];
  const names = new Set<string>();
  for (let index = 0; index < tensorCount; index += 1) {
    const tensor = readTensor(cursor, index);
    if (names.has(tensor.name)) throw new GgufFault(`The tensor ${tensor.name} appears twice`);
    names.add(tensor.name);
    if (tensor.offsetBytes % alignmentBytes !== 0) {
      throw new GgufFault(`The tensor ${tensor.name} starts at an offset that is not aligned`);
    }
    entries.push(tensor);
  }
  const dataStartBytes = Math.ceil(cursor.position / alignmentBytes) * alignmentBytes;
  for (const tensor of entries) {
    if (dataStartBytes + tensor.offsetBytes + tensor.sizeBytes > fileSizeBytes) {
      throw new GgufFault(`The file is cut short: the tensor ${tensor.name} lies beyond its end`);
    }
  }
  return { version, metadata, tensors: entries, alignmentBytes, dataStartBytes };
}

function readValue(cursor: GgufCursor, key: string, isWhole: boolean): GgufValue {
  const type = cursor.uint32(key);
  if (type === TEXT) return { kind: 'text', value: cursor.text(key) };
  if (type === LIST) return readList(cursor, key, isWhole);
  const value = cursor.scalar(type, key);
  return typeof value === 'boolean' ? { kind: 'boolean', value } : { kind: 'number', value };
}

function readList(cursor: GgufCursor, key: string, isWhole: boolean): GgufValue {
  const type = cursor.uint32(key);
  const length = cursor.uint64(key);
  const size = scalarSizeBytes(type);
  if (size === null && type !== TEXT)
    throw new GgufFault(`The list ${key} has the unknown value type ${type}`);
  // A text costs its length field, eight bytes, at least.
  if (length * (size ?? 8) > cursor.left)
    throw new GgufFault(`The list ${key} claims ${length} values, which cannot be`);
  const first: (number | boolean | string)[] = [];
  const kept = isWhole ? length : Math.min(length, FIRST_VALUES);
  for (let index = 0; index < kept; index += 1) {
    first.push(size === null ? cursor.text(key) : cursor.scalar(type, key));
  }
  if (size !== null) cursor.take((length - kept) * size, key);
  else for (let index = kept; index < length; index += 1) cursor.skipText(key);
  return { kind: 'list', length, first };
}

function alignmentOf(metadata: ReadonlyMap<string, GgufValue>): number {
  const value = metadata.get('general.alignment');
  if (value === undefined) return DEFAULT_ALIGNMENT_BYTES;
  const bytes = value.kind === 'number' ? value.value : 0;
  const powerOfTwo = Number.isInteger(bytes) && bytes > 0 && Number.isInteger(Math.log2(bytes));
  if (!powerOfTwo || bytes > MAX_ALIGNMENT_BYTES)
    throw new GgufFault('general.alignment is not a power of two');
  return bytes;
}

function readTensor(cursor: GgufCursor, index: number): GgufTensor {
  const name = cursor.text(`the name of tensor ${index + 1}`, MAX_TENSOR_NAME_BYTES);
  const dimensions = cursor.uint32(`tensor ${name}`);
  if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
    throw new GgufFault(`The tensor ${name} has ${dimensions} dimensions`);
  }
  const shape: number[] = [];
  let values = 1;
  for (let dimension = 0; dimension < dimensions; dimension += 1) {
    const size = cursor.uint64(`a dimension of tensor ${name}`);
    values *= size;
    if (size === 0 || values > Number.MAX_SAFE_INTEGER)
      throw new GgufFault(`The tensor ${name} has impossible dimensions`);
    shape.push(size);
  }
  const typeNumber = cursor.uint32(`the type of tensor ${name}`);
  const type = tensorTypes.get(typeNumber);
  if (type === undefined) throw new GgufFault(`The tensor ${name} has the unknown type ${typeNumber}`);
  if ((shape[0] ?? 0) % type.valuesPerBlock !== 0) {
    throw new GgufFault(`The tensor ${name} does not fill whole blocks of ${type.name}`);
  }
  const offsetBytes = cursor.uint64(`the offset of tensor ${name}`);
  return {
    name,
    shape,
    type: type.name,
    offsetBytes,
    sizeBytes: (values / type.valuesPerBlock) * type.bytesPerBlock,
  };
}
