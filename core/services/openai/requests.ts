// What OpenAI's clients send, as far as it means something to a local model; anything else is ignored, as theirs is.
import { z } from 'zod';
import { type ChatMessage, MAX_TOP_TOKENS, type Sampling, sampling } from '../../api/generation.ts';
import { ApiError } from './api-error.ts';

const stop = z.union([z.string(), z.array(z.string()).max(16)]).nullish();
/** Answers to one request at most: they are made one after another. */
const MAX_CHOICES = 16;

const common = {
  model: z.string().default('latest'),
  temperature: z.number().min(0).max(5).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  top_k: z.number().int().min(0).nullish(),
  min_p: z.number().min(0).max(1).nullish(),
  repetition_penalty: z.number().min(0.5).max(2).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  logit_bias: z
    .record(z.string().regex(/^\d+$/, 'must be token ids'), z.number().min(-100).max(100))
    .nullish(),
  seed: z.number().int().nullish(),
  stop,
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  n: z.number().int().min(1).max(MAX_CHOICES).nullish(),
};

const part = z.object({ type: z.literal('text'), text: z.string() });
const chatMessage = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: z.union([z.string(), z.array(part)]).nullish(),
  name: z.string().nullish(),
  tool_call_id: z.string().nullish(),
  tool_calls: z
    .array(z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) }))
    .nullish(),
});

export const chatRequest = z.object({
  ...common,
  messages: z.array(chatMessage).min(1),
  max_tokens: z.number().int().min(1).nullish(),
  max_completion_tokens: z.number().int().min(1).nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.number().int().min(0).max(MAX_TOP_TOKENS).nullish(),
  tools: z
    .array(
      z.object({
        type: z.literal('function'),
        function: z.object({
          name: z.string().min(1),
          description: z.string().nullish(),
          parameters: z.unknown().optional(),
        }),
      }),
    )
    .nullish(),
  tool_choice: z.unknown().optional(),
  response_format: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('text') }),
      z.object({ type: z.literal('json_object') }),
      z.object({ type: z.literal('json_schema'), json_schema: z.object({ schema: z.unknown().optional() }) }),
    ])
    .nullish(),
});
export type ChatRequest = z.infer<typeof chatRequest>;

const ids = z.array(z.number().int().min(0));
/** Prompts of one request: evaluation harnesses send some dozens. */
const MAX_PROMPTS = 2048;

export const completionRequest = z.object({
  ...common,
  prompt: z.union([
    z.string(),
    z.array(z.string()).min(1).max(MAX_PROMPTS),
    ids.min(1),
    z.array(ids).min(1).max(MAX_PROMPTS),
  ]),
  max_tokens: z.number().int().min(0).nullish(),
  logprobs: z.number().int().min(0).max(MAX_TOP_TOKENS).nullish(),
  echo: z.boolean().nullish(),
});
export type CompletionRequest = z.infer<typeof completionRequest>;

export const embeddingRequest = z.object({
  model: z.string().default('latest'),
  input: z.union([
    z.string(),
    z.array(z.string()).min(1).max(MAX_PROMPTS),
    ids.min(1),
    z.array(ids).min(1).max(MAX_PROMPTS),
  ]),
  encoding_format: z.enum(['float', 'base64']).nullish(),
});

/** Throws ApiError 400 that names the field. */
export function parseRequest<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const parameter = issue?.path.map(String).join('.') ?? null;
  throw new ApiError(
    400,
    `${parameter === '' || parameter === null ? 'The request' : parameter}: ${issue?.message ?? 'not understood'}`,
    {
      parameter,
    },
  );
}

/** One text or list of ids each. */
export function inputsOf(input: CompletionRequest['prompt']): readonly (string | readonly number[])[] {
  if (typeof input === 'string') return [input];
  const [first] = input;
  if (typeof first === 'number') return [input.filter((id) => typeof id === 'number')];
  return input.filter((one): one is string | number[] => typeof one !== 'number');
}

/** OpenAI's defaults are the model's own distribution. */
export function samplingOf(
  request: Pick<CompletionRequest, keyof typeof common>,
  maxTokens: number,
  choice: number,
): Sampling {
  const { stop: stops } = request;
  const seed = request.seed ?? null;
  return sampling.parse({
    temperature: request.temperature ?? 1,
    topP: request.top_p ?? 1,
    topK: request.top_k ?? 0,
    minP: request.min_p ?? 0,
    repeatPenalty: request.repetition_penalty ?? 1,
    frequencyPenalty: request.frequency_penalty ?? 0,
    presencePenalty: request.presence_penalty ?? 0,
    tokenBias: Object.entries(request.logit_bias ?? {}).map(([id, bias]) => ({ token: Number(id), bias })),
    // Several answers with one seed are different ones, the same every time.
    seed: seed === null ? null : (Math.abs(seed) + choice) % 4_294_967_294,
    maxTokens: Math.min(Math.max(1, maxTokens), 131_072),
    stopTexts: (typeof stops === 'string' ? [stops] : (stops ?? [])).filter((text) => text !== ''),
  });
}

export function messagesOf(request: ChatRequest): ChatMessage[] {
  return request.messages.map(({ role, content, name, tool_call_id, tool_calls }) => ({
    role: role === 'developer' ? 'system' : role,
    text: typeof content === 'string' ? content : (content ?? []).map(({ text }) => text).join(''),
    ...(tool_calls && tool_calls.length > 0
      ? { toolCalls: tool_calls.map((call) => ({ id: call.id, ...call.function })) }
      : {}),
    ...(tool_call_id ? { toolCallId: tool_call_id } : {}),
    ...(role === 'tool' && name ? { toolName: name } : {}),
  }));
}
