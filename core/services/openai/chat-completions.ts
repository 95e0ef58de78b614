// POST /v1/chat/completions, as one document or as a stream.
import { randomUUID } from 'node:crypto';
import type { GenerationEvent, Token, ToolCall } from '../../api/generation.ts';
import { textBeforeCalls } from '../../lib/generation/tool-calls.ts';
import type { ChatEngine, GenerationRequest } from '../model-runtime/engine.ts';
import { type ChatRequest, messagesOf, samplingOf } from './requests.ts';
import type { ServedModel } from './served-models.ts';

/** A limit that only the context sets. */
const AS_LONG_AS_IT_FITS = 131_072;

export interface Asked<Request> {
  readonly engine: ChatEngine;
  readonly model: ServedModel;
  readonly request: Request;
  readonly signal: AbortSignal;
}

type Done = Extract<GenerationEvent, { kind: 'done' }>;

export function finishReason({ stopReason, toolCalls }: Pick<Done, 'stopReason' | 'toolCalls'>): string {
  if (toolCalls.length > 0) return 'tool_calls';
  return stopReason === 'max-tokens' || stopReason === 'context-full' ? 'length' : 'stop';
}

function generationOf({ model, request }: Asked<ChatRequest>, choice: number): GenerationRequest {
  const format = request.response_format ?? null;
  const tools = request.tool_choice === 'none' ? [] : (request.tools ?? []);
  return {
    modelPath: model.path,
    prompt: {
      kind: 'chat',
      messages: messagesOf(request),
      tools: tools.map(({ function: one }) => ({
        name: one.name,
        description: one.description ?? '',
        parameters: one.parameters ?? { type: 'object', properties: {} },
      })),
    },
    sampling: samplingOf(
      request,
      request.max_completion_tokens ?? request.max_tokens ?? AS_LONG_AS_IT_FITS,
      choice,
    ),
    format:
      format === null || format.type === 'text'
        ? null
        : {
            kind: 'json-schema',
            schema: format.type === 'json_object' ? { type: 'object' } : format.json_schema.schema,
          },
    topTokens: request.logprobs ? Math.max(1, request.top_logprobs ?? 0) : 0,
  };
}

function logprobsOf(tokens: readonly Token[], count: number) {
  const encoder = new TextEncoder();
  const one = ({ text, logProbability }: Pick<Token, 'text' | 'logProbability'>) => ({
    token: text,
    logprob: finite(logProbability),
    bytes: [...encoder.encode(text)],
  });
  return {
    content: tokens.map((token) => ({ ...one(token), top_logprobs: token.top.slice(0, count).map(one) })),
    refusal: null,
  };
}

/** JSON knows no infinity; OpenAI writes this for it. */
export function finite(logProbability: number): number {
  return Number.isFinite(logProbability) ? logProbability : -9999;
}

export function usageOf(statistics: readonly Done['statistics'][]) {
  const prompt = statistics[0]?.promptTokens ?? 0;
  const completion = statistics.reduce((sum, { tokens }) => sum + tokens, 0);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: statistics[0]?.reusedTokens ?? 0 },
  };
}

function callsOf(calls: readonly ToolCall[], withIndex: boolean) {
  return calls.map(({ id, name, arguments: written }, index) => ({
    ...(withIndex ? { index } : {}),
    id,
    type: 'function',
    function: { name, arguments: written },
  }));
}

const headOf = (kind: string, { model }: Asked<ChatRequest>) => ({
  id: `chatcmpl-${randomUUID()}`,
  object: kind,
  created: Math.floor(Date.now() / 1000),
  model: model.id,
});

export async function chatCompletion(asked: Asked<ChatRequest>): Promise<unknown> {
  const { engine, request, signal } = asked;
  const choices: unknown[] = [];
  const statistics: Done['statistics'][] = [];
  for (let index = 0; index < (request.n ?? 1); index += 1) {
    let text = '';
    const tokens: Token[] = [];
    for await (const event of engine.generate(generationOf(asked, index), signal)) {
      if (event.kind === 'text') {
        text += event.text;
        tokens.push(...event.tokens);
      }
      if (event.kind !== 'done') continue;
      statistics.push(event.statistics);
      const { toolCalls } = event;
      const before = toolCalls.length === 0 ? text : textBeforeCalls(text);
      choices.push({
        index,
        message: {
          role: 'assistant',
          content: before === '' && toolCalls.length > 0 ? null : before,
          refusal: null,
          ...(toolCalls.length === 0 ? {} : { tool_calls: callsOf(toolCalls, false) }),
        },
        logprobs: request.logprobs ? logprobsOf(tokens, request.top_logprobs ?? 0) : null,
        finish_reason: finishReason(event),
      });
    }
  }
  return { ...headOf('chat.completion', asked), choices, usage: usageOf(statistics) };
}

/** With tools the text comes at the end: only then is it known what of it is a call. */
export async function* chatCompletionChunks(asked: Asked<ChatRequest>): AsyncGenerator<unknown, void> {
  const { engine, request, signal } = asked;
  const head = headOf('chat.completion.chunk', asked);
  const statistics: Done['statistics'][] = [];
  const hasTools = (request.tools ?? []).length > 0;
  for (let index = 0; index < (request.n ?? 1); index += 1) {
    const chunk = (delta: unknown, rest: { readonly finish?: string; readonly logprobs?: unknown } = {}) => ({
      ...head,
      choices: [{ index, delta, logprobs: rest.logprobs ?? null, finish_reason: rest.finish ?? null }],
    });
    yield chunk({ role: 'assistant', content: '' });
    let held = '';
    for await (const event of engine.generate(generationOf(asked, index), signal)) {
      if (event.kind === 'text') {
        const logprobs = request.logprobs ? logprobsOf(event.tokens, request.top_logprobs ?? 0) : null;
        if (hasTools) held += event.text;
        if (!hasTools || logprobs !== null)
          yield chunk({ content: hasTools ? '' : event.text }, { logprobs });
      }
      if (event.kind !== 'done') continue;
      statistics.push(event.statistics);
      const { toolCalls } = event;
      const rest = toolCalls.length === 0 ? held : textBeforeCalls(held);
      if (rest !== '') yield chunk({ content: rest });
      if (toolCalls.length > 0) yield chunk({ tool_calls: callsOf(toolCalls, true) });
      yield chunk({}, { finish: finishReason(event) });
    }
  }
  if (request.stream_options?.include_usage) yield { ...head, choices: [], usage: usageOf(statistics) };
}
