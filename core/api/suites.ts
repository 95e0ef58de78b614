// Contract of prompt suites: files of prompts with checks, their answers by models and checkpoints, and the curve of the share
// that passes. A suite is called by its file's name below suites/. Answers are kept in evals/suites/.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { fileSafeName } from '../lib/annotations/campaign.ts';
import { measureKinds } from '../lib/suites/measures.ts';
import { weightTypes } from '../lib/conversion/gguf-metadata.ts';
import { suite } from '../lib/suites/suite.ts';
import { procedure } from './procedure.ts';
import { runId } from './runs.ts';
import { workspacePath } from './workspace.ts';

const MAX_SUITE_CHARACTERS = 4 * 1024 * 1024;
/** Every checkpoint of a long run. */
const MAX_MODELS = 500;

const named = z.object({ suite: fileSafeName });
const format = z.enum(['yaml', 'jsonl']);

export const suiteProblem = z.object({ message: z.string(), line: z.number().nullable() });

export const suiteEntry = z.object({
  name: fileSafeName,
  path: workspacePath,
  title: z.string(),
  language: z.string().nullable(),
  prompts: z.number(),
  samplers: z.number(),
  /** Models with answers. */
  models: z.number(),
  isRunning: z.boolean(),
  /** The first one; null when it can be run. */
  problem: z.string().nullable(),
});
export type SuiteEntry = z.infer<typeof suiteEntry>;

export const suiteFile = z.object({
  name: fileSafeName,
  path: workspacePath,
  format,
  text: z.string(),
  version: z.string(),
  /** Null while there are problems. */
  suite: suite.nullable(),
  problems: z.array(suiteProblem),
});
export type SuiteFile = z.infer<typeof suiteFile>;

const measure = z.object({ kind: z.enum(measureKinds), value: z.number(), units: z.number() });

/** A model with answers of a suite, or one that can be asked. */
export const suiteModel = z.object({
  path: workspacePath,
  name: z.string(),
  /** Where it comes from; null for models that were not born here. */
  run: z.object({ id: z.string(), step: z.number(), tokens: z.number().nullable() }).nullable(),
  /** `f16`, `q8_0`; null where the file does not say. */
  type: z.string().nullable(),
  /** False when the file is gone and only its answers are left. */
  exists: z.boolean(),
  /** Answers there are, of those the suite asks for. */
  answers: z.number(),
  passed: z.number(),
  failed: z.number(),
  measures: z.array(measure),
  /**
   * For each prompt, one letter a sampler: p passes, f fails, u has no check that can be told, `-` is not answered.
   */
  marks: z.array(z.string()),
});
export type SuiteModel = z.infer<typeof suiteModel>;

export const suiteAlert = z.object({
  kind: z.enum(measureKinds),
  /** Of the checkpoint where it shows, and the one before it. */
  path: workspacePath,
  beforePath: workspacePath,
  step: z.number(),
  before: z.number(),
  after: z.number(),
  /** 2.58 standard errors of the mean difference over the prompts that both answered. */
  noise: z.number(),
  units: z.number(),
  direction: z.enum(['worse', 'better', 'moved']),
  /** Ids of the prompts that moved furthest; of documents for bits per byte. */
  moved: z.array(z.string()),
});
export type SuiteAlert = z.infer<typeof suiteAlert>;

export const suiteTable = z.object({
  name: fileSafeName,
  title: z.string(),
  language: z.string().nullable(),
  samplers: z.array(z.string()),
  prompts: z.array(
    z.object({
      id: z.string(),
      domain: z.string().nullable(),
      language: z.string().nullable(),
      /** What is asked last, shortened. */
      words: z.string(),
      checks: z.number(),
    }),
  ),
  /** Those of a run by step, then the others. */
  models: z.array(suiteModel),
  alerts: z.array(suiteAlert),
});
export type SuiteTable = z.infer<typeof suiteTable>;

export const suiteAnswer = z.object({
  sampler: z.string(),
  text: z.string(),
  tokens: z.number(),
  promptTokens: z.number(),
  stopReason: z.string(),
  tokensPerSecond: z.number(),
  createdMs: z.number(),
  mark: z.enum(['pass', 'fail', 'unchecked']),
  checks: z.array(z.object({ words: z.string(), passed: z.boolean().nullable(), reason: z.string() })),
});
export type SuiteAnswer = z.infer<typeof suiteAnswer>;

/** How a run of a suite stands. */
export const suiteState = z.object({
  running: z
    .object({
      done: z.number(),
      /** Answers that have to be made; those that are there already count as done. */
      total: z.number(),
      /** The file, or the folder of a checkpoint that has none yet. */
      model: workspacePath,
      models: z.number(),
      modelNumber: z.number(),
      /** What is done before the model can be asked: it is pulled, converted. */
      note: z.string().nullable(),
    })
    .nullable(),
  /** Grows with every answer. */
  version: z.number(),
  /** Why the last run here ended by itself. */
  failure: z.object({ message: z.string(), hint: z.string() }).nullable(),
  /** Models the last run left out, and why. */
  skipped: z.array(z.object({ path: workspacePath, reason: z.string() })),
});
export type SuiteState = z.infer<typeof suiteState>;

/** A checkpoint of a run, for the dialog: what can be asked now, and what has to be made first. */
export const suiteCandidate = z.object({
  /** Null: it has no model on this computer yet. */
  path: workspacePath.nullable(),
  name: z.string(),
  run: z.object({ id: z.string(), step: z.number(), tokens: z.number().nullable() }).nullable(),
  type: z.string().nullable(),
  hasTemplate: z.boolean(),
  /** Answers there are already, and all that the suite asks for. */
  answers: z.number(),
  total: z.number(),
  /** A step without a model that `start` can pull and convert. */
  canBeMade: z.boolean(),
  problem: z.string().nullable(),
});
export type SuiteCandidate = z.infer<typeof suiteCandidate>;

export const suiteOfRun = z.object({
  suite: fileSafeName,
  title: z.string(),
  points: z.array(
    z.object({
      path: workspacePath,
      step: z.number(),
      type: z.string().nullable(),
      measures: z.array(measure),
    }),
  ),
  alerts: z.array(suiteAlert),
});
export type SuiteOfRun = z.infer<typeof suiteOfRun>;

export const suitesContract = {
  list: procedure.output(z.array(suiteEntry)),
  read: procedure.input(named).output(suiteFile),
  /** What would be wrong with a text; writes nothing. */
  check: procedure
    .input(z.object({ format, text: z.string().max(MAX_SUITE_CHARACTERS) }))
    .output(z.object({ suite: suite.nullable(), problems: z.array(suiteProblem) })),
  /** `basedOn`: the version that was read; null for a new file. CONFLICT when it changed since. Problems do not keep it from being saved. */
  save: procedure
    .input(
      z.object({
        ...named.shape,
        format,
        text: z.string().max(MAX_SUITE_CHARACTERS),
        basedOn: z.string().nullable(),
      }),
    )
    .output(suiteFile),
  /** Copies the shipped examples into suites/ where they are not yet. Gives their names. */
  addExamples: procedure.output(z.object({ added: z.array(fileSafeName) })),
  /** Into the trash; answers stay. */
  remove: procedure.input(named).output(z.object({ restoreToken: z.string() })),
  /** What can be asked: the checkpoints of a run, or every model of the workspace. */
  candidates: procedure
    .input(z.object({ ...named.shape, run: runId.nullable() }))
    .output(z.array(suiteCandidate)),
  /** Answers once the work has begun; it goes on in core, one model after another. What is answered already is not asked again. */
  start: procedure
    .input(
      z
        .object({
          ...named.shape,
          models: z.array(workspacePath).max(MAX_MODELS),
          /** Steps without a model here: each is pulled and converted when its turn comes, after the models. */
          checkpoints: z
            .array(z.object({ run: runId, step: z.number().int().nonnegative() }))
            .max(MAX_MODELS)
            .default([]),
          /** Of the models that are made. */
          type: z.enum(weightTypes).default('q8_0'),
        })
        .refine(
          ({ models, checkpoints }) => models.length + checkpoints.length > 0,
          'Name a model or a step',
        ),
    )
    .output(z.object({})),
  /** Answers when every answer is on the disk. */
  stop: procedure.input(named).output(z.object({})),
  /** The state now and whenever it has changed, at most a few times a second. */
  watch: procedure.input(named).output(eventIterator(suiteState)),
  table: procedure.input(named).output(suiteTable),
  /** The answers of one model to one prompt, in the order of the samplers. */
  answers: procedure
    .input(z.object({ ...named.shape, model: workspacePath, prompt: z.string() }))
    .output(z.object({ answers: z.array(suiteAnswer) })),
  /** Suites with answers by checkpoints of a run. */
  ofRun: procedure.input(z.object({ run: runId })).output(z.array(suiteOfRun)),
};
