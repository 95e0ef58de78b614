// A quality lab of its own for one command: it opens files anywhere on disk and needs no workspace.
import { createQualityLab, type QualityLab } from '../core/services/quality/lab.ts';
import { startTokenWorkers } from '../core/services/tokenizers/routes.ts';
import type { TokenWorkers } from '../core/services/tokenizers/token-workers.ts';
import type { CommandContext } from './command.ts';

/** The lab's data process, ended with `await using`. */
export type OpenLab = QualityLab & AsyncDisposable & { readonly workers: TokenWorkers };

export function openLab(context: CommandContext): OpenLab {
  const { appFolder, stateFolder } = context;
  const tokenWorkers = startTokenWorkers(appFolder);
  const lab = createQualityLab({ appFolder, stateFolder, workspace: () => null, tokenWorkers });
  return {
    ...lab,
    workers: tokenWorkers,
    [Symbol.asyncDispose]: async () => {
      // What was read is not read again by the next command.
      await lab.corpora.settle();
      await lab.engine.dispose();
      await tokenWorkers.dispose();
    },
  };
}
