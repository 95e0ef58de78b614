// Routes of presets: binds the contract to files below presets/.
import { parsePresetFile, type PresetFile, presetFileText } from '../../lib/conversations/presets.ts';
import { api } from '../base.ts';
import type { CoreContext } from '../context.ts';
import { sharedDocuments } from '../files/shared-documents.ts';
import { toStudioError } from '../system-errors.ts';

const presetFiles = sharedDocuments<PresetFile>({
  folder: 'presets',
  noun: 'list of presets',
  // Hundreds of presets with templates of their own.
  maxBytes: 4 * 1024 * 1024,
  parse: parsePresetFile,
  text: presetFileText,
});

export function presetsRoutes(context: CoreContext) {
  const root = () => context.workspace.require().path;
  return {
    procedures: {
      read: api.presets.read.handler(async ({ input }) => {
        try {
          const { path, version, saved } = await presetFiles.read(root(), input.path);
          return { path, version, saved };
        } catch (error) {
          if (toStudioError(error).code === 'NOT_FOUND') return null;
          throw error;
        }
      }),
      save: api.presets.save.handler(({ input }) => presetFiles.save(root(), input)),
    },
    dispose: async () => {},
  };
}
