// Entry of the llama child process: reads requests from its parent, one after another, and answers.
// It may be killed at any moment, and it ends by itself when its parent is gone.
import { createCoalescer } from './coalesce.ts';
import { RuntimeFailure } from './failure.ts';
import {
  type FromChild,
  type Request,
  type ScoredItem,
  type ScoredToken,
  TEXT_INTERVAL_MS,
  type Token,
  toChild,
} from './protocol.ts';
import { LlamaRuntime } from './runtime.ts';

const MEMORY_INTERVAL_MS = 2000;
const PROGRESS_INTERVAL_MS = 100;

const runtime = new LlamaRuntime();
const running = new Map<number, AbortController>();
let queue: Promise<void> = Promise.resolve();

function send(message: FromChild): void {
  if (process.connected) process.send?.(message);
}

function sendMemory(): void {
  send({ kind: 'memory', residentBytes: process.memoryUsage.rss() });
}

async function answer(request: Extract<Request, { kind: 'answer' }>, signal: AbortSignal): Promise<void> {
  const { id } = request;
  let count = 0;
  const output = createCoalescer<{ readonly text: string; readonly token: Token | null }>(
    TEXT_INTERVAL_MS,
    (pieces) =>
      send({
        kind: 'text',
        id,
        text: pieces.map(({ text }) => text).join(''),
        tokens: pieces.flatMap(({ token }) => (token === null ? [] : [token])),
        count,
      }),
  );
  const { stopReason, toolCalls, endToken, statistics } = await runtime.answer({
    ...request,
    signal,
    onPrompt: (tokens, reusedTokens) => send({ kind: 'prompt', id, tokens, reusedTokens }),
    onToken: (text, token, generated) => {
      count = generated;
      output.push({ text, token });
    },
  });
  output.flush();
  send({
    kind: 'done',
    id,
    stopReason,
    toolCalls: [...toolCalls],
    endToken,
    statistics: { ...statistics, memoryBytes: process.memoryUsage.rss() },
  });
}

async function score(request: Extract<Request, { kind: 'score' }>, signal: AbortSignal): Promise<void> {
  const { id } = request;
  let done = 0;
  let total = 0;
  const output = createCoalescer<ScoredToken>(TEXT_INTERVAL_MS, (tokens) => {
    done += tokens.length;
    send({ kind: 'scores', id, tokens: [...tokens], done, total });
  });
  await runtime.score(
    request,
    (tokens, all) => {
      total = all;
      for (const token of tokens) output.push(token);
    },
    signal,
  );
  output.flush();
  send({ kind: 'end', id });
}

async function scoreMany(
  { id, items }: Extract<Request, { kind: 'score-many' }>,
  signal: AbortSignal,
): Promise<void> {
  let done = 0;
  const output = createCoalescer<ScoredItem>(TEXT_INTERVAL_MS, (some) => {
    const from = done;
    done += some.length;
    send({ kind: 'scored-items', id, from, items: [...some], done, total: items.length });
  });
  await runtime.scoreMany(items, (item) => output.push(item), signal);
  output.flush();
  send({ kind: 'end', id });
}

/** llama.cpp reports every tensor; a window needs a few a second. */
function progressSender(id: number): (fraction: number) => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  return (fraction) => {
    const nowMs = performance.now();
    if (fraction < 1 && nowMs - lastMs < PROGRESS_INTERVAL_MS) return;
    lastMs = nowMs;
    send({ kind: 'progress', id, fraction });
  };
}

async function serve(
  request: Exclude<Request, { kind: 'stop' | 'exit' }>,
  signal: AbortSignal,
): Promise<void> {
  const { id } = request;
  switch (request.kind) {
    case 'load': {
      const startedMs = performance.now();
      const contextTokens = await runtime.load(request.settings, progressSender(id), signal);
      send({ kind: 'loaded', id, contextTokens, loadMs: performance.now() - startedMs });
      return;
    }
    case 'answer':
      return answer(request, signal);
    case 'score':
      return score(request, signal);
    case 'score-many':
      return scoreMany(request, signal);
    case 'tokenize':
      send({
        kind: 'tokenized',
        id,
        tokens: request.texts.map((text) => runtime.tokenize(text, request.addBos)),
      });
      return;
    case 'render':
      send({ kind: 'rendered', id, ...(await runtime.render(request.prompt)) });
      return;
    case 'distributions': {
      const logProbabilities = await runtime.distributions(request.tokens, request.positions);
      send({ kind: 'distributed', id, logProbabilities });
      return;
    }
    case 'embed':
      send({ kind: 'embedded', id, ...(await runtime.embed(request.inputs, signal)) });
  }
}

process.on('message', (raw) => {
  const request = toChild.parse(raw);
  if (request.kind === 'exit') process.exit(0);
  if (request.kind === 'stop') {
    running.get(request.id)?.abort();
    return;
  }
  const controller = new AbortController();
  running.set(request.id, controller);
  queue = queue.then(async () => {
    try {
      await serve(request, controller.signal);
    } catch (error) {
      const reason = error instanceof RuntimeFailure ? error.reason : 'other';
      const detail = error instanceof Error ? error.message : String(error);
      send({ kind: 'failed', id: request.id, reason, detail });
    }
    running.delete(request.id);
    sendMemory();
  });
});
process.on('disconnect', () => process.exit(0));
setInterval(sendMemory, MEMORY_INTERVAL_MS).unref();
send({ kind: 'ready' });
