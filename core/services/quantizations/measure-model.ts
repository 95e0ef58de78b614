// Measures one model alone: how long it takes to load, how fast it reads and writes, how much memory it takes, and what it thinks of
// the held-out texts.
import type { DeviceProfile, TokenBias } from '../../api/generation.ts';
import { numberOf } from '../../lib/gguf/header.ts';
import type { ScoredPosition } from '../../lib/quantizations/quantization-loss.ts';
import { quantileOfSorted, sortedWithoutNaN } from '../../lib/statistics/quantile.ts';
import type { ChatEngine } from '../model-runtime/engine.ts';
import { readModelFile } from '../models/read-header.ts';
import { wholeAnswer } from '../replay/whole-answer.ts';
import type { HeldOutText } from './held-out.ts';

/** Long enough that starting up does not count, short enough for a model with a small context. */
export const PROMPT_TOKENS = 256;
export const GENERATED_TOKENS = 64;
/** Two thirds of a small context may be prompt. */
const SMALL_CONTEXT = PROMPT_TOKENS + GENERATED_TOKENS;
/** Never chosen, so that every model writes as many tokens as the others. */
const FORBIDDEN = -1000;

export interface ModelSpeed {
  readonly loadMs: number | null;
  readonly promptTokensPerSecond: number;
  readonly tokensPerSecond: number;
  readonly timeToFirstTokenMs: number;
  readonly memoryBytes: number | null;
  readonly promptTokens: number;
}

export interface MeasureOptions {
  readonly engine: ChatEngine;
  readonly device: DeviceProfile | null;
  readonly repeats: number;
  readonly text: string;
  readonly signal: AbortSignal;
}

/** `path` is absolute; nothing is loaded before. Medians over the repeats, each with a prompt of its own, so that none is known already. */
export async function measureSpeed(
  path: string,
  { engine, device, repeats, text, signal }: MeasureOptions,
): Promise<ModelSpeed> {
  const { header } = await readModelFile(path);
  const architecture = header.metadata.get('general.architecture');
  const context =
    numberOf(header, `${architecture?.kind === 'text' ? architecture.value : ''}.context_length`) ??
    SMALL_CONTEXT;
  const promptTokens = Math.max(1, context >= SMALL_CONTEXT ? PROMPT_TOKENS : Math.floor((context * 2) / 3));
  const maxTokens = Math.max(1, Math.min(GENERATED_TOKENS, context - promptTokens));
  const ends = ['tokenizer.ggml.eos_token_id', 'tokenizer.ggml.eot_token_id'].flatMap(
    (key): readonly TokenBias[] => {
      const id = numberOf(header, key);
      return id === null ? [] : [{ token: id, bias: FORBIDDEN }];
    },
  );
  const ids = (await engine.tokenize(path, text, false)).map(({ id }) => id);
  // Loading it to cut the text would hide how long that takes.
  await engine.unload(null);
  const runs: ModelSpeed[] = [];
  for (let repeat = 0; repeat <= repeats; repeat += 1) {
    signal.throwIfAborted();
    const start = (repeat * 17) % Math.max(1, ids.length - promptTokens);
    const { statistics } = await wholeAnswer(
      engine.generate(
        {
          modelPath: path,
          prompt: { kind: 'raw', text: '', addBos: false, tokens: ids.slice(start, start + promptTokens) },
          sampling: { temperature: 0, topK: 0, topP: 1, maxTokens, tokenBias: [...ends] },
          topTokens: 0,
          device,
        },
        signal,
      ),
    );
    runs.push({ ...statistics, promptTokens: statistics.promptTokens });
  }
  const [first, ...rest] = runs;
  const middle = (of: (run: ModelSpeed) => number) => quantileOfSorted(sortedWithoutNaN(rest.map(of)), 0.5);
  return {
    // The first answer warms the processor up and loads the model: only its loading counts.
    loadMs: first?.loadMs ?? null,
    promptTokensPerSecond: middle((run) => run.promptTokensPerSecond),
    tokensPerSecond: middle((run) => run.tokensPerSecond),
    timeToFirstTokenMs: middle((run) => run.timeToFirstTokenMs),
    memoryBytes: rest.at(-1)?.memoryBytes ?? null,
    promptTokens,
  };
}

export async function scoreHeldOut(
  path: string,
  text: HeldOutText,
  { engine, signal }: Pick<MeasureOptions, 'engine' | 'signal'>,
): Promise<readonly ScoredPosition[]> {
  const positions: ScoredPosition[] = [];
  for await (const event of engine.score({ modelPath: path, text: text.text, topTokens: 1 }, signal)) {
    if (event.kind !== 'tokens') continue;
    for (const { id, logProbability, top } of event.tokens) {
      positions.push({ id, logProbability, likeliest: top[0]?.id ?? null });
    }
  }
  return positions;
}
