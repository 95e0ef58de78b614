// Routes of conversion: binds the contract to the services of this folder.
import { basename } from 'node:path';
import { api } from '../base.ts';
import { createChatEngine } from '../model-runtime/engine.ts';
import type { CoreContext } from '../context.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { spawnChild } from '../native/spawn-child.ts';
import { progressEvents } from '../progress-events.ts';
import { keepReport, readReport } from '../models/parity-file.ts';
import { verifyModel } from './verification/verify-model.ts';
import { askWeights, type WeightsOptions } from './weights-child.ts';

type Share = { readonly share: number };

export function conversionRoutes(context: CoreContext) {
  const { appFolder } = context.options;
  const inside = (path: string) => resolveInside(context.workspace.require().path, path);
  const insideOrNone = async (path: string | null) => (path === null ? null : inside(path));
  /** Runs the work as an activity that can be cancelled. */
  const activity = <T>(
    title: string,
    {
      signal,
      onProgress,
    }: { readonly signal: AbortSignal | undefined; readonly onProgress?: (share: Share) => void },
    work: (options: WeightsOptions) => Promise<T>,
  ): Promise<T> =>
    context.activities.run({ title, unit: 'percent', signal, outlives: true }, (running) =>
      work({
        spawn: () => spawnChild(appFolder, 'native-weights'),
        signal: running.signal,
        onProgress: (share) => {
          running.progress(Math.round(share * 100), 100);
          onProgress?.({ share });
        },
      }),
    );
  return {
    procedures: {
      convert: api.conversion.convert.handler(async ({ input, signal }) => {
        const request = {
          ...input,
          source: await inside(input.source),
          output: await inside(input.output),
          tokenizer: await insideOrNone(input.tokenizer),
        };
        const title = `Converting ${basename(request.source)}`;
        const start = (onProgress: (share: Share) => void) =>
          activity(title, { signal, onProgress }, async (options) => {
            const { result } = await askWeights({ kind: 'convert', request }, options);
            return result;
          });
        return progressEvents(start);
      }),
      verify: api.conversion.verify.handler(async ({ input, signal }) => {
        const source = await inside(input.source);
        const model = await inside(input.model);
        const tokenizer = await insideOrNone(input.tokenizer);
        const start = (onProgress: (share: Share) => void) =>
          activity(`Verifying ${basename(model)}`, { signal, onProgress }, async (options) => {
            // A process of its own: a chat with another model goes on meanwhile.
            const engine = createChatEngine({ appFolder, settings: () => context.settings.read() });
            try {
              const report = await verifyModel({ source, model, tokenizer }, { ...options, engine });
              await keepReport(model, { report, source: input.source });
              return report;
            } finally {
              await engine.dispose();
            }
          });
        return progressEvents(start);
      }),
      report: api.conversion.report.handler(async ({ input }) => readReport(await inside(input.model))),
      diff: api.conversion.diff.handler(async ({ input, signal }) => {
        const request = { a: await inside(input.a), b: await inside(input.b) };
        const title = `Comparing ${basename(request.a)} with ${basename(request.b)}`;
        const start = (onProgress: (share: Share) => void) =>
          activity(title, { signal, onProgress }, async (options) => {
            const { result } = await askWeights({ kind: 'diff', request }, options);
            return result;
          });
        return progressEvents(start);
      }),
    },
    dispose: async () => {},
  };
}
