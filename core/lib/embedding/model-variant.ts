// The files one embedding model comes in, and the name that tells vectors of one from vectors of another. Knows file names only.

export interface ModelFile {
  /** `fp32`, `fp16`, `int8`, … */
  readonly variant: string;
  /** Relative to the model's folder, with slashes. */
  readonly file: string;
  /** Its vectors depend on the other documents of a batch and on the processor: one document at a time. */
  readonly quantised: boolean;
}

const bySuffix: Readonly<Record<string, string>> = {
  '': 'fp32',
  fp32: 'fp32',
  fp16: 'fp16',
  int8: 'int8',
  // What Transformers.js calls its default, dynamic 8-bit weights.
  quantized: 'quantized',
  uint8: 'uint8',
  q4: 'q4',
  q4f16: 'q4f16',
  bnb4: 'bnb4',
};
const exact = new Set(['fp32', 'fp16']);

/** Of the files of a folder (relative, with slashes): those that are a model, the most exact first. */
export function findModelFiles(files: readonly string[]): readonly ModelFile[] {
  const order = Object.values(bySuffix);
  const found = files.flatMap((file): ModelFile[] => {
    const [, suffix] = /^(?:onnx\/)?model(?:_([a-z0-9]+))?\.onnx$/.exec(file) ?? [null, null];
    if (suffix === null) return [];
    const variant = bySuffix[suffix ?? ''];
    return variant === undefined ? [] : [{ variant, file, quantised: !exact.has(variant) }];
  });
  return found
    .filter(({ variant }, index) => found.findIndex((other) => other.variant === variant) === index)
    .toSorted((left, right) => order.indexOf(left.variant) - order.indexOf(right.variant));
}

/** Everything besides the weights that changes a vector. */
export interface VariantParts {
  readonly variant: string;
  readonly quantised: boolean;
  readonly maxLength: number;
  readonly runtimeVersion: string;
  /** Of tokenizer.json. */
  readonly tokenizerSha256: string;
  /** As Node names it: 8-bit arithmetic differs from processor to processor. */
  readonly architecture: string;
}

/** `fp32 cls-l2 max8192 onnxruntime-1.30.0 tokenizer-0a1b2c3d` */
export function variantName(parts: VariantParts): string {
  const file = parts.quantised ? `${parts.variant}-${parts.architecture}` : parts.variant;
  const tokenizer = parts.tokenizerSha256.slice(0, 8);
  return `${file} cls-l2 max${parts.maxLength} onnxruntime-${parts.runtimeVersion} tokenizer-${tokenizer}`;
}
