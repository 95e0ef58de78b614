// An embedding set as training data: read once from front to back, hashed on the way, every length checked before it is believed.
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  type EmbeddingSetLayout,
  MAX_EMBEDDING_SET_HEADER_BYTES,
  readEmbeddingSetHeader,
} from '../../core/lib/jql/embedding-set.ts';
import { toHalf } from '../../core/lib/floats/half-floats.ts';
import type { Vectors } from './onnx-engine.ts';
import { chooseVectorType, type TrainingData } from './training-data.ts';

/** A multiple of every element size and of 4,096; larger pieces are not faster. */
const PIECE_BYTES = 4_194_304;

export function isEmbeddingSet(path: string): boolean {
  return path.toLowerCase().endsWith('.safetensors');
}

/** Throws an Error with the file's name and the reason. Rows whose label or vector is not finite are left out and counted. */
export async function readEmbeddingSet(
  path: string,
  wanted: 'auto' | Vectors['type'],
  signal: AbortSignal,
): Promise<TrainingData> {
  const file = await open(path, 'r');
  try {
    const layout = await readLayout(file, path);
    const { documents: count, embedder } = layout.facts;
    const { dimensions } = embedder;
    const type = chooseVectorType(wanted, count, dimensions);
    const columns = {
      labels: new Float32Array(count),
      documents: new Uint32Array(count),
      languages: new Uint16Array(count),
    };
    const values =
      type === 'float32' ? new Float32Array(count * dimensions) : new Uint16Array(count * dimensions);
    const sha256 = await readInto(file, layout, { ...columns, values }, signal);
    const kept = compact(columns, values, dimensions, layout.facts.languages.length);
    return {
      vectors: vectorsOf(values.subarray(0, kept * dimensions)),
      labels: columns.labels.subarray(0, kept),
      documents: columns.documents.subarray(0, kept),
      languages: columns.languages.subarray(0, kept),
      languageNames: layout.facts.languages.length === 0 ? [''] : layout.facts.languages,
      embedder,
      skipped: count - kept,
      cut: false,
      file: basename(path),
      sha256,
      source: layout.facts.source,
      textColumn: null,
      labelColumn: layout.facts.labelColumn,
    };
  } finally {
    await file.close();
  }
}

function vectorsOf(values: Float32Array | Uint16Array): Vectors {
  return values instanceof Float32Array ? { type: 'float32', values } : { type: 'float16', values };
}

async function readLayout(file: FileHandle, path: string): Promise<EmbeddingSetLayout> {
  const name = basename(path);
  const { size } = await file.stat();
  const header = new Uint8Array(Math.min(size, MAX_EMBEDDING_SET_HEADER_BYTES + 8));
  const { bytesRead } = await file.read(header, 0, header.length, 0);
  let layout: EmbeddingSetLayout;
  try {
    layout = readEmbeddingSetHeader(header.subarray(0, bytesRead));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${name} cannot be read as an embedding set: ${reason}`, { cause: error });
  }
  const end = Math.max(...rangesOf(layout).map(({ offset, sizeBytes }) => offset + sizeBytes));
  if (end !== size) {
    throw new Error(
      `${name} is damaged or cut off: ${layout.facts.documents} documents of ${layout.facts.embedder.dimensions} values take ${end} bytes, the file has ${size}`,
    );
  }
  return layout;
}

function rangesOf({ labels, documents, languages, embeddings }: EmbeddingSetLayout) {
  return [labels, documents, languages, embeddings];
}

interface Columns {
  readonly labels: Float32Array;
  readonly documents: Uint32Array;
  readonly languages: Uint16Array;
  readonly values: Float32Array | Uint16Array;
}

/** Fills the columns and gives the SHA-256 of the whole file. */
async function readInto(
  file: FileHandle,
  layout: EmbeddingSetLayout,
  columns: Columns,
  signal: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256');
  const targets = [
    { ...layout.labels, array: columns.labels },
    { ...layout.documents, array: columns.documents },
    { ...layout.languages, array: columns.languages },
    { ...layout.embeddings, array: columns.values },
  ].sort((left, right) => left.offset - right.offset);
  let position = 0;
  const readPiece = async (bytes: Uint8Array): Promise<void> => {
    signal.throwIfAborted();
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, position + filled);
      if (bytesRead === 0) throw new Error('The file became shorter while it was read');
      filled += bytesRead;
    }
    position += bytes.length;
    hash.update(bytes);
  };
  await readPiece(new Uint8Array(targets[0]?.offset ?? 0));
  for (const { array, sizeBytes } of targets) {
    // Half-precision vectors pass through a piece of single precision; everything else is read where it stays.
    const narrowed = array.byteLength < sizeBytes ? new Float32Array(PIECE_BYTES / 4) : null;
    const whole = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    for (let at = 0; at < sizeBytes; at += PIECE_BYTES) {
      const size = Math.min(PIECE_BYTES, sizeBytes - at);
      if (narrowed === null) await readPiece(whole.subarray(at, at + size));
      else {
        await readPiece(new Uint8Array(narrowed.buffer, 0, size));
        for (let index = 0; index < size / 4; index += 1) {
          array[at / 4 + index] = toHalf(narrowed[index] as number);
        }
      }
    }
  }
  return hash.digest('hex');
}

/** Moves rows that can be used to the front; gives how many there are. */
function compact(
  columns: Omit<Columns, 'values'>,
  values: Columns['values'],
  dimensions: number,
  languageCount: number,
): number {
  const { labels, documents, languages } = columns;
  let kept = 0;
  for (let row = 0; row < labels.length; row += 1) {
    const vector = values.subarray(row * dimensions, (row + 1) * dimensions);
    if (!Number.isFinite(labels[row]) || !isFiniteVector(vector)) continue;
    const language = languages[row] ?? 0;
    if (language >= Math.max(1, languageCount)) {
      throw new Error(`The embedding set is damaged: row ${row} is of a language that is not in its list`);
    }
    if (kept !== row) {
      values.copyWithin(kept * dimensions, row * dimensions, (row + 1) * dimensions);
      labels[kept] = labels[row] as number;
      documents[kept] = documents[row] as number;
    }
    languages[kept] = language;
    kept += 1;
  }
  return kept;
}

/** A sum is finite exactly where all are, or where infinities meet: then it is NaN, which is not finite either. */
function isFiniteVector(vector: Float32Array | Uint16Array): boolean {
  if (vector instanceof Float32Array) {
    let sum = 0;
    for (let index = 0; index < vector.length; index += 1) sum += (vector[index] as number) * 0;
    return sum === 0;
  }
  for (let index = 0; index < vector.length; index += 1) {
    if (((vector[index] as number) & 0x7c00) === 0x7c00) return false;
  }
  return true;
}
