// Routes of conversion: binds the contract to the services of this folder.
import { basename } from 'node:path';
import { api, typedStream } from '../base.ts';
import type { CoreContext } from '../context.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { spawnChild } from '../native/spawn-child.ts';
import { progressEvents } from '../progress-events.ts';
import { runConversion } from './run-conversion.ts';

export function conversionRoutes(context: CoreContext) {
  const { appFolder } = context.options;
  const root = () => context.workspace.require().path;
  return {
    procedures: {
      convert: api.conversion.convert.handler(async ({ input, signal }) => {
        const source = await resolveInside(root(), input.source);
        const output = await resolveInside(root(), input.output);
        const tokenizer = input.tokenizer === null ? null : await resolveInside(root(), input.tokenizer);
        const start = (onProgress: (progress: { readonly share: number }) => void) =>
          context.activities.run(
            { title: `Converting ${basename(source)}`, unit: 'percent', signal },
            (activity) =>
              runConversion(
                { ...input, source, output, tokenizer },
                {
                  spawn: () => spawnChild(appFolder, 'native-convert'),
                  signal: activity.signal,
                  onProgress: (share) => {
                    activity.progress(Math.round(share * 100), 100);
                    onProgress({ share });
                  },
                },
              ),
          );
        return typedStream(progressEvents(start));
      }),
    },
    dispose: async () => {},
  };
}
