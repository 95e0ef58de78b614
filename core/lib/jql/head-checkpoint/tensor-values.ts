// The numbers of one tensor, taken out of its storage by offset and strides, as float32.
import { brainToNumber, halfToNumber } from '../../floats/half-floats.ts';
import type { ElementType, PickleTensor } from './pickle-values.ts';
import { damaged, unsupported } from './refusal.ts';

const elementBytes: Readonly<Record<Exclude<ElementType, 'other'>, number>> = {
  float32: 4,
  float16: 2,
  bfloat16: 2,
};

/** Row-major copy of the tensor. `storage` is the raw little-endian file. Throws CheckpointRefusal. */
export function tensorValues(tensor: PickleTensor, storage: Uint8Array): Float32Array {
  const { element, elements } = tensor.storage;
  if (element === 'other') throw unsupported('its weights are not of float32, float16 or bfloat16');
  const size = elementBytes[element];
  if (storage.length !== elements * size) throw damaged('a storage has another length than it says');
  const { shape, strides, offset } = tensor;
  const length = shape.reduce((product, count) => product * count, 1);
  const last = shape.reduce((place, count, axis) => place + (count - 1) * (strides[axis] ?? 0), offset);
  if (length > 0 && last >= elements) throw damaged('a tensor reaches beyond its storage');
  const view = new DataView(storage.buffer, storage.byteOffset, storage.byteLength);
  const read = readers[element];
  const values = new Float32Array(length);
  const counters = shape.map(() => 0);
  let place = offset;
  for (let index = 0; index < length; index += 1) {
    values[index] = read(view, place * size);
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      const stride = strides[axis] as number;
      const next = (counters[axis] as number) + 1;
      if (next < (shape[axis] as number)) {
        counters[axis] = next;
        place += stride;
        break;
      }
      place -= stride * (next - 1);
      counters[axis] = 0;
    }
  }
  return values;
}

const readers: Readonly<Record<Exclude<ElementType, 'other'>, (view: DataView, at: number) => number>> = {
  float32: (view, at) => view.getFloat32(at, true),
  float16: (view, at) => halfToNumber(view.getUint16(at, true)),
  bfloat16: (view, at) => brainToNumber(view.getUint16(at, true)),
};
