// What the DuckDB child and its client say to each other, checked on both sides. Values cross by structured clone, so bigint
// and NaN survive. Knows nothing about files or datasets.
import { z } from 'zod';
import { scoreQuestion, scoreTableRef } from './score-protocol.ts';

export type { BlockRequest } from './row-blocks.ts';
export type { ScoreAnswer, ScoreQuestion, ScoreTableRef } from './score-protocol.ts';

export const toChild = z.discriminatedUnion('kind', [
  /** Runs statements one after the other on one connection; replies once with every result. */
  z.object({
    kind: z.literal('query'),
    id: z.number(),
    statements: z.array(z.string()),
    progress: z.boolean(),
  }),
  /** Asks a score table; the first question about one loads it into the child's memory. */
  z.object({ kind: z.literal('scores'), id: z.number(), table: scoreTableRef, question: scoreQuestion }),
  /** The next rows of a cursor, which a statement opens; replies with an answer that `rowChunk` describes. */
  z.object({ kind: z.literal('read'), id: z.number(), cursor: z.number(), statement: z.string().nullable() }),
  /** Rows by their number, out of a block that stays at hand for a while; replies with an answer that `rowChunk` describes. */
  z.object({
    kind: z.literal('block'),
    id: z.number(),
    key: z.string(),
    statements: z.array(z.string()),
    first: z.number(),
    last: z.number(),
  }),
  /** No reply. */
  z.object({ kind: z.literal('close'), cursor: z.number() }),
  z.object({ kind: z.literal('cancel'), id: z.number() }),
]);
export type ToChild = z.infer<typeof toChild>;

/** Null, boolean, number, bigint or string; anything else was turned into its text by the child. */
export const queryResult = z.object({
  names: z.array(z.string()),
  types: z.array(z.string()),
  columns: z.array(z.array(z.unknown())),
  rows: z.number(),
});
export type QueryResult = z.infer<typeof queryResult>;

/** Some rows of a cursor or a block, by column; no rows at the end of a cursor. */
export const rowChunk = z.object({ columns: z.array(z.array(z.unknown())), rows: z.number() });
export type RowChunk = z.infer<typeof rowChunk>;

export const fromChild = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), version: z.string() }),
  z.object({ kind: z.literal('results'), id: z.number(), results: z.array(queryResult) }),
  /** One answer of the kind that was asked for; checked by who asked. */
  z.object({ kind: z.literal('answer'), id: z.number(), answer: z.unknown() }),
  /** Of the statement that runs now; `percent` is 0–100 as DuckDB estimates it. */
  z.object({ kind: z.literal('progress'), id: z.number(), statement: z.number(), percent: z.number() }),
  z.object({
    kind: z.literal('failed'),
    id: z.number(),
    reason: z.enum(['cancelled', 'query']),
    message: z.string(),
  }),
]);
export type FromChild = z.infer<typeof fromChild>;
