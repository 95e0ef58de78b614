// The HTTP side: who may ask, what is read of a request, how answers are written. Loopback only; no page of a browser may
// use it (no CORS), and a foreign name that points here is refused.
import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StudioError } from '../../api/errors.ts';
import type { ChatEngine } from '../model-runtime/engine.ts';
import { createRequestGuard } from '../host/request-guard.ts';
import { ApiError, asApiError } from './api-error.ts';
import { type Asked, chatCompletion, chatCompletionChunks } from './chat-completions.ts';
import { completion, completionChunks } from './completions.ts';
import { chatRequest, completionRequest, embeddingRequest, inputsOf, parseRequest } from './requests.ts';
import { findModel, LATEST, type ServedModels } from './served-models.ts';

const HOST = '127.0.0.1';
/** A long conversation is some hundred kilobytes; harnesses send a few megabytes of token ids. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

export interface OpenaiServerOptions {
  readonly engine: ChatEngine;
  readonly models: ServedModels;
  /** 0 chooses a free one. */
  readonly port: number;
  readonly token: string | null;
  readonly onRequest?: () => void;
}

export interface OpenaiServer {
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

/** UNAVAILABLE when the port is taken. */
export async function startOpenaiServer(options: OpenaiServerOptions): Promise<OpenaiServer> {
  const guard = createRequestGuard(HOST);
  const closing = new AbortController();
  const server = createServer((request, response) => {
    options.onRequest?.();
    const refusal = guard.refusal(request.headers, false);
    const work =
      refusal === null ? answer(request, response, options, closing.signal) : refuse(response, refusal);
    work.catch((error: unknown) => fail(response, error));
  });
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://${HOST}:${port}/v1`,
    async close() {
      closing.abort();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new StudioError('UNAVAILABLE', `Port ${port} is taken by another program`, {
              hint: 'Choose another port, or 0 for a free one',
              cause: error,
            })
          : error,
      ),
    );
    server.listen(port, HOST, resolve);
  });
}

async function refuse(response: ServerResponse, reason: string): Promise<void> {
  fail(response, new ApiError(403, reason, { type: 'permission_error' }));
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: OpenaiServerOptions,
  closing: AbortSignal,
): Promise<void> {
  if (!isLetIn(request, options.token)) {
    throw new ApiError(401, 'The key is missing or wrong', {
      type: 'authentication_error',
      code: 'invalid_api_key',
    });
  }
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const signal = AbortSignal.any([gone.signal, closing]);
  const path = (request.url ?? '/').split('?')[0]?.replace(/\/+$/, '') ?? '';
  if (request.method === 'GET' && path.startsWith('/v1/models')) {
    sendJson(
      response,
      200,
      await listing(options.models, decodeURIComponent(path.slice('/v1/models/'.length))),
    );
    return;
  }
  const handler = request.method === 'POST' ? handlers[path] : undefined;
  if (handler === undefined) throw new ApiError(404, `There is nothing at ${request.method} ${path} here`);
  await handler(await readJson(request), { response, signal, options });
}

interface Exchange {
  readonly response: ServerResponse;
  readonly signal: AbortSignal;
  readonly options: OpenaiServerOptions;
}

const handlers: Readonly<Record<string, (body: unknown, exchange: Exchange) => Promise<void>>> = {
  async '/v1/chat/completions'(body, exchange) {
    const request = parseRequest(chatRequest, body);
    const asked = await askedOf(request, exchange);
    if (request.stream) await sendStream(exchange, chatCompletionChunks(asked));
    else sendJson(exchange.response, 200, await chatCompletion(asked));
  },
  async '/v1/completions'(body, exchange) {
    const request = parseRequest(completionRequest, body);
    const asked = await askedOf(request, exchange);
    if (request.stream) await sendStream(exchange, completionChunks(asked));
    else sendJson(exchange.response, 200, await completion(asked));
  },
  async '/v1/embeddings'(body, { response, signal, options }) {
    const request = parseRequest(embeddingRequest, body);
    const model = await findModel(options.models, request.model);
    const { vectors, tokens } = await options.engine.embed(model.path, inputsOf(request.input), signal);
    const written = (vector: Float32Array) =>
      request.encoding_format === 'base64'
        ? Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64')
        : [...vector];
    sendJson(response, 200, {
      object: 'list',
      model: model.id,
      data: vectors.map((vector, index) => ({ object: 'embedding', index, embedding: written(vector) })),
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    });
  },
};

async function askedOf<T extends { readonly model: string }>(
  request: T,
  { signal, options }: Exchange,
): Promise<Asked<T>> {
  return { engine: options.engine, model: await findModel(options.models, request.model), request, signal };
}

/** All models, `latest` among them, or one by its name. */
async function listing(models: ServedModels, name: string): Promise<unknown> {
  const entry = ({ id, changedMs }: { readonly id: string; readonly changedMs: number }) => ({
    id,
    object: 'model',
    created: Math.floor(changedMs / 1000),
    owned_by: 'nesso',
  });
  if (name !== '') return entry(await findModel(models, name));
  const all = await models.list();
  const [newest] = all;
  return {
    object: 'list',
    data: [...(newest === undefined ? [] : [entry({ ...newest, id: LATEST })]), ...all.map(entry)],
  };
}

function isLetIn({ headers }: IncomingMessage, token: string | null): boolean {
  if (token === null) return true;
  const given = Buffer.from(headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    const chunk = part as Buffer;
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new ApiError(413, 'The request is too large');
    parts.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    throw new ApiError(400, 'The body is no JSON');
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

/** Server-sent events. What fails before the first event is an ordinary error. */
async function sendStream({ response }: Exchange, chunks: AsyncGenerator<unknown, void>): Promise<void> {
  for await (const chunk of chunks) {
    if (response.destroyed) break;
    if (!response.headersSent) {
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
      });
    }
    if (!response.write(`data: ${JSON.stringify(chunk)}\n\n`)) {
      await new Promise<void>((resolve) => {
        response.once('drain', resolve);
        response.once('close', resolve);
      });
    }
  }
  if (!response.destroyed) response.end('data: [DONE]\n\n');
}

function fail(response: ServerResponse, error: unknown): void {
  const known = asApiError(error);
  if (!response.headersSent) {
    // What was not read of the request would be taken for the next one.
    if (known.status === 413) response.setHeader('connection', 'close');
    sendJson(response, known.status, known.body);
    return;
  }
  if (!response.destroyed) response.end(`data: ${JSON.stringify(known.body)}\n\n`);
}
