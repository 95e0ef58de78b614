// Contract of presets: how a model is asked, under a name, in `presets/` of the workspace; one file a model.
import { z } from 'zod';
import { presetFile } from '../lib/conversations/presets.ts';
import { procedure } from './procedure.ts';
import { workspacePath } from './workspace.ts';

/** `version` is the SHA-256 of the bytes on disk; saving names the version it was based on. */
export const storedPresets = z.object({ path: workspacePath, version: z.string(), saved: presetFile });
export type StoredPresets = z.infer<typeof storedPresets>;

export const savePresetsResult = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('saved'), file: storedPresets }),
  /** Somebody else wrote the file since `baseVersion`; nothing was written. Null: theirs cannot be read. */
  z.object({ kind: z.literal('conflict'), current: storedPresets.nullable() }),
]);

export const presetsContract = {
  /** Null where the model has none yet. INVALID_INPUT names what is wrong in a file that cannot be read. */
  read: procedure.input(z.object({ path: workspacePath })).output(storedPresets.nullable()),
  save: procedure
    .input(z.object({ path: workspacePath, saved: presetFile, baseVersion: z.string().nullable() }))
    .output(savePresetsResult),
};
