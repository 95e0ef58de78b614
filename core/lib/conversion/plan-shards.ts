// Tensors of a Hugging Face folder dealt to files that are not too large, in order, and the index that says where each is.

export interface ShardTensor {
  readonly name: string;
  readonly sizeBytes: number;
}

export interface PlannedShard<T extends ShardTensor> {
  readonly file: string;
  readonly tensors: readonly T[];
}

/** What transformers takes, and the hub advises. */
export const SHARD_BYTES = 5_000_000_000;

/** One file where everything fits; a tensor larger than `mostBytes` has a file of its own. */
export function planShards<T extends ShardTensor>(
  tensors: readonly T[],
  mostBytes = SHARD_BYTES,
): readonly PlannedShard<T>[] {
  const shards: T[][] = [[]];
  let usedBytes = 0;
  for (const tensor of tensors) {
    if (usedBytes > 0 && usedBytes + tensor.sizeBytes > mostBytes) {
      shards.push([]);
      usedBytes = 0;
    }
    shards.at(-1)?.push(tensor);
    usedBytes += tensor.sizeBytes;
  }
  const number = (value: number) => String(value).padStart(5, '0');
  return shards.map((own, index) => ({
    file:
      shards.length === 1
        ? 'model.safetensors'
        : `model-${number(index + 1)}-of-${number(shards.length)}.safetensors`,
    tensors: own,
  }));
}

/** `model.safetensors.index.json`; null for a single file, which needs none. */
export function shardIndex(
  shards: readonly PlannedShard<ShardTensor>[],
): Readonly<Record<string, unknown>> | null {
  if (shards.length === 1) return null;
  const entries = shards.flatMap(({ file, tensors }) => tensors.map(({ name }) => [name, file] as const));
  const total_size = shards
    .flatMap(({ tensors }) => tensors)
    .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return { metadata: { total_size }, weight_map: Object.fromEntries(entries) };
}
