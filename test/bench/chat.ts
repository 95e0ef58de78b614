// Prompts and answers through the engine and its process against llama.cpp's own C interface: the same library, model and
// threads, in turns; the fastest round of each counts, because whatever else the machine does only adds time.
// NESSO_BENCH_MODELS takes models of the size people use, separated by commas; the sample model is the hardest case for
// anything around llama.cpp, because it writes a token in a quarter of a millisecond.
import { basename, join } from 'node:path';
import { createChatEngine, type GenerationRequest } from '../../core/services/model-runtime/engine.ts';
import { findAppFolder } from '../../core/services/host/app-folder.ts';
import { startAnchor } from './llama-anchor.ts';
import type { Measurement } from './measurement.ts';

const ROUNDS = 7;
/** A large model gets fewer rounds where they take longer than this, but never fewer than three. */
const ROUNDS_MS = 100_000;
const LEAST_ROUNDS = 3;
/** At the end of a prompt whose beginning is known. */
const NEW_TOKENS = 32;
/** Of the sample model's vocabulary and any other: nothing ends an answer early. */
const CONTEXT_TOKENS = 640;

/** The anchor writes on after an end token, so the engine has to as well. */
const NO_END = ['<|im_end|>', '<|end_of_text|>'].map((token) => ({ token, bias: -100 }));

interface Work {
  readonly promptTokens: number;
  readonly answerTokens: number;
  readonly threads: number;
  readonly contextTokens: number;
}

export async function bench(): Promise<readonly Measurement[]> {
  const appFolder = findAppFolder(import.meta.dirname);
  const tiny = join(appFolder, 'resources/sample-workspace/models/nesso-tiny/nesso-tiny-f16.gguf');
  const others = (process.env['NESSO_BENCH_MODELS'] ?? '').split(',').filter((path) => path !== '');
  const found = await measure(appFolder, tiny, {
    promptTokens: 384,
    answerTokens: 100,
    threads: 1,
    contextTokens: 512,
  });
  for (const path of others) {
    const work = { promptTokens: 512, answerTokens: 32, threads: 2, contextTokens: CONTEXT_TOKENS };
    found.push(...(await measure(appFolder, path, work)));
  }
  return found;
}

async function measure(appFolder: string, modelPath: string, work: Work): Promise<Measurement[]> {
  const anchor = await startAnchor({
    source: join(appFolder, 'test/bench/llama-anchor.c'),
    modelPath,
    threads: work.threads,
    contextTokens: work.contextTokens,
  });
  if (typeof anchor === 'string') {
    process.stdout.write(`chat: not measured, ${anchor}\n`);
    return [];
  }
  const engine = createChatEngine({
    appFolder,
    settings: async () => ({ llamaDevice: 'cpu', llamaThreads: work.threads }),
  });
  const best = {
    prompt: [] as number[],
    answer: [] as number[],
    detailed: [] as number[],
    warm: [] as number[],
  };
  const raw = { prompt: [] as number[], answer: [] as number[], warm: [] as number[] };
  try {
    const vocabulary = (await engine.distributions(modelPath, [0], 1)).length;
    const tokens = (seed: number) =>
      Array.from(
        { length: work.promptTokens },
        (_, at) => (at * 7919 + 11 + (at === 0 ? seed : 0)) % vocabulary,
      );
    const startedMs = performance.now();
    for (let round = 0; round <= ROUNDS; round += 1) {
      if (round > LEAST_ROUNDS && performance.now() - startedMs > ROUNDS_MS) break;
      const rawPrompt = await anchor.prompt(work.promptTokens);
      const rawWarm = await anchor.rewrite(NEW_TOKENS);
      const rawAnswer = await anchor.generate(work.answerTokens);
      const plain = await answer({ engine, modelPath }, work, tokens(round), 0);
      const detailed = await answer({ engine, modelPath }, work, tokens(round + 100), 5);
      // The last tokens of the prompt are others.
      const shared = tokens(round + 100).map((id, at) =>
        at < work.promptTokens - NEW_TOKENS ? id : (id + 1) % vocabulary,
      );
      const warmMs = await firstToken({ engine, modelPath }, work, shared);
      if (round === 0) continue;
      raw.prompt.push(rawPrompt);
      raw.answer.push(rawAnswer);
      raw.warm.push(rawWarm);
      best.prompt.push(plain.promptMs);
      best.answer.push(plain.answerMs);
      best.detailed.push(detailed.answerMs);
      best.warm.push(warmMs);
    }
  } finally {
    anchor.close();
    await engine.dispose();
  }
  const name = basename(modelPath).replace('.gguf', '');
  const least = (values: readonly number[]) => Math.min(...values);
  const one = (
    what: string,
    ours: readonly number[],
    anchors: readonly number[],
    limit: number,
  ): Measurement => ({
    name: `chat: ${what}, ${name}`,
    oursMs: least(ours),
    anchorMs: least(anchors),
    anchor: 'llama.cpp’s C interface',
    limit,
  });
  return [
    one(`${work.promptTokens} tokens read`, best.prompt, raw.prompt, 1.05),
    one(`${work.answerTokens} tokens written`, best.answer, raw.answer, 1.08),
    one(`${work.answerTokens} tokens written with probabilities`, best.detailed, raw.answer, 1.2),
    // A third of the way to a screen's next picture may be lost on the way through two processes.
    one(
      `first token, ${NEW_TOKENS} tokens of the prompt new`,
      best.warm,
      raw.warm.map((ms) => ms * 1.1 + 15),
      1,
    ),
  ];
}

/** From the request to the first text on this side of the process. */
async function firstToken(
  { engine, modelPath }: { readonly engine: ReturnType<typeof createChatEngine>; readonly modelPath: string },
  work: Work,
  tokens: readonly number[],
): Promise<number> {
  const request: GenerationRequest = {
    modelPath,
    contextTokens: work.contextTokens,
    prompt: { kind: 'raw', text: '', addBos: false, tokens: [...tokens] },
    sampling: { temperature: 0, maxTokens: 2, tokenBias: NO_END },
    topTokens: 0,
  };
  const startedMs = performance.now();
  let firstMs: number | null = null;
  for await (const event of engine.generate(request)) {
    if (event.kind === 'text') firstMs ??= performance.now() - startedMs;
  }
  if (firstMs === null) throw new Error('no answer');
  return firstMs;
}

async function answer(
  { engine, modelPath }: { readonly engine: ReturnType<typeof createChatEngine>; readonly modelPath: string },
  work: Work,
  tokens: readonly number[],
  topTokens: number,
): Promise<{ readonly promptMs: number; readonly answerMs: number }> {
  const request: GenerationRequest = {
    modelPath,
    contextTokens: work.contextTokens,
    prompt: { kind: 'raw', text: '', addBos: false, tokens: [...tokens] },
    sampling: { temperature: 0, maxTokens: work.answerTokens + 1, tokenBias: NO_END },
    topTokens,
  };
  for await (const event of engine.generate(request)) {
    if (event.kind !== 'done') continue;
    const { promptMs, tokensPerSecond } = event.statistics;
    if (event.statistics.tokens <= work.answerTokens) throw new Error('the answer ended early');
    return { promptMs, answerMs: (work.answerTokens * 1000) / tokensPerSecond };
  }
  throw new Error('no answer');
}
