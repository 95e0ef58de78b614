// Writes a model as a Hugging Face folder: config.json, one model.safetensors, the tokenizer and a card.
import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StoredType } from '../../lib/conversion/encode-rows.ts';
import { huggingFaceConfig } from '../../lib/conversion/hugging-face-config.ts';
import { modelCard } from '../../lib/conversion/model-card.ts';
import { bytesOf, ConversionFault, type FloatType } from '../../lib/conversion/tensor-rows.ts';
import { safetensorsHeader } from '../../lib/safetensors/header.ts';
import { type CheckedWeights, sizeOfWeights } from './check-weights.ts';
import { brokenWarnings, nameTensor, piecesOf, seeValues, type SeenWeights } from './copy-rows.ts';
import { kernels } from './kernels/kernels.ts';
import { OutputFile } from './output-file.ts';
import { streamHash } from './side-hash.ts';
import { type TokenizerFolder, tokenizerFiles } from './tokenizer-folder.ts';
import type { WeightFolder } from './weight-folder.ts';
import type { WrittenModel } from './write-gguf.ts';

export interface HuggingFaceRequest {
  readonly weights: WeightFolder;
  readonly checked: CheckedWeights;
  /** Null when there is none: the folder then holds weights alone, and a warning says so. */
  readonly tokenizer: TokenizerFolder | null;
  readonly name: string;
  readonly type: FloatType;
  /** Absolute folder that does not exist yet. */
  readonly output: string;
  readonly progress: (share: number) => void | Promise<void>;
}

/** The folder appears whole or not at all. Throws what reading and writing throw. */
export async function writeHuggingFace(request: HuggingFaceRequest): Promise<WrittenModel> {
  mkdirSync(dirname(request.output), { recursive: true });
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
  const header = safetensorsHeader(
    checked.tensors.map(({ name, shape }) => ({ name, shape, type })),
    { format: 'pt' },
  );
  const sizeBytes = header.length + checked.parameters * bytesOf(type);
  using output = new OutputFile(join(folder, 'model.safetensors'), sizeBytes);
  output.append(header);
  const stored: StoredType = type;
  for (const { name } of checked.tensors) {
    const source = weights.find(name);
    if (!source) throw new ConversionFault(`${name} is gone`, 'Convert the folder again');
    nameTensor(seen, source);
    for (const bytes of piecesOf(source)) {
      seeValues(seen, source, bytes);
      output.append(kernels().encode(bytes, source.type, stored));
      await request.progress(output.position / sizeBytes);
    }
  }
  weights.requireUnchanged();
  output.finish();
  const sourceSha256 = seen.hash.digest();
  const config = huggingFaceConfig(weights.config, { own: weights.configFile, type });
  writeFileSync(join(folder, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
  for (const name of tokenizer === null ? [] : tokenizerFiles) {
    const from = join(tokenizer?.folder ?? '', name);
    if (statSync(from, { throwIfNoEntry: false })?.isFile()) copyFileSync(from, join(folder, name));
  }
  const card = modelCard({
    name: request.name,
    config: weights.config,
    parameters: checked.parameters,
    type,
    sourceSha256,
    chat: tokenizer?.settings.chatTemplate !== null && tokenizer !== null,
  });
  writeFileSync(join(folder, 'README.md'), card);
  return {
    sizeBytes,
    tensors: checked.tensors.length,
    sourceSha256,
    warnings: [
      ...checked.warnings,
      ...(tokenizer === null
        ? ['There is no tokenizer beside the weights: add one before the folder is used']
        : []),
      ...brokenWarnings(seen.broken),
    ],
  };
}
