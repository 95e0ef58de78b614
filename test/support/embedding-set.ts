// Writes embedding sets for tests: clusters of vectors whose labels a small fixed network gives.
import { writeFile } from 'node:fs/promises';
import { encodeEmbeddingSetHeader } from '../../core/lib/jql/embedding-set.ts';
import { seededRandom } from '../../core/lib/jql/random.ts';

export interface MadeSet {
  readonly labels: Float32Array;
  readonly documents: Uint32Array;
  readonly languages: Uint16Array;
  /** Documents × dimensions. */
  readonly embeddings: Float32Array;
  readonly dimensions: number;
  readonly languageNames: readonly string[];
  readonly variant?: string;
}

export const TEACHER_SEED = 7;

/** Labels 0–5 that depend on two directions of the vector, not linearly; rare at the top, as people rate. */
export function makeSet(count: number, options: { dimensions?: number; seed?: number } = {}): MadeSet {
  const { dimensions = 32, seed = 1 } = options;
  const teacher = seededRandom(TEACHER_SEED);
  const directions = Array.from({ length: 2 * dimensions }, () => teacher() * 2 - 1);
  const random = seededRandom(seed);
  const embeddings = new Float32Array(count * dimensions);
  const labels = new Float32Array(count);
  for (let row = 0; row < count; row += 1) {
    let length = 0;
    for (let at = 0; at < dimensions; at += 1) {
      const value = random() * 2 - 1;
      embeddings[row * dimensions + at] = value;
      length += value * value;
    }
    let [a, b] = [0, 0];
    for (let at = 0; at < dimensions; at += 1) {
      const value = (embeddings[row * dimensions + at] ?? 0) / Math.sqrt(length);
      embeddings[row * dimensions + at] = value;
      a += value * (directions[at] ?? 0);
      b += value * (directions[dimensions + at] ?? 0);
    }
    labels[row] = Math.max(0, Math.min(5, Math.round(5 * Math.abs(a) + 2 * b + random() - 0.5)));
  }
  return {
    labels,
    documents: Uint32Array.from({ length: count }, (_, row) => row),
    languages: Uint16Array.from({ length: count }, (_, row) => row % 3),
    embeddings,
    dimensions,
    languageNames: ['deu', 'fra', 'ita'],
  };
}

export async function writeSet(path: string, set: MadeSet): Promise<Uint8Array> {
  const header = encodeEmbeddingSetHeader({
    embedder: {
      id: 'test-encoder',
      variant: set.variant ?? 'fp32',
      dimensions: set.dimensions,
      sha256: 'a'.repeat(64),
    },
    languages: [...set.languageNames],
    documents: set.labels.length,
    source: 'made.parquet',
    labelColumn: 'rating',
  });
  const parts = [set.labels, set.documents, set.embeddings, set.languages].map(
    (part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength),
  );
  const bytes = Buffer.concat([header, ...parts]);
  await writeFile(path, bytes);
  return bytes;
}
