// The texts of a column through an embedder, in the order of the file: what scoring and embedding sets share.
import type { DatasetEngine } from '../datasets/engine.ts';
import type { TextEmbedder } from './text-embedder.ts';

/** Rates are shown this often. */
const PROGRESS_INTERVAL_MS = 500;

export interface EmbedProgress {
  readonly doneRows: number;
  readonly totalRows: number;
  /** Since the first document; 0 before there is one. */
  readonly documentsPerMinute: number;
  /** 0 where none are counted. */
  readonly tokensPerSecond: number;
  /** At the rate so far; null before there is one. */
  readonly remainingMs: number | null;
}

export interface EmbeddedRows {
  /** Of every row of the chunk: what the statement gave, by column, the text's column emptied. */
  readonly columns: readonly (readonly unknown[])[];
  readonly rows: number;
  /** Rows that have a text, in their order. */
  readonly places: readonly number[];
  /** One vector a place. */
  readonly vectors: Float32Array;
}

export interface EmbedRowsWork {
  readonly engine: DatasetEngine;
  readonly embedder: TextEmbedder;
  /** Gives the text in its column `textPlace`. */
  readonly statement: string;
  readonly textPlace: number;
  /** The file a failure is about. */
  readonly path: string;
  readonly totalRows: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: EmbedProgress) => void) | undefined;
}

/** Some thousands of rows at a time. Blank texts are not embedded. Throws StudioError, and AbortError when `signal` aborts. */
export async function* embedRows(work: EmbedRowsWork): AsyncGenerator<EmbeddedRows, void> {
  const { engine, embedder, statement, textPlace, path, totalRows, signal, onProgress } = work;
  const startMs = performance.now();
  let notedMs = startMs;
  let doneRows = 0;
  let tokens = 0;
  const note = (nowMs: number): void => {
    notedMs = nowMs;
    const durationMs = nowMs - startMs;
    onProgress?.({
      doneRows,
      totalRows,
      documentsPerMinute: perMinute(doneRows, durationMs),
      tokensPerSecond: durationMs === 0 ? 0 : Math.round((tokens / durationMs) * 1000),
      remainingMs: doneRows === 0 ? null : (durationMs / doneRows) * Math.max(0, totalRows - doneRows),
    });
  };
  for await (const { columns, rows } of engine.rows(statement, { path, signal })) {
    const texts = columns[textPlace] ?? [];
    const places = Array.from({ length: rows }, (_, row) => row).filter((row) => !isBlank(texts[row]));
    doneRows += rows - places.length;
    const vectors = await embedder.embed(
      places.map((row) => texts[row] as string),
      {
        signal,
        onPart(part) {
          doneRows += part.places.length;
          tokens += part.tokens;
          const nowMs = performance.now();
          if (nowMs - notedMs >= PROGRESS_INTERVAL_MS || doneRows >= totalRows) note(nowMs);
        },
      },
    );
    signal?.throwIfAborted();
    if (places.length === 0 && doneRows >= totalRows) note(performance.now());
    yield {
      columns: columns.map((column, index) => (index === textPlace ? [] : column)),
      rows,
      places,
      vectors,
    };
  }
}

function isBlank(text: unknown): boolean {
  return typeof text !== 'string' || text.trim() === '';
}

export function perMinute(documents: number, durationMs: number): number {
  return durationMs === 0 ? 0 : Math.round((documents / durationMs) * 60_000);
}
