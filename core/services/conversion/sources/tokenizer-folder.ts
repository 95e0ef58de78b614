// The tokenizer beside weights: tokenizer.json or SentencePiece's tokenizer.model, what its settings say, the chat template.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../../api/errors.ts';
import { parseSentencePiece } from '../../../lib/conversion/sentence-piece.ts';
import { type AddedByHand, tokenizerFileOf } from '../../../lib/conversion/sentence-piece-file.ts';
import { ConversionFault } from '../../../lib/conversion/tensor-rows.ts';
import type { TokenizerSettings } from '../../../lib/conversion/tokenizer-metadata.ts';
import { readJson } from './read-json.ts';

export interface TokenizerFolder {
  readonly folder: string;
  /** Parsed tokenizer.json, or tokenizer.model in its words. */
  readonly file: Readonly<Record<string, unknown>>;
  readonly settings: TokenizerSettings;
}

/** Files that travel with a tokenizer. */
export const tokenizerFiles = [
  'tokenizer.json',
  'tokenizer.model',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'chat_template.jinja',
  'generation_config.json',
] as const;

const named = z.union([z.string(), z.looseObject({ content: z.string() })]).nullish();
const template = z.union([z.string(), z.array(z.looseObject({ name: z.string(), template: z.string() }))]);
const settingsFile = z.looseObject({
  bos_token: named,
  eos_token: named,
  add_bos_token: z.boolean().nullish(),
  chat_template: template.nullish(),
  added_tokens_decoder: z
    .record(
      z.string().regex(/^\d+$/),
      z.looseObject({ content: z.string(), special: z.boolean().default(false) }),
    )
    .nullish(),
});
type SettingsFile = z.infer<typeof settingsFile>;
/** Published ones have up to 5 MB: 262,144 pieces of some 20 bytes. */
const MAX_PIECE_BYTES = 134_217_728;

/** Throws NOT_FOUND when there is no tokenizer, CORRUPT_FILE for what cannot be read, INVALID_INPUT for other kinds. */
export function readTokenizerFolder(folder: string): TokenizerFolder {
  const parsed = settingsFile.safeParse(readJson(join(folder, 'tokenizer_config.json')) ?? {});
  const settings: SettingsFile = parsed.success ? parsed.data : {};
  const own = {
    beginToken: textOf(settings.bos_token),
    endToken: textOf(settings.eos_token),
    addsBegin: settings.add_bos_token ?? null,
    chatTemplate: templateFile(folder) ?? templateOf(settings.chat_template),
  };
  const file = readJson(join(folder, 'tokenizer.json'));
  if (file !== null) return { folder, file, settings: own };
  const pieces = readPieces(folder, settings);
  if (pieces === null) {
    throw new StudioError(
      'NOT_FOUND',
      'There is no tokenizer.json and no tokenizer.model beside the weights',
      {
        hint: 'Name the folder of the tokenizer it was trained with (--tokenizer)',
        path: folder,
      },
    );
  }
  const { begin, end } = pieces;
  return {
    folder,
    file: pieces.file,
    settings: { ...own, beginToken: own.beginToken ?? begin, endToken: own.endToken ?? end },
  };
}

/** Null when there is no tokenizer.model. */
function readPieces(folder: string, settings: SettingsFile) {
  const path = join(folder, 'tokenizer.model');
  const info = statSync(path, { throwIfNoEntry: false });
  if (!info?.isFile()) return null;
  if (info.size > MAX_PIECE_BYTES) {
    throw new StudioError('TOO_LARGE', 'tokenizer.model is too large', {
      hint: 'Choose the folder of a model',
      path,
    });
  }
  try {
    const model = parseSentencePiece(readFileSync(path));
    const added = Object.entries(settings.added_tokens_decoder ?? {}).map(
      ([id, { content, special }]): AddedByHand => ({ id: Number(id), content, special }),
    );
    const textAt = (id: number | null) => (id === null ? null : (model.pieces[id]?.text ?? null));
    return {
      // What nobody said: models for text begin with one, those of the T5 kind do not.
      file: tokenizerFileOf(model, { added, begins: settings.add_bos_token ?? model.kind === 'bpe' }),
      begin: textAt(model.beginId),
      end: textAt(model.endId),
    };
  } catch (error) {
    if (!(error instanceof ConversionFault)) throw error;
    throw new StudioError('INVALID_INPUT', error.message, { hint: error.hint, path, cause: error });
  }
}

function textOf(token: z.infer<typeof named>): string | null {
  if (token === null || token === undefined) return null;
  return typeof token === 'string' ? token : token.content;
}

function templateOf(value: z.infer<typeof template> | null | undefined): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  return (value.find(({ name }) => name === 'default') ?? value[0])?.template ?? null;
}

function templateFile(folder: string): string | null {
  const path = join(folder, 'chat_template.jinja');
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path, 'utf8') : null;
}
