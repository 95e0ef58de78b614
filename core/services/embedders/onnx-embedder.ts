// An embedding model in ONNX, in a process of its own: first token of the last layer, scaled to length 1, no prefix, the whole width.
// Source: JQL's inference code (max_length set explicitly, CLS, L2). Knows nothing about where texts come from.

import { freemem } from 'node:os';
import { basename, join } from 'node:path';
import { OnnxFailure, OnnxProcess } from '../../../native/onnx/client.ts';
import { StudioError } from '../../api/errors.ts';
import { lengthThatFits, squaredTokensThatFit } from '../../lib/embedding/attention-memory.ts';
import { choosePooling, type Pooling } from '../../lib/embedding/model-shape.ts';
import { variantName } from '../../lib/embedding/model-variant.ts';
import { planBatches } from '../../lib/embedding/plan-batches.ts';
import { CHARACTERS_PER_TOKEN } from '../../lib/embedding/token-window.ts';
import { spawnChild } from '../native/spawn-child.ts';
import { chooseModelFile, hashFile, hashModel, readModelFolder } from './model-folder.ts';
import type { EmbedOptions, TextEmbedder } from './text-embedder.ts';

export interface OnnxEmbedderOptions {
  /** Absolute. */
  readonly folder: string;
  readonly appFolder: string;
  /** Null: the most exact there is. */
  readonly variant?: string | null | undefined;
  /** Tokens of a document that are read; null: what the model allows, 8,192 at most. */
  readonly maxLength?: number | null | undefined;
  /** 0: one a physical core. */
  readonly threads?: number | undefined;
  /** Count × longest of a batch. */
  readonly batchTokens?: number | undefined;
  /** Bytes the computer can spare; asked for when the model is opened. */
  readonly freeMemory?: (() => number) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onDeath?: ((reason: string) => void) | undefined;
}

/** Beyond this, larger batches gain nothing on a processor (4,096 against 32,768: 1.00 ×) and take memory. */
const BATCH_TOKENS = 4096;
/** Texts that are sorted by length together: their tokens fit in memory many times over. */
const WINDOW_DOCUMENTS = 512;
const WINDOW_CHARACTERS = 4_194_304;
/** Batches that wait in the child while one is computed. */
const AHEAD = 2;

const freeBytes = (): number => process.availableMemory?.() ?? freemem();

/** Loads the model once, to know that it is one. Throws StudioError. */
export async function openOnnxEmbedder(options: OnnxEmbedderOptions): Promise<TextEmbedder> {
  const { signal, appFolder } = options;
  const model = await readModelFolder(options.folder);
  const file = chooseModelFile(model, options.variant ?? null);
  const modelPath = join(model.folder, file.file);
  const tokenizerPath = join(model.folder, 'tokenizer.json');
  const sha256 = await hashModel(model.folder, file.file, signal);
  const tokenizerSha256 = await hashFile(tokenizerPath, signal);
  const heads = model.attentionHeads ?? 12;
  const free = options.freeMemory ?? freeBytes;
  const { maxLength, warnings } = fitLength(options.maxLength ?? null, model, free(), heads);
  if (model.otherPooling) {
    warnings.push(
      `${model.id} was trained to be read as a mean over its tokens; JQL reads the first token, which may say little here`,
    );
  }
  const runtime = new OnnxProcess({
    spawn: () => spawnChild(appFolder, 'native-onnx'),
    ...(options.onDeath ? { onDeath: options.onDeath } : {}),
  });
  const name = basename(model.folder);
  /** Whose memory holds the model; another one, or none, must load it first. */
  let loadedPid: number | null = null;
  let pooling: Pooling = { output: '', kind: 'first' };
  let runtimeVersion = '';

  const load = async (): Promise<void> => {
    if (loadedPid !== null && runtime.pid === loadedPid) return;
    const opened = await runtime.open({
      modelPath,
      tokenizerPath,
      tokenizerConfigPath: join(model.folder, 'tokenizer_config.json'),
      maxLength,
      threads: options.threads ?? 0,
      quantised: file.quantised,
    });
    try {
      pooling = choosePooling(opened);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new StudioError('INVALID_INPUT', `${basename(modelPath)} ${error.message}`, {
        hint: 'Choose the ONNX export of a text encoder, as made for feature extraction',
        path: modelPath,
        cause: error,
      });
    }
    ({ runtimeVersion } = opened);
    loadedPid = runtime.pid;
  };
  const guarded = async <T>(work: () => Promise<T>, cancel?: AbortSignal): Promise<T> => {
    // A run cannot be interrupted, its process can be ended; the next call loads the model again.
    const end = (): void => void runtime.dispose();
    cancel?.throwIfAborted();
    cancel?.addEventListener('abort', end, { once: true });
    try {
      return await work();
    } catch (error) {
      cancel?.throwIfAborted();
      throw error instanceof OnnxFailure ? explain(error, name, modelPath) : error;
    } finally {
      cancel?.removeEventListener('abort', end);
    }
  };

  const embedWindow = async (
    texts: readonly string[],
    first: number,
    result: Float32Array,
    onPart: EmbedOptions['onPart'],
  ): Promise<void> => {
    const { ids, lengths } = await runtime.tokenize(texts);
    const starts = new Uint32Array(lengths.length);
    for (let index = 1; index < lengths.length; index += 1) {
      starts[index] = (starts[index - 1] ?? 0) + (lengths[index - 1] ?? 0);
    }
    const batches = planBatches(lengths, {
      tokens: options.batchTokens ?? BATCH_TOKENS,
      squaredTokens: Math.max(maxLength ** 2, squaredTokensThatFit(free(), heads)),
      documents: file.quantised ? 1 : Number.POSITIVE_INFINITY,
    });
    const send = (batch: Uint32Array): Promise<Float32Array> => {
      const own = Uint32Array.from(batch, (index) => lengths[index] ?? 0);
      const packed = new Uint32Array(own.reduce((sum, length) => sum + length, 0));
      let place = 0;
      for (const [row, index] of batch.entries()) {
        const start = starts[index] ?? 0;
        packed.set(ids.subarray(start, start + (own[row] ?? 0)), place);
        place += own[row] ?? 0;
      }
      const vectors = runtime.embed({
        ids: packed,
        lengths: own,
        output: pooling.output,
        pooling: pooling.kind,
      });
      // Awaited in order below; an earlier failure must not leave this one unheard.
      vectors.catch(() => undefined);
      return vectors;
    };
    const waiting: Promise<Float32Array>[] = [];
    let sent = 0;
    for (const batch of batches) {
      while (sent < batches.length && waiting.length < AHEAD) waiting.push(send(batches[sent++] ?? batch));
      const vectors = (await waiting.shift()) ?? new Float32Array();
      const places = batch.map((index) => first + index);
      const width = vectors.length / batch.length;
      for (const [row, place] of places.entries()) {
        result.set(vectors.subarray(row * width, (row + 1) * width), place * width);
      }
      const tokens = batch.reduce((sum, index) => sum + (lengths[index] ?? 0), 0);
      await onPart?.({ places, vectors, tokens });
    }
  };

  try {
    const dimensions = await guarded(async () => {
      await load();
      const probe = await runtime.tokenize(['']);
      const vector = await runtime.embed({ ...probe, output: pooling.output, pooling: pooling.kind });
      return vector.length;
    }, signal);
    return {
      identity: {
        id: model.id,
        variant: variantName({
          ...file,
          maxLength,
          runtimeVersion,
          tokenizerSha256,
          architecture: process.arch,
        }),
        dimensions,
        sha256,
      },
      maxCharacters: maxLength * CHARACTERS_PER_TOKEN,
      warnings,
      async embed(texts, { signal: cancel, onPart } = {}) {
        const result = new Float32Array(texts.length * dimensions);
        await guarded(async () => {
          await load();
          for (let first = 0; first < texts.length; ) {
            const last = windowEnd(texts, first);
            await embedWindow(texts.slice(first, last), first, result, onPart);
            first = last;
          }
        }, cancel);
        return result;
      },
      [Symbol.asyncDispose]: () => runtime.dispose(),
    };
  } catch (error) {
    await runtime.dispose();
    throw error;
  }
}

function windowEnd(texts: readonly string[], first: number): number {
  let characters = 0;
  let last = first;
  while (last < texts.length && last - first < WINDOW_DOCUMENTS) {
    characters += texts[last]?.length ?? 0;
    if (characters > WINDOW_CHARACTERS && last > first) break;
    last += 1;
  }
  return last;
}

function fitLength(
  wanted: number | null,
  model: { readonly folder: string; readonly maxLength: number },
  free: number,
  heads: number,
): { maxLength: number; warnings: string[] } {
  const name = basename(model.folder);
  const most = wanted ?? model.maxLength;
  if (wanted !== null && (!Number.isInteger(wanted) || wanted < 3 || wanted > model.maxLength)) {
    throw new StudioError('INVALID_INPUT', `${name} cannot read ${wanted} tokens of a document`, {
      hint: `Choose 3 to ${model.maxLength}`,
      path: model.folder,
    });
  }
  const fits = lengthThatFits(most, free, heads);
  if (fits === most) return { maxLength: most, warnings: [] };
  if (fits === null || wanted !== null) {
    throw new StudioError('UNAVAILABLE', `There is too little memory to read ${most} tokens with ${name}`, {
      hint: fits === null ? 'Close other programs' : `Close other programs, or read ${fits} tokens at most`,
      path: model.folder,
    });
  }
  const warning = `There is memory for ${fits.toLocaleString('en')} tokens of a document, not ${most.toLocaleString('en')}: these scores are a variant of their own`;
  return { maxLength: fits, warnings: [warning] };
}

function explain(failure: OnnxFailure, name: string, path: string): StudioError {
  const context = { path, detail: failure.message, cause: failure };
  switch (failure.reason) {
    case 'cancelled':
      return new StudioError('CANCELLED', `Embedding with ${name} was cancelled`, {
        hint: 'Start it again: what was embedded is kept',
        ...context,
      });
    case 'died':
      return new StudioError('RUNTIME_DIED', `The process that embeds with ${name} ended`, {
        hint: 'Start it again: what was embedded is kept. If it happens again, there may be too little memory: read fewer tokens',
        ...context,
      });
    case 'tokenizer':
      return new StudioError('INVALID_INPUT', `The tokenizer.json of ${name} cannot be used here`, {
        hint: 'Download it again, or save it with the tokenizers library of Hugging Face',
        ...context,
      });
    case 'model':
      return new StudioError('CORRUPT_FILE', `${basename(path)} of ${name} cannot be loaded`, {
        hint: 'Download the file again and compare its size with the original',
        ...context,
      });
    case 'run':
      return new StudioError('INVALID_INPUT', `${basename(path)} of ${name} cannot embed`, {
        hint: 'Choose the ONNX export of a text encoder, as made for feature extraction',
        ...context,
      });
  }
}
