// Contract of evaluations: results of benchmarks found in the workspace, as a table of models by tasks, and the published tables
// that come with the studio. Results lie in evals/results/ and below runs/; answers beside them are read by other nouns.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { evaluationResult, readingProblem } from '../lib/evaluations/result.ts';
import { referenceTable } from '../lib/evaluations/reference.ts';
import { referenceFigure } from '../lib/judge-bench/reference.ts';
import { procedure } from './procedure.ts';
import { workspacePath } from './workspace.ts';

/** `model:…`, `run:…` or `reference:…`; names of models are paths as often as not. */
const MAX_KEY_CHARACTERS = 1024;
export const modelKey = z.string().min(1).max(MAX_KEY_CHARACTERS);

/**
 * Who was measured. `key` is `model:<name>` for what only a results file names, `run:<id>/<step>` or `run:<id>/<step>/<type>` for a
 * checkpoint, `reference:<table>/<row>` for a row of a published table.
 */
export const evaluatedModel = z.object({
  key: modelKey,
  /** As it is shown. */
  name: z.string(),
  run: z
    .object({ id: z.string(), name: z.string(), step: z.number(), tokens: z.number().nullable() })
    .nullable(),
  /** The file that was measured, where it lies in the workspace. */
  modelPath: workspacePath.nullable(),
  /** `q8_0`; null for weights as they were saved, and where nothing says it. */
  type: z.string().nullable(),
  reference: z.object({ table: z.string(), title: z.string() }).nullable(),
});
export type EvaluatedModel = z.infer<typeof evaluatedModel>;

/** One number, findable again. `column`: short hash of what has to be alike for numbers to stand in one column. */
export const resultRef = z.object({
  model: modelKey,
  task: z.string(),
  metric: z.string(),
  filter: z.string(),
  column: z.string(),
});

export const resultCell = z.object({
  ref: resultRef,
  value: z.number(),
  standardError: z.number().nullable(),
  /** Questions that were asked, and those there are. */
  samples: z.number().nullable(),
  available: z.number().nullable(),
  /** In the workspace; of a published table, below resources/. */
  sourcePath: z.string(),
  measuredMs: z.number().nullable(),
  /** The answers to each question lie beside it. */
  hasAnswers: z.boolean(),
  harness: evaluationResult.shape.harness,
  /** What sets it apart from the others of its column, or is not known: `limit 100 questions`. */
  differs: z.array(z.string()),
});

/** A cell of the leaderboard: what `resultCell` says, without what its row and column say. */
export const leaderboardCell = resultCell.omit({ ref: true, sourcePath: true }).extend({
  /** The comparability of this very number; unlike its column's where columns were joined. */
  column: z.string(),
  /** Place in `sources`. */
  source: z.number().int().min(0),
  /** Earlier results of the same question that this one stands for, newest first; places in `sources`. */
  older: z.array(z.object({ value: z.number(), measuredMs: z.number().nullable(), source: z.number() })),
});
export type LeaderboardCell = z.infer<typeof leaderboardCell>;

export const leaderboardColumn = z.object({
  /** Of its first number; unique in the table. */
  key: z.string(),
  task: z.string(),
  metric: z.string(),
  filter: z.string(),
  shots: z.number().nullable(),
  /** What sets it apart from an earlier column of the same task; empty for the first. */
  differs: z.array(z.string()),
  /** All settings, in words: `harness lm-eval 0.4.9`. */
  settings: z.array(z.string()),
  language: z.string().nullable(),
  chance: z.number().nullable(),
  higherIsBetter: z.boolean(),
  /** A value that the harness formed over tasks. */
  isGroup: z.boolean(),
  /** The group whose part it is; parts of a group have no say in a mean. */
  partOf: z.string().nullable(),
});
export type LeaderboardColumn = z.infer<typeof leaderboardColumn>;

export const leaderboardRow = z.object({
  model: evaluatedModel,
  /** In the order of the columns. */
  cells: z.array(leaderboardCell.nullable()),
});
export type LeaderboardRow = z.infer<typeof leaderboardRow>;

export const leaderboard = z.object({
  /** Of the index; greater when something changed. */
  version: z.number(),
  columns: z.array(leaderboardColumn),
  rows: z.array(leaderboardRow),
  /** Paths of files. */
  sources: z.array(z.string()),
  /** Rows that were left out because there are too many. */
  leftOut: z.number(),
});
export type Leaderboard = z.infer<typeof leaderboard>;

/**
 * `strict`: one column for each way of asking. `alike`: numbers share a column unless a known setting differs; what is not known of
 * one, or should not matter, is said in its cell.
 */
export const columnJoin = z.enum(['strict', 'alike']);

const tableInput = z.object({
  join: columnJoin.default('strict'),
  /** Every metric of a task, not only the one that reports quote. */
  allMetrics: z.boolean().default(false),
  /** Rows of published tables to stand beside; they join columns of what they may be compared with. */
  references: z.array(modelKey).max(500).default([]),
});

export const publishedTable = z.object({
  table: referenceTable,
  /** Keys of its rows, in their order. */
  keys: z.array(modelKey),
  disagreements: z.array(
    z.object({
      row: z.string(),
      mean: z.string(),
      printed: z.number(),
      recomputed: z.number(),
      kind: z.enum(['rounding', 'wrong']),
    }),
  ),
  repeated: z.array(z.object({ row: z.string(), same: z.string() })),
});
export type PublishedTable = z.infer<typeof publishedTable>;

export const evaluationsOverview = z.object({
  version: z.number(),
  /** Files with results that were read. */
  files: z.number(),
  results: z.number(),
  models: z.array(evaluatedModel),
  tasks: z.array(z.object({ task: z.string(), language: z.string().nullable(), models: z.number() })),
  problems: z.array(readingProblem),
});
export type EvaluationsOverview = z.infer<typeof evaluationsOverview>;

/** 64 MB of text in one request; larger files are named by their path. */
const MAX_TEXT_CHARACTERS = 16_000_000;
const MAX_SOURCES = 200;

export const importSource = z.object({
  /** Absolute paths of files and folders on the computer of core. */
  paths: z.array(z.string().min(1).max(4096)).max(MAX_SOURCES).default([]),
  /** Files whose text the window has: dropped into a browser. */
  files: z
    .array(z.object({ name: z.string().min(1).max(255), text: z.string().max(MAX_TEXT_CHARACTERS) }))
    .max(MAX_SOURCES)
    .default([]),
  /** A printed table that was pasted. */
  table: z.string().max(MAX_TEXT_CHARACTERS).nullable().default(null),
  /** Instead of the name in the files. */
  model: z.string().min(1).max(MAX_KEY_CHARACTERS).nullable().default(null),
});

export const importPreview = z.object({
  results: z.array(
    evaluationResult.pick({
      model: true,
      task: true,
      metric: true,
      filter: true,
      shots: true,
      value: true,
      standardError: true,
      samples: true,
    }),
  ),
  /** Results there are; the list above may be shorter. */
  count: z.number(),
  files: z.number(),
  harnesses: z.array(z.string()),
  models: z.array(z.string()),
  /** What the name of the model says of run and step; `isKnown`: such a run is in the workspace. */
  named: z.object({ run: z.string().nullable(), step: z.number(), isKnown: z.boolean() }).nullable(),
  problems: z.array(readingProblem),
});
export type ImportPreview = z.infer<typeof importPreview>;

export const importedResults = z.object({
  folder: workspacePath,
  model: z.string(),
  files: z.array(z.string()),
  results: z.number(),
  /** The same bytes lay there already. */
  alreadyThere: z.boolean(),
});

export const evaluationsContract = {
  /** What there is; looks at the files again. */
  overview: procedure.output(evaluationsOverview),
  /** A version now, and another each time results come, change or go. */
  watch: procedure.output(eventIterator(z.object({ version: z.number() }))),
  table: procedure.input(tableInput).output(leaderboard),
  /** Published tables with what is wrong in them. */
  references: procedure.output(
    z.object({ tables: z.array(publishedTable), figures: z.array(referenceFigure) }),
  ),
  /** What would be imported; writes nothing. */
  preview: procedure.input(importSource).output(importPreview),
  /** Copies results and their answers to evals/results/. INVALID_INPUT when nothing there is a result. */
  importFiles: procedure
    .input(
      importSource.extend({
        run: z.string().min(1).max(200).nullable().default(null),
        step: z.number().int().min(0).nullable().default(null),
        /** Of the folder; from the model's name without one. */
        name: z.string().min(1).max(100).nullable().default(null),
        withAnswers: z.boolean().default(true),
      }),
    )
    .output(z.object({ imported: z.array(importedResults), problems: z.array(readingProblem) })),
  /** Writes aside and renames; ALREADY_EXISTS unless `overwrite`. */
  exportTable: procedure
    .input(
      z.object({
        path: workspacePath.refine(
          (path) => /\.(md|tex|csv|svg)$/i.test(path),
          'must end in .md, .tex, .csv or .svg',
        ),
        overwrite: z.boolean().default(false),
        /** As the window shows it: the rows, columns and means it has chosen. */
        text: z.string().min(1).max(MAX_TEXT_CHARACTERS),
      }),
    )
    .output(z.object({ path: workspacePath })),
};
