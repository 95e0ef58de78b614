// The quality lab's own DuckDB process and what is open in it. A process of its own, so that a slider never waits for a reader.
import { join } from 'node:path';
import type { CoreContext } from '../context.ts';
import { datasetCacheFolder } from '../datasets/cache-folder.ts';
import { damageChoicesOf } from '../datasets/damage-choices.ts';
import { createDatasetEngine, type DatasetEngine } from '../datasets/engine.ts';
import { createDatasetLibrary, type DatasetLibrary } from '../datasets/library.ts';
import { spawnChild } from '../native/spawn-child.ts';
import { startTokenWorkers } from '../tokenizers/routes.ts';
import type { TokenWorkers } from '../tokenizers/token-workers.ts';
import { type CorpusStore, createCorpusStore } from './corpus.ts';
import { createTokenCounter, type TokenCounter } from './count-corpus-tokens.ts';

export interface QualityLab {
  readonly engine: DatasetEngine;
  readonly library: DatasetLibrary;
  readonly corpora: CorpusStore;
  readonly counter: TokenCounter;
}

/** Tables lie beside the imports of text files: `.studio/cache/quality`, or the state folder's. */
export async function qualityCacheFolder(workspace: string | null, stateFolder: string): Promise<string> {
  return join(await datasetCacheFolder(workspace, stateFolder), '..', 'quality');
}

export function createQualityLab(options: {
  readonly appFolder: string;
  readonly stateFolder: string;
  readonly workspace: () => string | null;
  /** Children that count tokens, shared with others; of its own otherwise, which end when they have nothing to do. */
  readonly tokenWorkers?: TokenWorkers | undefined;
  readonly context?: Pick<CoreContext, 'notices' | 'activities'> | undefined;
}): QualityLab {
  const { appFolder, stateFolder, workspace, context } = options;
  const engine = createDatasetEngine({
    spawn: () => spawnChild(appFolder, 'native-duckdb'),
    onDeath: (reason) =>
      context?.notices.post({
        severity: 'warning',
        title: 'The process of the quality lab ended',
        detail: `It ended with ${reason}. Nothing else was affected; the next look at scores starts it again.`,
      }),
  });
  const library = createDatasetLibrary({
    engine,
    spawnArrow: () => spawnChild(appFolder, 'native-arrow'),
    cacheFolder: () => datasetCacheFolder(workspace(), stateFolder),
    root: workspace,
    activities: context?.activities,
    damage: context === undefined ? undefined : damageChoicesOf(context),
  });
  const cacheFolder = () => qualityCacheFolder(workspace(), stateFolder);
  const workers = options.tokenWorkers ?? startTokenWorkers(appFolder);
  const counter = createTokenCounter({ engine, workers, cacheFolder });
  const corpora = createCorpusStore({
    engine,
    library,
    counter,
    cacheFolder,
    activities: context?.activities,
  });
  return { engine, library, corpora, counter };
}
