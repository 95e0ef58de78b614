// A report of a run as blocks, before it is a page or Markdown: texts are plain, whoever writes them out escapes them. The same shape
// is kept in report.json, so that the studio shows what was written and not what would be written now.
import { z } from 'zod';

/** One column of a drawn curve: x, the least, the greatest and the last value of its points. */
export const curveColumn = z.tuple([z.number(), z.number(), z.number(), z.number()]);
export type CurveColumn = z.infer<typeof curveColumn>;

export const reportChart = z.object({
  kind: z.literal('chart'),
  title: z.string(),
  /** Name of the column in the log. */
  tag: z.string(),
  columns: z.array(curveColumn),
  /** Points the curve stands for, and how many of them were no numbers. */
  points: z.number(),
  notFinite: z.number(),
  /** In words, for whoever does not see it. */
  summary: z.string(),
  /** A few of its points as they were logged: step, value. */
  rows: z.array(z.tuple([z.number(), z.number()])),
});
export type ReportChart = z.infer<typeof reportChart>;

export const reportBlock = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string() }),
  z.object({ kind: z.literal('facts'), rows: z.array(z.tuple([z.string(), z.string()])) }),
  z.object({
    kind: z.literal('table'),
    caption: z.string(),
    head: z.array(z.object({ text: z.string(), isNumber: z.boolean() })),
    rows: z.array(z.array(z.string())),
  }),
  /** `what`: the heading; a long one is folded on a page. */
  z.object({ kind: z.literal('code'), what: z.string(), language: z.string(), text: z.string() }),
  z.object({ kind: z.literal('answer'), title: z.string(), prompt: z.string(), text: z.string() }),
  reportChart,
]);
export type ReportBlock = z.infer<typeof reportBlock>;

export const reportSection = z.object({
  id: z.string().regex(/^[a-z-]+$/),
  title: z.string(),
  blocks: z.array(reportBlock),
});
export type ReportSection = z.infer<typeof reportSection>;

export const reportDocument = z.object({
  title: z.string(),
  /** What the report is of, and when it was written. */
  subtitle: z.string(),
  sections: z.array(reportSection),
});
export type ReportDocument = z.infer<typeof reportDocument>;

/** A file that was read for the report. */
export const reportSource = z.object({
  /** In the workspace. */
  path: z.string(),
  /** What was taken from it. */
  what: z.string(),
  /** How long it was; a log that grew since is the same up to here. */
  bytes: z.number(),
  /** Of these bytes. */
  sha256: z.string(),
});
export type ReportSource = z.infer<typeof reportSource>;

/** reports/<run>/report.json */
export const reportRecord = z.object({
  format: z.literal(1),
  kind: z.literal('run-report'),
  run: z.string(),
  runName: z.string(),
  writtenMs: z.number(),
  studioVersion: z.string(),
  sources: z.array(reportSource),
  /** report.html and report.md, as they were written. */
  outputs: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string() })),
  document: reportDocument,
});
export type ReportRecord = z.infer<typeof reportRecord>;
