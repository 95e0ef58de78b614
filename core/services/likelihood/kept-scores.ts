// What was measured, on disk: evals/likelihood/<source>/<model>.jsonl, one line a text or pair, appended as they come. A line is
// found again by the weights and the text.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { LikelihoodSource } from '../../api/likelihood.ts';
import type { HeldOutText, MinimalPair } from '../../lib/likelihood/documents.ts';
import { resolveInside } from '../files/resolve-inside.ts';

const FOLDER = 'evals/likelihood';
/** Raised when the same text would score otherwise: another window, another begin token. */
const KEY_VERSION = 1;

export const textScore = z.object({
  key: z.string(),
  id: z.string(),
  bytes: z.number(),
  tokens: z.number(),
  nats: z.number(),
});
export const pairScore = z.object({ key: z.string(), id: z.string(), right: z.number(), wrong: z.number() });

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const textKey = (identity: string, { text }: Pick<HeldOutText, 'text'>): string =>
  sha256(JSON.stringify([KEY_VERSION, identity, text]));
export const pairKey = (identity: string, { right, wrong }: Pick<MinimalPair, 'right' | 'wrong'>): string =>
  sha256(JSON.stringify([KEY_VERSION, identity, right, wrong]));

/** `held-out`, `pairs`, or the file's name with a few digits of its path. */
export function sourceName(source: LikelihoodSource): string {
  if (source.kind !== 'file') return source.kind;
  const name = source.path
    .slice(source.path.lastIndexOf('/') + 1)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40);
  return `file-${name}-${sha256(source.path).slice(0, 8)}`;
}

export const scoresFolder = (root: string, source: LikelihoodSource): Promise<string> =>
  resolveInside(root, `${FOLDER}/${sourceName(source)}`);

export const scoresFile = (folder: string, modelKey: string): string => join(folder, `${modelKey}.jsonl`);

/** By key; lines that cannot be read are left out, and a missing file has none. */
export async function readScores<T extends { readonly key: string }>(
  path: string,
  schema: z.ZodType<T>,
): Promise<ReadonlyMap<string, T>> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  });
  const found = new Map<string, T>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    try {
      const parsed = schema.safeParse(JSON.parse(line));
      if (parsed.success) found.set(parsed.data.key, parsed.data);
    } catch {
      // Half a line after a kill.
    }
  }
  return found;
}
