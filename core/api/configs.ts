// Contract of the config desk's files. Checking itself is pure and runs in the window too (core/lib/config).
import { z } from 'zod';
import { procedure } from './procedure.ts';
import { workspacePath } from './workspace.ts';

export const configKind = z.enum(['nanotron', 'trl-sft', 'trl-dpo', 'axolotl-sft', 'studio', 'unknown']);

export const configSummary = z.object({
  path: workspacePath,
  kind: configKind,
  errors: z.number(),
  warnings: z.number(),
  modifiedMs: z.number(),
});
export type ConfigSummary = z.infer<typeof configSummary>;

/** `version` is the SHA-256 of the bytes on disk; saving names the version it was based on. */
export const configFile = z.object({
  path: workspacePath,
  text: z.string(),
  version: z.string(),
  modifiedMs: z.number(),
  readOnly: z.boolean(),
});
export type ConfigFile = z.infer<typeof configFile>;

export const saveResult = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('saved'), version: z.string(), modifiedMs: z.number() }),
  /** Somebody else wrote the file since `baseVersion`; nothing was written. */
  z.object({ kind: z.literal('conflict'), current: configFile }),
]);
export type SaveResult = z.infer<typeof saveResult>;

export const configTemplate = z.object({
  id: z.string(),
  title: z.string(),
  kind: configKind,
  description: z.string(),
  text: z.string(),
});
export type ConfigTemplate = z.infer<typeof configTemplate>;

export const configsContract = {
  list: procedure.output(z.array(configSummary)),
  read: procedure.input(z.object({ path: workspacePath })).output(configFile),
  /** Write aside, fsync, rename. `baseVersion: null` means: the file must not exist yet. */
  save: procedure
    .input(z.object({ path: workspacePath, text: z.string(), baseVersion: z.string().nullable() }))
    .output(saveResult),
  rename: procedure.input(z.object({ from: workspacePath, to: workspacePath })).output(z.object({})),
  /** Moves the file to .studio/trash so that it can be restored. */
  remove: procedure.input(z.object({ path: workspacePath })).output(z.object({ restoreToken: z.string() })),
  restore: procedure.input(z.object({ restoreToken: z.string() })).output(z.object({ path: workspacePath })),
  templates: procedure.output(z.array(configTemplate)),
};
