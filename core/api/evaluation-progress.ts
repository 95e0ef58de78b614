// Contract of progress: results over a training as lines and levels, and two models compared task by task.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { evaluationResult, readingProblem } from '../lib/evaluations/result.ts';
import { evaluatedModel, modelKey } from './evaluations.ts';
import { procedure } from './procedure.ts';

const settings = {
  /** What is known to differ from the other lines of the task: `5-shot`. */
  differ: z.array(z.string()),
  /** What nobody says, by name: `chat template`. */
  unknown: z.array(z.string()),
};

export const progressPoint = z.object({
  model: modelKey,
  name: z.string(),
  step: z.number(),
  tokens: z.number().nullable(),
  value: z.number(),
  standardError: z.number().nullable(),
  samples: z.number().nullable(),
  hasAnswers: z.boolean(),
  flaws: z.array(z.string()),
});
export type ProgressPoint = z.infer<typeof progressPoint>;

export const progressLine = z.object({
  /** The same in every task: `run:<id>`, `run:<id>/<type>`, `named:<name>`, `reference:<table>`. */
  series: z.string(),
  title: z.string(),
  kind: z.enum(['run', 'named', 'reference']),
  ...settings,
  points: z.array(progressPoint),
});
export type ProgressLine = z.infer<typeof progressLine>;

export const progressLevel = z.object({
  model: modelKey,
  name: z.string(),
  /** Of a published table: `Table 6`. */
  table: z.string().nullable(),
  value: z.number(),
  standardError: z.number().nullable(),
  ...settings,
});

export const progressTask = z.object({
  task: z.string(),
  metric: z.string(),
  filter: z.string(),
  language: z.string().nullable(),
  chance: z.number().nullable(),
  higherIsBetter: z.boolean(),
  isGroup: z.boolean(),
  lines: z.array(progressLine),
  levels: z.array(progressLevel),
});
export type ProgressTask = z.infer<typeof progressTask>;

const pValue = z.number();
const pairedTest = z.object({
  kind: z.literal('paired'),
  questions: z.number(),
  leftOut: z.number(),
  mcNemar: z
    .object({
      bothRight: z.number(),
      bothWrong: z.number(),
      onlyFirst: z.number(),
      onlySecond: z.number(),
      exact: pValue,
      midP: pValue,
    })
    .nullable(),
  bootstrap: z
    .object({ low: z.number(), high: z.number(), p: pValue, resamples: z.number(), seed: z.number() })
    .nullable(),
  standardError: z.number().nullable(),
  p: pValue,
});
const unpairedTest = z.object({
  kind: z.literal('unpaired'),
  z: z.number(),
  standardError: z.number(),
  p: pValue,
});
const noTest = z.object({ kind: z.literal('none'), reason: z.string() });

const settingDifference = z.object({
  name: z.string(),
  first: z.string(),
  second: z.string(),
  weight: z.enum(['different', 'unknown', 'remark']),
  sentence: z.string(),
});

export const comparedTask = z.object({
  task: z.string(),
  metric: z.string(),
  filter: z.string(),
  first: evaluationResult,
  second: evaluationResult,
  /** second − first. */
  difference: z.number(),
  settings: z.array(settingDifference),
  test: z.discriminatedUnion('kind', [pairedTest, unpairedTest, noTest]),
  adjustedP: pValue.nullable(),
  verdict: z.enum(['better', 'worse', 'no difference seen', 'not comparable', 'not tested']),
});
export type ComparedTask = z.infer<typeof comparedTask>;

export const modelComparison = z.object({
  first: evaluatedModel,
  second: evaluatedModel,
  comparisons: z.array(comparedTask),
  problems: z.array(readingProblem),
  /** Tasks that the other model was not asked. */
  onlyFirst: z.array(z.string()),
  onlySecond: z.array(z.string()),
});
export type ModelComparison = z.infer<typeof modelComparison>;

export const comparisonEvent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('progress'),
    doneTasks: z.number(),
    totalTasks: z.number(),
    task: z.string(),
    /** Of the file of answers that is read; 0 where none is. */
    doneBytes: z.number(),
    totalBytes: z.number(),
  }),
  z.object({ kind: z.literal('result'), result: modelComparison }),
]);
export type ComparisonEvent = z.infer<typeof comparisonEvent>;

/** A cell of the leaderboard against the baseline's, question by question. */
export const pairedCell = z.object({
  model: modelKey,
  /** As the leaderboard's columns. */
  column: z.string(),
  /** Questions that both answered. */
  questions: z.number(),
  test: z.enum(['McNemar, mid-p', 'paired bootstrap']),
  /** Not corrected for other tasks. */
  p: pValue,
});
export type PairedCell = z.infer<typeof pairedCell>;

export const pairedCellsEvent = z.object({
  /** New ones since the last event. */
  cells: z.array(pairedCell),
  done: z.number(),
  total: z.number(),
});

/** Every task of the harnesses there are. */
const MAX_TASKS = 10_000;
const MAX_RESAMPLES = 100_000;

export const evaluationProgressContract = {
  /**
   * Every cell of the leaderboard whose answers were kept, against the baseline's on the same questions; cells come as they are worked
   * out, those that were before at once. Cells that were asked otherwise are left out.
   */
  paired: procedure
    .input(
      z.object({
        baseline: modelKey,
        join: z.enum(['strict', 'alike']).default('strict'),
        allMetrics: z.boolean().default(false),
      }),
    )
    .output(eventIterator(pairedCellsEvent)),
  /** Lines over trainings and levels beside them, of all results and all published tables. */
  progression: procedure
    .input(
      z.object({
        /** Every metric of a task, not only the one that reports quote. */
        allMetrics: z.boolean().default(false),
        /** Only lines of this run, with nothing of other models. */
        run: z.string().min(1).max(200).nullable().default(null),
      }),
    )
    .output(z.object({ version: z.number(), tasks: z.array(progressTask) })),
  /** Did the second do better? Reads the answers to each question where both have them. */
  compare: procedure
    .input(
      z.object({
        first: modelKey,
        second: modelKey,
        /** Null for all that both have. */
        tasks: z.array(z.string().min(1)).max(MAX_TASKS).nullable().default(null),
        allMetrics: z.boolean().default(false),
        resamples: z.number().int().min(1).max(MAX_RESAMPLES).default(2000),
        seed: z.number().int().min(0).default(1),
      }),
    )
    .output(eventIterator(comparisonEvent)),
};
