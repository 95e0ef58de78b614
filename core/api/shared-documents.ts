// Contract of small JSON files of one kind below a folder of the workspace, which people share through git: what all kinds have.
import { z } from 'zod';
import { procedure } from './procedure.ts';
import { workspacePath } from './workspace.ts';

export interface DocumentFile<Saved> {
  readonly path: string;
  /** SHA-256 of the bytes on disk; saving names the version it was based on. */
  readonly version: string;
  readonly modifiedMs: number;
  readonly saved: Saved;
}

export interface ListedDocument<Saved> {
  readonly path: string;
  readonly modifiedMs: number;
  /** Null: the file cannot be read as one of its kind, and `problem` says why. */
  readonly file: DocumentFile<Saved> | null;
  readonly problem: string | null;
}

export interface SaveDocumentRequest<Saved> {
  readonly path: string;
  readonly saved: Saved;
  /** Null: the file must not exist yet. */
  readonly baseVersion: string | null;
}

export type SaveDocumentResult<Saved> =
  | { readonly kind: 'saved'; readonly file: DocumentFile<Saved> }
  /** Somebody else wrote the file since `baseVersion`; nothing was written. Null: theirs cannot be read. */
  | { readonly kind: 'conflict'; readonly current: DocumentFile<Saved> | null };

/** Schemas and procedures of the kind whose files say what `saved` says. */
export function sharedDocument<Saved extends z.ZodType>(saved: Saved) {
  const file = z.object({ path: workspacePath, version: z.string(), modifiedMs: z.number(), saved });
  return {
    listed: z.object({
      path: workspacePath,
      modifiedMs: z.number(),
      file: file.nullable(),
      problem: z.string().nullable(),
    }),
    procedures: {
      /** Write aside, fsync, rename. */
      save: procedure
        .input(z.object({ path: workspacePath, saved, baseVersion: z.string().nullable() }))
        .output(
          z.discriminatedUnion('kind', [
            z.object({ kind: z.literal('saved'), file }),
            z.object({ kind: z.literal('conflict'), current: file.nullable() }),
          ]),
        ),
      rename: procedure.input(z.object({ from: workspacePath, to: workspacePath })).output(z.object({})),
      /** Moves the file to .studio/trash so that it can be restored. */
      remove: procedure
        .input(z.object({ path: workspacePath }))
        .output(z.object({ restoreToken: z.string() })),
      restore: procedure
        .input(z.object({ restoreToken: z.string() }))
        .output(z.object({ path: workspacePath })),
    },
  };
}
