// Tensors of any layout that can be looked into: GGUF, Hugging Face, Nanotron; by the names they have there, and by those of
// Hugging Face where the architecture is known.
import type { ModelConfig } from '../../../lib/conversion/model-config.ts';
import type { TensorRows } from '../../../lib/conversion/tensor-rows.ts';

export interface SourceTensor {
  readonly name: string;
  /** Slowest dimension first. */
  readonly shape: readonly number[];
  /** As the file names it: `BF16`, `Q4_K`. */
  readonly type: string;
  readonly sizeBytes: number;
}

export interface TensorSource extends Disposable {
  readonly layout: 'gguf' | 'huggingface' | 'nanotron';
  /** Absolute: the file, or the folder of the weights. */
  readonly path: string;
  /** Null for an architecture that is not converted: its tensors have only their own names. */
  readonly config: ModelConfig | null;
  readonly configFile: Readonly<Record<string, unknown>> | null;
  readonly tensors: readonly SourceTensor[];
  /** By its own name; null where its values cannot be read. Block types are given as F32. */
  rows(name: string): TensorRows | null;
  /** By the name Hugging Face has for it. */
  planned(name: string): TensorRows | null;
  /** Throws CONFLICT when a file was written to since it was opened. */
  requireUnchanged(): void;
}
