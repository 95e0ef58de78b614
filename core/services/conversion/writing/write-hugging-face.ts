// Writes a model as a Hugging Face folder: configs, weights in files that are not too large, the tokenizer and a card.
import { copyFileSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolderSync } from '../../files/make-folder.ts';
import type { CardFields } from '../../../api/conversion.ts';
import { generationConfig, huggingFaceConfig } from '../../../lib/conversion/hugging-face-config.ts';
import { modelCard } from '../../../lib/conversion/model-card.ts';
import { planShards, SHARD_BYTES, shardIndex } from '../../../lib/conversion/plan-shards.ts';
import { type PlannedTensor, planWeights } from '../../../lib/conversion/weight-plan.ts';
import { bytesOf, ConversionFault, type FloatType } from '../../../lib/conversion/tensor-rows.ts';
import { safetensorsHeader } from '../../../lib/safetensors/header.ts';
import { type CheckedWeights, sizeOfWeights } from '../sources/check-weights.ts';
import { brokenWarnings, nameTensor, piecesOf, seeValues, type SeenWeights } from './copy-rows.ts';
import { kernels } from '../kernels/kernels.ts';
import { OutputFile } from './output-file.ts';
import { streamHash } from './side-hash.ts';
import { type TokenizerFolder, tokenizerFiles } from '../sources/tokenizer-folder.ts';
import type { WeightFolder } from '../sources/weight-folder.ts';
import type { WrittenModel } from './write-gguf.ts';
import { trainingFacts } from '../sources/training-facts.ts';

export interface HuggingFaceRequest {
  readonly weights: WeightFolder;
  readonly checked: CheckedWeights;
  /** Null when there is none: the folder then holds weights alone, and a warning says so. */
  readonly tokenizer: TokenizerFolder | null;
  readonly name: string;
  readonly type: FloatType;
  /** Absolute folder that does not exist yet. */
  readonly output: string;
  readonly card: CardFields | null;
  /** A file of weights is no larger; null for what the hub advises. */
  readonly shardBytes: number | null;
  readonly progress: (share: number) => void | Promise<void>;
}

/** The folder appears whole or not at all. Throws what reading and writing throw. */
export async function writeHuggingFace(request: HuggingFaceRequest): Promise<WrittenModel> {
  makeFolderSync(dirname(request.output));
  const aside = mkdtempSync(join(dirname(request.output), '.model-'));
  try {
    const written = await fill(aside, request);
    renameSync(aside, request.output);
    return written;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

async function fill(folder: string, request: HuggingFaceRequest): Promise<WrittenModel> {
  const { weights, checked, tokenizer, type } = request;
  using hash = streamHash(sizeOfWeights(weights, checked));
  const seen: SeenWeights = { hash, broken: new Map() };
  const zeros = missingBiases(weights, checked);
  const tensors = [...checked.tensors, ...zeros].map(({ name, shape }) => ({
    name,
    shape,
    type,
    sizeBytes: shape.reduce((product, size) => product * size, bytesOf(type)),
  }));
  const shards = planShards(tensors, request.shardBytes ?? SHARD_BYTES);
  const weightBytes = tensors.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let doneBytes = 0;
  let sizeBytes = 0;
  for (const shard of shards) {
    const header = safetensorsHeader(shard.tensors, { format: 'pt' });
    const shardBytes = shard.tensors.reduce((sum, tensor) => sum + tensor.sizeBytes, header.length);
    using output = new OutputFile(join(folder, shard.file), shardBytes);
    output.append(header);
    for (const tensor of shard.tensors) {
      if (zeros.some(({ name }) => name === tensor.name)) {
        output.append(new Uint8Array(tensor.sizeBytes));
        continue;
      }
      const source = weights.find(tensor.name);
      if (!source) throw new ConversionFault(`${tensor.name} is gone`, 'Convert the folder again');
      nameTensor(seen, source);
      const before = output.position;
      for (const bytes of piecesOf(source)) {
        seeValues(seen, source, bytes);
        output.append(kernels().encode(bytes, source.type, type));
        await request.progress((doneBytes + output.position - before) / weightBytes);
      }
      doneBytes += tensor.sizeBytes;
    }
    output.finish();
    sizeBytes += shardBytes;
  }
  weights.requireUnchanged();
  const sourceSha256 = seen.hash.digest();
  writeBeside(folder, request, { sourceSha256, index: shardIndex(shards) });
  return {
    sizeBytes,
    tensors: tensors.length,
    sourceSha256,
    warnings: [
      ...checked.warnings,
      ...(zeros.length > 0
        ? ['Qwen2 of transformers has biases where these weights have none: they are written as zeros']
        : []),
      ...(tokenizer === null
        ? ['There is no tokenizer beside the weights: add one before the folder is used']
        : []),
      ...brokenWarnings(seen.broken),
    ],
  };
}

/** Biases transformers asks of every Qwen2; a Nanotron training may have gone without. */
function missingBiases(
  { config, find }: WeightFolder,
  { tensors }: CheckedWeights,
): readonly PlannedTensor[] {
  if (config.architecture !== 'qwen2') return [];
  const present = new Set(tensors.map(({ name }) => name));
  return planWeights(config).filter(
    ({ name }) => /\.self_attn\.[qkv]_proj\.bias$/.test(name) && !present.has(name) && find(name) === null,
  );
}

/** Everything but the weights. */
function writeBeside(
  folder: string,
  request: HuggingFaceRequest,
  { sourceSha256, index }: { readonly sourceSha256: string; readonly index: unknown },
): void {
  const { weights, checked, tokenizer, type } = request;
  const json = (name: string, value: unknown) =>
    writeFileSync(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
  if (index !== null) json('model.safetensors.index.json', index);
  json('config.json', huggingFaceConfig(weights.config, { own: weights.configFile, type }));
  for (const name of tokenizer === null ? [] : tokenizerFiles) {
    const from = join(tokenizer?.folder ?? '', name);
    if (statSync(from, { throwIfNoEntry: false })?.isFile()) copyFileSync(from, join(folder, name));
  }
  const generation = join(folder, 'generation_config.json');
  if (statSync(generation, { throwIfNoEntry: false }) === undefined) {
    json('generation_config.json', generationConfig(weights.config));
  }
  const card = modelCard({
    name: request.name,
    config: weights.config,
    parameters: checked.parameters,
    type,
    sourceSha256,
    chat: tokenizer?.settings.chatTemplate !== null && tokenizer !== null,
    training: trainingFacts(weights.folder),
    fields: request.card,
  });
  writeFileSync(join(folder, 'README.md'), card);
}
