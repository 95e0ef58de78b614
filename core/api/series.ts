// Contract of series: what curves are drawn from. A source is a run or any log file of the workspace.
// Columns travel as one binary Blob (core/rpc/columns.ts); the watch stream only says that there is more.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { procedure } from './procedure.ts';
import { runId } from './runs.ts';
import { workspacePath } from './workspace.ts';

export const seriesSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run'), id: runId }),
  z.object({ kind: z.literal('file'), path: workspacePath }),
]);
export type SeriesSource = z.infer<typeof seriesSource>;

export const seriesState = z.object({
  /**
   * Points per tag since the source was opened; grows only, except after `generation` changes. Names that begin with `@` are no
   * metrics but columns beside them: times of steps, points of earlier attempts (core/lib/logs/extra-columns.ts).
   */
  points: z.record(z.string(), z.number()),
  /** Changes when the file was truncated or replaced: the reader starts again at 0. */
  generation: z.number(),
  readBytes: z.number(),
  skippedLines: z.number(),
  /** Unix ms when the newest point was written, if known. */
  newestPointMs: z.number().nullable(),
  ended: z.boolean(),
});
export type SeriesState = z.infer<typeof seriesState>;

export const seriesColumns = z.object({
  generation: z.number(),
  /** For each tag asked for: index of the first point and how many follow, in the Blob's order. */
  columns: z.array(z.object({ tag: z.string(), first: z.number(), count: z.number() })),
  /** Per tag: `count` float64 steps, then `count` float64 values, little-endian. */
  data: z.instanceof(Blob),
});
export type SeriesColumns = z.infer<typeof seriesColumns>;

export const logChunk = z.object({
  start: z.number(),
  end: z.number(),
  sizeBytes: z.number(),
  text: z.string(),
});
export type LogChunk = z.infer<typeof logChunk>;

/** A log of a source. Of a run: its own, those of array tasks, ranks and nodes, whatever names their programs give them. */
export const logFile = z.object({
  /** What `log` takes: a path below the run's folder with forward slashes, such as `log.txt` or `logs/rank-3.txt`. */
  name: z.string(),
  sizeBytes: z.number(),
  modifiedMs: z.number(),
  /** By its name. `main` is the log of the run itself, and comes first. */
  kind: z.enum(['main', 'stderr', 'task', 'rank', 'node', 'other']),
  /** Number of the array task. */
  task: z.number().nullable(),
  rank: z.number().nullable(),
  node: z.string().nullable(),
});
export type LogFile = z.infer<typeof logFile>;

export const seriesContract = {
  /** The state now and after each change, at most ten a second; ends when the source is complete. */
  watch: procedure.input(z.object({ source: seriesSource })).output(eventIterator(seriesState)),
  /** Points from index `after[tag]` (0 if absent) of each tag. */
  columns: procedure
    .input(
      z.object({
        source: seriesSource,
        tags: z.array(z.string()).max(200),
        after: z.record(z.string(), z.number().int().min(0)),
      }),
    )
    .output(seriesColumns),
  /** The logs of a source as they are now. `left`: how many more there are than a list can hold. */
  logFiles: procedure
    .input(z.object({ source: seriesSource }))
    .output(z.object({ files: z.array(logFile), left: z.number() })),
  /** Bytes of the raw log: from `start`, or the last `limitBytes` when `start` is absent. */
  log: procedure
    .input(
      z.object({
        source: seriesSource,
        /** One of `logFiles`; the first of them when absent. */
        file: z.string().min(1).max(1024).optional(),
        start: z.number().int().min(0).optional(),
        limitBytes: z.number().int().min(1).max(4_194_304).default(262_144),
      }),
    )
    .output(logChunk),
};
