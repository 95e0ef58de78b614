// Where templates are rendered: a thread with limits of time and memory, started anew after one has broken them.
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { RuntimeFailure } from './failure.ts';
import { MAX_PROMPT_CHARACTERS, type RenderRequest } from './render.ts';
import type { RenderBegun, RenderReply } from './template-worker.ts';

/** The longest known templates take some milliseconds for a long conversation; a busy computer lets them wait for their turn. */
const TIME_LIMIT_MS = 5000;
/** Of the thread, which loads what renders: on a busy computer that alone may take seconds. */
const START_LIMIT_MS = 60_000;
/** A conversation of MAX_PROMPT_CHARACTERS and what a template makes of it take a part of this. */
const MEMORY_LIMITS = { maxOldGenerationSizeMb: 384, maxYoungGenerationSizeMb: 32 };

export class TemplateRoom {
  private worker: Worker | null = null;

  /** So that the first prompt need not wait for the thread. */
  warm(): void {
    this.worker ??= this.start();
  }

  /** One at a time. Throws RuntimeFailure `template` with what the template said, or which limit it broke. */
  async render(request: RenderRequest): Promise<string> {
    this.warm();
    const { worker } = this;
    if (worker === null) throw new RuntimeFailure('template', 'there is no thread to render it');
    const reply = await answerOf(worker, request);
    if (reply.kind === 'text') {
      if (reply.text.length <= MAX_PROMPT_CHARACTERS) return reply.text;
      throw new RuntimeFailure('template', 'the prompt it made is too long');
    }
    if (reply.kind === 'failed') throw new RuntimeFailure('template', reply.detail);
    this.worker = null;
    await worker.terminate();
    throw new RuntimeFailure('template', reply.detail);
  }

  private start(): Worker {
    const worker = new Worker(join(dirname(process.argv[1] ?? ''), 'native-llama-template.js'), {
      resourceLimits: MEMORY_LIMITS,
      stdout: true,
      stderr: true,
    });
    // An error without a listener would end the process; whoever waits for an answer listens too.
    worker.on('error', () => {
      if (this.worker === worker) this.worker = null;
    });
    worker.unref();
    return worker;
  }
}

/** `broken`: the thread is of no more use. */
type Answer = RenderReply | { readonly kind: 'broken'; readonly detail: string };

function answerOf(worker: Worker, request: RenderRequest): Promise<Answer> {
  return new Promise((resolve) => {
    const finish = (answer: Answer) => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      resolve(answer);
    };
    const endless = () => finish({ kind: 'broken', detail: 'it did not end' });
    const onMessage = (reply: RenderReply | RenderBegun) => {
      if (reply.kind !== 'begun') return finish(reply);
      clearTimeout(timer);
      timer = setTimeout(endless, TIME_LIMIT_MS);
    };
    const onError = (error: Error) => {
      const isMemory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      finish({ kind: 'broken', detail: isMemory ? 'it takes too much memory' : error.message });
    };
    const onExit = () => finish({ kind: 'broken', detail: 'the thread that renders it ended' });
    let timer = setTimeout(endless, START_LIMIT_MS);
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(request);
  });
}
