// Scoring under way, outside React: leaving the view does not stop it. One a dataset; the result opens in the quality lab.
import { createStore } from 'zustand/vanilla';
import type { StudioClient } from '../../../../core/api/contract.ts';
import type { EmbedderRef } from '../../../../core/api/embedders.ts';
import type { ScoreEvent } from '../../../../core/api/scoring.ts';
import { folderColumnLines } from '../../../../core/lib/quality/recognise-columns.ts';
import { isAbort } from '../../../app/describe-error.ts';
import { notify, notifyError } from '../../../app/notifications.ts';
import { currentRoute, href, navigate } from '../../../app/route.ts';
import { fileName, formatCount } from '../../../ui/format.ts';

export interface ScoreOrder {
  readonly path: string;
  readonly heads: readonly { readonly name: string; readonly path: string }[];
  readonly embedder: EmbedderRef;
  readonly textColumn: string | null;
  readonly output: string;
  readonly overwrite: boolean;
}

/** Share that is done, by the dataset's path; null before the first document. */
export const scoringStore = createStore<{ readonly running: Readonly<Record<string, number | null>> }>(
  () => ({
    running: {},
  }),
);

/** Resolves when the first event has come: until then a refusal (the file exists, a head does not fit) is the caller's to show. */
export async function startScoring(
  client: StudioClient,
  order: ScoreOrder,
  signal: AbortSignal,
): Promise<void> {
  const { path, heads } = order;
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  signal.addEventListener('abort', stop, { once: true });
  const events = await client.scoring.score({ ...order, heads: [...heads] }, { signal: controller.signal });
  const iterator = events[Symbol.asyncIterator]();
  const first = await iterator.next();
  // From here on it goes on without the dialog; the activity panel stops it.
  signal.removeEventListener('abort', stop);
  void finish(order, iterator, first);
  scoringStore.setState(({ running }) => ({ running: { ...running, [path]: null } }));
}

async function finish(
  { path, output }: ScoreOrder,
  iterator: AsyncIterator<ScoreEvent>,
  first: IteratorResult<ScoreEvent>,
): Promise<void> {
  try {
    for (let step = first; !step.done; step = await iterator.next()) {
      const event = step.value;
      if (event.kind === 'done') sayDone(path, event);
      else {
        const share = event.totalRows === 0 ? null : event.doneRows / event.totalRows;
        scoringStore.setState(({ running }) => ({ running: { ...running, [path]: share } }));
      }
    }
  } catch (error) {
    if (isAbort(error)) {
      notify({
        severity: 'info',
        title: `Scoring into ${fileName(output)} was stopped`,
        detail: 'What a model has embedded is kept: scoring again goes on from there',
      });
    } else notifyError(error);
  } finally {
    scoringStore.setState(({ running }) => ({
      running: Object.fromEntries(Object.entries(running).filter(([name]) => name !== path)),
    }));
  }
}

function sayDone(path: string, event: Extract<ScoreEvent, { kind: 'done' }>): void {
  const { output, scoredDocuments, documents, documentsPerMinute, embedder, warnings } = event;
  const lab = href('data', output, { view: 'quality' });
  const route = currentRoute();
  const isWaiting = route?.view === 'data' && route.argument === path;
  notify({
    severity: warnings.length > 0 ? 'warning' : 'good',
    title: `${formatCount(scoredDocuments)} of ${formatCount(documents)} documents scored`,
    detail: [
      `${output} · ${embedder.id} ${embedder.variant} · ${formatCount(documentsPerMinute)} documents/minute`,
      ...folderColumnLines(event.folderColumns),
      ...warnings,
    ].join('\n'),
    action: { label: 'Open in the quality lab', perform: () => navigate(lab) },
  });
  // Who went elsewhere meanwhile is not taken away from there.
  if (isWaiting) navigate(lab);
}
