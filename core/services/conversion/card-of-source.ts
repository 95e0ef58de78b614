// The card of weights as they lie: facts of their config and, for a step of a training, of how far it was.
import { join } from 'node:path';
import { z } from 'zod';
import type { CardFields } from '../../api/conversion.ts';
import { StudioError } from '../../api/errors.ts';
import { modelCard, type TrainingFacts } from '../../lib/conversion/model-card.ts';
import { ConversionFault } from '../../lib/conversion/tensor-rows.ts';
import { checkWeights } from './check-weights.ts';
import { nameOf } from './convert-model.ts';
import { openWeights } from './open-weights.ts';
import { readJson } from './read-json.ts';
import { readTokenizerFolder } from './tokenizer-folder.ts';

const count = z.number().nullish();
const checkpointMetadata = z.object({
  metas: z.object({
    last_train_step: count,
    consumed_tokens_total: count,
    consumed_train_samples: count,
    data_stages: z.array(z.object({ name: z.string().nullish(), sequence_length: count })).nullish(),
  }),
});
const trainerState = z.object({ global_step: count, num_input_tokens_seen: count });

/** Null when the folder says nothing of a training. */
export function trainingFacts(folder: string): TrainingFacts | null {
  const nanotron = checkpointMetadata.safeParse(readJson(join(folder, 'checkpoint_metadata.json')));
  if (nanotron.success) {
    const { last_train_step, consumed_tokens_total, consumed_train_samples, data_stages } =
      nanotron.data.metas;
    const sequenceLength = data_stages?.at(-1)?.sequence_length ?? null;
    const samples = consumed_train_samples ?? null;
    const counted = samples !== null && sequenceLength !== null ? samples * sequenceLength : null;
    return {
      step: last_train_step ?? null,
      tokens: consumed_tokens_total ?? counted,
      sequenceLength,
      stages: (data_stages ?? []).flatMap(({ name }) => name ?? []),
    };
  }
  const trainer = trainerState.safeParse(readJson(join(folder, 'trainer_state.json')));
  if (!trainer.success) return null;
  const { global_step, num_input_tokens_seen } = trainer.data;
  return {
    step: global_step ?? null,
    tokens: num_input_tokens_seen || null,
    sequenceLength: null,
    stages: [],
  };
}

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
