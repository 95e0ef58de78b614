// Contract of the judge bench: people's scores against judges and heads, the published values, the documents behind a cell, and
// reports as files of the workspace.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { documentChoice } from '../lib/judge-bench/document-choice.ts';
import { benchReport } from '../lib/judge-bench/bench-report.ts';
import { referenceFigure } from '../lib/judge-bench/reference.ts';
import { procedure } from './procedure.ts';
import { workspacePath } from './workspace.ts';

/** JQL compared twelve judges; more than this is no table a person reads. */
export const MAX_PREDICTION_FILES = 64;
const MAX_RESAMPLES = 10_000;
const MAX_REPORT_FILES = 200;
/** One figure; a matrix of 40 × 40 cells is about 0.3 MB. */
const MAX_REPORT_CHARACTERS = 8_000_000;

export const benchTruth = z.discriminatedUnion('kind', [
  /** `column`: where the score stands; null looks for it. */
  z.object({ kind: z.literal('file'), path: workspacePath, column: z.string().min(1).max(500).nullable() }),
  z.object({ kind: z.literal('campaign'), name: z.string().min(1).max(200) }),
]);

export const benchRequest = z.object({
  truth: benchTruth,
  /** Files with scores, or folders of judgements. The file of the truth may be among them. */
  predictions: z.array(workspacePath).min(1).max(MAX_PREDICTION_FILES),
  resamples: z.number().int().min(0).max(MAX_RESAMPLES).default(1000),
  seed: z.number().int().min(0).max(4_294_967_295).default(1),
});
export type BenchRequest = z.infer<typeof benchRequest>;

export const benchEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), doneRows: z.number(), totalRows: z.number() }),
  z.object({ kind: z.literal('result'), result: benchReport }),
]);
export type BenchEvent = z.infer<typeof benchEvent>;

/** What can be compared here: candidates by name alone, no file was opened. */
export const benchInputs = z.object({
  files: z.array(z.object({ path: z.string(), sizeBytes: z.number() })),
  judgements: z.array(z.object({ path: z.string() })),
  campaigns: z.array(z.string()),
});

export const benchDisagreement = z.object({
  id: z.string(),
  /** Of the truth's file; null for a campaign without one. */
  row: z.number().nullable(),
  language: z.string(),
  truth: z.number(),
  /** Null: no valid score, or no source was named. */
  prediction: z.number().nullable(),
  /** The first characters; null where there is no text column. */
  text: z.string().nullable(),
});
export type BenchDisagreement = z.infer<typeof benchDisagreement>;

export const judgeBenchContract = {
  inputs: procedure.output(benchInputs),
  references: procedure.output(z.array(referenceFigure)),
  run: procedure.input(benchRequest).output(eventIterator(benchEvent)),
  /** The documents behind a cell, a bar or a point: those on which people and the source differ most first. */
  disagreements: procedure
    .input(
      benchRequest.pick({ truth: true, predictions: true }).extend({
        /** Null: people alone. */
        row: z.string().min(1).max(500).nullable(),
        /** Null: all. */
        language: z.string().max(200).nullable(),
        only: documentChoice.nullable().default(null),
        limit: z.number().int().min(1).max(100),
      }),
    )
    .output(
      z.object({
        /** The file the rows belong to. */
        path: z.string().nullable(),
        /** That there are; `documents` are the first of them. */
        total: z.number(),
        documents: z.array(benchDisagreement),
      }),
    ),
  /** Writes `reports/<name>/`; what is there under the same names is replaced. */
  saveReport: procedure
    .input(
      z.object({
        name: z.string().min(1).max(100),
        files: z
          .array(
            z.object({
              name: z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,120}\.(svg|csv|md)$/u),
              text: z.string().max(MAX_REPORT_CHARACTERS),
            }),
          )
          .min(1)
          .max(MAX_REPORT_FILES),
      }),
    )
    .output(z.object({ folder: z.string(), files: z.number() })),
};
