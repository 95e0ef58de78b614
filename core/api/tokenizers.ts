// Contract of tokenizers: which ones the workspace has, and what their ids stand for.
import { z } from 'zod';
import { procedure } from './procedure.ts';
import { workspacePath } from './workspace.ts';

export const tokenizerSummary = z.object({
  /** The tokenizer.json. */
  path: workspacePath,
  /** The name of its folder. */
  name: z.string(),
  /** Of the file's bytes: the same hash means the same tokens. Null with `problem` set when it was refused. */
  sha256: z.string().nullable(),
  kind: z.enum(['BPE', 'Unigram', 'WordPiece', 'WordLevel', 'other']).nullable(),
  /** Added tokens included. */
  vocabularySize: z.number(),
  specialTokens: z.array(z.object({ id: z.number(), token: z.string() })),
  problem: z.string().nullable(),
});
export type TokenizerSummary = z.infer<typeof tokenizerSummary>;

export const tokenId = z.number().int().min(0).max(0xffff_ffff);

/** A document of a corpus is hardly longer; encoding this takes some seconds. */
export const MAX_ENCODED_UNITS = 16_777_216;

export const encodedText = z.object({
  tokens: z.number(),
  /** False where a normalizer changed the text in a way that could not be followed: places are then only near. */
  exact: z.boolean(),
  /** Columns as core/rpc/token-columns.ts packs them: ids, starts and ends (UTF-16 units of the text), kinds. */
  data: z.instanceof(Blob),
});

export const tokenizersContract = {
  list: procedure.output(z.array(tokenizerSummary)),
  /** The tokens of a text with the part of it each stands for; `special` adds what the post-processor adds. */
  encode: procedure
    .input(
      z.object({
        tokenizer: workspacePath,
        text: z.string().max(MAX_ENCODED_UNITS),
        special: z.boolean().default(true),
      }),
    )
    .output(encodedText),
  /** The entries of the vocabulary, as the vocabulary spells them; null for ids outside of it. */
  tokens: procedure
    .input(z.object({ tokenizer: workspacePath, ids: z.array(tokenId).max(10_000) }))
    .output(z.object({ tokens: z.array(z.string().nullable()) })),
};
