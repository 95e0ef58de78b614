// Checkpoints that a replay has opened: as which type, and what is said meanwhile.
import { z } from 'zod';
import type { Stage } from '../../api/checkpoints.ts';
import { type WeightType, weightTypes } from '../../lib/conversion/gguf-metadata.ts';

/** Small and near enough to the weights, where nobody asked for a type. */
const DEFAULT_TYPE: WeightType = 'q8_0';
const known = z.enum(weightTypes).catch(DEFAULT_TYPE);

export function openedType(type: string | null): WeightType {
  return known.parse(type);
}

export const stageWords: Readonly<Record<Stage, string>> = {
  pull: 'pulling the weights',
  convert: 'making a model of them',
  verify: 'comparing it with the weights',
};
