// Token counts by the children against the library used directly, in one thread as it is, on the same generated texts:
// words of a made-up language with the frequencies of a real one. Exports: bench.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Tokenizer as Library } from '@huggingface/tokenizers';
import { z } from 'zod';
import { encodeWithPlaces } from '../../core/lib/tokenizers/encode-with-places.ts';
import { makeTokenizer } from '../../core/lib/tokenizers/text-tokenizer.ts';
import { findAppFolder } from '../../core/services/host/app-folder.ts';
import { countTokens } from '../../core/services/tokenizers/count-tokens.ts';
import { startTokenWorkers } from '../../core/services/tokenizers/routes.ts';
import type { Measurement } from './measurement.ts';

const DOCUMENTS = 600;
const WORDS_PER_DOCUMENT = 400;
const VOCABULARY = 60_000;
const ROUNDS = 4;

export async function bench(): Promise<readonly Measurement[]> {
  const appFolder = findAppFolder(import.meta.dirname);
  const results: Measurement[] = [];
  const workers = startTokenWorkers(appFolder);
  try {
    for (const name of ['byte-level', 'unigram']) {
      const path = join(appFolder, 'test', 'fixtures', 'tokenizers', name, 'tokenizer.json');
      const definition = z.looseObject({}).parse(JSON.parse(await readFile(path, 'utf8')));
      const library = new Library(definition, {});
      const texts = makeTexts();
      let counted = 0;
      let expected = 0;
      const times = { ours: Number.POSITIVE_INFINITY, library: Number.POSITIVE_INFINITY };
      for (let round = 0; round < ROUNDS; round += 1) {
        const startMs = performance.now();
        const counts = await countTokens(workers, texts, path);
        const middleMs = performance.now();
        expected = texts.reduce(
          (sum, text) => sum + library.encode(text, { add_special_tokens: false }).ids.length,
          0,
        );
        const endMs = performance.now();
        counted = counts.reduce((sum, count) => sum + count, 0);
        // The first round starts the child and loads the tokenizer.
        if (round === 0) continue;
        times.ours = Math.min(times.ours, middleMs - startMs);
        times.library = Math.min(times.library, endMs - middleMs);
      }
      if (counted !== expected)
        throw new Error(`${name}: ${counted} tokens, but the library has ${expected}`);
      results.push({
        name: `count ${(counted / 1e6).toFixed(1)}M tokens, ${name}, ${workers.size} children`,
        oursMs: times.ours,
        anchorMs: times.library,
        anchor: 'the library, one thread',
        limit: 1,
      });
    }
    results.push(await placesOf(appFolder));
  } finally {
    await workers.dispose();
  }
  return results;
}

/** What following every character costs over the ids alone, for a document of 2 MB. */
async function placesOf(appFolder: string): Promise<Measurement> {
  const path = join(appFolder, 'test', 'fixtures', 'tokenizers', 'byte-level', 'tokenizer.json');
  const definition = z.looseObject({}).parse(JSON.parse(await readFile(path, 'utf8')));
  const library = new Library(definition, {});
  const tokenizer = makeTokenizer(definition, {});
  const text = makeTexts().join('\n').slice(0, 2_000_000);
  let [oursMs, anchorMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < ROUNDS; round += 1) {
    const startMs = performance.now();
    encodeWithPlaces(tokenizer, text);
    const middleMs = performance.now();
    library.encode(text);
    oursMs = Math.min(oursMs, middleMs - startMs);
    anchorMs = Math.min(anchorMs, performance.now() - middleMs);
  }
  return {
    name: 'tokens of 2M characters with their places',
    oursMs,
    anchorMs,
    anchor: 'ids from the library',
    limit: 2,
  };
}

function makeTexts(): readonly string[] {
  const next = numbers(7);
  const syllables = [
    'ka',
    'lo',
    'mi',
    'ner',
    'tu',
    'sha',
    'ri',
    'po',
    'den',
    'va',
    'é',
    'ου',
    'на',
    'ст',
    'ją',
    'ö',
  ];
  const words = Array.from({ length: VOCABULARY }, () =>
    Array.from(
      { length: 1 + Math.floor(next() * 4) },
      () => syllables[Math.floor(next() * syllables.length)],
    ).join(''),
  );
  return Array.from({ length: DOCUMENTS }, () =>
    Array.from({ length: WORDS_PER_DOCUMENT }, () => {
      // Zipf: the rank is spread evenly on a logarithmic scale.
      const word = words[Math.floor(VOCABULARY ** next()) - 1] ?? '';
      const kind = next();
      return kind < 0.06 ? `${word},` : kind < 0.11 ? `${word}.` : kind < 0.12 ? `${word}\n` : word;
    }).join(' '),
  );
}

/** The same texts in every run (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
