// What the workspace knows about heads: their cards, found by the hash of the head that stands beside each.
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { languageKey } from '../../lib/datasets/language-codes.ts';
import type { HeadFacts } from '../../lib/judge-bench/bench-input.ts';
import { listFiles } from '../workspace/list-files.ts';
import type { HeadLookup } from './read-predictions.ts';

/** A card of 40 languages is about 20 kB, a head of 4096 inputs 17 MB. */
const MAX_CARD_BYTES = 4_194_304;
const MAX_HEAD_BYTES = 268_435_456;

/** The part of head.json that a comparison needs. */
const card = z.object({
  kind: z.literal('jql-head'),
  data: z.object({ languages: z.array(z.string()) }),
  rows: z.object({ train: z.number() }),
  training: z.object({ epochsDone: z.number() }),
});

/** Reads the cards below `root` when the first head is asked for. */
export function createHeadLookup(root: string, signal?: AbortSignal): HeadLookup {
  let known: Promise<ReadonlyMap<string, HeadFacts>> | null = null;
  return async (sha256) => {
    known ??= readCards(root, signal);
    return (await known).get(sha256) ?? null;
  };
}

async function readCards(root: string, signal?: AbortSignal): Promise<ReadonlyMap<string, HeadFacts>> {
  const { files } = await listFiles(root, signal);
  const facts = new Map<string, HeadFacts>();
  for (const { path } of files) {
    signal?.throwIfAborted();
    if (!/(^|\/)head\.json$/.test(path)) continue;
    const found = await readCard(join(root, path));
    const head = found && (await hashOf(join(root, dirname(path), 'head.safetensors')));
    if (found && head) facts.set(head, found);
  }
  return facts;
}

async function readCard(path: string): Promise<HeadFacts | null> {
  const text = await readSmall(path, MAX_CARD_BYTES);
  if (text === null) return null;
  try {
    const parsed = card.safeParse(JSON.parse(text.toString('utf8')));
    if (!parsed.success) return null;
    const { data, rows, training } = parsed.data;
    return {
      trainLanguages: [...new Set(data.languages.filter((name) => name !== '').map(languageKey))],
      trainDocuments: rows.train,
      epochs: training.epochsDone,
    };
  } catch {
    return null;
  }
}

async function hashOf(path: string): Promise<string | null> {
  const bytes = await readSmall(path, MAX_HEAD_BYTES);
  return bytes === null ? null : createHash('sha256').update(bytes).digest('hex');
}

async function readSmall(path: string, limit: number): Promise<Buffer | null> {
  const info = await stat(path).catch(() => null);
  return info?.isFile() && info.size <= limit ? await readFile(path).catch(() => null) : null;
}
