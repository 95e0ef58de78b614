// Contract of evaluations that are run on this computer: tasks and models that can be chosen, one evaluation after another, numbers
// as they settle, and the quantizations of one checkpoint beside each other. Results lie in evals/results/ as lm-eval lays them out.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { weightTypes } from '../lib/conversion/gguf-metadata.ts';
import { procedure } from './procedure.ts';
import { broughtFiles, checkedFiles } from './task-files.ts';
import { workspacePath } from './workspace.ts';

/** More models than the checkpoints of a long run are not evaluated at once. */
const MAX_MODELS = 200;
const MAX_TASKS = 200;
export const evaluationRunId = z.string().regex(/^\d{8}-\d{6}-[0-9a-f]{4}$/);

export const taskProblem = z.object({
  /** File of the task. */
  path: z.string(),
  line: z.number().nullable(),
  text: z.string(),
  /** The task cannot be run; else it runs, and this is worth knowing. */
  isFatal: z.boolean(),
});

export const evaluationTask = z.object({
  name: z.string(),
  title: z.string(),
  origin: z.enum(['benchmark', 'shipped', 'workspace']),
  /** `broken`: a file that cannot be run; its problems say why. */
  kind: z.enum(['task', 'group', 'broken']),
  /** Names of a group's tasks. */
  parts: z.array(z.string()),
  output: z.enum(['multiple_choice', 'loglikelihood', 'generate_until']).nullable(),
  language: z.string().nullable(),
  /** What guessing scores; null where it is not known. */
  chance: z.number().nullable(),
  shots: z.number(),
  /** Null where examples may be shown; else why not. */
  noShots: z.string().nullable(),
  /** Whether its questions are on this computer. */
  hasData: z.boolean(),
  /** Data set of the hub; null for files of its own. */
  repository: z.string().nullable(),
  /** Of a task of the workspace. */
  path: z.string().nullable(),
  problems: z.array(taskProblem),
});
export type EvaluationTask = z.infer<typeof evaluationTask>;

export const evaluationModel = z.object({
  path: workspacePath,
  name: z.string(),
  run: z.object({ id: z.string(), step: z.number(), tokens: z.number().nullable() }).nullable(),
  type: z.string().nullable(),
  sizeBytes: z.number(),
  weightsSha256: z.string().nullable(),
  hasTemplate: z.boolean(),
  problem: z.string().nullable(),
});
export type EvaluationModel = z.infer<typeof evaluationModel>;

export const evaluationRequest = z.object({
  models: z.array(workspacePath).min(1).max(MAX_MODELS),
  tasks: z
    .array(
      z.object({
        name: z.string().min(1).max(200),
        /** Null: as the task says. */
        shots: z.number().int().min(0).max(100).nullable().default(null),
      }),
    )
    .min(1)
    .max(MAX_TASKS),
  /** Only the first questions of each task. */
  limit: z.number().int().min(1).max(1_000_000).nullable().default(null),
  contextTokens: z.number().int().min(64).max(1_048_576).nullable().default(null),
  /** Of an answer that is written, instead of what the task says. */
  maxTokens: z.number().int().min(1).max(131_072).nullable().default(null),
  /** Questions as turns of a chat, in each model's own template. */
  asChat: z.boolean().default(false),
  /** Attention in 32 bits, as PyTorch with a model of 32 bits has it; takes twice the time. */
  exact: z.boolean().default(false),
  /** Types that are evaluated beside each model; made of the same weights where they are not there. */
  types: z.array(z.enum(weightTypes)).max(weightTypes.length).default([]),
  /** Then also speed, memory and bits per byte of every model. */
  measure: z.boolean().default(false),
});
export type EvaluationRequest = z.infer<typeof evaluationRequest>;

export const evaluationMean = z.object({
  metric: z.string(),
  filter: z.string(),
  value: z.number(),
  standardError: z.number().nullable(),
});
export type EvaluationMean = z.infer<typeof evaluationMean>;

/** One model on one task or group. */
export const evaluationCell = z.object({
  model: workspacePath,
  task: z.string(),
  state: z.enum(['waiting', 'running', 'stopped', 'finished', 'failed']),
  done: z.number(),
  total: z.number(),
  /** The task of a group that is asked now. */
  part: z.string().nullable(),
  /** Of the questions so far. */
  means: z.array(evaluationMean),
  /** Results file of the workspace, once it is finished. */
  results: z.string().nullable(),
  seconds: z.number().nullable(),
  /** Characters that were read, for estimates of later evaluations. */
  characters: z.number(),
  sizeBytes: z.number(),
  error: z.object({ message: z.string(), hint: z.string() }).nullable(),
});
export type EvaluationCell = z.infer<typeof evaluationCell>;

export const evaluationRun = z.object({
  id: evaluationRunId,
  createdMs: z.number(),
  request: evaluationRequest,
  /** `interrupted`: the studio that ran it is gone; it goes on where it was. */
  state: z.enum(['waiting', 'running', 'stopped', 'interrupted', 'finished', 'failed']),
  /** What is done between the cells: a type is made, speed is measured. */
  doing: z.string().nullable().default(null),
  cells: z.array(evaluationCell),
});
export type EvaluationRun = z.infer<typeof evaluationRun>;

export const evaluationEstimate = z.object({
  questions: z.number(),
  characters: z.number(),
  /** Null before any evaluation was timed here. */
  seconds: z.number().nullable(),
  /** Evaluations on this computer whose speed was used. */
  basedOn: z.number(),
  /** Tasks that cannot be run so, and why. */
  problems: z.array(z.object({ task: z.string(), message: z.string(), hint: z.string() })),
});
export type EvaluationEstimate = z.infer<typeof evaluationEstimate>;

/** One quantization on one task beside the largest of the same weights. */
export const quantizationResult = z.object({
  model: workspacePath,
  name: z.string(),
  type: z.string().nullable(),
  sizeBytes: z.number(),
  value: z.number(),
  standardError: z.number().nullable(),
  /** Against the reference; null for the reference itself, and without answers. */
  against: z
    .object({
      difference: z.number(),
      standardError: z.number().nullable(),
      questions: z.number(),
      /** Right here and wrong there, and the other way round. */
      gained: z.number(),
      lost: z.number(),
      p: z.number(),
      test: z.string(),
    })
    .nullable(),
  tokensPerSecond: z.number().nullable(),
  memoryBytes: z.number().nullable(),
  bitsPerByte: z.array(z.object({ text: z.string(), value: z.number() })),
});
export type QuantizationResult = z.infer<typeof quantizationResult>;

export const quantizationComparison = z.object({
  task: z.string(),
  metric: z.string(),
  filter: z.string(),
  chance: z.number().nullable(),
  questions: z.number(),
  reference: workspacePath,
  /** Largest first. */
  rows: z.array(quantizationResult),
});
export type QuantizationComparison = z.infer<typeof quantizationComparison>;

const named = z.object({ id: evaluationRunId });

export const evaluationRunsContract = {
  tasks: procedure.output(z.array(evaluationTask)),
  /** What files would become, and what is wrong with them by line; writes nothing. */
  checkFiles: procedure.input(broughtFiles).output(checkedFiles),
  /** Writes them into evals/tasks/. INVALID_INPUT where nothing can be used, ALREADY_EXISTS unless told to replace, READ_ONLY. */
  addFiles: procedure
    .input(broughtFiles.extend({ replace: z.boolean().default(false) }))
    .output(checkedFiles),
  models: procedure.output(z.array(evaluationModel)),
  /** How many questions, and how long that takes by the speed of earlier evaluations. */
  estimate: procedure.input(evaluationRequest).output(evaluationEstimate),
  /** Waits in the queue of this core. INVALID_INPUT, NOT_FOUND for tasks that cannot be run so, READ_ONLY. */
  start: procedure.input(evaluationRequest).output(named),
  /** What is answered is kept. */
  stop: procedure.input(named).output(z.object({})),
  /** Goes on with what is not finished. */
  resume: procedure.input(named).output(z.object({})),
  /** Forgets the evaluation; its results stay. */
  remove: procedure.input(named).output(z.object({})),
  /** All evaluations of the workspace, newest first, whenever one has moved. */
  watch: procedure.output(eventIterator(z.array(evaluationRun))),
  /** Brings the data set of a task here. UNAVAILABLE without a network. */
  download: procedure
    .input(z.object({ task: z.string() }))
    .output(
      eventIterator(
        z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('progress'), done: z.number(), total: z.number() }),
          z.object({ kind: z.literal('result'), result: z.object({ files: z.array(workspacePath) }) }),
        ]),
      ),
    ),
  /** Models of the same weights on the same tasks, by the finished results of an evaluation. */
  quantizations: procedure.input(named).output(z.array(quantizationComparison)),
};
