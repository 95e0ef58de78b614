// Whether there is an OpenAI-compatible server at an address, and which models it has.
import { z } from 'zod';
import type { ServerCheck } from '../../api/judges.ts';
import { StudioError } from '../../api/errors.ts';
import { readBaseUrl, readKey, send } from './endpoint.ts';

/** Somebody waits in front of a form. */
const TIMEOUT_MS = 10_000;
const MAX_MODELS = 1000;

/** `max_model_len` is vLLM's, `context_length` and `context_window` are others'. */
const models = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      max_model_len: z.number().nullish(),
      context_length: z.number().nullish(),
      context_window: z.number().nullish(),
    }),
  ),
});

/** Throws UNAVAILABLE, PERMISSION_DENIED, NOT_FOUND, INVALID_INPUT with what to change. */
export async function checkServer(
  address: string,
  givenKey: string | null,
  signal: AbortSignal = new AbortController().signal,
): Promise<ServerCheck> {
  const baseUrl = readBaseUrl(address);
  const key = readKey(givenKey);
  const startedMs = performance.now();
  const sent = await send({ baseUrl, key }, '/models', { body: null, timeoutMs: TIMEOUT_MS, signal });
  if (sent.kind === 'blocked') throw sent.error;
  if (sent.kind !== 'ok') {
    throw new StudioError('UNAVAILABLE', sent.reason, { hint: 'Start the server, or check the address' });
  }
  const parsed = models.safeParse(safeJson(sent.text));
  if (!parsed.success) {
    throw new StudioError('UNAVAILABLE', `${baseUrl}/models does not answer with a list of models`, {
      hint: 'Check the address: it usually ends with /v1. The model can also be typed in',
    });
  }
  return {
    baseUrl,
    milliseconds: Math.round(performance.now() - startedMs),
    models: parsed.data.data.slice(0, MAX_MODELS).map((model) => ({
      id: model.id,
      context: model.max_model_len ?? model.context_length ?? model.context_window ?? null,
    })),
  };
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
