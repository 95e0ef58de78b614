// What a head is trained from, wherever it came from: vectors, labels, documents and languages as columns in memory.
import { freemem } from 'node:os';
import type { EmbedderIdentity } from '../../core/lib/jql/builtin-embedder.ts';
import type { Truth } from '../../core/lib/jql/evaluation.ts';
import type { Vectors } from './onnx-engine.ts';

export interface TrainingData {
  readonly vectors: Vectors;
  readonly labels: Float32Array;
  /** Equal for rows of one document. */
  readonly documents: Uint32Array;
  /** Index into `languageNames`. */
  readonly languages: Uint16Array;
  readonly languageNames: readonly string[];
  readonly embedder: EmbedderIdentity;
  /** Rows that were left out: no text, no finite label, a vector that is not finite. */
  readonly skipped: number;
  /** True when there are more rows than were read. */
  readonly cut: boolean;
  readonly file: string;
  readonly sha256: string;
  /** Where an embedding set's vectors came from. */
  readonly source: string | null;
  readonly textColumn: string | null;
  readonly labelColumn: string;
}

/** Vectors may take this much of the memory that is free: the rest is for the arithmetic and for everybody else. */
const LARGEST_SHARE = 0.7;

/** float32 where it fits easily; half of that as float16, where it does not. Throws an Error that says how much is needed. */
export function chooseVectorType(
  wanted: 'auto' | Vectors['type'],
  count: number,
  dimensions: number,
): Vectors['type'] {
  const singleBytes = count * dimensions * 4;
  const room = freemem() * LARGEST_SHARE;
  const type = wanted === 'auto' ? (singleBytes <= room ? 'float32' : 'float16') : wanted;
  const needed = type === 'float32' ? singleBytes : singleBytes / 2;
  if (needed <= room) return type;
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
  throw new Error(
    `${count} vectors of ${dimensions} take ${gigabytes(needed)} as ${type}, and ${gigabytes(freemem())} of memory are free. Train from a smaller set`,
  );
}

/** Numbers names in the order in which they come. */
export function nameNumbers(): { readonly names: string[]; numberOf(name: string): number } {
  const numbers = new Map<string, number>();
  const names: string[] = [];
  return {
    names,
    numberOf: (name) => {
      const known = numbers.get(name);
      if (known !== undefined) return known;
      numbers.set(name, names.length);
      names.push(name);
      return names.length - 1;
    },
  };
}

/** Labels and languages of the given rows. */
export function truthOf({ labels, languages, languageNames }: TrainingData, rows: Int32Array): Truth {
  return {
    labels: Float32Array.from(rows, (row) => labels[row] ?? Number.NaN),
    languages: Uint16Array.from(rows, (row) => languages[row] ?? 0),
    languageNames,
  };
}
