// Contract of evaluations on a target: sets of tasks by name, what one will cost, its launch, and rules that launch one for new
// checkpoints. The jobs themselves are runs; those with `evaluates` are evaluations.
import { z } from 'zod';
import { evaluationPreset } from '../lib/evaluations/jobs/presets.ts';
import { batchResourcesGiven } from '../lib/slurm/resources.ts';
import { procedure } from './procedure.ts';
import { run, runId } from './runs.ts';

/** Whose weights: a checkpoint of a run where that run saved it, or a model of a target. */
export const evaluationSubject = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('checkpoint'), run: runId, step: z.number().int().nonnegative() }),
  z.object({
    kind: z.literal('model'),
    target: z.string().min(1),
    /** A folder there, or a name on the Hub. */
    model: z.string().min(1).max(4096),
    /** For the estimate. */
    parameters: z.number().positive().nullable().default(null),
  }),
]);
export type EvaluationSubject = z.infer<typeof evaluationSubject>;

export const evaluationRequest = z.object({
  subject: evaluationSubject,
  /** Id of a set; null for `tasks`. */
  preset: z.string().nullable(),
  /** Of one's own, as `name@shots+chat` separated by commas, for lm-eval. */
  tasks: z.string().max(10_000).default(''),
  /** Copies of the model in one job, one a GPU. */
  gpus: z.number().int().min(1).max(64).default(1),
  /** Jobs that share the tasks; 1 for no array. */
  members: z.number().int().min(1).max(64).default(1),
  batch: z.number().int().min(1).max(4096).default(16),
  /** Questions of each task, for a trial. */
  limit: z.number().int().min(1).nullable().default(null),
  /** Of each job; null for the recipe's own. */
  walltime: batchResourcesGiven.shape.walltime.default(null),
  /** Where a checkpoint of Nanotron has to be converted first: the checkout and the tokenizer there. Null for those of its run. */
  checkout: z.string().max(4096).nullable().default(null),
  tokenizer: z.string().max(4096).nullable().default(null),
});
export type EvaluationRequest = z.infer<typeof evaluationRequest>;

export const taskCost = z.object({
  name: z.string(),
  questions: z.number(),
  passes: z.number(),
  readTokens: z.number(),
  writtenTokens: z.number(),
  /** On one GPU, with its start. */
  seconds: z.number(),
  counted: z.boolean(),
});

export const evaluationEstimate = z.object({
  tasks: z.array(taskCost),
  /** Tasks whose size is not known; they are not counted. */
  unknown: z.array(z.string()),
  passes: z.number(),
  readTokens: z.number(),
  writtenTokens: z.number(),
  /** Null where it cannot be said, and `low` and `high` with it. */
  gpuHours: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  wallSeconds: z.number().nullable(),
  /** Earlier evaluations of the same tasks that mended it. */
  calibratedBy: z.number(),
  assumptions: z.array(z.string()),
});
export type EvaluationCost = z.infer<typeof evaluationEstimate>;

export const evaluationPlan = z.object({
  target: z.string(),
  isConnected: z.boolean(),
  /** False on a workstation: arrays need a scheduler. */
  canShare: z.boolean(),
  recipe: z.string(),
  /** Of the job. */
  name: z.string(),
  /** What is evaluated there, after a conversion where one is needed. */
  model: z.string(),
  /** Of the model. */
  parameters: z.number().nullable(),
  conversion: z
    .object({
      /** `wanted` runs before it; `running` and `done` are there already. */
      state: z.enum(['wanted', 'running', 'done']),
      checkout: z.string(),
      tokenizer: z.string().nullable(),
      output: z.string(),
    })
    .nullable(),
  /** Evaluations of the same checkpoint with the same tasks, newest first. */
  earlier: z.array(z.object({ id: runId, name: z.string(), state: run.shape.state, createdMs: z.number() })),
  estimate: evaluationEstimate,
});
export type EvaluationPlan = z.infer<typeof evaluationPlan>;

/** For one run; checkpoints/<run>/evaluation-rule.json. */
export const evaluationRule = z.object({
  format: z.literal(1).default(1),
  /** Ids of sets. */
  presets: z.array(z.string()).min(1).max(20),
  /** Steps that are multiples of this… */
  every: z.number().int().min(1),
  /** …and no smaller than this. */
  from: z.number().int().nonnegative(),
  gpus: z.number().int().min(1).max(64).default(1),
  members: z.number().int().min(1).max(64).default(1),
  batch: z.number().int().min(1).max(4096).default(16),
  walltime: batchResourcesGiven.shape.walltime.default(null),
  paused: z.boolean().default(false),
});
export type EvaluationRule = z.infer<typeof evaluationRule>;

export const evaluationRuleState = z.object({
  runId: z.string(),
  rule: evaluationRule,
  /** What it has launched, the newest first. */
  launched: z.array(z.object({ step: z.number(), preset: z.string(), job: z.string() })),
  /** What it could not, and when it is tried again. */
  failures: z.array(
    z.object({
      step: z.number(),
      preset: z.string(),
      message: z.string(),
      times: z.number(),
      retryMs: z.number(),
    }),
  ),
});
export type EvaluationRuleState = z.infer<typeof evaluationRuleState>;

export const evaluationJobsContract = {
  presets: procedure.output(z.object({ presets: z.array(evaluationPreset) })),
  /**
   * What a launch would do and cost; submits nothing. NOT_FOUND for a checkpoint that is not there, INVALID_INPUT for one on this
   * computer, for tasks that cannot be read and for a set that is not known.
   */
  plan: procedure.input(evaluationRequest).output(evaluationPlan),
  /**
   * The evaluation, and the conversion before it where one is needed. Asked for once: where `again` is false, an evaluation of the same
   * checkpoint with the same tasks is answered instead of a second one.
   */
  launch: procedure
    .input(evaluationRequest.extend({ again: z.boolean().default(false) }))
    .output(z.object({ job: run, conversion: run.nullable(), wasThere: z.boolean() })),
  rules: procedure.output(z.array(evaluationRuleState)),
  /** Null takes the rule away. */
  saveRule: procedure.input(z.object({ id: runId, rule: evaluationRule.nullable() })).output(z.object({})),
};
