// A pickle machine that can only build plain values: an allow-list of opcodes, no imports, no calls but two that describe.
// Source: CPython 3.13, Lib/pickletools.py (protocols 2 to 5). Knows nothing about files or heads.
import {
  allowedGlobal,
  callGlobal,
  isKind,
  type PickleDict,
  type PickleValue,
  storageOf,
} from './pickle-values.ts';
import { damaged, unsupported } from './refusal.ts';

/** The pickle of a head is 2 kB, with a long history of callbacks perhaps a hundred times that. */
export const MAX_PICKLE_BYTES = 16_777_216;
/** The deepest real checkpoint needs about 40 values at once and 10 open marks. */
const MAX_STACK = 100_000;
const MAX_MARKS = 1000;
const MAX_MEMO = 1_000_000;
/** LONG1 of a hyper parameter such as a 64-bit seed. */
const MAX_LONG_BYTES = 16;

/** Throws CheckpointRefusal that names the opcode or the global it would not run. */
export function unpickle(bytes: Uint8Array): PickleValue {
  if (bytes.length > MAX_PICKLE_BYTES) {
    throw unsupported('the description of its contents is far longer than that of a head');
  }
  const machine = new PickleMachine(bytes);
  for (;;) {
    const operation = operations.get(machine.byte());
    if (!operation)
      throw unsupported(`it uses the pickle opcode ${machine.lastOpcode()}, which a head never needs`);
    if (operation === 'stop') return machine.result();
    operation(machine);
  }
}

class PickleMachine {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly stack: PickleValue[] = [];
  private readonly marks: number[] = [];
  private readonly memo = new Map<number, PickleValue>();
  private position = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Moves over `size` bytes and says where they started. */
  private take(size: number): number {
    const start = this.position;
    if (size > this.bytes.length - start) throw damaged('the description of its contents ends too early');
    this.position = start + size;
    return start;
  }

  byte(): number {
    return this.view.getUint8(this.take(1));
  }
  uint16(): number {
    return this.view.getUint16(this.take(2), true);
  }
  int32(): number {
    return this.view.getInt32(this.take(4), true);
  }
  uint32(): number {
    return this.view.getUint32(this.take(4), true);
  }
  skip(size: number): void {
    this.take(size);
  }
  /** Big-endian, unlike everything else in a pickle. */
  double(): number {
    return this.view.getFloat64(this.take(8), false);
  }
  text(size: number): string {
    const start = this.take(size);
    return new TextDecoder().decode(this.bytes.subarray(start, start + size));
  }
  /** Up to a line end, which is left out. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.position);
    if (end < 0) throw damaged('the description of its contents ends too early');
    const line = this.text(end - this.position);
    this.skip(1);
    return line;
  }
  /** A little-endian two's complement number; a bigint only where a double cannot hold it. */
  long(): number | bigint {
    const size = this.byte();
    if (size > MAX_LONG_BYTES) throw unsupported(`it holds a whole number of ${size} bytes`);
    const start = this.take(size);
    let value = 0n;
    for (let index = size - 1; index >= 0; index -= 1) {
      value = (value << 8n) | BigInt(this.view.getUint8(start + index));
    }
    const signed = BigInt.asIntN(size * 8, value);
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
  }

  push(value: PickleValue): void {
    if (this.stack.length >= MAX_STACK) throw unsupported('its contents are nested too deeply');
    this.stack.push(value);
  }
  pop(): PickleValue {
    const value = this.stack.length > (this.marks.at(-1) ?? 0) ? this.stack.pop() : undefined;
    if (value === undefined) throw damaged('the description of its contents takes a value that is not there');
    return value;
  }
  top(): PickleValue {
    const value = this.pop();
    this.stack.push(value);
    return value;
  }
  mark(): void {
    if (this.marks.length >= MAX_MARKS) throw unsupported('its contents are nested too deeply');
    this.marks.push(this.stack.length);
  }
  popToMark(): PickleValue[] {
    const mark = this.marks.pop();
    if (mark === undefined) throw damaged('the description of its contents takes a value that is not there');
    return this.stack.splice(mark);
  }
  popTuple(size: number): void {
    const items = Array.from({ length: size }, () => this.pop()).reverse();
    this.push({ kind: 'tuple', items });
  }

  remember(index: number = this.memo.size): void {
    if (this.memo.size >= MAX_MEMO) throw unsupported('it remembers more values than a head has');
    this.memo.set(index, this.top());
  }
  recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined)
      throw damaged('the description of its contents recalls a value that is not there');
    this.push(value);
  }

  append(items: readonly PickleValue[]): void {
    const list = this.top();
    if (!isKind(list, 'list')) throw unsupported('it appends to something that is not a list');
    for (const item of items) list.items.push(item);
  }
  setItems(items: readonly PickleValue[]): void {
    const dict = this.top();
    if (!isKind(dict, 'dict')) throw unsupported('it sets items of something that is not a dictionary');
    if (items.length % 2 !== 0) throw damaged('a key has no value');
    for (let index = 0; index + 1 < items.length; index += 2) {
      dict.entries.set(items[index] as PickleValue, items[index + 1] as PickleValue);
    }
  }
  /** Attributes of an OrderedDict (`_metadata` of a state dict) are read over; nothing else may be given any. */
  build(): void {
    const state = this.pop();
    const target = this.top();
    if (!isKind(target, 'dict') || !target.ordered) {
      throw unsupported('it uses the pickle opcode BUILD on something other than an OrderedDict');
    }
    if (!isKind(state, 'dict')) throw unsupported('it uses the pickle opcode BUILD with a state of its own');
  }

  lastOpcode(): string {
    const code = this.bytes[this.position - 1] ?? 0;
    return refusedNames.get(code) ?? `0x${code.toString(16).padStart(2, '0')}`;
  }
  result(): PickleValue {
    const value = this.pop();
    if (this.stack.length > 0) throw damaged('the description of its contents leaves values over');
    return value;
  }
}

function newDict(): PickleDict {
  return { kind: 'dict', ordered: false, entries: new Map() };
}

function text(value: PickleValue): string {
  if (typeof value === 'string') return value;
  throw damaged('a name is not a text');
}

/** For messages: what hostile and foreign pickles use, by the names of pickletools. */
const refusedNames: ReadonlyMap<number, string> = new Map(
  Object.entries({
    i: 'INST',
    o: 'OBJ',
    P: 'PERSID',
    I: 'INT',
    L: 'LONG',
    F: 'FLOAT',
    S: 'STRING',
    V: 'UNICODE',
    T: 'BINSTRING',
    U: 'SHORT_BINSTRING',
    B: 'BINBYTES',
    C: 'SHORT_BINBYTES',
    d: 'DICT',
    l: 'LIST',
    p: 'PUT',
    g: 'GET',
    '0': 'POP',
    '1': 'POP_MARK',
    '2': 'DUP',
    '\x81': 'NEWOBJ',
    '\x82': 'EXT1',
    '\x83': 'EXT2',
    '\x84': 'EXT4',
    '\x8b': 'LONG4',
    '\x8d': 'BINUNICODE8',
    '\x8e': 'BINBYTES8',
    '\x8f': 'EMPTY_SET',
    '\x90': 'ADDITEMS',
    '\x91': 'FROZENSET',
    '\x92': 'NEWOBJ_EX',
    '\x96': 'BYTEARRAY8',
    '\x97': 'NEXT_BUFFER',
    '\x98': 'READONLY_BUFFER',
  }).map(([character, name]) => [character.charCodeAt(0), name]),
);

type Operation = (machine: PickleMachine) => void;

const operations: ReadonlyMap<number, Operation | 'stop'> = new Map<number, Operation | 'stop'>([
  [0x2e, 'stop'],
  // PROTO: newer protocols bring opcodes, which are refused on their own.
  [0x80, (machine) => machine.skip(1)],
  // FRAME: only a hint about buffering.
  [0x95, (machine) => machine.skip(8)],
  [0x4e, (machine) => machine.push(null)],
  [0x88, (machine) => machine.push(true)],
  [0x89, (machine) => machine.push(false)],
  // BININT, BININT1, BININT2, LONG1, BINFLOAT
  [0x4a, (machine) => machine.push(machine.int32())],
  [0x4b, (machine) => machine.push(machine.byte())],
  [0x4d, (machine) => machine.push(machine.uint16())],
  [0x8a, (machine) => machine.push(machine.long())],
  [0x47, (machine) => machine.push(machine.double())],
  // BINUNICODE, SHORT_BINUNICODE
  [0x58, (machine) => machine.push(machine.text(machine.uint32()))],
  [0x8c, (machine) => machine.push(machine.text(machine.byte()))],
  // EMPTY_TUPLE, TUPLE1, TUPLE2, TUPLE3, MARK, TUPLE
  [0x29, (machine) => machine.push({ kind: 'tuple', items: [] })],
  [0x85, (machine) => machine.popTuple(1)],
  [0x86, (machine) => machine.popTuple(2)],
  [0x87, (machine) => machine.popTuple(3)],
  [0x28, (machine) => machine.mark()],
  [0x74, (machine) => machine.push({ kind: 'tuple', items: machine.popToMark() })],
  // EMPTY_LIST, APPEND, APPENDS
  [0x5d, (machine) => machine.push({ kind: 'list', items: [] })],
  [0x61, (machine) => machine.append([machine.pop()])],
  [0x65, (machine) => machine.append(machine.popToMark())],
  // EMPTY_DICT, SETITEM, SETITEMS
  [0x7d, (machine) => machine.push(newDict())],
  [0x73, (machine) => machine.setItems([machine.pop(), machine.pop()].reverse())],
  [0x75, (machine) => machine.setItems(machine.popToMark())],
  // BINPUT, LONG_BINPUT, MEMOIZE, BINGET, LONG_BINGET
  [0x71, (machine) => machine.remember(machine.byte())],
  [0x72, (machine) => machine.remember(machine.uint32())],
  [0x94, (machine) => machine.remember()],
  [0x68, (machine) => machine.recall(machine.byte())],
  [0x6a, (machine) => machine.recall(machine.uint32())],
  // GLOBAL, STACK_GLOBAL
  [0x63, (machine) => machine.push(allowedGlobal(machine.line(), machine.line()))],
  [
    0x93,
    (machine) => {
      const name = text(machine.pop());
      machine.push(allowedGlobal(text(machine.pop()), name));
    },
  ],
  // REDUCE, BUILD, BINPERSID
  [
    0x52,
    (machine) => {
      const argument = machine.pop();
      machine.push(callGlobal(machine.pop(), argument));
    },
  ],
  [0x62, (machine) => machine.build()],
  [0x51, (machine) => machine.push(storageOf(machine.pop()))],
]);
