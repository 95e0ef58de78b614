// Opens a data file for commands that look into it, without a workspace.
import { resolve } from 'node:path';
import { datasetCacheFolder } from '../core/services/datasets/cache-folder.ts';
import { createDatasetEngine, type DatasetEngine } from '../core/services/datasets/engine.ts';
import { createDatasetLibrary } from '../core/services/datasets/library.ts';
import type { DatasetSource } from '../core/services/datasets/source.ts';
import { spawnChild } from '../core/services/native/spawn-child.ts';
import type { CommandContext } from './command.ts';

export interface OpenedFile extends AsyncDisposable {
  readonly engine: DatasetEngine;
  readonly source: DatasetSource;
}

export async function openFile(
  context: CommandContext,
  file: string,
  options: { readonly skipDamaged?: boolean },
): Promise<OpenedFile> {
  const engine = createDatasetEngine({ spawn: () => spawnChild(context.appFolder, 'native-duckdb') });
  try {
    const library = createDatasetLibrary({
      engine,
      spawnArrow: () => spawnChild(context.appFolder, 'native-arrow'),
      cacheFolder: () => datasetCacheFolder(null, context.stateFolder),
    });
    if (options.skipDamaged === true) library.skipDamaged(resolve(file));
    let noted = false;
    const source = await library.open(resolve(file), context.signal, () => {
      if (!noted) context.note('Indexing the lines once; later looks are quick');
      noted = true;
    });
    return { engine, source, [Symbol.asyncDispose]: () => engine.dispose() };
  } catch (error) {
    await engine.dispose();
    throw error;
  }
}
