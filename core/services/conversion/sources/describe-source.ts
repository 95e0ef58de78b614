// What is inside a model, said for a person: tensors, config, tokenizer, template, card. Reads headers and small files only.
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TokenizerFacts, WeightsDetail } from '../../../api/weights.ts';
import { StudioError } from '../../../api/errors.ts';
import { ConversionFault } from '../../../lib/conversion/tensor-rows.ts';
import { describeTokenizer } from '../../../lib/conversion/tokenizer-facts.ts';
import { formatGgufValue } from '../../../lib/gguf/describe.ts';
import { textOf } from '../../../lib/gguf/header.ts';
import { describeGgufTokenizer } from '../../../lib/conversion/tokenizer-lists.ts';
import type { GgufSource } from './gguf-source.ts';
import { openGguf } from './gguf-source.ts';
import { openFolderSource } from './folder-source.ts';
import { isGguf } from './open-source.ts';
import type { TensorSource } from './tensor-source.ts';
import { readTokenizerFolder } from './tokenizer-folder.ts';

/** A card is a page of text; more is another kind of file. */
const MAX_CARD_BYTES = 256 * 1024;
/** A config nests a few levels. */
const MAX_CONFIG_DEPTH = 6;

/** `path` is absolute. Throws what opening throws; a fault of the model's own becomes INVALID_INPUT with its hint. */
export function describeSource(path: string): WeightsDetail {
  try {
    return isGguf(path) ? describeGgufFile(path) : describeFolder(path);
  } catch (error) {
    if (!(error instanceof ConversionFault)) throw error;
    throw new StudioError('INVALID_INPUT', error.message, { hint: error.hint, path, cause: error });
  }
}

function describeGgufFile(path: string): WeightsDetail {
  using source: GgufSource = openGguf(path, new Set(['tokenizer.ggml.tokens', 'tokenizer.ggml.token_type']));
  const { header } = source;
  return {
    ...common(source),
    architecture: textOf(header, 'general.architecture'),
    metadata: [...header.metadata]
      .filter(([key]) => key !== 'tokenizer.chat_template')
      .map(([key, value]) => ({
        key,
        value: formatGgufValue(value.kind === 'list' ? { ...value, first: value.first.slice(0, 8) } : value),
      })),
    tokenizer: describeGgufTokenizer(header),
    tokenizerProblem: null,
    template: textOf(header, 'tokenizer.chat_template'),
    card: readCard(dirname(path)),
  };
}

function describeFolder(path: string): WeightsDetail {
  using source = openFolderSource(path);
  const config = source.configFile ?? {};
  const { tokenizer, template, problem } = tokenizerOf(source.path);
  const named = config['architectures'];
  const architecture = Array.isArray(named) && typeof named[0] === 'string' ? named[0] : null;
  return {
    ...common(source),
    architecture: source.config?.architecture ?? architecture,
    metadata: flatten(config),
    tokenizer,
    tokenizerProblem: problem,
    template,
    card: readCard(source.path),
  };
}

function common({ layout, path, config, tensors }: TensorSource) {
  return {
    layout,
    path,
    isConvertible: config !== null,
    parameters: tensors.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0),
    sizeBytes: tensors.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    tensors: tensors.map(({ name, shape, type, sizeBytes }) => ({
      name,
      shape: [...shape],
      type,
      sizeBytes,
    })),
  };
}

/** Of a folder with a tokenizer.json. Throws NOT_FOUND, CORRUPT_FILE. */
export function describeTokenizerOf(folder: string): TokenizerFacts | null {
  const { file, settings } = readTokenizerFolder(folder);
  return describeTokenizer(file, settings);
}

function tokenizerOf(folder: string) {
  try {
    const { file, settings } = readTokenizerFolder(folder);
    return { tokenizer: describeTokenizer(file, settings), template: settings.chatTemplate, problem: null };
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    return { tokenizer: null, template: null, problem: error.message };
  }
}

/** Nested keys are dotted; lists stay on one line. */
function flatten(
  value: Readonly<Record<string, unknown>>,
  prefix = '',
  depth = 0,
): { key: string; value: string }[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const name = `${prefix}${key}`;
    if (isRecord(inner) && depth < MAX_CONFIG_DEPTH) return flatten(inner, `${name}.`, depth + 1);
    return [{ key: name, value: typeof inner === 'string' ? inner : JSON.stringify(inner) }];
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readCard(folder: string): string | null {
  const path = join(folder, 'README.md');
  const info = statSync(path, { throwIfNoEntry: false });
  if (!info?.isFile() || info.size > MAX_CARD_BYTES) return null;
  const bytes = new Uint8Array(info.size);
  const handle = openSync(path, 'r');
  try {
    return new TextDecoder().decode(bytes.subarray(0, readSync(handle, bytes)));
  } finally {
    closeSync(handle);
  }
}
