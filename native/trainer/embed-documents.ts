// A labelled file of texts as training data, over the built-in embedder.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { builtinEmbedder } from '../../core/lib/jql/builtin-embedder.ts';
import { type DocumentColumns, readDocuments } from './read-documents.ts';
import { nameNumbers, type TrainingData } from './training-data.ts';

/** A million documents of the usual 512 dimensions; rows beyond are left out, and the log says so. */
export const MAX_VECTOR_BYTES = 2_147_483_648;
/** A language is one of some hundreds; a column with more values holds something else. */
const MAX_LANGUAGES = 65_535;
const FIRST_ROWS = 1024;

/** Throws an Error with the reason when the file or a column is not there. */
export async function embedDocuments(
  path: string,
  columns: DocumentColumns,
  dimensions: number,
  signal: AbortSignal,
): Promise<TrainingData> {
  const embedder = builtinEmbedder(dimensions);
  const most = Math.floor(MAX_VECTOR_BYTES / (dimensions * 4));
  let values = new Float32Array(Math.min(FIRST_ROWS, most) * dimensions);
  const labels: number[] = [];
  const documents: number[] = [];
  const languages: number[] = [];
  const ids = nameNumbers();
  const names = nameNumbers();
  let skipped = 0;
  let cut = false;
  for await (const document of readDocuments(path, columns)) {
    signal.throwIfAborted();
    if (document === null) {
      skipped += 1;
      continue;
    }
    const row = labels.length;
    if (row === most) {
      cut = true;
      break;
    }
    if ((row + 1) * dimensions > values.length) {
      const larger = new Float32Array(Math.min(most * dimensions, values.length * 2));
      larger.set(values);
      values = larger;
    }
    embedder.embed(document.text, values.subarray(row * dimensions, (row + 1) * dimensions));
    labels.push(document.label);
    documents.push(ids.numberOf(document.id));
    languages.push(names.numberOf(document.language));
    if (names.names.length > MAX_LANGUAGES) {
      throw new Error(
        `The column ${columns.language} has more than ${MAX_LANGUAGES} values: it names no languages`,
      );
    }
  }
  return {
    vectors: { type: 'float32', values: values.subarray(0, labels.length * dimensions) },
    labels: Float32Array.from(labels),
    documents: Uint32Array.from(documents),
    languages: Uint16Array.from(languages),
    languageNames: names.names,
    embedder,
    skipped,
    cut,
    file: basename(path),
    sha256: await hashOf(path),
    source: null,
    textColumn: columns.text,
    labelColumn: columns.label,
  };
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
