// POST /v1/completions: raw text goes on; with `echo` and `logprobs` the prompt's own tokens are scored too, which is what
// evaluation harnesses measure likelihoods with.
import { randomUUID } from 'node:crypto';
import type { GenerationEvent, ScoredToken, Token } from '../../api/generation.ts';
import type { GenerationRequest } from '../model-runtime/engine.ts';
import { type Asked, finishReason, finite, usageOf } from './chat-completions.ts';
import { type CompletionRequest, inputsOf, samplingOf } from './requests.ts';

type Statistics = Extract<GenerationEvent, { kind: 'done' }>['statistics'];
type Input = string | readonly number[];

/** What OpenAI takes where nothing is said. */
const DEFAULT_MAX_TOKENS = 16;

function generationOf(
  { model, request }: Asked<CompletionRequest>,
  input: Input,
  choice: number,
): GenerationRequest {
  const isText = typeof input === 'string';
  return {
    modelPath: model.path,
    // Ids are taken as they are; a text gets the begin token where the model has one.
    prompt: isText
      ? { kind: 'raw', text: input, addBos: true }
      : { kind: 'raw', text: '', addBos: false, tokens: [...input] },
    sampling: samplingOf(request, request.max_tokens ?? DEFAULT_MAX_TOKENS, choice),
    topTokens:
      request.logprobs === null || request.logprobs === undefined ? 0 : Math.max(1, request.logprobs),
  };
}

/** The prompt's tokens with their probabilities. */
async function echoed(asked: Asked<CompletionRequest>, input: Input): Promise<ScoredToken[]> {
  const { engine, model, request, signal } = asked;
  const tokens: ScoredToken[] = [];
  const what = typeof input === 'string' ? { text: input } : { text: '', tokens: [...input], addBos: false };
  const topTokens = Math.max(1, request.logprobs ?? 0);
  for await (const event of engine.score({ modelPath: model.path, ...what, topTokens }, signal)) {
    if (event.kind === 'tokens') tokens.push(...event.tokens);
  }
  return tokens;
}

function logprobsOf(tokens: readonly ScoredToken[], count: number) {
  let offset = 0;
  const offsets = tokens.map(({ text }) => {
    const at = offset;
    offset += text.length;
    return at;
  });
  return {
    tokens: tokens.map(({ text }) => text),
    token_logprobs: tokens.map(({ logProbability }) =>
      logProbability === null ? null : finite(logProbability),
    ),
    // The likeliest of equal texts stands: several ids may be written alike.
    top_logprobs: tokens.map(({ top, logProbability }) =>
      logProbability === null
        ? null
        : Object.fromEntries(
            top
              .slice(0, Math.max(1, count))
              .toReversed()
              .map((one) => [one.text, finite(one.logProbability)]),
          ),
    ),
    text_offset: offsets,
  };
}

const headOf = ({ model }: Asked<CompletionRequest>) => ({
  id: `cmpl-${randomUUID()}`,
  object: 'text_completion',
  created: Math.floor(Date.now() / 1000),
  model: model.id,
});

const wantsLogprobs = ({ logprobs }: CompletionRequest) => logprobs !== null && logprobs !== undefined;

export async function completion(asked: Asked<CompletionRequest>): Promise<unknown> {
  const { engine, request, signal } = asked;
  const choices: unknown[] = [];
  const statistics: Statistics[] = [];
  let promptTokens = 0;
  for (const input of inputsOf(request.prompt)) {
    for (let choice = 0; choice < (request.n ?? 1); choice += 1) {
      const prompt = request.echo && wantsLogprobs(request) ? await echoed(asked, input) : [];
      const tokens: (Token | ScoredToken)[] = [...prompt];
      let text = request.echo ? await textOf(asked, input) : '';
      let finish = 'length';
      if (request.max_tokens === 0) promptTokens += prompt.length;
      else {
        for await (const event of engine.generate(generationOf(asked, input, choice), signal)) {
          if (event.kind === 'text') {
            text += event.text;
            tokens.push(...event.tokens);
          }
          if (event.kind !== 'done') continue;
          finish = finishReason(event);
          statistics.push(event.statistics);
          promptTokens += event.statistics.promptTokens;
          if (event.endToken !== null) tokens.push(event.endToken);
        }
      }
      choices.push({
        index: choices.length,
        text,
        logprobs: wantsLogprobs(request) ? logprobsOf(tokens, request.logprobs ?? 0) : null,
        finish_reason: finish,
      });
    }
  }
  const usage = usageOf(statistics);
  const total = promptTokens + usage.completion_tokens;
  return { ...headOf(asked), choices, usage: { ...usage, prompt_tokens: promptTokens, total_tokens: total } };
}

async function textOf({ engine, model }: Asked<CompletionRequest>, input: Input): Promise<string> {
  if (typeof input === 'string') return input;
  const prompt = { kind: 'raw' as const, text: '', addBos: false, tokens: [...input] };
  return (await engine.render(model.path, prompt)).text;
}

export async function* completionChunks(asked: Asked<CompletionRequest>): AsyncGenerator<unknown, void> {
  const { engine, request, signal } = asked;
  const head = headOf(asked);
  const statistics: Statistics[] = [];
  let index = 0;
  for (const input of inputsOf(request.prompt)) {
    for (let choice = 0; choice < (request.n ?? 1); choice += 1) {
      const chunk = (text: string, tokens: readonly ScoredToken[], finish: string | null) => ({
        ...head,
        choices: [
          {
            index,
            text,
            logprobs: wantsLogprobs(request) ? logprobsOf(tokens, request.logprobs ?? 0) : null,
            finish_reason: finish,
          },
        ],
      });
      if (request.echo) {
        yield chunk(
          await textOf(asked, input),
          wantsLogprobs(request) ? await echoed(asked, input) : [],
          null,
        );
      }
      if (request.max_tokens === 0) yield chunk('', [], 'length');
      else {
        for await (const event of engine.generate(generationOf(asked, input, choice), signal)) {
          if (event.kind === 'text') yield chunk(event.text, event.tokens, null);
          if (event.kind !== 'done') continue;
          statistics.push(event.statistics);
          yield chunk('', event.endToken === null ? [] : [event.endToken], finishReason(event));
        }
      }
      index += 1;
    }
  }
  if (request.stream_options?.include_usage) yield { ...head, choices: [], usage: usageOf(statistics) };
}
