// Whether a folder holds every tensor its config promises, in the right shapes, and whether the output matrix is its own.
import { StudioError } from '../../../api/errors.ts';
import { type PlannedTensor, planWeights } from '../../../lib/conversion/weight-plan.ts';
import { bytesOf, ConversionFault, rowsOf, type TensorRows } from '../../../lib/conversion/tensor-rows.ts';
import type { WeightFolder } from './weight-folder.ts';

export interface CheckedWeights {
  /** In the order of a GGUF file. */
  readonly tensors: readonly PlannedTensor[];
  /** Each weight once. */
  readonly parameters: number;
  readonly warnings: readonly string[];
}

const OUTPUT = 'lm_head.weight';
const EMBEDDING = 'model.embed_tokens.weight';
const NAMES_SHOWN = 3;

/** Throws CORRUPT_FILE when tensors are missing or of other shapes, and ConversionFault when they are not convertible. */
export function checkWeights(weights: WeightFolder): CheckedWeights {
  const planned = planWeights(weights.config);
  const present: PlannedTensor[] = [];
  const missing: string[] = [];
  const warnings: string[] = [];
  for (const tensor of planned) {
    const found = weights.find(tensor.name);
    if (found) {
      requireShape(tensor, found, weights.folder);
      present.push(tensor);
    } else if (!tensor.optional) missing.push(tensor.name);
  }
  if (missing.length > 0) throw incomplete(missing, weights);
  const unused = weights.unused(new Set(planned.map(({ name }) => name)));
  if (unused.length > 0) {
    throw new ConversionFault(
      `The weights have ${unused.length} tensors that a plain model has not: ${unused.slice(0, NAMES_SHOWN).join(', ')}`,
      'It may hold adapters or another architecture: merge or convert it with the tool that made it',
    );
  }
  const tensors = withoutCopy(weights, present, warnings);
  return {
    tensors,
    parameters: tensors.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0),
    warnings,
  };
}

/** Bytes of the tensors as they are saved. */
export function sizeOfWeights(weights: WeightFolder, { tensors, parameters }: CheckedWeights): number {
  const [first] = tensors;
  return parameters * bytesOf((first && weights.find(first.name)?.type) ?? 'F32');
}

function requireShape(planned: PlannedTensor, { shape }: TensorRows, folder: string): void {
  if (shape.length === planned.shape.length && shape.every((size, index) => size === planned.shape[index]))
    return;
  throw new StudioError(
    'CORRUPT_FILE',
    `${planned.name} is ${shape.join(' × ')}, its config says ${planned.shape.join(' × ')}`,
    { hint: 'Config and weights are of different models: take those that were saved together', path: folder },
  );
}

function incomplete(missing: readonly string[], weights: WeightFolder): StudioError {
  if (missing.length === 1 && missing[0] === OUTPUT) {
    return new StudioError(
      'CORRUPT_FILE',
      'The config says the output matrix is its own, but there is none',
      {
        hint: 'Set tie_word_embeddings to true in its config if the model was trained tied',
        path: weights.folder,
      },
    );
  }
  const names = missing.slice(0, NAMES_SHOWN).join(', ');
  return new StudioError('CORRUPT_FILE', `${missing.length} tensors are missing: ${names}`, {
    hint: 'Copy the folder again with all its files',
    path: weights.folder,
  });
}

/** A tied model that was saved with a copy of its embedding loses the copy; one with another matrix keeps it. */
function withoutCopy(
  weights: WeightFolder,
  present: readonly PlannedTensor[],
  warnings: string[],
): readonly PlannedTensor[] {
  if (!weights.config.tied || !present.some(({ name }) => name === OUTPUT)) return present;
  if (weights.layout === 'nanotron' || sameRows(weights))
    return present.filter(({ name }) => name !== OUTPUT);
  warnings.push(
    'The config says the output matrix is the embedding, but the weights hold another one, which is kept',
  );
  return present;
}

const ROWS_AT_ONCE = 1024;

function sameRows(weights: WeightFolder): boolean {
  const a = weights.find(EMBEDDING);
  const b = weights.find(OUTPUT);
  if (!a || !b || a.type !== b.type) return false;
  for (let row = 0; row < rowsOf(a); row += ROWS_AT_ONCE) {
    const count = Math.min(ROWS_AT_ONCE, rowsOf(a) - row);
    if (Buffer.compare(a.readRows(row, count), b.readRows(row, count)) !== 0) return false;
  }
  return true;
}
