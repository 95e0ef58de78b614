// Routes of publishing: binds the contract to the weights child, where folders are hashed and sent.
import { StudioError } from '../../api/errors.ts';
import { api } from '../base.ts';
import type { CoreContext } from '../context.ts';
import { planPublishing } from '../conversion/publish-folder.ts';
import { askWeights } from '../conversion/weights-child.ts';
import { hubEndpoint, hubToken } from '../embedders/hub-client.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { spawnChild } from '../native/spawn-child.ts';
import { progressEvents } from '../progress-events.ts';

export function publishingRoutes(context: CoreContext) {
  const inside = (path: string) => resolveInside(context.workspace.require().path, path);
  return {
    procedures: {
      plan: api.publishing.plan.handler(async ({ input }) => ({
        ...planPublishing(await inside(input.path)),
        hasToken: (await hubToken()) !== null,
      })),
      publish: api.publishing.publish.handler(async ({ input, signal }) => {
        const folder = await inside(input.path);
        const request = { ...input, folder, token: await tokenOr(input.token), endpoint: hubEndpoint() };
        const title = `Publishing ${input.repository}`;
        return progressEvents((onProgress: (progress: { readonly share: number }) => void) =>
          context.activities.run({ title, unit: 'percent', signal, outlives: true }, async (running) => {
            const { result } = await askWeights(
              { kind: 'publish', request },
              {
                spawn: () => spawnChild(context.options.appFolder, 'native-weights'),
                signal: running.signal,
                onProgress: (share) => {
                  running.progress(Math.round(share * 100), 100);
                  onProgress({ share });
                },
              },
            );
            return result;
          }),
        );
      }),
    },
    dispose: async () => {},
  };
}

/** Throws PERMISSION_DENIED when there is none at all. */
export async function tokenOr(given: string | null): Promise<string> {
  const token = given ?? (await hubToken());
  if (token !== null && token !== '') return token;
  throw new StudioError('PERMISSION_DENIED', 'Publishing needs a token of the hub', {
    hint: 'Make one with the right to write (Settings, Access Tokens), then give it here, set HF_TOKEN, or run hf auth login',
  });
}
