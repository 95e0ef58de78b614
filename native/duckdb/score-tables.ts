// Score tables in this process's memory: loaded from their Parquet file on the first question, kept for the next ones.
// Ten million rows with three heads take about 330 MB (570 MB when the scores need doubles).
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import {
  type Blocks,
  blocksOf,
  countPassing,
  type HeadColumn,
  unknownBlocks,
  withBlocks,
  withoutBlocks,
} from '../../core/lib/quality/score-blocks.ts';
import {
  type BaseColumns,
  countBase,
  headThreshold,
  nextUp,
  sortWithin,
} from '../../core/lib/quality/score-columns.ts';
import { histogramOf, jointCounts } from '../../core/lib/quality/score-histogram.ts';
import { rankCorrelation } from '../../core/lib/quality/score-ranks.ts';
import { nearbyOrder, reorder } from '../../core/lib/quality/score-order.ts';
import { loadScores } from './load-scores.ts';
import type { HeadField, ScoreAnswer, ScoreQuestion, ScoreTableRef } from './score-protocol.ts';

/** One that is looked at, and the one before it. */
const MAX_TABLES = 2;
/** Whoever opens a table sees the first figures before its rows are put into the order that makes the next ones quick. */
const ARRANGE_AFTER_MS = 100;

interface Held {
  readonly base: BaseColumns;
  readonly blocks: Blocks;
  /** Where each row of a column goes, also of one that is loaded later; null: as they were read. */
  readonly order: Uint32Array | null;
  /** What does not change while a person drags. */
  readonly totals: readonly ReturnType<typeof countBase>[];
  readonly heads: ReadonlyMap<string, HeadColumn>;
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

  const arrangeLater = async (path: string): Promise<void> => {
    await setTimeout(ARRANGE_AFTER_MS, undefined, { ref: false });
    // In turn with the loads, which take the order as it is.
    loading = loading.then(async () => {
      const held = tables.get(path);
      const arranged = held && (await arrange(held));
      // Set, not moved to the end: nobody used it. One that was forgotten meanwhile stays so.
      if (arranged && tables.get(path) === held) tables.set(path, arranged);
    });
  };

  return {
    async ask(connection, table, question, isCancelled) {
      const asked = headsOf(question);
      // The first load takes the heads that are looked at together anyway: they decide about the order of the rows.
      const wanted = [...asked, ...(tables.has(table.path) ? [] : table.together)];
      const isReady = (): boolean => {
        const held = tables.get(table.path);
        return held !== undefined && asked.every(({ field }) => held.heads.has(field));
      };
      if (!isReady()) {
        const load = loading.then(async () => {
          if (isReady()) return;
          const held = tables.get(table.path) ?? null;
          tables.set(table.path, await loadColumns({ connection, isCancelled }, table, unique(wanted), held));
          if (held === null) void arrangeLater(table.path);
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
      return answer(held, question, isCancelled);
    },
  };
}

function headsOf(question: ScoreQuestion): readonly HeadField[] {
  if (question.kind === 'count') return question.heads;
  if (question.kind === 'joint' || question.kind === 'spearman') return [question.left, question.right];
  return question.head === null ? [] : [question.head];
}

function unique(heads: readonly HeadField[]): readonly HeadField[] {
  return [...new Map(heads.map((head) => [head.field, head])).values()];
}

/** Loads what is not held yet; every column lies in the order that the first ones gave. */
async function loadColumns(
  reading: { readonly connection: DuckDBConnection; readonly isCancelled: () => boolean },
  table: ScoreTableRef,
  wanted: readonly HeadField[],
  held: Held | null,
): Promise<Held> {
  const missing = wanted.filter(({ field }) => held?.heads.has(field) !== true);
  const loaded = await loadScores({ ...reading, table, heads: missing, withBase: held === null });
  const { starts } = loaded;
  const sorted = loaded.scores.map((values) => sortWithin(values, starts));
  const order = held?.order ?? null;
  const heads = new Map(held?.heads);
  for (const [index, { field }] of missing.entries()) {
    const own = sorted[index];
    if (!own) continue;
    const values = order === null ? own.values : reorder(own.values, order);
    const column = { ...own, values };
    // Rows that are not in order yet soon are; blocks are made then.
    heads.set(field, order === null ? withoutBlocks(column, starts) : withBlocks(column, starts));
  }
  if (held) return { ...held, heads };
  const base: BaseColumns = {
    starts,
    tokens: loaded.base?.tokens ?? new Uint32Array(),
    kept: loaded.base?.kept ?? new Uint8Array(),
  };
  const totals = table.languages.map((_, language) => countBase(base, language));
  return { base, blocks: unknownBlocks(base), order, totals, heads };
}

/** The same rows in an order that lets thresholds be counted by blocks. Lets others ask between two columns. */
async function arrange(held: Held): Promise<Held> {
  const { starts } = held.base;
  const order = nearbyOrder(starts, [...held.heads.values()]);
  const heads = new Map<string, HeadColumn>();
  for (const [field, head] of held.heads) {
    await setImmediate();
    heads.set(field, withBlocks({ ...head, values: reorder(head.values, order) }, starts));
  }
  await setImmediate();
  const base = { starts, tokens: reorder(held.base.tokens, order), kept: reorder(held.base.kept, order) };
  return { ...held, base, blocks: blocksOf(base), order, heads };
}

async function answer(held: Held, question: ScoreQuestion, isCancelled: () => boolean): Promise<ScoreAnswer> {
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
    case 'spearman':
      return spearman(held, [head(question.left), head(question.right)], question.language, isCancelled);
  }
}

/** A second of work at ten million rows: between two languages whoever drags a threshold gets an answer. */
async function spearman(
  { base }: Held,
  [left, right]: readonly [HeadColumn, HeadColumn],
  only: number | null,
  isCancelled: () => boolean,
): Promise<ScoreAnswer> {
  const languages = base.starts.length - 1;
  const coefficients = new Float64Array(languages).fill(Number.NaN);
  const pairs = new Float64Array(languages);
  for (let language = 0; language < languages; language += 1) {
    if (only !== null && only !== language) continue;
    const found = rankCorrelation(base, left, right, language);
    coefficients[language] = found.coefficient;
    pairs[language] = found.pairs;
    await setImmediate();
    if (isCancelled()) throw new Error('Interrupted');
  }
  return { kind: 'spearman', coefficients, pairs };
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
    const counted = countPassing(held, heads, language, { bounds: lowest, needed });
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
