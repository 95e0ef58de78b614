// How far a training was when weights were saved, from what its tool wrote beside them.
import { join } from 'node:path';
import { z } from 'zod';
import type { TrainingFacts } from '../../../lib/conversion/model-card.ts';
import { readJson } from './read-json.ts';

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
