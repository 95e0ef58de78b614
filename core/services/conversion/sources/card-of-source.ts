// The card of weights as they lie: facts of their config and, for a step of a training, of how far it was.
import type { CardFields } from '../../../api/conversion.ts';
import { StudioError } from '../../../api/errors.ts';
import { modelCard } from '../../../lib/conversion/model-card.ts';
import { ConversionFault } from '../../../lib/conversion/tensor-rows.ts';
import { checkWeights } from './check-weights.ts';
import { nameOf } from '../convert-model.ts';
import { openWeights } from './open-weights.ts';
import { readTokenizerFolder } from './tokenizer-folder.ts';
import { trainingFacts } from './training-facts.ts';

/** Throws what opening throws; a fault of the model's own becomes INVALID_INPUT with its hint. */
export function cardOfSource(request: {
  readonly source: string;
  readonly name: string | null;
  readonly card: CardFields;
}): string {
  try {
    using weights = openWeights(request.source);
    const { parameters, tensors } = checkWeights(weights);
    const [first] = tensors;
    return modelCard({
      name: request.name ?? nameOf(weights),
      config: weights.config,
      parameters,
      type: (first && weights.find(first.name)?.type) ?? 'BF16',
      sourceSha256: null,
      chat: hasTemplate(weights.folder),
      training: trainingFacts(weights.folder),
      fields: request.card,
    });
  } catch (error) {
    if (!(error instanceof ConversionFault)) throw error;
    throw new StudioError('INVALID_INPUT', error.message, {
      hint: error.hint,
      path: request.source,
      cause: error,
    });
  }
}

function hasTemplate(folder: string): boolean {
  try {
    return readTokenizerFolder(folder).settings.chatTemplate !== null;
  } catch (error) {
    if (error instanceof StudioError) return false;
    throw error;
  }
}
