// One log child and questions to it. It may die, or be ended because a question takes too long: whoever waits is told, and the next
// question starts another one.
import type { ChildProcess } from 'node:child_process';
import { StudioError } from '../../api/errors.ts';
import type { LogState } from '../../api/logs.ts';
import { fromLogChild, type LogAnswer, type LogRequest } from './log-protocol.ts';

export interface LogProcess {
  /** Throws what the child throws, CANCELLED, RUNTIME_DIED, and INVALID_INPUT with `tooSlow` after `limitMs`. */
  ask<K extends LogAnswer['kind']>(
    kind: K,
    request: LogRequest,
    options?: AskOptions,
  ): Promise<Extract<LogAnswer, { kind: K }>>;
  readonly pid: number | null;
  dispose(): void;
}

export interface AskOptions {
  readonly signal?: AbortSignal | undefined;
  /** The child is ended when it takes longer; how long a busy computer needs to start it does not count. */
  readonly limitMs?: number;
}

export interface LogProcessEvents {
  readonly onState?: (path: string, state: LogState) => void;
  /** What the child knew is lost; it is not running any more. */
  readonly onEnd?: () => void;
}

interface Waiting {
  readonly resolve: (answer: LogAnswer) => void;
  readonly reject: (error: unknown) => void;
}

export function createLogProcess(spawn: () => ChildProcess, events: LogProcessEvents = {}): LogProcess {
  let child: ChildProcess | null = null;
  /** Limits of questions that wait for the child to be there. */
  let whenReady: (() => void)[] | null = null;
  let nextId = 1;
  const waiting = new Map<number, Waiting>();

  const end = (reason: StudioError): void => {
    const ended = child;
    child = null;
    ended?.kill('SIGKILL');
    const all = [...waiting.values()];
    waiting.clear();
    for (const { reject } of all) reject(reason);
    if (ended) events.onEnd?.();
  };
  const start = (): ChildProcess => {
    const started = spawn();
    whenReady = [];
    const died = (reason: string): void => {
      if (child === started) end(diedOf(reason));
    };
    started.on('message', (raw) => {
      const message = fromLogChild.parse(raw);
      if (message.kind === 'ready') {
        if (child !== started) return;
        for (const begin of whenReady ?? []) begin();
        whenReady = null;
        return;
      }
      if (message.kind === 'state') {
        events.onState?.(message.path, message.state);
        return;
      }
      const asked = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.kind === 'done') asked?.resolve(message.answer);
      else {
        const { hint, path, detail } = message.data;
        asked?.reject(
          new StudioError(message.code, message.message, {
            hint,
            ...(path === undefined ? {} : { path }),
            ...(detail === undefined ? {} : { detail }),
          }),
        );
      }
    });
    started.on('error', (error) => died(error.message));
    started.on('exit', (code, signal) => died(signal ?? `exit code ${code}`));
    return started;
  };

  return {
    get pid() {
      return child?.pid ?? null;
    },
    async ask(kind, request, { signal, limitMs } = {}) {
      signal?.throwIfAborted();
      child ??= start();
      const id = nextId++;
      let timer: NodeJS.Timeout | undefined;
      let abort: (() => void) | null = null;
      try {
        const answer = await new Promise<LogAnswer>((resolve, reject) => {
          waiting.set(id, { resolve, reject });
          abort = () => {
            waiting.delete(id);
            reject(signal?.reason);
          };
          signal?.addEventListener('abort', abort, { once: true });
          if (limitMs !== undefined) {
            const begin = (): void => {
              if (waiting.has(id)) timer = setTimeout(() => end(tooSlow(limitMs)), limitMs);
            };
            if (whenReady === null) begin();
            else whenReady.push(begin);
          }
          child?.send({ id, request }, () => undefined);
        });
        if (answer.kind !== kind) throw new Error('A log child answered another question');
        return answer as Extract<LogAnswer, { kind: typeof kind }>;
      } finally {
        clearTimeout(timer);
        if (abort !== null) signal?.removeEventListener('abort', abort);
      }
    },
    dispose() {
      end(
        new StudioError('CANCELLED', 'Reading the log was cancelled', {
          hint: 'Open it again if it is still wanted',
        }),
      );
    },
  };
}

function diedOf(reason: string): StudioError {
  return new StudioError('RUNTIME_DIED', `The process that reads logs ended: ${reason}`, {
    hint: 'Try again: a new one starts by itself',
  });
}

function tooSlow(limitMs: number): StudioError {
  return new StudioError(
    'INVALID_INPUT',
    `This pattern took longer than ${Math.round(limitMs / 1000)} seconds on a part of the log and was stopped`,
    { hint: 'Repetitions inside repetitions, such as (a+)+, take very long: write it more simply' },
  );
}
