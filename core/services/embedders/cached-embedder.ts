// An embedder that asks the cache first, and keeps what it had to compute as it goes: who stops it loses seconds.
import type { EmbeddingCache } from './embedding-cache.ts';
import { textKey } from './embedding-cache.ts';
import type { EmbedOptions, TextEmbedder } from './text-embedder.ts';

/** Vectors are written this often, or when there are this many bytes of them. */
const FLUSH_INTERVAL_MS = 1000;
const FLUSH_BYTES = 4_194_304;

/** Closes both with itself. */
export function cachedEmbedder(inner: TextEmbedder, cache: EmbeddingCache): TextEmbedder {
  const { dimensions } = inner.identity;
  return {
    identity: inner.identity,
    maxCharacters: inner.maxCharacters,
    warnings: inner.warnings,
    async embed(texts, options = {}) {
      const { signal, onPart } = options;
      const keys = texts.map(textKey);
      const result = new Float32Array(texts.length * dimensions);
      const missing = await cache.read(keys, result);
      signal?.throwIfAborted();
      await reportKnown(result, missing, texts.length, { dimensions, onPart });
      // A text that comes several times is computed once.
      const places = new Map<string, number[]>();
      for (const place of missing) {
        const text = texts[place] ?? '';
        const twins = places.get(text);
        if (twins) twins.push(place);
        else places.set(text, [place]);
      }
      const wanted = [...places];
      if (wanted.length === 0) return result;
      const pending = {
        keys: [] as Uint8Array[],
        vectors: [] as Float32Array[],
        bytes: 0,
        sinceMs: performance.now(),
      };
      const flush = async (): Promise<void> => {
        const { keys: own, vectors } = pending;
        if (own.length === 0) return;
        pending.keys = [];
        pending.vectors = [];
        pending.bytes = 0;
        pending.sinceMs = performance.now();
        await cache.append(own, joined(vectors));
      };
      try {
        await inner.embed(
          wanted.map(([text]) => text),
          {
            signal,
            async onPart(part) {
              const all: number[] = [];
              for (const [row, index] of part.places.entries()) {
                const twins = wanted[index]?.[1] ?? [];
                const vector = part.vectors.subarray(row * dimensions, (row + 1) * dimensions);
                for (const place of twins) result.set(vector, place * dimensions);
                all.push(...twins);
                pending.keys.push(keys[twins[0] ?? 0] ?? new Uint8Array());
              }
              pending.vectors.push(part.vectors);
              pending.bytes += part.vectors.byteLength;
              const due = performance.now() - pending.sinceMs >= FLUSH_INTERVAL_MS;
              if (due || pending.bytes >= FLUSH_BYTES) await flush();
              const own = Uint32Array.from(all);
              await onPart?.({
                places: own,
                vectors: gathered(result, own, dimensions),
                tokens: part.tokens,
              });
            },
          },
        );
      } finally {
        // Also on a cancel or a death: what was computed is kept.
        await flush();
      }
      return result;
    },
    async [Symbol.asyncDispose]() {
      await inner[Symbol.asyncDispose]();
      await cache[Symbol.asyncDispose]();
    },
  };
}

async function reportKnown(
  vectors: Float32Array,
  missing: readonly number[],
  count: number,
  { dimensions, onPart }: { readonly dimensions: number; readonly onPart: EmbedOptions['onPart'] },
): Promise<void> {
  if (!onPart || missing.length === count) return;
  const absent = new Set(missing);
  const places = Uint32Array.from({ length: count }, (_, index) => index).filter(
    (place) => !absent.has(place),
  );
  await onPart({ places, vectors: gathered(vectors, places, dimensions), tokens: 0 });
}

function gathered(vectors: Float32Array, places: Uint32Array, dimensions: number): Float32Array {
  const own = new Float32Array(places.length * dimensions);
  for (const [row, place] of places.entries()) {
    own.set(vectors.subarray(place * dimensions, (place + 1) * dimensions), row * dimensions);
  }
  return own;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) {
    all.set(part, place);
    place += part.length;
  }
  return all;
}
