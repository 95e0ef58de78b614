// Contract of logs: the text that runs print, by line, whatever its size. Core keeps where lines begin, which repeat and which tell
// of trouble; the window gets the rows it shows. Lines count from 0 here and from 1 wherever a person reads them.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { searchPattern } from '../lib/log-view/search-pattern.ts';
import { procedure } from './procedure.ts';
import { runId } from './runs.ts';
import { workspacePath } from './workspace.ts';

/** `file`: one of the run's log files; its main log when absent. */
export const logSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run'), id: runId, file: workspacePath.optional() }),
  z.object({ kind: z.literal('file'), path: workspacePath }),
]);
export type LogSource = z.infer<typeof logSource>;

export const troubleKind = z.enum([
  'traceback',
  'gpu-memory',
  'host-memory',
  'nccl',
  'nccl-timeout',
  'cuda',
  'crash',
  'config',
  'assertion',
  'module-missing',
  'file-missing',
  'time-limit',
  'cancelled',
  'node-failure',
  'preempted',
  'not-finite',
  'checkpoint-write',
  'launcher',
  'error',
]);

/** Something that went wrong, as one block of lines. */
export const logTrouble = z.object({
  kind: troubleKind,
  line: z.number(),
  /** From its first line to its last; lines of other ranks may stand between. */
  lines: z.number(),
  title: z.string(),
  rank: z.string().nullable(),
  timeMs: z.number().nullable(),
  /** It follows from another one: a watchdog, a launcher that ends the other ranks. */
  isConsequence: z.boolean(),
});
export type LogTrouble = z.infer<typeof logTrouble>;

export const logState = z.object({
  /** Changes when the file was cut or replaced: every line number is another line then. */
  generation: z.number(),
  sizeBytes: z.number(),
  /** How far lines are known; less than `sizeBytes` while a long log is read for the first time. */
  indexedBytes: z.number(),
  isComplete: z.boolean(),
  lines: z.number(),
  /** Rows when everything that repeats is folded. */
  foldedRows: z.number(),
  troubleCount: z.number(),
  /** Line of the trouble to look at first. */
  rootLine: z.number().nullable(),
  /** Time of the first line that has one, Unix ms. */
  firstTimeMs: z.number().nullable(),
});
export type LogState = z.infer<typeof logState>;

/** Lines that repeat what was said: `period` lines are shown and stand for `times` as many. */
export const logRepeat = z.object({
  firstLine: z.number(),
  period: z.number(),
  times: z.number(),
  isUnfolded: z.boolean(),
});

export const logRow = z.object({
  /** Null while lines are not counted yet. */
  line: z.number().nullable(),
  offset: z.number(),
  sizeBytes: z.number(),
  /** With its escapes; of a line that was written over, the last state. */
  text: z.string(),
  /** More of the line is in the file. */
  isCut: z.boolean(),
  /** Earlier states that were written over (progress bars). */
  updates: z.number(),
  repeat: logRepeat.nullable(),
});
export type LogRow = z.infer<typeof logRow>;

/** How rows are numbered: every line by itself, or repeats folded but for those that a person opened. */
export const logFolding = z.object({
  isFolded: z.boolean().default(true),
  /** First lines of opened repeats. */
  unfolded: z.array(z.number().int().min(0)).max(1000).default([]),
});

export const logRows = z.object({
  generation: z.number(),
  firstRow: z.number(),
  totalRows: z.number(),
  rows: z.array(logRow),
});

export const logPlace = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('line'), line: z.number().int().min(0) }),
  z.object({ kind: z.literal('offset'), offset: z.number().int().min(0) }),
  /** The last line written at or before this. */
  z.object({ kind: z.literal('time'), atMs: z.number() }),
]);
export type LogPlace = z.infer<typeof logPlace>;

export const logLocation = z.object({
  line: z.number(),
  row: z.number(),
  offset: z.number(),
  /** The repeat that hides the line, to be opened first. */
  hiddenBy: z.number().nullable(),
});
export type LogLocation = z.infer<typeof logLocation>;

export const logSearchState = z.object({
  searchId: z.string(),
  /** Lines that match, so far. */
  matches: z.number(),
  /** The first so many can be gone to. */
  reachable: z.number(),
  scannedBytes: z.number(),
  sizeBytes: z.number(),
  isComplete: z.boolean(),
  /** How matches lie in the file: counts of equal parts of it. */
  density: z.array(z.number()),
});
export type LogSearchState = z.infer<typeof logSearchState>;

export const logMatch = z.object({ index: z.number(), offset: z.number() });
export type LogMatch = z.infer<typeof logMatch>;

const source = z.object({ source: logSource });

export const logsContract = {
  /** The state now and after each change, at most ten a second. */
  watch: procedure.input(source).output(eventIterator(logState)),
  /** The last lines, read from the end: at once, however long the log is. Their numbers are not known yet. */
  tail: procedure
    .input(source.extend({ count: z.number().int().min(1).max(2000).default(500) }))
    .output(logRows),
  rows: procedure
    .input(
      source.extend({
        firstRow: z.number().int().min(0),
        count: z.number().int().min(1).max(1000),
        folding: logFolding.prefault({}),
      }),
    )
    .output(logRows),
  locate: procedure
    .input(source.extend({ at: logPlace, folding: logFolding.prefault({}) }))
    .output(logLocation),
  /** By line, at most the first 5,000 that ended; `root` is the one to look at first. */
  troubles: procedure
    .input(source)
    .output(z.object({ troubles: z.array(logTrouble), count: z.number(), root: logTrouble.nullable() })),
  /**
   * Text of the lines `first` to `last`. `shown`: as on screen, without escapes and earlier states of progress bars; `raw`: as
   * written. `limitBytes` of the file are read at most; `nextLine` is where they ended, null when all was read.
   */
  text: procedure
    .input(
      source.extend({
        first: z.number().int().min(0),
        last: z.number().int().min(0),
        form: z.enum(['shown', 'raw']).default('shown'),
        limitBytes: z.number().int().min(1).max(16_777_216).default(4_194_304),
      }),
    )
    .output(z.object({ text: z.string(), nextLine: z.number().nullable() })),
  /** Looks through the whole log, and through what is written later; ends only when it is closed. */
  search: procedure.input(source.extend({ pattern: searchPattern })).output(eventIterator(logSearchState)),
  /** The match at or after (`next`), or before (`previous`) a place in the file; round the end. NOT_FOUND without any. */
  match: procedure
    .input(
      z.object({
        searchId: z.string(),
        offset: z.number(),
        direction: z.enum(['next', 'previous']),
      }),
    )
    .output(logMatch),
  /** Where a search's pattern matches in texts: pairs of start and end a text. Stopped when it takes too long. */
  highlight: procedure
    .input(z.object({ searchId: z.string(), texts: z.array(z.string().max(1_048_576)).max(1000) }))
    .output(z.object({ ranges: z.array(z.array(z.number())) })),
};
