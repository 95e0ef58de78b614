// Values of ggml's block types as floats, block by block. Layouts: ggml/src/ggml-common.h and ggml-quants.c. Scales are halves.
import { halfToNumber } from '../floats/half-floats.ts';

/** Whole blocks from `bytes` into `values`, in order. */
export type Dequantize = (bytes: Uint8Array, values: Float32Array) => void;

/** Null for a type whose values are not known here. F32, F16 and BF16 are no block types. */
export function dequantizer(type: string): Dequantize | null {
  const block = blocks.get(type);
  if (!block) return null;
  return (bytes, values) => {
    for (let at = 0, to = 0; at < bytes.length; at += block.bytes, to += block.values) {
      block.read(bytes, at, values, to);
    }
  };
}

type ReadBlock = (bytes: Uint8Array, at: number, values: Float32Array, to: number) => void;

interface Block {
  readonly values: number;
  readonly bytes: number;
  readonly read: ReadBlock;
}

function half(bytes: Uint8Array, at: number): number {
  return halfToNumber((bytes[at] as number) | ((bytes[at + 1] as number) << 8));
}

function signed(byte: number): number {
  return byte > 127 ? byte - 256 : byte;
}

/** 32 values: the low halves of 16 bytes, then the high ones, each made a value by `level`. */
function nibbles(
  bytes: Uint8Array,
  at: number,
  [values, to]: readonly [Float32Array, number],
  level: (nibble: number, place: number) => number,
): void {
  for (let index = 0; index < 16; index += 1) {
    const byte = bytes[at + index] as number;
    values[to + index] = level(byte & 15, index);
    values[to + 16 + index] = level(byte >> 4, index + 16);
  }
}

const q4: ReadBlock = (bytes, at, values, to) => {
  const scale = half(bytes, at);
  nibbles(bytes, at + 2, [values, to], (level) => (level - 8) * scale);
};

const q4WithLeast: ReadBlock = (bytes, at, values, to) => {
  const scale = half(bytes, at);
  const least = half(bytes, at + 2);
  nibbles(bytes, at + 4, [values, to], (level) => Math.fround(level * scale) + least);
};

function fifthBit(bytes: Uint8Array, at: number, place: number): number {
  return (((bytes[at + (place >> 3)] as number) >> (place & 7)) & 1) << 4;
}

const q5: ReadBlock = (bytes, at, values, to) => {
  const scale = half(bytes, at);
  nibbles(
    bytes,
    at + 6,
    [values, to],
    (level, place) => ((level | fifthBit(bytes, at + 2, place)) - 16) * scale,
  );
};

const q5WithLeast: ReadBlock = (bytes, at, values, to) => {
  const scale = half(bytes, at);
  const least = half(bytes, at + 2);
  nibbles(
    bytes,
    at + 8,
    [values, to],
    (level, place) => Math.fround((level | fifthBit(bytes, at + 4, place)) * scale) + least,
  );
};

const q8: ReadBlock = (bytes, at, values, to) => {
  const scale = half(bytes, at);
  for (let index = 0; index < 32; index += 1) {
    values[to + index] = signed(bytes[at + 2 + index] as number) * scale;
  }
};

const q2k: ReadBlock = (bytes, at, values, to) => {
  const scale = half(bytes, at + 80);
  const least = half(bytes, at + 82);
  for (let place = 0; place < 256; place += 1) {
    const scales = bytes[at + (place >> 4)] as number;
    const byte = bytes[at + 16 + (place >> 7) * 32 + (place & 31)] as number;
    const level = (byte >> (((place >> 5) & 3) * 2)) & 3;
    values[to + place] = Math.fround(scale * (scales & 15)) * level - Math.fround(least * (scales >> 4));
  }
};

/** The sixteen scales of six bits: low halves in eight bytes, high pairs in four. */
function q3kScale(bytes: Uint8Array, at: number, index: number): number {
  const low = bytes[at + (index & 7)] as number;
  const high = bytes[at + 8 + (index & 3)] as number;
  return ((index < 8 ? low & 15 : low >> 4) | (((high >> ((index >> 2) * 2)) & 3) << 4)) - 32;
}

const q3k: ReadBlock = (bytes, at, values, to) => {
  const scale = half(bytes, at + 108);
  for (let place = 0; place < 256; place += 1) {
    const byte = bytes[at + 32 + (place >> 7) * 32 + (place & 31)] as number;
    const high = ((bytes[at + (place & 31)] as number) >> (place >> 5)) & 1;
    const level = ((byte >> (((place >> 5) & 3) * 2)) & 3) - (high === 1 ? 0 : 4);
    values[to + place] = Math.fround(scale * q3kScale(bytes, at + 96, place >> 4)) * level;
  }
};

/** Scale and least of one of eight groups, six bits each in twelve bytes. */
function pairOfGroup(bytes: Uint8Array, at: number, group: number): readonly [number, number] {
  const byte = (index: number) => bytes[at + index] as number;
  if (group < 4) return [byte(group) & 63, byte(group + 4) & 63];
  return [
    (byte(group + 4) & 15) | ((byte(group - 4) >> 6) << 4),
    (byte(group + 4) >> 4) | ((byte(group) >> 6) << 4),
  ];
}

/** Q4_K and Q5_K: eight groups of 32. `fifth` is where the fifth bits start, or null. */
function groupsOf(levels: number, fifth: number | null): ReadBlock {
  return (bytes, at, values, to) => {
    const scale = half(bytes, at);
    const least = half(bytes, at + 2);
    for (let group = 0; group < 8; group += 1) {
      const [factor, below] = pairOfGroup(bytes, at + 4, group);
      const step = Math.fround(scale * factor);
      const base = Math.fround(least * below);
      for (let index = 0; index < 32; index += 1) {
        const byte = bytes[at + levels + (group >> 1) * 32 + index] as number;
        const low = (group & 1) === 0 ? byte & 15 : byte >> 4;
        const high = fifth === null ? 0 : (((bytes[at + fifth + index] as number) >> group) & 1) << 4;
        values[to + group * 32 + index] = step * (low | high) - base;
      }
    }
  };
}

const q6k: ReadBlock = (bytes, at, values, to) => {
  const scale = half(bytes, at + 208);
  for (let place = 0; place < 256; place += 1) {
    const part = place >> 7;
    const row = (place >> 5) & 3;
    const column = place & 31;
    const low = bytes[at + part * 64 + (row & 1) * 32 + column] as number;
    const high = ((bytes[at + 128 + part * 32 + column] as number) >> (row * 2)) & 3;
    const level = ((row < 2 ? low & 15 : low >> 4) | (high << 4)) - 32;
    const factor = signed(bytes[at + 192 + (place >> 4)] as number);
    values[to + place] = Math.fround(scale * factor) * level;
  }
};

/** The sixteen levels of IQ4: closer together near zero. */
const uneven = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113] as const;

const iq4: ReadBlock = (bytes, at, values, to) => {
  const scale = half(bytes, at);
  nibbles(bytes, at + 2, [values, to], (level) => scale * (uneven[level] as number));
};

const iq4xs: ReadBlock = (bytes, at, values, to) => {
  const scale = half(bytes, at);
  const high = (bytes[at + 2] as number) | ((bytes[at + 3] as number) << 8);
  for (let group = 0; group < 8; group += 1) {
    const low = ((bytes[at + 4 + (group >> 1)] as number) >> ((group & 1) * 4)) & 15;
    const step = Math.fround(scale * ((low | (((high >> (group * 2)) & 3) << 4)) - 32));
    nibbles(
      bytes,
      at + 8 + group * 16,
      [values, to + group * 32],
      (level) => step * (uneven[level] as number),
    );
  }
};

const blocks: ReadonlyMap<string, Block> = new Map([
  ['Q4_0', { values: 32, bytes: 18, read: q4 }],
  ['Q4_1', { values: 32, bytes: 20, read: q4WithLeast }],
  ['Q5_0', { values: 32, bytes: 22, read: q5 }],
  ['Q5_1', { values: 32, bytes: 24, read: q5WithLeast }],
  ['Q8_0', { values: 32, bytes: 34, read: q8 }],
  ['Q2_K', { values: 256, bytes: 84, read: q2k }],
  ['Q3_K', { values: 256, bytes: 110, read: q3k }],
  ['Q4_K', { values: 256, bytes: 144, read: groupsOf(16, null) }],
  ['Q5_K', { values: 256, bytes: 176, read: groupsOf(48, 16) }],
  ['Q6_K', { values: 256, bytes: 210, read: q6k }],
  ['IQ4_NL', { values: 32, bytes: 18, read: iq4 }],
  ['IQ4_XS', { values: 256, bytes: 136, read: iq4xs }],
]);
