// Parts of files of a target, through one pipe: another session of the connection's own ssh where there can be one, else scripts over
// the connection itself, in small parts so that other commands come in between. Knows nothing of checkpoints.
import { type ChildProcess, spawn } from 'node:child_process';
import { StudioError } from '../../api/errors.ts';
import { quoteWord } from '../../lib/remote/quote.ts';
import {
  createRangeReader,
  type RangeAnswer,
  rangeCommand,
  rangeLine,
  rangeScript,
} from '../../lib/checkpoints/range-protocol.ts';
import type { Connection } from '../targets/connection.ts';
import { newNonce } from '../targets/remote-shell.ts';

/** Nothing at all for so long although something was asked: the session is dead, whatever ssh thinks of it. */
const IDLE_MS = 45_000;
/** Other commands of the studio wait as long as one of these takes. */
const FRAMED_BYTES = 2 * 1024 * 1024;

export interface RangeRequest {
  /** Absolute there. */
  readonly path: string;
  readonly start: number;
  /** `h`: the hash of the whole file. */
  readonly length: number | 'h';
  /** Before the bytes. */
  readonly onAnswer?: (answer: RangeAnswer) => void;
  /** A view: copy what must be kept. */
  readonly onBytes?: (bytes: Uint8Array) => void;
}

export interface RangeChannel {
  /** Parts longer than this are asked for one after another. */
  readonly maxBytes: number;
  /** Answers come in the order of the calls. Throws UNAVAILABLE once the pipe is gone. */
  ask(request: RangeRequest): Promise<RangeAnswer>;
  /** Nothing is read until `resume`. */
  pause(): void;
  resume(): void;
  close(): void;
}

interface Waiting extends RangeRequest {
  answer: RangeAnswer | null;
  readonly resolve: (answer: RangeAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/** Null where the connection has no other sessions. Rejects when none could be opened. */
export async function openSession(connection: Connection, maxBytes: number): Promise<RangeChannel | null> {
  const { sessionArguments } = connection;
  if (sessionArguments === null) return null;
  const nonce = newNonce();
  const child = spawn('ssh', [...sessionArguments, rangeCommand(nonce)], {
    detached: true,
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  return whenOpen(child, nonce, maxBytes);
}

function whenOpen(
  child: ChildProcess & {
    readonly stdin: NonNullable<ChildProcess['stdin']>;
    readonly stdout: NonNullable<ChildProcess['stdout']>;
  },
  nonce: string,
  maxBytes: number,
): Promise<RangeChannel> {
  const waiting: Waiting[] = [];
  let isGone = false;
  let timer: NodeJS.Timeout | undefined;
  const { stdin, stdout } = child;
  const fail = (): void => {
    if (isGone) return;
    isGone = true;
    clearTimeout(timer);
    child.kill('SIGKILL');
    stdin.destroy();
    stdout.destroy();
    for (const one of waiting.splice(0)) one.reject(gone());
  };
  const watch = (): void => {
    clearTimeout(timer);
    if (waiting.length > 0 && !isGone) timer = setTimeout(fail, IDLE_MS).unref();
  };
  return new Promise<RangeChannel>((resolve, reject) => {
    const channel: RangeChannel = {
      maxBytes,
      ask: (request) =>
        new Promise<RangeAnswer>((resolveOne, rejectOne) => {
          if (isGone) {
            rejectOne(gone());
            return;
          }
          waiting.push({ ...request, answer: null, resolve: resolveOne, reject: rejectOne });
          stdin.write(rangeLine(request.start, request.length, request.path));
          watch();
        }),
      pause() {
        clearTimeout(timer);
        stdout.pause();
      },
      resume() {
        stdout.resume();
        watch();
      },
      close: fail,
    };
    const reader = createRangeReader(nonce, {
      onReady: () => resolve(channel),
      expected: () => lengthOf(waiting[0]),
      onAnswer: (answer) => {
        const [first] = waiting;
        if (first) first.answer = answer;
        first?.onAnswer?.(answer);
      },
      onBytes: (bytes) => waiting[0]?.onBytes?.(bytes),
      onEnd: () => {
        const done = waiting.shift();
        if (done?.answer) done.resolve(done.answer);
        watch();
      },
    });
    timer = setTimeout(fail, IDLE_MS).unref();
    stdout.on('data', (chunk: Buffer) => {
      if (waiting.length > 0) watch();
      try {
        reader.push(chunk);
      } catch {
        fail();
      }
    });
    stdin.on('error', fail);
    stdout.on('error', fail);
    child.once('error', fail);
    child.once('close', () => {
      fail();
      reject(gone());
    });
  });
}

/** The connection itself, where it can have no other sessions (Windows). */
export function framedChannel(connection: Connection): RangeChannel {
  let closed = false;
  let held: Promise<void> | null = null;
  let release = (): void => undefined;
  return {
    maxBytes: FRAMED_BYTES,
    async ask(request) {
      await held;
      if (closed) throw gone();
      const nonce = newNonce();
      const seen: { answer: RangeAnswer | null; isWhole: boolean } = { answer: null, isWhole: false };
      const reader = createRangeReader(nonce, {
        onReady: () => undefined,
        expected: () => lengthOf(request),
        onAnswer: (answer) => {
          seen.answer = answer;
          request.onAnswer?.(answer);
        },
        onBytes: (bytes) => request.onBytes?.(bytes),
        onEnd: () => {
          seen.isWhole = true;
        },
      });
      await connection.run({
        script: rangeScript(nonce, `${request.start} ${request.length} ${quoteWord(request.path)}`),
        timeoutMs: 600_000,
        onBytes: (bytes) => reader.push(bytes),
      });
      if (seen.answer === null || !seen.isWhole) throw gone();
      return seen.answer;
    },
    pause() {
      held ??= new Promise((resolve) => {
        release = resolve;
      });
    },
    resume() {
      release();
      held = null;
    },
    close() {
      closed = true;
      release();
    },
  };
}

function lengthOf(request: RangeRequest | undefined): number {
  return typeof request?.length === 'number' ? request.length : 0;
}

function gone(): StudioError {
  return new StudioError('UNAVAILABLE', 'The connection ended while files were copied', {
    hint: 'What arrived is kept; it goes on once the target is connected',
  });
}
