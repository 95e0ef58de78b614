// One tensor of a Nanotron checkpoint out of the files its tensor-parallel ranks wrote: file names, the slices each
// shard covers, and the whole put together again. Layout: serialize/weights.py and utils.py of nanotron 0.4 and older.
import { ConversionFault } from './tensor-rows.ts';

export interface ShardName {
  /** `weight` or `bias`. */
  readonly suffix: string;
  readonly pipelineRank: number;
  readonly tensorRank: number;
  readonly tensorSize: number;
  readonly expert: boolean;
}

/** `model_weight_pp-rank-0-of-1_tp-rank-1-of-2.safetensors`; versions before 1.4 doubled `model_` and `.safetensors`. */
const FILE =
  /^model_(?:model_)?([a-z]+)(?:\.safetensors)?(?:_pp-rank-(\d+)-of-\d+_tp-rank-(\d+)-of-(\d+)(_exp-rank-\d+-of-\d+)?)?\.safetensors$/;

/** Null when the file is none of a tensor. */
export function parseShardName(file: string): ShardName | null {
  const match = FILE.exec(file);
  if (!match?.[1]) return null;
  return {
    suffix: match[1],
    pipelineRank: Number(match[2] ?? 0),
    tensorRank: Number(match[3] ?? 0),
    tensorSize: Number(match[4] ?? 1),
    expert: match[5] !== undefined,
  };
}

/** Where a piece of a shard lies in it and in the whole tensor: starts and lengths of rows and columns. */
export interface Slice {
  readonly rows: { readonly local: number; readonly global: number; readonly count: number };
  readonly columns: { readonly local: number; readonly global: number; readonly count: number };
}

/**
 * The slices of one shard from its metadata: pairs joined by `;`, local and global by `#`, dimensions by `|`,
 * `start,stop,step` in each. `localShape` is that of the shard. Throws ConversionFault.
 */
export function parseSlices(
  text: string,
  localShape: readonly number[],
  globalShape: readonly number[],
): readonly Slice[] {
  return text.split(';').map((pair) => {
    const [local = '', global = ''] = pair.split('#');
    const from = ranges(local, localShape);
    const to = ranges(global, globalShape);
    const [rows, columns] = [0, 1].map((dimension) => {
      const a = from[dimension] ?? { start: 0, stop: 1 };
      const b = to[dimension] ?? { start: 0, stop: 1 };
      if (a.stop - a.start !== b.stop - b.start) throw broken('Its slices have different lengths');
      return { local: a.start, global: b.start, count: a.stop - a.start };
    });
    if (!rows || !columns) throw broken('It has no dimensions');
    return { rows, columns };
  });
}

function ranges(text: string, shape: readonly number[]): readonly { start: number; stop: number }[] {
  const parts = text.split('|');
  if (parts.length !== shape.length || shape.length > 2) throw broken('Its slices are of other dimensions');
  return parts.map((part, dimension) => {
    const size = shape[dimension] ?? 0;
    const [start = 'None', stop = 'None', step = 'None'] = part.split(',').map((word) => word.trim());
    const range = { start: bound(start, 0), stop: bound(stop, size) };
    if (step !== 'None' && step !== '1') throw broken('It is sliced in steps');
    if (range.start < 0 || range.stop < range.start || range.stop > size) {
      throw broken('A slice lies outside of it');
    }
    return range;
  });
}

function bound(word: string, otherwise: number): number {
  if (word === 'None') return otherwise;
  if (!/^\d{1,12}$/.test(word)) throw broken('Its slices are not numbers');
  return Number(word);
}

/** `(1600, 960)` or `[1600, 960]` as numbers. Throws ConversionFault. */
export function parseShape(text: string): readonly number[] {
  const words = text
    .replaceAll(/[()[\]\s]|torch\.Size/g, '')
    .split(',')
    .filter((word) => word !== '');
  if (words.length === 0 || !words.every((word) => /^\d{1,12}$/.test(word))) {
    throw broken('Its shape is not one');
  }
  return words.map(Number);
}

function broken(reason: string): ConversionFault {
  return new ConversionFault(
    `A shard's header cannot be read: ${reason}`,
    'Copy the checkpoint again, or take one that was saved whole',
  );
}
