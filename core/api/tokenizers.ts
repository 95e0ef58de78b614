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

export const tokenizersContract = {
  list: procedure.output(z.array(tokenizerSummary)),
  /** The entries of the vocabulary, as the vocabulary spells them; null for ids outside of it. */
  tokens: procedure
    .input(z.object({ tokenizer: workspacePath, ids: z.array(tokenId).max(10_000) }))
    .output(z.object({ tokens: z.array(z.string().nullable()) })),
};
