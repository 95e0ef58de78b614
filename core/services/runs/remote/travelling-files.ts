// What travels with a run to its target: configs and other small files that its parameters name, the recipe's programs, the sink.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { StudioError } from '../../../api/errors.ts';
import type { ParameterValues } from '../../../lib/recipes/command-line.ts';
import type { RecipeFile } from '../../../lib/recipes/recipe-file.ts';
import type { RunRecord } from '../../../lib/runs/run-files.ts';
import { SINK_FOLDER } from '../../../lib/slurm/batch-script.ts';
import { resolveInside } from '../../files/resolve-inside.ts';
import { PROGRAMS, readPrograms, readSink } from '../programs.ts';
import type { Upload } from './upload-files.ts';

/** Files that a run takes along lie here, below its folder on the target. */
export const INPUTS = 'inputs';

/** What lies beside job.sh: configs and other small files that the parameters name, the recipe's programs, the sink. */
export async function filesOf(
  places: { readonly root: string; readonly appFolder: string },
  recipe: RecipeFile,
  parameters: ParameterValues,
  /** As the run has it; its file may have changed since. */
  config: RunRecord['config'],
): Promise<readonly Upload[]> {
  const uploads: Upload[] = [];
  for (const { name, kind, label } of recipe.parameters) {
    const path = String(parameters[name] ?? '');
    if (kind !== 'file' || path === '') continue;
    if (config !== null && name === recipe.config && config.path === path) {
      uploads.push({ name: `${INPUTS}/${basename(path)}`, bytes: new TextEncoder().encode(config.text) });
      continue;
    }
    const bytes = await readFile(await resolveInside(places.root, path)).catch(() => null);
    if (bytes === null) {
      throw new StudioError('INVALID_INPUT', `${label}: ${path} is not a file of this workspace`, {
        hint: 'Choose a file that is there',
        path,
      });
    }
    uploads.push({ name: `${INPUTS}/${basename(path)}`, bytes });
  }
  for (const { name, bytes } of await readPrograms(places.appFolder, places.root, recipe))
    uploads.push({ name: `${PROGRAMS}/${name}`, bytes });
  if (recipe.exactMetrics) {
    for (const { name, bytes } of await readSink(places.appFolder))
      uploads.push({ name: `${SINK_FOLDER}/${name}`, bytes });
  }
  const names = new Set<string>();
  for (const { name } of uploads) {
    if (names.has(name)) {
      throw new StudioError('INVALID_INPUT', `Two files of this run are called ${basename(name)}`, {
        hint: 'Rename one of them: they travel into one folder',
      });
    }
    names.add(name);
  }
  return uploads;
}
