// Rows of a benchmark's data set: lines of JSON, or any file that the data engine opens.
import { basename } from 'node:path';
import { StudioError } from '../../../api/errors.ts';
import { queryOne } from '../../datasets/engine.ts';
import { relation, storedColumns } from '../../datasets/source.ts';
import type { QualityLab } from '../../quality/lab.ts';
import { linesOf } from '../lines.ts';

/** All of MMLU in one language has 14,000 questions; more than this is no benchmark. */
const MAX_ROWS = 200_000;

/** Starts the data engine for what is no JSONL. */
export type OpenEngine = () => Pick<QualityLab, 'engine' | 'library'>;

export async function readRows(
  path: string,
  openEngine: OpenEngine,
  signal?: AbortSignal,
): Promise<readonly unknown[]> {
  if (!/\.(jsonl|ndjson)$/i.test(path)) return readWithEngine(path, openEngine(), signal);
  const rows: unknown[] = [];
  for await (const { line, text } of linesOf(path, signal)) {
    if (rows.length >= MAX_ROWS) throw tooMany(path);
    rows.push(parsed(text, line, path));
  }
  return rows;
}

async function readWithEngine(
  path: string,
  { engine, library }: Pick<QualityLab, 'engine' | 'library'>,
  signal: AbortSignal | undefined,
): Promise<readonly unknown[]> {
  const source = await library.open(path, signal);
  const result = await queryOne(engine, {
    path,
    signal,
    statements: [
      `SELECT to_json(one)::VARCHAR FROM (SELECT ${storedColumns(source)} FROM ${relation(source)} LIMIT ${MAX_ROWS + 1}) one`,
    ],
  });
  const [texts = []] = result.columns;
  if (texts.length > MAX_ROWS) throw tooMany(path);
  return Array.from(texts, (text, index) => parsed(String(text), index + 1, path));
}

function parsed(text: string | null, line: number, path: string): unknown {
  try {
    if (text !== null) return JSON.parse(text);
  } catch {
    // Named below.
  }
  throw new StudioError('CORRUPT_FILE', `Line ${line} of ${basename(path)} is not JSON`, {
    hint: 'Every line has to be one question of the benchmark',
    path,
  });
}

const tooMany = (path: string) =>
  new StudioError('TOO_LARGE', `${basename(path)} has more than ${MAX_ROWS} rows`, {
    hint: 'Name the file of one benchmark and one split',
    path,
  });
