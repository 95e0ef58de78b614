// Contract of embedders: what turns texts into vectors, where models are and what they are, and sets of vectors to train heads from.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { procedure } from './procedure.ts';
import { workspacePath } from './workspace.ts';

/** `builtin`: hashed n-grams, no download. */
export const embedderChoice = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('builtin'),
    /** Null: what the heads take, else 512. */
    dimensions: z.number().int().min(1).max(65_536).nullable(),
  }),
  z.object({
    kind: z.literal('model'),
    /** Its folder. */
    path: workspacePath,
    /** `fp32`, `int8`, …; null: the most exact file there is. */
    variant: z.string().max(20).nullable(),
    /** Tokens of a document that are read; null: what the model allows, 8,192 at most. */
    maxLength: z.number().int().min(3).max(8192).nullable(),
  }),
]);
export type EmbedderRef = z.infer<typeof embedderChoice>;

/** What tells vectors from those of any other embedder. */
export const embedderIdentity = z.object({
  id: z.string(),
  variant: z.string(),
  dimensions: z.number(),
  sha256: z.string().nullable(),
});

export const embedderSummary = z.object({
  path: workspacePath,
  /** owner/name where it is known, else the folder's name. */
  id: z.string(),
  revision: z.string().nullable(),
  dimensions: z.number().nullable(),
  maxLength: z.number(),
  variants: z.array(z.object({ name: z.string(), sizeBytes: z.number(), quantised: z.boolean() })),
  /** Why it cannot be used; null when nothing speaks against it. */
  problem: z.string().nullable(),
});
export type EmbedderSummary = z.infer<typeof embedderSummary>;

export const embedProgress = z.object({
  kind: z.literal('progress'),
  doneRows: z.number(),
  totalRows: z.number(),
  documentsPerMinute: z.number(),
  /** 0 where none are counted. */
  tokensPerSecond: z.number(),
  remainingMs: z.number().nullable(),
});

export const embeddedSet = z.object({
  output: workspacePath,
  documents: z.number(),
  leftOut: z.number(),
  distinctDocuments: z.number(),
  languages: z.array(z.string()),
  columns: z.object({
    text: z.string(),
    label: z.string(),
    id: z.string().nullable(),
    language: z.string().nullable(),
  }),
  embedder: embedderIdentity,
  sizeBytes: z.number(),
  durationMs: z.number(),
  warnings: z.array(z.string()),
});

export const embedSetEvent = z.discriminatedUnion('kind', [
  embedProgress,
  embeddedSet.extend({ kind: z.literal('done') }),
]);
export type EmbedSetEvent = z.infer<typeof embedSetEvent>;

export const pulledEmbedder = z.object({
  /** Its folder. */
  path: workspacePath,
  id: z.string(),
  /** Commit. */
  revision: z.string(),
  variant: z.string(),
  files: z.array(z.object({ path: z.string(), sizeBytes: z.number() })),
  /** What had to be fetched this time. */
  downloadedBytes: z.number(),
});

export const pullEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), doneBytes: z.number(), totalBytes: z.number() }),
  pulledEmbedder.extend({ kind: z.literal('done') }),
]);
export type PullEvent = z.infer<typeof pullEvent>;

const columnName = z.string().min(1).max(500);

export const embeddersContract = {
  /** Folders of the workspace that hold an ONNX model and a tokenizer. */
  list: procedure.output(z.array(embedderSummary)),
  /** Labelled documents as vectors, to train a head from. */
  embedSet: procedure
    .input(
      z.object({
        path: workspacePath,
        embedder: embedderChoice,
        labelColumn: columnName,
        textColumn: columnName.nullable(),
        idColumn: columnName.nullable(),
        languageColumn: columnName.nullable(),
        output: workspacePath,
        overwrite: z.boolean(),
      }),
    )
    .output(eventIterator(embedSetEvent)),
  /** Downloads a model into `models/`; goes on where an earlier download stopped. */
  pull: procedure
    .input(
      z.object({
        /** owner/name on the hub. */
        id: z.string().max(200),
        /** Branch, tag or commit; null: main. */
        revision: z.string().max(100).nullable(),
        /** Null: the most exact there is. */
        variant: z.string().max(20).nullable(),
        /** Null: HF_TOKEN, or the file that `hf auth login` writes. Never kept by core. */
        token: z.string().max(500).nullable(),
      }),
    )
    .output(eventIterator(pullEvent)),
};
