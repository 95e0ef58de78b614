// What every procedure of the quality lab is asked about: which files, what counts as a token in them, which heads and language.
import { z } from 'zod';
import { MAX_HEADS } from '../lib/quality/recipe.ts';
import { workspacePath } from './workspace.ts';

/** FineWeb-2 splits its largest language into about 150 files. */
export const MAX_SOURCES = 1000;
export const qualityPaths = z.array(workspacePath).min(1).max(MAX_SOURCES);

/**
 * What counts as a token. `found`: the token column when every file has one, else the estimate. A count by a tokenizer is made once a
 * file and kept; the first call that needs it takes long and says how far it is when it can.
 */
export const corpusTokens = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('found') }),
  z.object({ kind: z.literal('column') }),
  z.object({ kind: z.literal('estimate') }),
  /** A tokenizer.json, or the folder of one. */
  z.object({ kind: z.literal('tokenizer'), path: workspacePath }),
]);
export type CorpusTokens = z.infer<typeof corpusTokens>;

/** What every procedure that looks at documents takes. */
export const corpus = { paths: qualityPaths, tokens: corpusTokens.default({ kind: 'found' }) };
export const headName = z.string().min(1).max(200);
export const heads = z.array(headName).min(1).max(MAX_HEADS);
export const language = z.string().nullable();
