// Score tables in this process's memory: loaded from their Parquet file on the first question, kept for the next ones.
// Ten million rows with three heads take about 330 MB (570 MB when the scores need doubles).
import type { DuckDBConnection, DuckDBVector } from '@duckdb/node-api';
import {
  type BaseColumns,
  countBase,
  countPassing,
  type HeadColumn,
  headThreshold,
  KEPT,
  nextUp,
  type ScoreArray,
  sortHead,
} from '../../core/lib/quality/score-columns.ts';
import { histogramOf, jointCounts } from '../../core/lib/quality/score-histogram.ts';
import type { HeadField, ScoreAnswer, ScoreQuestion, ScoreTableRef } from './score-protocol.ts';

/** One that is looked at, and the one before it. */
const MAX_TABLES = 2;

interface Held {
  readonly base: BaseColumns;
  /** What does not change while a person drags. */
  readonly totals: readonly ReturnType<typeof countBase>[];
  readonly heads: Map<string, HeadColumn>;
}

export interface ScoreTables {
  /** Throws what DuckDB throws, and an error when `isCancelled` says so during a load. */
  ask(
    connection: DuckDBConnection,
    table: ScoreTableRef,
    question: ScoreQuestion,
    isCancelled: () => boolean,
  ): Promise<ScoreAnswer>;
}

export function createScoreTables(): ScoreTables {
  const tables = new Map<string, Held>();
  /** One load at a time: two at once would read the same columns twice. */
  let loading: Promise<unknown> = Promise.resolve();

  return {
    async ask(connection, table, question, isCancelled) {
      const wanted = headsOf(question);
      const isReady = (): boolean => {
        const held = tables.get(table.path);
        return held !== undefined && wanted.every(({ field }) => held.heads.has(field));
      };
      if (!isReady()) {
        const load = loading.then(async () => {
          if (isReady()) return;
          const held = tables.get(table.path) ?? null;
          tables.set(table.path, await loadColumns({ connection, isCancelled }, table, wanted, held));
        });
        loading = load.catch(() => undefined);
        await load;
      }
      const held = tables.get(table.path);
      if (!held) throw new Error('The score table was not loaded');
      // The newest use goes to the end; the oldest is forgotten.
      tables.delete(table.path);
      tables.set(table.path, held);
      const oldest = tables.keys().next().value;
      if (tables.size > MAX_TABLES && oldest !== undefined) tables.delete(oldest);
      return answer(held, question);
    },
  };
}

function headsOf(question: ScoreQuestion): readonly HeadField[] {
  if (question.kind === 'count') return question.heads;
  if (question.kind === 'joint') return [question.left, question.right];
  return question.head === null ? [] : [question.head];
}

const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Streams the columns that are not held yet, in the order of the file, each row to its place in its language. */
async function loadColumns(
  { connection, isCancelled }: { readonly connection: DuckDBConnection; readonly isCancelled: () => boolean },
  table: ScoreTableRef,
  wanted: readonly HeadField[],
  held: Held | null,
): Promise<Held> {
  const { languages } = table;
  const starts = new Float64Array(languages.length + 1);
  for (const [index, { documents }] of languages.entries()) {
    starts[index + 1] = (starts[index] ?? 0) + documents;
  }
  const rows = starts[languages.length] ?? 0;
  const missing = wanted.filter(({ field }) => held?.heads.has(field) !== true);
  const values = missing.map(
    ({ wide }): ScoreArray => (wide ? new Float64Array(rows) : new Float32Array(rows)),
  );
  const base: BaseColumns = held?.base ?? {
    starts,
    tokens: new Uint32Array(rows),
    kept: new Uint8Array(rows),
  };
  if (rows > 0) {
    const names = languages.map(({ name }) => sqlText(name)).join(', ');
    const columns = [
      `enum_code(language::ENUM(${names}))::USMALLINT`,
      ...(held ? [] : ['coalesce(tokens, 0)', `coalesce(kept::UTINYINT, ${KEPT.unknown})`]),
      ...missing.map(({ field, wide }) => (wide ? field : `${field}::FLOAT`)),
    ];
    const path = sqlText(table.path.replaceAll(/[*?[\]]/g, '[$&]'));
    const result = await connection.stream(`SELECT ${columns.join(', ')} FROM read_parquet(${path})`);
    const cursors = starts.slice();
    for (;;) {
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) break;
      if (isCancelled()) throw new Error('Interrupted');
      const places = placesOf(chunk.getColumnVector(0), chunk.rowCount, cursors);
      let column = 1;
      if (!held) {
        scatter(chunk.getColumnVector(column++), base.tokens, places);
        scatter(chunk.getColumnVector(column++), base.kept, places);
      }
      for (const target of values) scatter(chunk.getColumnVector(column++), target, places);
    }
  }
  const heads = new Map(held?.heads);
  for (const [index, { field }] of missing.entries()) {
    heads.set(field, sortHead(values[index] ?? new Float32Array(), base.starts));
  }
  return {
    base,
    totals: held?.totals ?? languages.map((_, language) => countBase(base, language)),
    heads,
  };
}

function placesOf(codes: DuckDBVector, rows: number, cursors: Float64Array): Float64Array {
  const places = new Float64Array(rows);
  for (let row = 0; row < rows; row += 1) {
    const language = Number(codes.getItem(row));
    const place = cursors[language] ?? 0;
    places[row] = place;
    cursors[language] = place + 1;
  }
  return places;
}

/** NULL becomes NaN. */
function scatter(
  vector: DuckDBVector,
  target: ScoreArray | Uint32Array | Uint8Array,
  places: Float64Array,
): void {
  for (let row = 0; row < places.length; row += 1) {
    const value = vector.getItem(row);
    target[places[row] as number] = typeof value === 'number' ? value : Number.NaN;
  }
}

function answer(held: Held, question: ScoreQuestion): ScoreAnswer {
  const { base } = held;
  const head = (field: HeadField): HeadColumn => {
    const found = held.heads.get(field.field);
    if (!found) throw new Error(`The column ${field.field} is not loaded`);
    return found;
  };
  const rangeOf = (language: number | null): readonly [number, number] =>
    language === null
      ? [0, base.tokens.length]
      : [base.starts[language] ?? 0, base.starts[language + 1] ?? 0];
  switch (question.kind) {
    case 'count':
      return count(held, question, question.heads.map(head));
    case 'histogram': {
      const values = question.head === null ? base.tokens : head(question.head).values;
      const parts = histogramOf(base, values, rangeOf(question.language), question.edges);
      return { kind: 'histogram', ...parts };
    }
    case 'joint': {
      const { left, right, language, edges } = question;
      const counts = jointCounts(head(left).values, head(right).values, rangeOf(language), edges);
      return { kind: 'joint', counts };
    }
  }
}

function count(
  held: Held,
  question: Extract<ScoreQuestion, { kind: 'count' }>,
  heads: readonly HeadColumn[],
): ScoreAnswer {
  const { base } = held;
  const { bounds, operator, needed } = question;
  const languages = held.totals.map((total, language) => {
    const thresholds = heads.map((head, index) =>
      bounds.kind === 'shares'
        ? headThreshold(head, base, language, bounds.shares[language]?.[index] ?? Number.NaN)
        : (bounds.thresholds[language]?.[index] ?? Number.NaN),
    );
    const lowest = operator === 'gte' ? thresholds : thresholds.map(nextUp);
    const counted = countPassing(base, heads, language, { bounds: lowest, needed });
    return {
      thresholds: thresholds.map((value) => (Number.isNaN(value) ? null : value)),
      all: total.all,
      fw2: total.kept,
      passing: counted.passing,
      cuts: [...counted.cuts],
    };
  });
  return { kind: 'count', languages };
}
