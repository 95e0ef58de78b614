// The loss of a run as one column, to stand over curves of its checkpoints. Follows the run while it goes on.
import { useState } from 'react';
import type { RunId } from '../../../../core/api/runs.ts';
import type { SeriesState } from '../../../../core/api/series.ts';
import { TAGS } from '../../../../core/lib/derived/known-tags.ts';
import { createColumnBuffer } from '../../../../core/lib/series/column-buffer.ts';
import { type NumberColumn, readSeriesColumns } from '../../../../core/rpc/series-columns.ts';
import { useClient } from '../../../app/session.ts';
import { useStream } from '../../../app/use-stream.ts';

export interface RunLoss {
  readonly tag: string;
  readonly column: NumberColumn;
}

/** Null while it is not known, or where the run has none. */
export function useLoss(run: RunId | null): RunLoss | null {
  const client = useClient();
  const [found, setFound] = useState<{ readonly run: RunId; readonly loss: RunLoss } | null>(null);
  useStream<RunLoss | null>({
    key: run,
    open: async (_, signal) => follow(signal),
    onItem: (loss) => {
      if (run !== null && loss !== null) setFound({ run, loss });
    },
  });
  return found !== null && found.run === run ? found.loss : null;

  async function* follow(signal: AbortSignal): AsyncGenerator<RunLoss | null, void> {
    if (run === null) return;
    const source = { kind: 'run' as const, id: run };
    const column = createColumnBuffer();
    let known = { tag: '', generation: Number.NaN };
    for await (const state of await client.series.watch({ source }, { signal })) {
      const tag = lossTag(state);
      if (tag === null) continue;
      if (known.tag !== tag || known.generation !== state.generation) column.clear();
      known = { tag, generation: state.generation };
      // Only what is new: a curve that grows by a point is not sent again as a whole.
      const after = { [tag]: column.length };
      const { parts, generation } = await readSeriesColumns(
        await client.series.columns({ source, tags: [tag], after }, { signal }),
      );
      const [part] = parts;
      // Replaced since: the next state says so.
      if (generation !== state.generation) continue;
      if (part && part.first === column.length) column.append(part.steps, part.values);
      yield { tag, column: column.view() };
    }
  }
}

function lossTag({ points }: SeriesState): string | null {
  return TAGS.loss.find((tag) => (points[tag] ?? 0) > 0) ?? null;
}
