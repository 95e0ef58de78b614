// Weights of one model wherever they lie: by the names Hugging Face gives them, whatever the folder's own layout is.
import type { ModelConfig } from '../../../lib/conversion/model-config.ts';
import type { TensorRows } from '../../../lib/conversion/tensor-rows.ts';

export interface WeightFolder extends Disposable {
  readonly layout: 'huggingface' | 'nanotron';
  /** Absolute. */
  readonly folder: string;
  readonly config: ModelConfig;
  /** config.json as it was, for a Hugging Face folder. */
  readonly configFile: Readonly<Record<string, unknown>> | null;
  /** Null when the model has no such tensor. Throws CORRUPT_FILE, INVALID_INPUT. */
  find(name: string): TensorRows | null;
  /** Tensors of the folder that no plan asked for. */
  unused(asked: ReadonlySet<string>): readonly string[];
  /** Throws CONFLICT when a file was written to while it was read. */
  requireUnchanged(): void;
}
