// One request to an OpenAI-compatible server, and what its answer means for what comes next. Never throws for what a server does,
// and never lets the key out: not in a sentence, not in what is kept of the server's own words.
import { z } from 'zod';
import { StudioError } from '../../api/errors.ts';
import type { JudgeSampling } from '../../lib/judges/judge-template.ts';
import type { JudgeApi } from '../../lib/judges/judgement.ts';

/** Twenty answers of 32,000 tokens are 3 MB; anything larger is not an answer. */
const MAX_ANSWER_BYTES = 16_777_216;
/** Of a server's own words in an error. */
const MAX_REASON_CHARACTERS = 300;
/** A shorter key is a word such as `none` that a local server accepts; replacing it would spoil sentences. */
const MIN_SECRET_CHARACTERS = 6;
const MAX_KEY_CHARACTERS = 4096;

export interface Endpoint {
  /** Ends before `/chat/completions`. */
  readonly baseUrl: string;
  readonly api: JudgeApi;
  readonly model: string;
  readonly key: string | null;
}

export type Answer =
  | {
      readonly kind: 'answer';
      readonly texts: readonly string[];
      readonly model: string | null;
      /** As the server counts; null where it does not say. */
      readonly promptTokens: number | null;
      readonly completionTokens: number | null;
      readonly seconds: number;
    }
  /** Too many requests: wait, and send fewer. */
  | { readonly kind: 'busy'; readonly reason: string; readonly retryAfterMs: number | null }
  /** May be different next time. `reached` false: there was no server to answer. */
  | { readonly kind: 'passing'; readonly reason: string; readonly reached: boolean }
  /** Not this request; another document may do. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** No request will do until a person changes something. */
  | { readonly kind: 'blocked'; readonly error: StudioError };

/** `http://localhost:8000`, `…/v1` and `…/v1/chat/completions` mean the same. Throws INVALID_INPUT. */
export function readBaseUrl(text: string): string {
  const hint = 'Write it like http://localhost:8000/v1';
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch (error) {
    throw new StudioError('INVALID_INPUT', `${text.trim() || 'Nothing'} is no address of a server`, {
      hint,
      cause: error,
    });
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new StudioError('INVALID_INPUT', 'The address must begin with http:// or https://', { hint });
  }
  if (url.username !== '' || url.password !== '' || url.search !== '') {
    throw new StudioError('INVALID_INPUT', 'The address must not contain a key, a password or a query', {
      hint: 'Give the key by its name; it is sent in a header and written nowhere',
    });
  }
  const path = url.pathname.replace(/\/+$/, '').replace(/\/(chat\/completions|completions|models)$/, '');
  return `${url.origin}${path === '' ? '/v1' : path}`;
}

/** Throws INVALID_INPUT for what cannot stand in a header. The message never holds the key. */
export function readKey(key: string | null | undefined): string | null {
  const text = key?.trim() ?? '';
  if (text === '') return null;
  if (text.length <= MAX_KEY_CHARACTERS && /^[\x21-\x7e]+$/.test(text)) return text;
  throw new StudioError('INVALID_INPUT', 'The key holds characters that no key has', {
    hint: 'Copy it again, without spaces or line breaks',
  });
}

/** Takes the key out of foreign words. */
export function withoutKey(text: string, key: string | null): string {
  return key === null || key.length < MIN_SECRET_CHARACTERS ? text : text.replaceAll(key, '[key]');
}

const count = z.number().nonnegative().nullish();
const completion = z.object({
  model: z.string().nullish(),
  choices: z.array(
    z.object({
      text: z.string().nullish(),
      message: z.object({ content: z.string().nullish() }).nullish(),
    }),
  ),
  usage: z.object({ prompt_tokens: count, completion_tokens: count }).nullish(),
});
const failure = z.object({
  error: z.union([z.string(), z.object({ message: z.string() })]).optional(),
  message: z.string().optional(),
  detail: z.unknown().optional(),
});

export interface Question {
  readonly prompt: string;
  readonly samples: number;
  /** Added to the seed, so that separate requests for samples of one document differ. */
  readonly sample: number;
  readonly sampling: JudgeSampling;
  readonly timeoutMs: number;
}

export async function ask(endpoint: Endpoint, question: Question, signal: AbortSignal): Promise<Answer> {
  const { api } = endpoint;
  const startedMs = performance.now();
  const path = api === 'chat' ? '/chat/completions' : '/completions';
  const { timeoutMs } = question;
  const sent = await send(endpoint, path, { body: bodyOf(endpoint, question), timeoutMs, signal });
  if (sent.kind !== 'ok') return sent;
  const parsed = completion.safeParse(parseJson(sent.text));
  if (!parsed.success) {
    const said = reasonOf(sent.text, endpoint.key);
    const reason = `The server answered something else than a completion${said === '' ? '' : `: ${said}`}`;
    return { kind: 'passing', reason, reached: true };
  }
  const { choices, model, usage } = parsed.data;
  return {
    kind: 'answer',
    texts: choices.map((choice) =>
      withoutKey((api === 'chat' ? choice.message?.content : choice.text) ?? '', endpoint.key),
    ),
    model: model ?? null,
    promptTokens: usage?.prompt_tokens ?? null,
    completionTokens: usage?.completion_tokens ?? null,
    seconds: (performance.now() - startedMs) / 1000,
  };
}

function bodyOf({ api, model }: Endpoint, { prompt, samples, sample, sampling }: Question): string {
  const { temperature, top_p, max_tokens, seed } = sampling;
  const shared = {
    model,
    temperature,
    top_p,
    max_tokens,
    ...(samples > 1 ? { n: samples } : {}),
    ...(seed === null ? {} : { seed: seed + sample }),
  };
  return JSON.stringify(
    api === 'chat' ? { ...shared, messages: [{ role: 'user', content: prompt }] } : { ...shared, prompt },
  );
}

type Sent = Exclude<Answer, { readonly kind: 'answer' }> | { readonly kind: 'ok'; readonly text: string };

/** POST with a body, GET without. Throws only what `signal` was aborted with. */
export async function send(
  endpoint: Pick<Endpoint, 'baseUrl' | 'key'>,
  path: string,
  request: { readonly body: string | null; readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Sent> {
  const { body, timeoutMs, signal } = request;
  const { baseUrl, key } = endpoint;
  signal.throwIfAborted();
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(`${baseUrl}${path}`, {
      method: body === null ? 'GET' : 'POST',
      headers: {
        accept: 'application/json',
        ...(body === null ? {} : { 'content-type': 'application/json' }),
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      },
      body,
      // A key is not carried to wherever a server points.
      redirect: 'manual',
      signal: AbortSignal.any([signal, timeout]),
    });
    const text = await readLimited(response);
    return meaningOf(response, text, endpoint);
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) {
      return { kind: 'passing', reason: `No answer within ${timeoutMs / 1000} s`, reached: true };
    }
    if (error instanceof Error && error.cause instanceof Error && error.cause.message === 'bad port') {
      const message = `No server may be asked at ${baseUrl}: its port belongs to another protocol`;
      const hint = 'Run the server on another port';
      return { kind: 'blocked', error: new StudioError('INVALID_INPUT', message, { hint }) };
    }
    const code = causeOf(error);
    const reached = !['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'].includes(code);
    const reason = reached
      ? `The connection ended before the answer (${code})`
      : `There is no server at ${baseUrl} (${code})`;
    return { kind: 'passing', reason, reached };
  }
}

function meaningOf(response: Response, text: string, endpoint: Pick<Endpoint, 'baseUrl' | 'key'>): Sent {
  const { status } = response;
  if (status >= 200 && status < 300) return { kind: 'ok', text };
  const said = reasonOf(text, endpoint.key);
  const reason = `The server answered ${status}${said === '' ? '' : `: ${said}`}`;
  if (status === 429 || status === 503) {
    return { kind: 'busy', reason, retryAfterMs: readRetryAfter(response.headers.get('retry-after')) };
  }
  if (status === 401 || status === 403) {
    const hint =
      endpoint.key === null
        ? 'This server wants a key; give it one by name'
        : 'Check the key and what it may use';
    return { kind: 'blocked', error: new StudioError('PERMISSION_DENIED', reason, { hint }) };
  }
  if (status === 404 || status === 405) {
    const hint = `Check the model and the address ${endpoint.baseUrl}`;
    return { kind: 'blocked', error: new StudioError('NOT_FOUND', reason, { hint }) };
  }
  if (status < 400) {
    const hint = 'Give the address it points to';
    return {
      kind: 'blocked',
      error: new StudioError('UNAVAILABLE', `${reason}, which points somewhere else`, { hint }),
    };
  }
  if (status >= 500 || status === 408 || status === 425) return { kind: 'passing', reason, reached: true };
  return { kind: 'refused', reason };
}

/** Seconds or a date; null when it is neither. */
export function readRetryAfter(header: string | null): number | null {
  if (header === null) return null;
  if (/^\s*\d+(\.\d+)?\s*$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}

function reasonOf(text: string, key: string | null): string {
  const parsed = failure.safeParse(parseJson(text));
  const { error, message, detail } = parsed.success ? parsed.data : {};
  const said =
    (typeof error === 'string' ? error : error?.message) ??
    message ??
    (typeof detail === 'string' ? detail : '');
  return withoutKey(said, key).replace(/\s+/g, ' ').trim().slice(0, MAX_REASON_CHARACTERS);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function readLimited(response: Response): Promise<string> {
  if (response.body === null) return '';
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body) {
    size += part.byteLength;
    if (size > MAX_ANSWER_BYTES) throw new Error('TOO_LARGE');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** The code below undici's "fetch failed", without its sentence: that may quote a header. */
function causeOf(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; depth += 1) {
    const { code } = at as NodeJS.ErrnoException;
    if (typeof code === 'string') return code;
    at = at.cause;
  }
  return error instanceof Error && error.message === 'TOO_LARGE' ? 'answer too large' : 'broken off';
}
