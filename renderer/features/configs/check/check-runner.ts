// Runs checks in a worker, one at a time: while one runs only the newest text waits, so typing never builds a queue.
// Knows nothing about editors; a caller asks with a text and hears back once, or never when a newer text replaced it.
import type { DeriveOptions } from '../../../../core/lib/config/derived/derived-types.ts';
import type { CheckReply, CheckRequest, FinishedCheck } from './check-protocol.ts';
import CheckWorker from './check.worker.ts?worker';

interface Job {
  readonly owner: object;
  readonly task: CheckRequest['task'];
  readonly text: string;
  readonly options: DeriveOptions;
  resolve(finished: FinishedCheck | null): void;
  reject(error: Error): void;
}

/** A check of a config takes milliseconds; one that takes this long is stuck, and the worker is replaced. */
const STUCK_MS = 20_000;

let worker: Worker | null = null;
let running: { readonly id: number; readonly job: Job; readonly timer: number } | null = null;
let waiting: readonly Job[] = [];
let counter = 0;

/**
 * Checks a text. A second call of the same owner replaces the first while that still waits: the first then gets null.
 * Rejects when the check itself fails, which is a defect of the studio and not of the config.
 */
export function runCheck(owner: object, text: string, options: DeriveOptions): Promise<FinishedCheck | null> {
  return enqueue({ owner, task: 'check', text, options });
}

/** Applies every quick fix to a text, checking again after each. */
export async function runFixAll(text: string, options: DeriveOptions): Promise<FinishedCheck> {
  const finished = await enqueue({ owner: {}, task: 'fix-all', text, options });
  if (finished === null) throw new Error('The fixes were not applied: another check took their place');
  return finished;
}

function enqueue(job: Omit<Job, 'resolve' | 'reject'>): Promise<FinishedCheck | null> {
  return new Promise((resolve, reject) => {
    for (const other of waiting) if (other.owner === job.owner) other.resolve(null);
    waiting = [...waiting.filter(({ owner }) => owner !== job.owner), { ...job, resolve, reject }];
    startNext();
  });
}

function startNext(): void {
  const [job, ...rest] = waiting;
  if (running !== null || job === undefined) return;
  waiting = rest;
  counter += 1;
  const id = counter;
  running = { id, job, timer: window.setTimeout(() => giveUp('The check took too long'), STUCK_MS) };
  const { task, text, options } = job;
  const request: CheckRequest = { id, task, text, options };
  currentWorker().postMessage(request);
}

function currentWorker(): Worker {
  if (worker !== null) return worker;
  worker = new CheckWorker({ name: 'check' });
  worker.onmessage = (event: MessageEvent<CheckReply>) => finish(event.data);
  worker.onerror = (event) => giveUp(event.message || 'The check worker stopped');
  return worker;
}

function finish(reply: CheckReply): void {
  if (running?.id !== reply.id) return;
  const { job, timer } = running;
  window.clearTimeout(timer);
  running = null;
  if (reply.kind === 'done') job.resolve(reply.finished);
  else job.reject(new Error(reply.message));
  startNext();
}

function giveUp(message: string): void {
  worker?.terminate();
  worker = null;
  if (running === null) return;
  const { job, timer } = running;
  window.clearTimeout(timer);
  running = null;
  job.reject(new Error(message));
  startNext();
}
