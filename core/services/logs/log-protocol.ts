// What the log children and core say to each other. A child reads, counts and searches; core decides which child does what.
import { z } from 'zod';
import { logFolding, logLocation, logPlace, logRows, logState, logTrouble } from '../../api/logs.ts';
import { searchPattern } from '../../lib/log-view/search-pattern.ts';
import { childFailure } from '../native/child-failure.ts';

const folding = logFolding.required();

/** `path` is absolute. All but `scan` and `highlight` are about a log that is being watched. */
export const logRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('watch'), path: z.string() }),
  z.object({ kind: z.literal('unwatch'), path: z.string() }),
  /** Resolves when all that is in the file now is known. */
  z.object({ kind: z.literal('catch-up'), path: z.string() }),
  z.object({ kind: z.literal('rows'), path: z.string(), firstRow: z.number(), count: z.number(), folding }),
  z.object({ kind: z.literal('locate'), path: z.string(), at: logPlace, folding }),
  z.object({ kind: z.literal('troubles'), path: z.string() }),
  z.object({
    kind: z.literal('text'),
    path: z.string(),
    first: z.number(),
    last: z.number(),
    form: z.enum(['shown', 'raw']),
    limitBytes: z.number(),
  }),
  /** Whole lines from `start`, which begins one; some more than `limitBytes` where a line is long. */
  z.object({
    kind: z.literal('scan'),
    path: z.string(),
    start: z.number(),
    limitBytes: z.number(),
    pattern: searchPattern,
  }),
  z.object({ kind: z.literal('highlight'), pattern: searchPattern, texts: z.array(z.string()) }),
]);
export type LogRequest = z.infer<typeof logRequest>;

export const logAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done') }),
  z.object({ kind: z.literal('rows'), rows: logRows }),
  z.object({ kind: z.literal('locate'), location: logLocation }),
  z.object({
    kind: z.literal('troubles'),
    troubles: z.array(logTrouble),
    count: z.number(),
    root: logTrouble.nullable(),
  }),
  z.object({ kind: z.literal('text'), text: z.string(), nextLine: z.number().nullable() }),
  z.object({
    kind: z.literal('scan'),
    /** Where lines begin that match. */
    offsets: z.instanceof(Float64Array),
    /** Where the next scan goes on; a last line without an end is looked at again then. */
    end: z.number(),
    /** A last line without an end matches too: it is not in `offsets`. */
    lastMatches: z.boolean(),
    sizeBytes: z.number(),
  }),
  z.object({ kind: z.literal('highlight'), ranges: z.array(z.array(z.number())) }),
]);
export type LogAnswer = z.infer<typeof logAnswer>;

export const toLogChild = z.object({ id: z.number(), request: logRequest });

export const fromLogChild = z.discriminatedUnion('kind', [
  /** Once, when it can answer. */
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('done'), id: z.number(), answer: logAnswer }),
  z.object({ id: z.number(), ...childFailure }),
  z.object({ kind: z.literal('state'), path: z.string(), state: logState }),
]);
export type FromLogChild = z.infer<typeof fromLogChild>;
