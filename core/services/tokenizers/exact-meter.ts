// Counts and cuts texts with a tokenizer in the token children: core stays free for others meanwhile.
import type { TokenMeter } from '../../lib/judges/token-meter.ts';
import type { TokenWorkers } from './token-workers.ts';

/** `path` is an absolute tokenizer.json, or the folder of one. Throws StudioError when it cannot be used. */
export async function exactMeter(
  workers: TokenWorkers,
  path: string,
  signal?: AbortSignal,
): Promise<TokenMeter> {
  const { facts } = await workers.ask({ kind: 'describe', path }, { signal });
  return {
    label: `${facts.name} (SHA-256 ${facts.sha256.slice(0, 12)})`,
    exact: true,
    async count(text, ending) {
      const { counts } = await workers.ask(
        { kind: 'count', path, texts: [text], special: false },
        { signal: ending },
      );
      return counts[0] ?? 0;
    },
    async cut(text, tokens, ending) {
      const cut = await workers.ask({ kind: 'cut', path, text, limit: tokens }, { signal: ending });
      return { text: cut.text, tokens: cut.tokens };
    },
  };
}
