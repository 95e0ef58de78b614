// What the differences of two post-training configs of one kind mean: model, data, batch, rate, epochs, length.

import { formatInteger, formatRate } from '../../format/numbers.ts';
import { postTrainingFields } from '../derived/derive-post-training.ts';
import { numberAt, stringAt } from '../derived/read-values.ts';
import type { ConfigDocument, ConfigKind } from '../types.ts';
import { compareAmount, compareText, type Meaning } from './meaning.ts';

function perGpuBatch(document: ConfigDocument, kind: ConfigKind): number | null {
  const fields = postTrainingFields(kind);
  if (fields === null) return null;
  return (
    (numberAt(document, fields.microBatch) ?? fields.microBatchDefault) *
    (numberAt(document, fields.accumulation) ?? 1)
  );
}

/** Meanings of two documents of the same kind; batch counts one GPU, because the configs do not say how many. */
export function comparePostTraining(
  before: ConfigDocument,
  after: ConfigDocument,
  kind: ConfigKind,
): readonly Meaning[] {
  const fields = postTrainingFields(kind);
  if (fields === null) return [];
  const epochs = kind === 'axolotl-sft' ? ['num_epochs'] : ['num_train_epochs'];
  const length = (document: ConfigDocument) => numberAt(document, fields.length) ?? fields.lengthDefault;
  const all: readonly (Meaning | null)[] = [
    compareText('model', stringAt(before, fields.model), stringAt(after, fields.model)),
    compareText('dataset', stringAt(before, ['dataset_name']), stringAt(after, ['dataset_name'])),
    compareAmount('batch per GPU', perGpuBatch(before, kind), perGpuBatch(after, kind), formatInteger),
    compareAmount('length limit', length(before), length(after), formatInteger),
    compareAmount(
      'learning rate',
      numberAt(before, ['learning_rate']),
      numberAt(after, ['learning_rate']),
      formatRate,
    ),
    compareAmount('epochs', numberAt(before, epochs), numberAt(after, epochs), String),
    compareAmount('beta', numberAt(before, ['beta']), numberAt(after, ['beta']), String),
  ];
  return all.filter((meaning) => meaning !== null);
}
