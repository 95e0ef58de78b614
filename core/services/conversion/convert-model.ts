// A conversion from path to path: finds out what is there, checks it whole, writes it. Runs in the weights child.
import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { makeFolderSync } from '../files/make-folder.ts';
import type { Converted } from '../../api/conversion.ts';
import { StudioError } from '../../api/errors.ts';
import { ConversionFault, type FloatType } from '../../lib/conversion/tensor-rows.ts';
import { tokenizerMetadata } from '../../lib/conversion/tokenizer-metadata.ts';
import { checkWeights } from './sources/check-weights.ts';
import { openWeights } from './sources/open-weights.ts';
import { readTokenizerFolder, type TokenizerFolder } from './sources/tokenizer-folder.ts';
import type { WeightFolder } from './sources/weight-folder.ts';
import { type ConversionOrder, type ConversionRequest, conversionRequest } from './weights-protocol.ts';
import { writeModelFile } from './writing/write-model-file.ts';
import { writeHuggingFace } from './writing/write-hugging-face.ts';

/** Throws typed errors; a fault of the model's own becomes INVALID_INPUT with its hint. */
export async function convertModel(
  order: ConversionOrder,
  progress: (share: number) => void | Promise<void>,
  stop?: AbortSignal,
): Promise<Converted> {
  const startedMs = performance.now();
  const request = conversionRequest.parse(order);
  try {
    requireFree(request);
    makeFolderSync(dirname(request.output));
    using weights = openWeights(request.source);
    const checked = checkWeights(weights);
    const name = request.name ?? nameOf(weights);
    const common = { weights, checked, name, output: request.output, progress };
    const written =
      request.format === 'gguf'
        ? await writeModelFile(
            { ...common, tokenizer: metadataOf(request, weights) },
            { type: request.type, stop },
          )
        : await writeHuggingFace({
            ...common,
            type: floatType(request.type),
            card: request.card,
            shardBytes: request.shardBytes,
            tokenizer: tokenizerOrNone(request, weights),
          });
    return {
      ...written,
      warnings: [...written.warnings],
      output: request.output,
      architecture: weights.config.architecture,
      parameters: checked.parameters,
      durationMs: Math.round(performance.now() - startedMs),
    };
  } catch (error) {
    if (!(error instanceof ConversionFault)) throw error;
    throw new StudioError('INVALID_INPUT', error.message, {
      hint: error.hint,
      path: request.source,
      cause: error,
    });
  }
}

function requireFree({ output, replace, format }: ConversionRequest): void {
  const info = statSync(output, { throwIfNoEntry: false });
  if (!info || (replace && format === 'gguf' && info.isFile())) return;
  throw new StudioError('ALREADY_EXISTS', `${basename(output)} exists already`, {
    hint:
      format === 'gguf'
        ? 'Choose another name, or replace it (--force)'
        : 'Choose a folder that does not exist',
    path: output,
  });
}

/** The folder's name; a step of a training is named with the folder of its run. */
export function nameOf({ folder }: WeightFolder): string {
  const own = basename(folder);
  if (!/^\d+$/.test(own)) return own;
  const above = basename(dirname(folder));
  return `${above === 'checkpoints' ? basename(dirname(dirname(folder))) : above} ${own}`;
}

function metadataOf(request: ConversionRequest, { folder, config }: WeightFolder) {
  const { file, settings } = readTokenizerFolder(request.tokenizer ?? folder);
  return tokenizerMetadata({
    file,
    settings,
    vocabularySize: config.vocabularySize,
    beginId: config.beginId,
    endIds: config.endIds,
    padId: config.padId,
    preTokenizer: request.preTokenizer,
  });
}

function tokenizerOrNone(request: ConversionRequest, { folder }: WeightFolder): TokenizerFolder | null {
  if (request.tokenizer !== null) return readTokenizerFolder(request.tokenizer);
  try {
    return readTokenizerFolder(folder);
  } catch (error) {
    if (error instanceof StudioError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}

function floatType(type: ConversionRequest['type']): FloatType {
  if (type === 'f32') return 'F32';
  if (type === 'f16') return 'F16';
  if (type === 'bf16') return 'BF16';
  throw new ConversionFault(`A Hugging Face folder is not written in ${type}`, 'Choose f32, f16 or bf16');
}
