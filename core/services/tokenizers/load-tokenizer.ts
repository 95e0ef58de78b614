// A tokenizer from disk: a tokenizer.json, or the folder of a model that holds one.
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname, basename, join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../api/errors.ts';
import { type ChosenKind, readChosenFile } from '../files/read-chosen.ts';
import { tokenizerName } from './tokenizer-name.ts';
import { makeTokenizer, type TextTokenizer } from '../../lib/tokenizers/text-tokenizer.ts';

/** Gemma's 262k entries with merges are 33 MB. */
const MAX_TOKENIZER_BYTES = 134_217_728;

export interface LoadedTokenizer {
  /** The tokenizer.json, absolute. */
  readonly path: string;
  /** Of the bytes of tokenizer.json: the same hash means the same tokens. */
  readonly sha256: string;
  /** The folder's name, which is what people call a tokenizer. */
  readonly name: string;
  readonly tokenizer: TextTokenizer;
}

const json = z.record(z.string(), z.unknown());

const chosen: ChosenKind = {
  limitBytes: MAX_TOKENIZER_BYTES,
  what: 'a tokenizer',
  hint: 'Choose the tokenizer.json of a model',
};

/** `path` is absolute. Throws NOT_FOUND (through errno), TOO_LARGE, CORRUPT_FILE, INVALID_INPUT. */
export async function loadTokenizer(path: string): Promise<LoadedTokenizer> {
  const file = (await stat(path)).isDirectory() ? join(path, 'tokenizer.json') : path;
  const bytes = await readChosenFile(file, chosen);
  const definition = parse(bytes.toString('utf8'), file);
  const config = await readChosenFile(join(dirname(file), 'tokenizer_config.json'), chosen).then(
    (text) => parse(text.toString('utf8'), file),
    () => ({}),
  );
  try {
    return {
      path: file,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      name: tokenizerName(file),
      tokenizer: makeTokenizer(definition, config),
    };
  } catch (error) {
    throw new StudioError(
      'INVALID_INPUT',
      `${basename(file)} describes a tokenizer that cannot be used here`,
      {
        hint: 'Save it again with the tokenizers library of Hugging Face (tokenizer.save)',
        path: file,
        detail: error instanceof Error ? error.message : String(error),
        cause: error,
      },
    );
  }
}

function parse(text: string, path: string): Record<string, unknown> {
  try {
    return json.parse(JSON.parse(text));
  } catch (error) {
    throw new StudioError('CORRUPT_FILE', `${basename(path)} is not valid JSON`, {
      hint: 'Copy or download the file again',
      path,
      cause: error,
    });
  }
}
