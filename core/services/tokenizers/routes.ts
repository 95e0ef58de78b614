// Routes of tokenizers: binds the contract to the services of this folder.
import { join } from 'node:path';
import { packTokens } from '../../rpc/token-columns.ts';
import { api } from '../base.ts';
import type { CoreContext } from '../context.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { spawnChild } from '../native/spawn-child.ts';
import { createTokenizerList } from './list-tokenizers.ts';
import { createTokenWorkers, type TokenWorkers } from './token-workers.ts';

/** Token children from the built bundles; for the command line too. End them with `dispose`. */
export function startTokenWorkers(appFolder: string): TokenWorkers {
  return createTokenWorkers({ spawn: () => spawnChild(appFolder, 'native-tokens') });
}

export function tokenizersRoutes(context: CoreContext) {
  const workers = startTokenWorkers(context.options.appFolder);
  const tokenizers = createTokenizerList(workers);
  const root = () => context.workspace.require().path;
  return {
    procedures: {
      list: api.tokenizers.list.handler(({ signal }) => tokenizers.list(root(), signal)),
      encode: api.tokenizers.encode.handler(async ({ input, signal }) => {
        const path = await resolveInside(root(), input.tokenizer);
        const { text, special } = input;
        const encoded = await workers.ask({ kind: 'encode', path, text, special }, { signal, urgent: true });
        return { tokens: encoded.ids.length, exact: encoded.exact, data: packTokens(encoded) };
      }),
      tokens: api.tokenizers.tokens.handler(async ({ input, signal }) => {
        const path = await resolveInside(root(), input.tokenizer);
        const ids = Uint32Array.from(input.ids);
        const { tokens } = await workers.ask({ kind: 'tokens', path, ids }, { signal, urgent: true });
        return { tokens };
      }),
    },
    /** For other nouns that count tokens: `countTokens(workers, texts, path, …)`. */
    workers,
    /** Absolute; none without a workspace. */
    known: async (signal: AbortSignal | undefined): Promise<readonly string[]> => {
      const folder = context.workspace.current?.path ?? null;
      if (folder === null) return [];
      const found = await tokenizers.list(folder, signal);
      return found.filter(({ problem }) => problem === null).map(({ path }) => join(folder, path));
    },
    dispose: () => workers.dispose(),
  };
}
