// Entry of the llama child process: reads requests from its parent, one after another, and answers.
// It may be killed at any moment, and it ends by itself when its parent is gone.
import { createCoalescer } from './coalesce.ts';
import { type FromChild, TEXT_INTERVAL_MS, type ToChild, toChild } from './protocol.ts';
import { LlamaRuntime, RuntimeFailure } from './runtime.ts';

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

async function answer(request: Extract<ToChild, { kind: 'answer' }>, signal: AbortSignal): Promise<void> {
  const { id } = request;
  const startedMs = performance.now();
  let firstMs: number | null = null;
  let tokens = 0;
  let unsent = 0;
  const output = createCoalescer(TEXT_INTERVAL_MS, (text, count) =>
    send({ kind: 'text', id, text, tokens: count }),
  );
  const result = await runtime.answer({
    mode: request.mode,
    messages: request.messages,
    sampling: request.sampling,
    signal,
    onTokens: (count) => {
      firstMs ??= performance.now();
      tokens += count;
      unsent += count;
    },
    onText: (text) => {
      firstMs ??= performance.now();
      output.push(text, unsent);
      unsent = 0;
    },
  });
  output.flush();
  const endMs = performance.now();
  const decodeMs = endMs - (firstMs ?? endMs);
  send({
    kind: 'done',
    id,
    stopReason: result.stopReason,
    statistics: {
      tokens,
      promptTokens: result.promptTokens,
      timeToFirstTokenMs: (firstMs ?? endMs) - startedMs,
      // The first token belongs to reading the prompt.
      tokensPerSecond: tokens > 1 && decodeMs > 0 ? ((tokens - 1) * 1000) / decodeMs : 0,
    },
  });
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
  request: Exclude<ToChild, { kind: 'stop' | 'exit' }>,
  signal: AbortSignal,
): Promise<void> {
  const { id } = request;
  switch (request.kind) {
    case 'load': {
      const contextTokens = await runtime.load(request.settings, progressSender(id), signal);
      send({ kind: 'loaded', id, contextTokens });
      return;
    }
    case 'answer':
      return answer(request, signal);
    case 'score': {
      const { tokens, logProbabilities } = await runtime.score(request.text);
      send({ kind: 'scored', id, tokens: [...tokens], logProbabilities: [...logProbabilities] });
      return;
    }
    case 'tokenize':
      send({ kind: 'tokenized', id, ids: request.texts.map((text) => runtime.tokenize(text)) });
      return;
    case 'render':
      send({ kind: 'rendered', id, text: runtime.render(request.messages) });
      return;
    case 'distributions': {
      const logProbabilities = await runtime.distributions(request.tokens, request.positions);
      send({ kind: 'distributed', id, logProbabilities });
    }
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
