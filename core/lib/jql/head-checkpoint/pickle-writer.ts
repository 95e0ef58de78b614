// Writes the few kinds of values a checkpoint of a head consists of as a Python pickle of protocol 2, which every PyTorch reads,
// also with weights_only. Nothing in it asks for more than a dictionary, an OrderedDict and torch's own tensors.

/** A tensor whose numbers are the archive's file `data/<key>`, row by row. */
export interface WrittenTensor {
  readonly kind: 'tensor';
  readonly key: string;
  readonly shape: readonly number[];
}

/** A Map becomes an OrderedDict, a plain object a dict. Whole numbers of 32 bits become int, all others float. */
export type WrittenValue =
  | null
  | boolean
  | number
  | string
  | readonly WrittenValue[]
  | WrittenTensor
  | ReadonlyMap<string, WrittenValue>
  | { readonly [key: string]: WrittenValue };

const opcode = {
  protocol: 0x80,
  mark: 0x28,
  stop: 0x2e,
  none: 0x4e,
  newTrue: 0x88,
  newFalse: 0x89,
  int32: 0x4a,
  double: 0x47,
  unicode: 0x58,
  emptyList: 0x5d,
  appends: 0x65,
  emptyDict: 0x7d,
  setItems: 0x75,
  emptyTuple: 0x29,
  tuple: 0x74,
  global: 0x63,
  reduce: 0x52,
  persistentId: 0x51,
} as const;

/** The pickle as bytes. */
export function pickle(value: WrittenValue): Uint8Array {
  const bytes: number[] = [opcode.protocol, 2];
  writeValue(bytes, value);
  bytes.push(opcode.stop);
  return Uint8Array.from(bytes);
}

function writeValue(bytes: number[], value: WrittenValue): void {
  if (value === null) bytes.push(opcode.none);
  else if (typeof value === 'boolean') bytes.push(value ? opcode.newTrue : opcode.newFalse);
  else if (typeof value === 'number') writeNumber(bytes, value);
  else if (typeof value === 'string') writeText(bytes, value);
  else if (isList(value)) writeList(bytes, value);
  else if (value instanceof Map) writeOrderedDict(bytes, [...value]);
  else if (isTensor(value)) writeTensor(bytes, value);
  else {
    bytes.push(opcode.emptyDict);
    writeItems(bytes, Object.entries(value));
  }
}

function isList(value: WrittenValue): value is readonly WrittenValue[] {
  return Array.isArray(value);
}

function isTensor(value: object): value is WrittenTensor {
  return 'kind' in value && value.kind === 'tensor';
}

function writeNumber(bytes: number[], value: number): void {
  const isInt32 = Number.isInteger(value) && value >= -2_147_483_648 && value <= 2_147_483_647;
  const field = new DataView(new ArrayBuffer(8));
  if (isInt32 && !Object.is(value, -0)) {
    field.setInt32(0, value, true);
    bytes.push(opcode.int32, ...new Uint8Array(field.buffer, 0, 4));
  } else {
    // Big-endian, unlike everything else in a pickle.
    field.setFloat64(0, value, false);
    bytes.push(opcode.double, ...new Uint8Array(field.buffer));
  }
}

function writeText(bytes: number[], value: string): void {
  const text = new TextEncoder().encode(value);
  const length = new DataView(new ArrayBuffer(4));
  length.setUint32(0, text.length, true);
  bytes.push(opcode.unicode, ...new Uint8Array(length.buffer), ...text);
}

function writeGlobal(bytes: number[], module: string, name: string): void {
  bytes.push(opcode.global, ...new TextEncoder().encode(`${module}\n${name}\n`));
}

function writeList(bytes: number[], values: readonly WrittenValue[]): void {
  bytes.push(opcode.emptyList, opcode.mark);
  for (const value of values) writeValue(bytes, value);
  bytes.push(opcode.appends);
}

function writeItems(bytes: number[], items: readonly (readonly [string, WrittenValue])[]): void {
  bytes.push(opcode.mark);
  for (const [key, value] of items) {
    writeText(bytes, key);
    writeValue(bytes, value);
  }
  bytes.push(opcode.setItems);
}

function writeOrderedDict(bytes: number[], items: readonly (readonly [string, WrittenValue])[]): void {
  writeGlobal(bytes, 'collections', 'OrderedDict');
  bytes.push(opcode.emptyTuple, opcode.reduce);
  writeItems(bytes, items);
}

function writeTuple(bytes: number[], values: readonly number[]): void {
  bytes.push(opcode.mark);
  for (const value of values) writeNumber(bytes, value);
  bytes.push(opcode.tuple);
}

/** torch._utils._rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, backward_hooks) */
function writeTensor(bytes: number[], { key, shape }: WrittenTensor): void {
  const sizeFrom = (axis: number): number => shape.slice(axis).reduce((product, size) => product * size, 1);
  writeGlobal(bytes, 'torch._utils', '_rebuild_tensor_v2');
  bytes.push(opcode.mark, opcode.mark);
  writeText(bytes, 'storage');
  writeGlobal(bytes, 'torch', 'FloatStorage');
  writeText(bytes, key);
  writeText(bytes, 'cpu');
  writeNumber(bytes, sizeFrom(0));
  bytes.push(opcode.tuple, opcode.persistentId);
  writeNumber(bytes, 0);
  writeTuple(bytes, shape);
  writeTuple(
    bytes,
    shape.map((_, axis) => sizeFrom(axis + 1)),
  );
  bytes.push(opcode.newFalse);
  writeOrderedDict(bytes, []);
  bytes.push(opcode.tuple, opcode.reduce);
}
