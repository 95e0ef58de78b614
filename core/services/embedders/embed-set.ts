// Makes an embedding set, what heads are trained from: the labelled documents of a data set through any embedder. Streamed into a
// file aside, which gets its name when it is whole.
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { asidePath } from '../files/aside-path.ts';
import { makeFolder } from '../files/make-folder.ts';
import { StudioError } from '../../api/errors.ts';
import {
  encodeEmbeddingSetHeader,
  type EmbeddingSetFacts,
  readEmbeddingSetHeader,
} from '../../lib/jql/embedding-set.ts';
import type { DatasetEngine } from '../datasets/engine.ts';
import { queryOne } from '../datasets/engine.ts';
import type { DatasetLibrary } from '../datasets/library.ts';
import { type DatasetSource, relation } from '../datasets/source.ts';
import { explainOutput, requireFree, requireOther } from '../files/whole-output.ts';
import { writeAll } from '../files/write-all.ts';
import { type EmbedProgress, embedRows } from './embed-rows.ts';
import { findColumns, readLanguages, type SetColumns, usableSql } from './set-columns.ts';
import type { TextEmbedder } from './text-embedder.ts';

/** The vectors of a set are read by position; 4 TB would be one. */
const MAX_DOCUMENTS = 1_000_000_000;

export interface EmbedSetRequest {
  /** Absolute. */
  readonly path: string;
  /** Numbers; a row without one, or without a text, is left out. */
  readonly labelColumn: string;
  /** Null: the column that usually holds it; where there is none, every row is a document of its own, in no language. */
  readonly textColumn: string | null;
  readonly idColumn: string | null;
  readonly languageColumn: string | null;
  /** Absolute, ends in .safetensors. */
  readonly output: string;
  readonly overwrite: boolean;
  readonly embedder: TextEmbedder;
  readonly engine: DatasetEngine;
  readonly library: DatasetLibrary;
  readonly nameOf: (path: string) => string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: EmbedProgress) => void) | undefined;
}

export interface EmbeddedSet {
  readonly output: string;
  /** Vectors in the set. */
  readonly documents: number;
  /** Rows without a text or a finite label. */
  readonly leftOut: number;
  /** Different documents by their id. */
  readonly distinctDocuments: number;
  readonly languages: readonly string[];
  readonly columns: {
    readonly text: string;
    readonly label: string;
    readonly id: string | null;
    readonly language: string | null;
  };
  readonly embedder: EmbeddingSetFacts['embedder'];
  readonly sizeBytes: number;
  readonly durationMs: number;
  readonly warnings: readonly string[];
}

/** Throws StudioError, and AbortError when `signal` aborts; a failure at any moment leaves what was there before. */
export async function embedSet(request: EmbedSetRequest): Promise<EmbeddedSet> {
  const { path, output, engine, signal, embedder } = request;
  if (!output.toLowerCase().endsWith('.safetensors')) {
    throw new StudioError('INVALID_INPUT', `${basename(output)} does not end in .safetensors`, {
      hint: 'Embedding sets are written as safetensors: end the name with .safetensors',
      path: output,
    });
  }
  const source = await request.library.open(path, signal);
  await requireOther(path, output);
  if (!request.overwrite) await requireFree(output);
  const columns = findColumns(source, request);
  const startMs = performance.now();
  const usable = usableSql(columns);
  const counted = await queryOne(engine, {
    path,
    signal,
    statements: [`SELECT count(*)::BIGINT FROM ${relation(source)} WHERE ${usable}`],
  });
  const documents = Number(counted.columns[0]?.[0] ?? 0);
  if (documents === 0 || documents > MAX_DOCUMENTS) {
    throw new StudioError(
      'INVALID_INPUT',
      `${basename(path)} has ${documents === 0 ? 'no' : 'too many'} documents with a text and a number in ${columns.label.name}`,
      { hint: 'Choose the column with the labels, as numbers', path },
    );
  }
  const languages = await readLanguages(request, source, columns);
  const facts: EmbeddingSetFacts = {
    embedder: {
      id: embedder.identity.id,
      variant: embedder.identity.variant,
      dimensions: embedder.identity.dimensions,
      sha256: embedder.identity.sha256,
    },
    languages: [...languages],
    documents,
    source: basename(path),
    labelColumn: columns.label.name,
  };
  const written = await write(request, { source, columns, facts, usable });
  if ((await request.library.open(path, signal)) !== source) throw changed(source);
  const warnings = [...embedder.warnings];
  const leftOut = source.info.rows - documents;
  if (leftOut > 0)
    warnings.push(`${leftOut.toLocaleString('en')} documents without a text or a label are left out`);
  return {
    output: request.nameOf(output),
    documents,
    leftOut,
    distinctDocuments: written.distinct,
    languages,
    columns: {
      text: columns.text.name,
      label: columns.label.name,
      id: columns.id?.name ?? null,
      language: columns.language?.name ?? null,
    },
    embedder: facts.embedder,
    sizeBytes: written.sizeBytes,
    durationMs: performance.now() - startMs,
    warnings,
  };
}

interface Plan {
  readonly source: DatasetSource;
  readonly columns: SetColumns;
  readonly facts: EmbeddingSetFacts;
  readonly usable: string;
}

/** The four tensors grow side by side, each at its own place in the file. */
async function write(
  request: EmbedSetRequest,
  { source, columns, facts, usable }: Plan,
): Promise<{ readonly distinct: number; readonly sizeBytes: number }> {
  const { output, embedder, engine, path, signal, onProgress } = request;
  const header = encodeEmbeddingSetHeader(facts);
  const layout = readEmbeddingSetHeader(header);
  const statement = `SELECT left(${columns.text.expression}, ${embedder.maxCharacters}), (${columns.label.expression})::DOUBLE,
      ${columns.id ? `(${columns.id.expression})::VARCHAR` : 'NULL'}, ${columns.language ? `coalesce((${columns.language.expression})::VARCHAR, '')` : "''"}
    FROM ${relation(source)} WHERE ${usable}`;
  const numbers = new Map(facts.languages.map((language, index) => [language, index]));
  const ids = new Map<string, number>();
  await makeFolder(dirname(output));
  const aside = asidePath(output);
  let file: FileHandle | null = null;
  try {
    file = await open(aside, 'wx');
    await writeAll(file, header, 0);
    let done = 0;
    let distinct = 0;
    const rows = embedRows({
      engine,
      embedder,
      statement,
      textPlace: 0,
      path,
      totalRows: facts.documents,
      signal,
      onProgress,
    });
    for await (const { columns: values, places, vectors } of rows) {
      const [, labels = [], names = [], languages = []] = values;
      // A blank of another kind than SQL trims: the row keeps its place with a vector of zeros rather than shifting the others.
      const count = labels.length;
      if (done + count > facts.documents) throw changed(source);
      const documents = Uint32Array.from({ length: count }, (_, row) => {
        const name = names[row];
        if (typeof name !== 'string') return distinct++;
        const known = ids.get(name);
        if (known !== undefined) return known;
        ids.set(name, distinct);
        return distinct++;
      });
      const { dimensions } = facts.embedder;
      const all = places.length === count ? vectors : new Float32Array(count * dimensions);
      if (all !== vectors) {
        for (const [index, place] of places.entries()) {
          all.set(vectors.subarray(index * dimensions, (index + 1) * dimensions), place * dimensions);
        }
      }
      const codes = Uint16Array.from(languages, (language) => numbers.get(String(language)) ?? 0);
      await writeAll(file, Float32Array.from(labels, Number), layout.labels.offset + done * 4);
      await writeAll(file, documents, layout.documents.offset + done * 4);
      await writeAll(file, all, layout.embeddings.offset + done * dimensions * 4);
      await writeAll(file, codes, layout.languages.offset + done * 2);
      done += count;
    }
    if (done !== facts.documents) throw changed(source);
    await file.sync();
    const { size } = await file.stat();
    await file.close();
    file = null;
    signal?.throwIfAborted();
    await rename(aside, output);
    return { distinct, sizeBytes: size };
  } catch (error) {
    throw explainOutput(
      error,
      output,
      'Free some space and start again: what was embedded with a model is kept',
    );
  } finally {
    await file?.close();
    await rm(aside, { force: true });
  }
}

function changed(source: DatasetSource): StudioError {
  return new StudioError('CONFLICT', `${basename(source.path)} changed while it was embedded`, {
    hint: 'Wait until the file is complete and try again',
    path: source.path,
  });
}
