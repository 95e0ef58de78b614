// Hold-out split by document: all rows of one document (its translations, its chunks) land on the same side.
import { seededRandom, shuffledIndexes } from './random.ts';

export interface Split {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
}

/** About `share` of the distinct documents go to validation, at least one when there are two or more. */
export function splitByDocument(
  documentIds: readonly string[] | Uint32Array,
  share: number,
  seed: number,
): Split {
  const distinct = [...new Set<string | number>(documentIds)];
  const order = shuffledIndexes(distinct.length, seededRandom(seed));
  const wanted =
    distinct.length < 2 ? 0 : Math.min(distinct.length - 1, Math.max(1, Math.round(distinct.length * share)));
  const heldOut = new Set([...order.subarray(0, wanted)].map((index) => distinct[index]));
  const train: number[] = [];
  const validation: number[] = [];
  for (const [row, id] of documentIds.entries()) (heldOut.has(id) ? validation : train).push(row);
  return { train: Uint32Array.from(train), validation: Uint32Array.from(validation) };
}
