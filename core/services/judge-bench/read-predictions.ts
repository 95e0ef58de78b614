// Sources of predictions: folders of judgements, aggregated lines, and data sets with one score column or several.
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import type { HeadFacts, PredictionSource } from '../../lib/judge-bench/bench-input.ts';
import { isNumericType } from '../../lib/datasets/merge-types.ts';
import { readScoreCard } from '../scoring/score-cards.ts';
import {
  type BenchReading,
  findColumn,
  missingColumn,
  openScoreTable,
  readRows,
  scoreReading,
  type ScoreTable,
} from './score-tables.ts';

/** Facts about a head by the SHA-256 of its file; null for a head nobody has a card of. */
export type HeadLookup = (sha256: string) => Promise<HeadFacts | null>;

const singleNames = ['prediction', 'predicted', 'pred', 'score'];
const sampleNames = ['scores'];
/** More columns of one file are no comparison any more. */
const MAX_SOURCES = 64;

interface ScoreColumn {
  readonly column: string;
  readonly name: string;
}

/** `truthColumns` are those of the truth when it is the same file. Throws INVALID_INPUT for a file without a score. */
export async function readPredictions(
  path: string,
  options: { readonly truthColumns: readonly string[]; readonly headOf: HeadLookup },
  reading: BenchReading,
): Promise<readonly PredictionSource[]> {
  const file = await judgementFile(path);
  const table = await openScoreTable(file ?? path, reading);
  const stem = file === null ? stemOf(path) : basename(path);
  const columns = scoreColumns(table, stem, options.truthColumns);
  if (columns.length === 0) throw missingColumn(table.source, table.name, 'a predicted score', singleNames);
  if (columns.length > MAX_SOURCES) {
    throw new StudioError('TOO_LARGE', `${table.name} has ${columns.length} columns of scores`, {
      hint: `At most ${MAX_SOURCES} of one file are compared`,
      path,
    });
  }
  const { source } = table;
  const readings = columns.map(({ column }) => scoreReading(source, column));
  const rows = await readRows(
    table,
    readings.map(({ sql }) => sql),
    reading,
  );
  const card = await readScoreCard(source);
  const sources: PredictionSource[] = [];
  for (const [place, { column, name }] of columns.entries()) {
    const origin = card?.columns.find((own) => own.column === column) ?? null;
    sources.push({
      name,
      documents: rows.map(({ id, language, cells }) => ({
        id,
        language,
        score: readings[place]?.score(cells[place]) ?? null,
      })),
      head: origin === null ? null : await options.headOf(origin.head.sha256),
      maxLength: lengthIn(origin?.embedder.variant ?? '') ?? lengthIn(name),
    });
  }
  return sources;
}

/** A folder of judgements holds what every sample said, or at least the aggregate. Null for a file or another folder. */
async function judgementFile(path: string): Promise<string | null> {
  for (const name of ['annotations.jsonl', 'aggregated.jsonl']) {
    const inside = join(path, name);
    if ((await stat(inside).catch(() => null))?.isFile()) return inside;
  }
  return null;
}

function stemOf(path: string): string {
  const name = basename(path)
    .replace(/\.(gz|zst)$/i, '')
    .replace(/\.[^.]+$/, '');
  // What judgements write is named by their folder.
  return name === 'annotations' || name === 'aggregated' ? basename(dirname(path)) : name;
}

/** Columns called score_…, the fields of edu_score, and the usual single ones where there is nothing better. */
function scoreColumns(
  table: ScoreTable,
  stem: string,
  truthColumns: readonly string[],
): readonly ScoreColumn[] {
  const { source } = table;
  const free = source.info.columns.filter(({ name }) => !truthColumns.includes(name));
  const named = free.flatMap(({ name, type }): ScoreColumn[] => {
    const own = /^(?:metadata\.)?(?:score_|edu_score\.)(.+)$/i.exec(name)?.[1];
    return own !== undefined && (isNumericType(type) || type === 'VARCHAR')
      ? [{ column: name, name: own }]
      : [];
  });
  if (named.length > 0) return named;
  const single = findColumn(
    source,
    [...singleNames, ...sampleNames].filter((name) => !truthColumns.includes(name)),
  );
  return single === null ? [] : [{ column: single, name: stem }];
}

/** 512 or 8192 in a name such as `mistral-512` or `fp32, 8192 tokens`. */
function lengthIn(text: string): number | null {
  const found = /(?:^|\D)(512|8192)(?:\D|$)/.exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

/** Names that two files share get the name of their file. */
export function withDistinctNames(
  groups: readonly { readonly path: string; readonly sources: readonly PredictionSource[] }[],
): readonly PredictionSource[] {
  const seen = new Map<string, number>();
  for (const { sources } of groups) {
    for (const { name } of sources) seen.set(name, (seen.get(name) ?? 0) + 1);
  }
  const given = new Set<string>();
  return groups.flatMap(({ path, sources }) =>
    sources.map((source) => {
      let name = (seen.get(source.name) ?? 0) > 1 ? `${stemOf(path)} ${source.name}` : source.name;
      for (let copy = 2; given.has(name); copy += 1) name = `${source.name} (${copy})`;
      given.add(name);
      return { ...source, name };
    }),
  );
}
