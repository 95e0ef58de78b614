// Rows of weights in the type a GGUF file wants them in, and what was lost on the way.
import type { OwnType } from './gguf-metadata.ts';
import { toBrains, toFloats, toHalves } from './float-bits.ts';
import { BLOCK, toQ4Blocks, toQ8Blocks } from './quantize-blocks.ts';
import { columnsOf, type FloatType, type TensorRows } from './tensor-rows.ts';

/** ggml's name of the type a tensor is stored in. */
export type StoredType = 'F32' | 'F16' | 'BF16' | 'Q8_0' | 'Q4_0';

const ofWeights: Readonly<Record<OwnType, StoredType>> = {
  f32: 'F32',
  f16: 'F16',
  bf16: 'BF16',
  q8_0: 'Q8_0',
  q4_0: 'Q4_0',
};

/**
 * Vectors stay float32, as llama.cpp wants them. Rows that are no whole blocks stay halves. In a file of four bits the
 * embedding and the output keep eight, because they hurt most.
 */
export function storedType(tensor: Pick<TensorRows, 'shape' | 'name'>, wanted: OwnType): StoredType {
  if (tensor.shape.length < 2) return 'F32';
  const type = ofWeights[wanted];
  if (type !== 'Q8_0' && type !== 'Q4_0') return type;
  if (columnsOf(tensor) % BLOCK !== 0) return 'F16';
  return type === 'Q4_0' && /^(model\.embed_tokens|lm_head)\./.test(tensor.name) ? 'Q8_0' : type;
}

export function encodeRows(bytes: Uint8Array, from: FloatType, to: StoredType): Uint8Array {
  switch (to) {
    case 'F32': {
      const floats = toFloats(bytes, from);
      return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
    }
    case 'F16':
      return toHalves(bytes, from);
    case 'BF16':
      return toBrains(bytes, from);
    case 'Q8_0':
      return toQ8Blocks(toFloats(bytes, from));
    case 'Q4_0':
      return toQ4Blocks(toFloats(bytes, from));
  }
}

/** Values that are NaN or infinite in these bytes. */
export function countBroken(bytes: Uint8Array, type: FloatType): number {
  const exponent = type === 'F32' ? 0x7f800000 : type === 'F16' ? 0x7c00 : 0x7f80;
  const size = type === 'F32' ? 4 : 2;
  const start = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  const values =
    type === 'F32'
      ? new Uint32Array(start.buffer, start.byteOffset, start.byteLength / 4)
      : new Uint16Array(start.buffer, start.byteOffset, start.byteLength / 2);
  let broken = 0;
  for (let index = 0; index < values.length; index += 1) {
    if (((values[index] as number) & exponent) === exponent) broken += 1;
  }
  return broken;
}
