// Runs over a tensor in pieces that fit the memory, hashes what is read, and notices what is no number.
import { bytesOf, columnsOf, rowsOf, type TensorRows } from '../../../lib/conversion/tensor-rows.ts';
import type { StreamHash } from './side-hash.ts';
import { kernels, PIECE_BYTES } from '../kernels/kernels.ts';

/**
 * Pieces of whole rows in order, each a multiple of `together` rows where the tensor is. They have as many rows as those
 * of a tensor of this shape in the type `sizedAs`. A piece holds until the next one is asked for in the same room.
 */
export function* piecesOf(
  tensor: TensorRows,
  {
    together = 1,
    sizedAs = tensor.type,
    room = 0,
  }: { readonly together?: number; readonly sizedAs?: TensorRows['type']; readonly room?: 0 | 1 } = {},
): Generator<Uint8Array> {
  const rowBytes = columnsOf(tensor) * bytesOf(sizedAs);
  const into = kernels().room(room);
  const step = Math.max(1, Math.floor(PIECE_BYTES / rowBytes / together)) * together;
  for (let row = 0; row < rowsOf(tensor); row += step) {
    yield tensor.readRows(row, Math.min(step, rowsOf(tensor) - row), into);
  }
}

/** What was seen of the weights while they were copied. */
export interface SeenWeights {
  /** SHA-256 over names, types, shapes and values by their Hugging Face names: the same for any sharding. */
  readonly hash: StreamHash;
  /** Tensors with values that are NaN or infinite, and how many. */
  readonly broken: Map<string, number>;
}

export function nameTensor(seen: SeenWeights, { name, type, shape }: TensorRows): void {
  seen.hash.update(`${name}\0${type}\0${shape.join(',')}\0`);
}

export function seeValues(seen: SeenWeights, tensor: TensorRows, bytes: Uint8Array): void {
  seen.hash.update(bytes);
  const broken = kernels().countBroken(bytes, tensor.type);
  if (broken > 0) seen.broken.set(tensor.name, (seen.broken.get(tensor.name) ?? 0) + broken);
}

/** One sentence for all of them. */
export function brokenWarnings(broken: ReadonlyMap<string, number>): readonly string[] {
  if (broken.size === 0) return [];
  const values = [...broken.values()].reduce((sum, count) => sum + count, 0);
  const [first] = broken.keys();
  return [
    `${values} weights in ${broken.size} tensors are NaN or infinite, first in ${first}: the model will answer nonsense`,
  ];
}
