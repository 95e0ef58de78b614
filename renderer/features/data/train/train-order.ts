// What happens after "Train": where vectors are needed first they are made, then the run is launched. Goes on when the dialog is
// closed and the view is left; the vectors show in the activity panel, the run among the runs.
import type { StudioClient } from '../../../../core/api/contract.ts';
import type { EmbedderRef } from '../../../../core/api/embedders.ts';
import type { Run } from '../../../../core/api/runs.ts';
import { isAbort } from '../../../app/describe-error.ts';
import { notify, notifyError } from '../../../app/notifications.ts';
import { href, navigate } from '../../../app/route.ts';
import { fileName, formatCount } from '../../../ui/format.ts';

export const RECIPE = 'train-head';

export interface TrainOrder {
  /** The dataset. */
  readonly path: string;
  readonly name: string;
  readonly embedder: EmbedderRef;
  /** Straight from the documents, over the built-in embedder; else through an embedding set. */
  readonly isDirect: boolean;
  readonly textColumn: string;
  readonly labelColumn: string;
  readonly idColumn: string | null;
  readonly languageColumn: string | null;
  /** The recipe's other parameters. */
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
}

/** Resolves with the run, or with null when vectors are being made first; throws what refuses it at once. */
export async function startTraining(client: StudioClient, order: TrainOrder): Promise<Run | null> {
  const { textColumn, labelColumn, idColumn, languageColumn } = order;
  if (order.isDirect) {
    return launch(client, order, order.path, {
      textColumn,
      labelColumn,
      idColumn: idColumn ?? '',
      languageColumn: languageColumn ?? '',
    });
  }
  const output = setPath(order);
  const events = await client.embedders.embedSet({
    path: order.path,
    embedder: order.embedder,
    textColumn,
    labelColumn,
    idColumn,
    languageColumn,
    output,
    // Made from the same documents, labels and embedder: what is there is the same, or out of date.
    overwrite: true,
  });
  const iterator = events[Symbol.asyncIterator]();
  const first = await iterator.next();
  const rest = async () => {
    try {
      for (let step = first; !step.done; step = await iterator.next()) {
        if (step.value.kind !== 'done') continue;
        const run = await launch(client, order, output, {});
        notify({
          severity: 'good',
          title: `${formatCount(step.value.documents)} documents embedded, training has started`,
          detail: [output, ...step.value.warnings].join('\n'),
          action: { label: 'Show the run', perform: () => navigate(href('runs', run.id)) },
        });
      }
    } catch (error) {
      if (isAbort(error)) {
        notify({
          severity: 'info',
          title: `Training from ${fileName(order.path)} was cancelled`,
          detail: 'What was embedded is kept: the next time goes on from there',
        });
      } else notifyError(error);
    }
  };
  void rest();
  return null;
}

function launch(
  client: StudioClient,
  order: TrainOrder,
  data: string,
  columns: Readonly<Record<string, string>>,
): Promise<Run> {
  return client.runs.launch({
    recipe: RECIPE,
    name: order.name,
    // Curves at full speed; the pause is for those who want to watch the sample.
    parameters: { ...order.parameters, ...columns, data, pauseMs: 0 },
  });
}

/** One place for one choice of documents, labels and vectors: `embeddings/reviews-rating-arctic-embed-fp32.safetensors`. */
function setPath({ path, labelColumn, embedder }: TrainOrder): string {
  const stem = fileName(path).replace(/\.[^.]*(\.(gz|zst))?$/, '');
  const model =
    embedder.kind === 'builtin'
      ? 'builtin'
      : [fileName(embedder.path), embedder.variant, embedder.maxLength]
          .filter((part) => part !== null)
          .join('-');
  const plain = [stem, labelColumn, model].map((part) => part.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-'));
  return `embeddings/${plain.join('-')}.safetensors`;
}
