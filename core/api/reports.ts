// Contract of reports: a run on one page with the hashes of everything it was drawn from, and whether that is still so.
import { z } from 'zod';
import { reportDocument, reportSource } from '../lib/reports/document.ts';
import { cardFields } from './conversion.ts';
import { procedure } from './procedure.ts';
import { runId } from './runs.ts';
import { workspacePath } from './workspace.ts';

export const reportEntry = z.object({
  run: runId,
  runName: z.string(),
  writtenMs: z.number(),
  /** Folder of report.html, report.md and report.json. */
  folder: workspacePath,
  /** Why report.json cannot be read; the other values are then what the folder says. */
  problem: z.string().nullable(),
});
export type ReportEntry = z.infer<typeof reportEntry>;

/** `grown`: a log that is the same up to what was read. */
export const sourceState = z.enum(['same', 'grown', 'changed', 'missing']);
export type SourceState = z.infer<typeof sourceState>;

export const reportVerification = z.object({
  run: runId,
  /** Of all sources and outputs: whether none is changed or missing. */
  isSame: z.boolean(),
  sources: z.array(reportSource.extend({ state: sourceState, nowBytes: z.number().nullable() })),
  /** report.html and report.md themselves. */
  outputs: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string(), state: sourceState })),
});
export type ReportVerification = z.infer<typeof reportVerification>;

export const writtenReport = z.object({
  folder: workspacePath,
  html: workspacePath,
  markdown: workspacePath,
  record: workspacePath,
  sources: z.number(),
  evaluations: z.number(),
  curves: z.number(),
});
export type WrittenReport = z.infer<typeof writtenReport>;

export const reportsContract = {
  /** Newest first. */
  list: procedure.output(z.array(reportEntry)),
  /** Writes reports/<run>/, in place of an earlier report. NOT_FOUND for a run that is not there, READ_ONLY. */
  write: procedure.input(z.object({ run: runId })).output(writtenReport),
  /** As it was written. NOT_FOUND, CORRUPT_FILE. */
  read: procedure.input(z.object({ run: runId })).output(
    z.object({
      ...reportEntry.shape,
      studioVersion: z.string(),
      sources: z.number(),
      document: reportDocument,
    }),
  ),
  /** What a model card takes of the same facts: the evaluations of one step, the data. `step` null: the newest that was evaluated. */
  card: procedure
    .input(z.object({ run: runId, step: z.number().int().nonnegative().nullable().default(null) }))
    .output(
      z.object({
        step: z.number().nullable(),
        results: cardFields.shape.results.removeDefault(),
        datasets: z.array(z.string()),
      }),
    ),
  /** Hashes every file again. NOT_FOUND, CORRUPT_FILE. */
  verify: procedure.input(z.object({ run: runId })).output(reportVerification),
};
