// A real HTTP server that speaks the OpenAI shape, with every mood a judge's server can be in. What it says about a document is
// decided by the document's own words, so that a test knows what must come out whatever the order.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly path: string;
  readonly prompt: string;
  readonly n: number;
  readonly authorization: string | null;
  readonly body: Record<string, unknown>;
}

/** How to answer one request: samples of the OpenAI shape, or something that goes wrong. */
export type Reply =
  | { readonly kind: 'texts'; readonly texts: readonly string[]; readonly usage?: boolean }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'raw'; readonly text: string }
  /** Half an answer, then the connection ends. */
  | { readonly kind: 'hang-up' }
  /** Nothing, until the client gives up. */
  | { readonly kind: 'silence' };

export interface JudgeServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>/v1`. */
  readonly baseUrl: string;
  readonly requests: readonly SeenRequest[];
  /** Most requests that were under way at the same time. */
  readonly mostAtOnce: () => number;
  stop(): Promise<void>;
}

export interface JudgeServerOptions {
  /** `attempt` counts requests with the same prompt from 1. */
  readonly reply: (request: SeenRequest, attempt: number) => Reply | Promise<Reply>;
  /** Before every answer. */
  readonly delayMs?: number;
  readonly key?: string;
  readonly models?: readonly { readonly id: string; readonly max_model_len?: number }[];
  readonly port?: number;
}

export async function startJudgeServer(options: JudgeServerOptions): Promise<JudgeServer> {
  const requests: SeenRequest[] = [];
  const attempts = new Map<string, number>();
  let active = 0;
  let most = 0;
  const server = createServer((incoming, response) => {
    void (async () => {
      const body = await readBody(incoming);
      if (incoming.url?.endsWith('/models') === true) {
        const models = options.models ?? [{ id: 'judge-1', max_model_len: 8192 }];
        sendJson(response, 200, { object: 'list', data: models });
        return;
      }
      const seen = seenOf(incoming, body);
      requests.push(seen);
      active += 1;
      most = Math.max(most, active);
      if (options.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, options.delayMs));
      active -= 1;
      if (options.key !== undefined && seen.authorization !== `Bearer ${options.key}`) {
        const sent = seen.authorization ?? 'nothing';
        sendJson(response, 401, { error: { message: `Incorrect API key provided: ${sent}` } });
        return;
      }
      const attempt = (attempts.get(seen.prompt) ?? 0) + 1;
      attempts.set(seen.prompt, attempt);
      answer(response, seen, await options.reply(seen, attempt));
    })();
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    mostAtOnce: () => most,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function seenOf(incoming: IncomingMessage, text: string): SeenRequest {
  const body = JSON.parse(text) as Record<string, unknown> & { readonly prompt?: string };
  const messages = body['messages'] as
    | readonly { readonly role: string; readonly content: string }[]
    | undefined;
  return {
    path: incoming.url ?? '',
    prompt: messages?.[0]?.content ?? body.prompt ?? '',
    n: typeof body['n'] === 'number' ? body['n'] : 1,
    authorization: incoming.headers.authorization ?? null,
    body,
  };
}

function answer(response: ServerResponse, seen: SeenRequest, reply: Reply): void {
  switch (reply.kind) {
    case 'texts': {
      const chat = seen.path.endsWith('/chat/completions');
      sendJson(response, 200, {
        id: 'completion-1',
        model: 'judge-1-2026',
        choices: reply.texts.map((text, index) =>
          chat ? { index, message: { role: 'assistant', content: text } } : { index, text },
        ),
        ...(reply.usage === false
          ? {}
          : { usage: { prompt_tokens: 100, completion_tokens: 10 * reply.texts.length } }),
      });
      return;
    }
    case 'status':
      for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
      sendJson(response, reply.status, reply.body ?? { error: { message: `status ${reply.status}` } });
      return;
    case 'raw':
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(reply.text);
      return;
    case 'hang-up':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"choices": [');
      setTimeout(() => response.destroy(), 5);
      return;
    case 'silence':
  }
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of incoming) text += String(part);
  return text;
}

/** The words between `[` and `]` in a document tell this server what to answer: `[scores 3 3.5 none]`. */
export function scoresWanted(prompt: string): readonly string[] {
  return /\[scores ([^\]]*)\]/.exec(prompt)?.[1]?.split(' ') ?? ['0'];
}

/** One generation, as a model would write it. */
export function generation(score: string): string {
  if (score === 'empty') return '';
  if (score === 'none') return 'This passage teaches something, but I forgot the rest.';
  return `First I thought Educational score: 1, but it explains more.\nEducational score: ${score}`;
}
