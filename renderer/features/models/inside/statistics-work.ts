// Every value of a model read once: by tensor, as they come. Kept until the file changes or a person asks again.
import type { StudioClient } from '../../../../core/api/contract.ts';
import type { TensorStatistics } from '../../../../core/api/weights.ts';
import { createWorkStore } from '../work-store.ts';

export interface ReadStatistics {
  readonly byName: ReadonlyMap<string, TensorStatistics>;
  /** Tensors of types whose values are not known here. */
  readonly unread: readonly string[];
}

export const statisticsWork = createWorkStore<ReadStatistics>();

export function readStatistics(client: StudioClient, path: string): void {
  statisticsWork.start(path, async ({ signal, onProgress }) => {
    const byName = new Map<string, TensorStatistics>();
    for await (const event of await client.weights.statistics({ path }, { signal })) {
      if (event.kind === 'done') return { byName, unread: event.unread };
      for (const tensor of event.tensors) byName.set(tensor.name, tensor);
      onProgress(event.share, { byName: new Map(byName), unread: [] });
    }
    throw new Error('The values ended before all were read');
  });
}

/** What is known so far; null when nothing was read. */
export function useReadStatistics(path: string): ReadStatistics | null {
  const work = statisticsWork.use(path);
  if (work?.kind === 'done') return work.result;
  return work?.kind === 'working' ? work.partial : null;
}
