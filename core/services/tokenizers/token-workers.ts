// Token work in child processes: one fewer than there are cores, each with one request at a time; what a person waits for
// goes before counting. They are started when wanted, end after a while without work, and may die without harm.
import type { ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import {
  type FromTokenChild,
  fromTokenChild,
  type TokenAnswer,
  type TokenRequest,
} from './token-protocol.ts';

export interface TokenWorkers {
  /** Throws what loading a tokenizer throws, CANCELLED, and RUNTIME_DIED when the child ended. */
  ask<K extends TokenRequest['kind']>(
    request: Extract<TokenRequest, { kind: K }>,
    options?: { readonly signal?: AbortSignal | undefined; readonly urgent?: boolean },
  ): Promise<Extract<TokenAnswer, { kind: K }>>;
  readonly size: number;
  /** Running children, for tests and the status bar. */
  readonly pids: readonly number[];
  dispose(): Promise<void>;
}

export interface TokenWorkersOptions {
  readonly spawn: () => ChildProcess;
  readonly size?: number;
  readonly idleMs?: number;
}

/** Each child holds its tokenizers in memory, so more cores than this are left to others. */
const MAX_CHILDREN = 8;
const IDLE_MS = 60_000;
/** A cancelled request that takes longer than this to end takes its child with it. */
const LINGER_MS = 500;

interface Job {
  readonly id: number;
  readonly request: TokenRequest;
  readonly resolve: (answer: TokenAnswer) => void;
  readonly reject: (error: unknown) => void;
  settled: boolean;
}

interface Worker {
  readonly process: ChildProcess;
  job: Job | null;
  idle: NodeJS.Timeout | null;
}

export function createTokenWorkers(options: TokenWorkersOptions): TokenWorkers {
  const size = options.size ?? Math.max(1, Math.min(availableParallelism() - 1, MAX_CHILDREN));
  const workers = new Set<Worker>();
  const urgent: Job[] = [];
  const waiting: Job[] = [];
  let nextId = 1;

  const end = (worker: Worker): void => {
    if (worker.idle !== null) clearTimeout(worker.idle);
    workers.delete(worker);
    worker.process.kill('SIGKILL');
  };
  const ended = (worker: Worker, reason: string): void => {
    if (worker.idle !== null) clearTimeout(worker.idle);
    workers.delete(worker);
    if (worker.job !== null) {
      settle(worker.job, () => worker.job?.reject(died(worker.job.request.path, reason)));
      worker.job = null;
    }
    assign();
  };
  const start = (): Worker => {
    const worker: Worker = { process: options.spawn(), job: null, idle: null };
    workers.add(worker);
    worker.process.on('message', (raw) => {
      const { job } = worker;
      const message = fromTokenChild.parse(raw);
      if (job === null || message.id !== job.id) return;
      worker.job = null;
      settle(job, () => {
        if (message.kind === 'done') job.resolve(message.answer);
        else job.reject(failureOf(message));
      });
      assign();
    });
    worker.process.on('error', (error) => ended(worker, error.message));
    worker.process.on('exit', (code, signal) => ended(worker, signal ?? `exit code ${code}`));
    return worker;
  };
  const assign = (): void => {
    for (;;) {
      const free = [...workers].find((worker) => worker.job === null);
      if (free === undefined && workers.size >= size) return;
      const job = urgent.shift() ?? waiting.shift();
      if (job === undefined) break;
      if (job.settled) continue;
      const worker = free ?? start();
      if (worker.idle !== null) clearTimeout(worker.idle);
      worker.idle = null;
      worker.job = job;
      worker.process.send({ id: job.id, request: job.request }, () => undefined);
    }
    for (const worker of workers) {
      if (worker.job !== null || worker.idle !== null) continue;
      worker.idle = setTimeout(() => end(worker), options.idleMs ?? IDLE_MS);
      worker.idle.unref();
    }
  };

  return {
    size,
    get pids() {
      return [...workers].flatMap(({ process }) => process.pid ?? []);
    },
    async ask(request, { signal, urgent: isUrgent = false } = {}) {
      signal?.throwIfAborted();
      let abort: (() => void) | null = null;
      try {
        const answer = await new Promise<TokenAnswer>((resolve, reject) => {
          const job: Job = { id: nextId++, request, resolve, reject, settled: false };
          abort = () =>
            settle(job, () => {
              reject(signal?.reason);
              endWhenStuck(job);
            });
          signal?.addEventListener('abort', abort, { once: true });
          (isUrgent ? urgent : waiting).push(job);
          assign();
        });
        if (!isKind(answer, request.kind)) throw new Error('A token child answered another question');
        return answer;
      } finally {
        if (abort !== null) signal?.removeEventListener('abort', abort);
      }
    },
    async dispose() {
      for (const job of [...urgent.splice(0), ...waiting.splice(0)]) settle(job, () => job.reject(closed()));
      const all = [...workers];
      const ends = all.map((worker) => new Promise((resolve) => worker.process.once('exit', resolve)));
      for (const worker of all) {
        if (worker.job !== null) settle(worker.job, () => worker.job?.reject(closed()));
        worker.job = null;
        end(worker);
      }
      await Promise.all(ends);
    },
  };

  function endWhenStuck(job: Job): void {
    setTimeout(() => {
      for (const worker of workers) if (worker.job === job) end(worker);
      assign();
    }, LINGER_MS).unref();
  }
}

function settle(job: Job, work: () => void): void {
  if (job.settled) return;
  job.settled = true;
  work();
}

function isKind<K extends TokenAnswer['kind']>(
  answer: TokenAnswer,
  kind: K,
): answer is Extract<TokenAnswer, { kind: K }> {
  return answer.kind === kind;
}

function failureOf({ code, message, data }: Extract<FromTokenChild, { kind: 'failed' }>): StudioError {
  const { hint, path, detail } = data;
  return new StudioError(code, message, {
    hint,
    ...(path === undefined ? {} : { path }),
    ...(detail === undefined ? {} : { detail }),
  });
}

function died(path: string, reason: string): StudioError {
  return new StudioError('RUNTIME_DIED', `The process that reads tokens ended: ${reason}`, {
    hint: `Try again: a new one starts by itself. If it happens again, ${basename(path)} may need more memory than there is`,
    path,
  });
}

function closed(): StudioError {
  return new StudioError('CANCELLED', 'Counting tokens was cancelled', {
    hint: 'Start it again if it is still wanted',
  });
}
