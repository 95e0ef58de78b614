// Routes of weights: binds the contract to the weights child.
import { basename } from 'node:path';
import type { StatisticsEvent, TensorStatistics } from '../../api/weights.ts';
import { api } from '../base.ts';
import type { CoreContext } from '../context.ts';
import { askWeights, type WeightsOptions } from '../conversion/weights-child.ts';
import { resolveInside, toWorkspacePath } from '../files/resolve-inside.ts';
import { spawnChild } from '../native/spawn-child.ts';
import { listWeights } from './list-weights.ts';

export function weightsRoutes(context: CoreContext) {
  const root = () => context.workspace.require().path;
  const inside = (path: string) => resolveInside(root(), path);
  const options = (signal: AbortSignal | undefined): WeightsOptions => ({
    spawn: () => spawnChild(context.options.appFolder, 'native-weights'),
    signal,
  });
  return {
    procedures: {
      list: api.weights.list.handler(({ signal }) => listWeights(root(), signal)),
      inspect: api.weights.inspect.handler(async ({ input, signal }) => {
        const message = { kind: 'inspect', path: await inside(input.path) } as const;
        const { result } = await askWeights(message, options(signal));
        return { ...result, path: toWorkspacePath(await inside('.'), result.path) };
      }),
      vocabulary: api.weights.vocabulary.handler(async ({ input, signal }) => {
        const message = { kind: 'vocabulary', path: await inside(input.path) } as const;
        const { texts, kinds, scores } = (await askWeights(message, options(signal))).result;
        return { texts, kinds, scores: scores === null ? null : new Blob([new Float64Array(scores)]) };
      }),
      tokenizer: api.weights.tokenizer.handler(async ({ input, signal }) => {
        const message = { kind: 'tokenizer', path: await inside(input.path) } as const;
        return (await askWeights(message, options(signal))).result;
      }),
      statistics: api.weights.statistics.handler(async ({ input, signal }) => {
        const path = await inside(input.path);
        return readStatistics(path, context, options(signal));
      }),
    },
    dispose: async () => {},
  };
}

/** Tensors whenever the reader is ready for more. */
async function* readStatistics(
  path: string,
  context: CoreContext,
  options: WeightsOptions,
): AsyncGenerator<StatisticsEvent, void> {
  const leaving = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, leaving.signal]) : leaving.signal;
  const state: { tensors: TensorStatistics[]; share: number; wake: () => void } = {
    tensors: [],
    share: 0,
    wake: () => undefined,
  };
  const work = context.activities.run(
    { title: `Reading the weights of ${basename(path)}`, unit: 'percent', signal },
    (running) =>
      askWeights(
        { kind: 'statistics', path },
        {
          ...options,
          signal: running.signal,
          onTensors(tensors, share) {
            running.progress(Math.round(share * 100), 100);
            state.tensors.push(...tensors);
            state.share = share;
            state.wake();
          },
        },
      ),
  );
  // The failure is thrown by the await below; this only keeps it from counting as unhandled meanwhile.
  work.catch(() => undefined);
  try {
    for (;;) {
      const changed = new Promise<null>((resolve) => {
        state.wake = () => resolve(null);
      });
      const done = state.tensors.length > 0 ? null : await Promise.race([work, changed]);
      const { tensors } = state;
      state.tensors = [];
      if (tensors.length > 0) yield { kind: 'tensors', share: state.share, tensors };
      if (done !== null && state.tensors.length === 0) {
        yield { kind: 'done', unread: done.result.unread };
        return;
      }
    }
  } finally {
    leaving.abort();
  }
}
