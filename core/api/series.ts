// Contract of series: what curves are drawn from. A source is a run or any log file of the workspace.
// Columns travel as one binary Blob (core/rpc/columns.ts); the watch stream only says that there is more. What draws the first picture
// of a long curve is asked for by itself: a few thousand points instead of all.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { curveLook } from '../lib/dashboards/curve-look.ts';
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
   * metrics but columns beside them: times of steps, points of earlier attempts (core/lib/series/extra-columns.ts).
   */
  points: z.record(z.string(), z.number()),
  /** Changes when the file was truncated or replaced: the reader starts again at 0. */
  generation: z.number(),
  readBytes: z.number(),
  skippedLines: z.number(),
  /** Unix ms when the newest point was written, if known. */
  newestPointMs: z.number().nullable(),
  /** What was in the files when the source was opened has not been read to its end yet: there is more to come at once. */
  isReading: z.boolean(),
  ended: z.boolean(),
  /** A file that was read from is not there any more; its points stay until another one takes its place. */
  isRemoved: z.boolean().default(false),
});
export type SeriesState = z.infer<typeof seriesState>;

/** Stands before the numbers of `columns` (core/rpc/columns.ts). */
export const columnsHeader = z.object({
  generation: z.number(),
  /** For each tag asked for: index of the first point and how many follow. Each is `count` steps, then `count` values. */
  columns: z.array(z.object({ tag: z.string(), first: z.number(), count: z.number() })),
});
export type ColumnsHeader = z.infer<typeof columnsHeader>;

/** A chart of more curves cannot be read, and is drawn from all points. */
export const MAX_OVERVIEW_CURVES = 64;
/** Wider than any screen. */
const MAX_OVERVIEW_COLUMNS = 16_384;

export const overviewRequest = z.object({
  /** The curves of one chart. */
  curves: z
    .array(
      z.object({
        source: seriesSource,
        tag: z.string(),
        /** From the config of the run; null where there is none or the batch changes. */
        tokensPerStep: z.number().positive().nullable(),
      }),
    )
    .min(1)
    .max(MAX_OVERVIEW_CURVES),
  look: curveLook.pick({ x: true, withoutWaits: true, logarithmicX: true, logarithmicY: true, y: true }),
  span: z.object({ unit: z.enum(['tokens', 'steps']), amount: z.number().positive() }).nullable(),
  /** Pixels of the plot. */
  columns: z.number().int().min(1).max(MAX_OVERVIEW_COLUMNS),
});
export type OverviewRequest = z.infer<typeof overviewRequest>;

/**
 * Stands before the numbers of `overview`. Per curve `kept` points: steps, x where the axis does not count steps, values, smoothed
 * values where they are smoothed; then of each piece of `replaced` its x and values.
 */
export const overviewHeader = z.object({
  /** As asked for; `kept` is 0 where there is no point, or where the run does not say where its points stand on the axis. */
  curves: z.array(
    z.object({
      generation: z.number(),
      /** Of the whole curve. */
      total: z.number(),
      /** On the axis, and those of them that are no numbers or lie outside of `middle`. */
      points: z.number(),
      notFinite: z.number(),
      outside: z.number(),
      kept: z.number(),
      isSmoothed: z.boolean(),
      replaced: z.array(z.number()),
    }),
  ),
  /** Of a robust axis: the range of values it is about. */
  middle: z.object({ min: z.number(), max: z.number() }).nullable(),
});
export type OverviewHeader = z.infer<typeof overviewHeader>;

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
  /** Points from index `after[tag]` (0 if absent) of each tag: a `columnsHeader` and its numbers. */
  columns: procedure
    .input(
      z.object({
        source: seriesSource,
        tags: z.array(z.string()).max(200),
        after: z.record(z.string(), z.number().int().min(0)),
      }),
    )
    .output(z.instanceof(Blob)),
  /**
   * The points that draw the same picture as all of them at a width, on axes that show everything there is: an `overviewHeader` and its
   * numbers. Zoomed it is a coarse one, in which no extreme is missing.
   */
  overview: procedure.input(overviewRequest).output(z.instanceof(Blob)),
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
