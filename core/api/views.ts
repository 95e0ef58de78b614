// Contract of saved views: views of datasets as small files in `views/` of the workspace.
import { z } from 'zod';
import { savedView } from '../lib/datasets/saved-view.ts';
import { procedure } from './procedure.ts';
import { workspacePath } from './workspace.ts';

/** `version` is the SHA-256 of the bytes on disk; saving names the version it was based on. */
export const viewFile = z.object({
  path: workspacePath,
  version: z.string(),
  modifiedMs: z.number(),
  saved: savedView,
});
export type ViewFile = z.infer<typeof viewFile>;

export const listedView = z.object({
  path: workspacePath,
  modifiedMs: z.number(),
  /** Null: the file cannot be read as a view, and `problem` says why. */
  file: viewFile.nullable(),
  problem: z.string().nullable(),
  /** False when the dataset is not in the workspace any more. */
  hasDataset: z.boolean(),
});
export type ListedView = z.infer<typeof listedView>;

export const saveViewResult = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('saved'), file: viewFile }),
  /** Somebody else wrote the file since `baseVersion`; nothing was written. Null: theirs cannot be read. */
  z.object({ kind: z.literal('conflict'), current: viewFile.nullable() }),
]);
export type SaveViewResult = z.infer<typeof saveViewResult>;

export const viewsContract = {
  /** By path. */
  list: procedure.output(z.array(listedView)),
  /** Write aside, fsync, rename. `baseVersion: null` means: the file must not exist yet. */
  save: procedure
    .input(z.object({ path: workspacePath, saved: savedView, baseVersion: z.string().nullable() }))
    .output(saveViewResult),
  rename: procedure.input(z.object({ from: workspacePath, to: workspacePath })).output(z.object({})),
  /** Moves the file to .studio/trash so that it can be restored. */
  remove: procedure.input(z.object({ path: workspacePath })).output(z.object({ restoreToken: z.string() })),
  restore: procedure.input(z.object({ restoreToken: z.string() })).output(z.object({ path: workspacePath })),
};
