// The sets of tasks that can be evaluated with on a target: those beside the recipe, which a workspace's own copy of it replaces.
import { join } from 'node:path';
import { StudioError } from '../../../api/errors.ts';
import { type PresetFile, presetFile } from '../../../lib/evaluations/jobs/presets.ts';
import { readTextFile } from '../../files/read-text.ts';

/** A set is a line; a file of this size holds thousands. */
const MAX_BYTES = 1024 * 1024;
const PLACE = ['recipes', 'evaluate-lm-eval', 'presets.json'] as const;

/** Throws CORRUPT_FILE for one that cannot be read. */
export async function readPresets(appFolder: string, root: string | null): Promise<PresetFile> {
  const shipped = join(appFolder, 'resources', ...PLACE);
  const paths = root === null ? [shipped] : [join(root, ...PLACE), shipped];
  for (const path of paths) {
    const text = await readTextFile(path, MAX_BYTES).catch((error: unknown) => {
      if (path !== shipped && error instanceof Error && 'code' in error && error.code === 'ENOENT')
        return null;
      throw error;
    });
    if (text === null) continue;
    try {
      return presetFile.parse(JSON.parse(text.text));
    } catch (cause) {
      throw new StudioError('CORRUPT_FILE', 'presets.json holds no sets of tasks', {
        hint: 'Mend it, or remove it so that the shipped one is used',
        path,
        cause,
      });
    }
  }
  return { presets: [], tasks: {} };
}
