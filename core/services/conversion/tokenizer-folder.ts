// The tokenizer beside weights: tokenizer.json, what its settings say, and the chat template.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../api/errors.ts';
import type { TokenizerSettings } from '../../lib/conversion/tokenizer-metadata.ts';
import { readJson } from './read-json.ts';

export interface TokenizerFolder {
  readonly folder: string;
  readonly file: Readonly<Record<string, unknown>>;
  readonly settings: TokenizerSettings;
}

/** Files that travel with a tokenizer. */
export const tokenizerFiles = [
  'tokenizer.json',
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
});

/** Throws NOT_FOUND when there is no tokenizer.json, CORRUPT_FILE for what cannot be read. */
export function readTokenizerFolder(folder: string): TokenizerFolder {
  const file = readJson(join(folder, 'tokenizer.json'));
  if (file === null) {
    const old = statSync(join(folder, 'tokenizer.model'), { throwIfNoEntry: false });
    throw new StudioError('NOT_FOUND', 'There is no tokenizer.json beside the weights', {
      hint: old
        ? 'Save the tokenizer once with transformers (AutoTokenizer … save_pretrained): tokenizer.model alone is not read'
        : 'Name the folder of the tokenizer it was trained with (--tokenizer)',
      path: folder,
    });
  }
  const parsed = settingsFile.safeParse(readJson(join(folder, 'tokenizer_config.json')) ?? {});
  const settings = parsed.success ? parsed.data : {};
  return {
    folder,
    file,
    settings: {
      beginToken: textOf(settings.bos_token),
      endToken: textOf(settings.eos_token),
      addsBegin: settings.add_bos_token ?? null,
      chatTemplate: templateFile(folder) ?? templateOf(settings.chat_template),
    },
  };
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
