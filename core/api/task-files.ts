// Shapes of files that become tasks: questions as rows, task files in lm-eval's format, what is wrong with them by line.
import { z } from 'zod';

/** A task with its data; one request carries no more than this. */
export const MAX_BROUGHT_FILES = 64;
const MAX_CHARACTERS = 16_000_000;
/** Names that a file system can hold. */
const MAX_NAME_CHARACTERS = 200;

export const broughtFiles = z.object({
  files: z
    .array(
      z.object({
        name: z.string().min(1).max(MAX_NAME_CHARACTERS),
        content: z.string().max(MAX_CHARACTERS),
        /** Parquet travels as base64. */
        encoding: z.enum(['text', 'base64']),
      }),
    )
    .min(1)
    .max(MAX_BROUGHT_FILES),
});
export type BroughtFiles = z.infer<typeof broughtFiles>;

export const fileProblem = z.object({
  file: z.string(),
  /** Line of a text, row of a table; null for the whole file. */
  line: z.number().nullable(),
  text: z.string(),
  /** Nothing of the file can be used; else what is named is left out. */
  isFatal: z.boolean(),
});
export type FileProblem = z.infer<typeof fileProblem>;

/** A task that the files make. */
export const taskOfFiles = z.object({
  name: z.string(),
  /** The file it comes from. */
  source: z.string(),
  /** `questions`: rows that get a task file of their own. */
  kind: z.enum(['questions', 'task', 'group']),
  /** In the workspace, of each file that is written. */
  paths: z.array(z.string()),
  /** Of these, what is there already. */
  there: z.array(z.string()),
  questions: z.number(),
  leftOut: z.number(),
  /** The first question as it is asked. */
  example: z.object({ prompt: z.string(), choices: z.array(z.string()), answer: z.string() }).nullable(),
});
export type TaskOfFiles = z.infer<typeof taskOfFiles>;

export const checkedFiles = z.object({
  tasks: z.array(taskOfFiles),
  problems: z.array(fileProblem),
  /** Problems that are not listed. */
  more: z.number(),
});
export type CheckedFiles = z.infer<typeof checkedFiles>;
