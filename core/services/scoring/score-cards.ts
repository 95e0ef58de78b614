// Where the score columns of files come from: from the card beside a scored file, believed only while it describes that very file,
// else from what the Parquet file says about itself, which goes along when it is moved.
import { readFile, stat } from 'node:fs/promises';
import {
  ORIGIN_KEY,
  type ScoreCard,
  scoreCard,
  scoreCardPath,
  type ScoredColumn,
  scoreOrigin,
} from '../../lib/quality/score-card.ts';
import { type DatasetEngine } from '../datasets/engine.ts';
import type { DatasetSource } from '../datasets/source.ts';
import { sqlFile, sqlText } from '../datasets/sql.ts';

/** A card of a thousand columns is about 0.5 MB. */
const MAX_CARD_BYTES = 4_194_304;
/** Files a request to the child asks about, so that a cancel is heard between two. */
const FILES_AT_ONCE = 50;

/** Null when there is none, or when the data file was replaced since. */
export async function readScoreCard(source: DatasetSource): Promise<ScoreCard | null> {
  const path = scoreCardPath(source.path);
  const size = await stat(path).then(
    (info) => (info.isFile() ? info.size : null),
    () => null,
  );
  if (size === null || size > MAX_CARD_BYTES) return null;
  const value = await readFile(path, 'utf8').then(parseJson, () => null);
  const parsed = scoreCard.safeParse(value);
  if (!parsed.success) return null;
  const { sizeBytes, rows } = parsed.data.output;
  return sizeBytes === source.info.sizeBytes && rows === source.info.rows ? parsed.data : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Somebody else's file: as good as none.
    return null;
  }
}

/** A source stays the same object while its file does. */
const inside = new WeakMap<DatasetSource, readonly ScoredColumn[] | null>();

export interface OriginReading {
  readonly engine: DatasetEngine;
  readonly signal?: AbortSignal | undefined;
}

/** One entry a source, each of one file; null where nothing is known. Throws StudioError when a file cannot be read. */
export async function readScoredColumns(
  sources: readonly DatasetSource[],
  reading: OriginReading,
): Promise<readonly (readonly ScoredColumn[] | null)[]> {
  const cards = await Promise.all(sources.map(readScoreCard));
  const unread = sources.filter(
    (source, place) => !cards[place] && source.info.format === 'parquet' && !inside.has(source),
  );
  for (let first = 0; first < unread.length; first += FILES_AT_ONCE) {
    await readInside(unread.slice(first, first + FILES_AT_ONCE), reading);
  }
  return sources.map((source, place) => cards[place]?.columns ?? inside.get(source) ?? null);
}

async function readInside(
  sources: readonly DatasetSource[],
  { engine, signal }: OriginReading,
): Promise<void> {
  const statements = sources.map(
    ({ path }) => `SELECT max(decode(value)) FROM parquet_kv_metadata(${sqlFile(path)})
      WHERE key = ${sqlText(ORIGIN_KEY)}::BLOB AND octet_length(value) <= ${MAX_CARD_BYTES}`,
  );
  const found = await engine.query({ path: sources[0]?.path ?? '', signal, statements });
  for (const [place, source] of sources.entries()) {
    const text = found[place]?.columns[0]?.[0];
    const parsed = scoreOrigin.safeParse(typeof text === 'string' ? parseJson(text) : null);
    inside.set(source, parsed.success ? parsed.data.columns : null);
  }
}
