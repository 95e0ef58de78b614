// Heads and their features in one call each: a file of a head, a document's n-grams as a new array.
import { decodeHeadFile } from '../../core/lib/jql/head-file.ts';
import type { Head } from '../../core/lib/jql/head.ts';
import { writeNgramFeatures } from '../../core/lib/jql/hashed-ngrams.ts';

/** Throws RangeError with the reason when the bytes are not a head. */
export const decodeHead = (bytes: Uint8Array): Head => decodeHeadFile(bytes).head;

/** Features of one document; 512 dimensions unless told otherwise. */
export function ngramFeatures(text: string, dimensions = 512): Float32Array {
  const target = new Float32Array(dimensions);
  writeNgramFeatures(text, target);
  return target;
}
