// Scripts on another computer, one after another, through one program that is already there (see core/lib/remote). Knows
// nothing about ssh: it is given the two ends of a process.
import { randomBytes } from 'node:crypto';
import type { ChildProcess } from 'node:child_process';
import { StudioError } from '../../api/errors.ts';
import { createFrameReader, type FrameReader } from '../../lib/remote/frame-reader.ts';
import { remoteCommand, scriptFrame } from '../../lib/remote/remote-loop.ts';

/** What a script of ours prints is small; a file is read in pieces. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
const MAX_ERROR_BYTES = 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 30_000;

export interface RemoteResult {
  readonly exitCode: number;
  readonly stdout: Uint8Array;
  readonly stderr: string;
}

export interface RemoteRequest {
  /** POSIX sh. Its standard input is empty; `input` comes on fd 3. */
  readonly script: string;
  readonly input?: Uint8Array | undefined;
  /** After this long the caller is told that no answer came; the script goes on, and so does the queue when it ends. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Receives standard output as it comes instead of keeping it. The bytes are a view: copy what must be kept. */
  readonly onBytes?: ((bytes: Uint8Array) => void) | undefined;
}

export interface RemoteShell {
  /** The folder for passing files on the other side, empty when it could make none. Known once ready. */
  readonly folder: string;
  readonly pid: number;
  /** Script bytes and marks included. */
  readonly wire: { readonly receivedBytes: number; readonly sentBytes: number };
  /** Milliseconds since the oldest unanswered script was sent; 0 when none is. */
  readonly waitingMs: number;
  /** Throws UNAVAILABLE (no answer in time, or the connection ended) and CANCELLED. Any exit code is an answer. */
  run(request: RemoteRequest): Promise<RemoteResult>;
}

interface Pending extends RemoteRequest {
  readonly id: number;
  readonly chunks: Uint8Array[];
  size: number;
  stderr: string;
  exitCode: number | null;
  stderrEnded: boolean;
  sentMs: number | null;
  settled: boolean;
  readonly resolve: (result: RemoteResult) => void;
  readonly reject: (error: unknown) => void;
  timer: NodeJS.Timeout | undefined;
}

export interface RemoteShellEvents {
  readonly onReady: (shell: RemoteShell) => void;
  /** Bytes that cannot be understood: whoever owns the process ends it. */
  readonly onGarbled: (reason: string) => void;
}

export function newNonce(): string {
  return randomBytes(16).toString('hex');
}

export { remoteCommand };

/** `child` runs `remoteCommand(nonce)`; its three standard streams are pipes. */
export function openRemoteShell(child: ChildProcess, nonce: string, events: RemoteShellEvents): RemoteShell {
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout || !stderr) throw new Error('The three standard streams must be pipes');
  const waiting: Pending[] = [];
  let current: Pending | null = null;
  let nextId = 1;
  let closed = false;
  let folder = '';
  let pid = 0;
  const wire = { receivedBytes: 0, sentBytes: 0 };

  const settle = (pending: Pending, how: () => void): void => {
    if (pending.settled) return;
    pending.settled = true;
    clearTimeout(pending.timer);
    how();
  };
  const send = (bytes: Uint8Array): void => {
    wire.sentBytes += bytes.length;
    stdin.write(bytes);
  };
  const startNext = (): void => {
    if (current || closed) return;
    const next = waiting.shift();
    if (!next) return;
    if (next.settled) {
      startNext();
      return;
    }
    current = next;
    next.sentMs = performance.now();
    send(scriptFrame(next.id, next.script));
    if (next.input) send(next.input);
  };
  const finish = (): void => {
    const done = current;
    if (done === null || done.exitCode === null || !done.stderrEnded) return;
    current = null;
    const { exitCode, chunks, size, stderr: text } = done;
    settle(done, () => done.resolve({ exitCode, stdout: joined(chunks, size), stderr: text.trimEnd() }));
    startNext();
  };

  const shell: RemoteShell = {
    get folder() {
      return folder;
    },
    get pid() {
      return pid;
    },
    wire,
    get waitingMs() {
      return current?.sentMs == null ? 0 : performance.now() - current.sentMs;
    },
    run(request) {
      return new Promise<RemoteResult>((resolve, reject) => {
        if (closed) {
          reject(ended());
          return;
        }
        const pending: Pending = {
          ...request,
          id: nextId,
          chunks: [],
          size: 0,
          stderr: '',
          exitCode: null,
          stderrEnded: false,
          sentMs: null,
          settled: false,
          resolve,
          reject,
          timer: undefined,
        };
        nextId += 1;
        const timeoutMs = request.timeoutMs ?? DEFAULT_TIMEOUT_MS;
        pending.timer = setTimeout(() => settle(pending, () => reject(noAnswer(timeoutMs))), timeoutMs);
        const cancel = () => settle(pending, () => reject(cancelled()));
        if (request.signal?.aborted) cancel();
        else request.signal?.addEventListener('abort', cancel, { once: true });
        waiting.push(pending);
        startNext();
      });
    },
  };

  const output: FrameReader = createFrameReader(nonce, {
    onReady([readyPid = '0', ...folderWords]) {
      pid = Number(readyPid);
      folder = folderWords.join(' ');
      events.onReady(shell);
    },
    onBytes(bytes) {
      const request = current;
      if (!request || request.settled) return;
      if (request.onBytes) request.onBytes(bytes);
      else if (request.size + bytes.length > MAX_OUTPUT_BYTES)
        settle(request, () => request.reject(tooLarge()));
      else {
        request.chunks.push(bytes.slice());
        request.size += bytes.length;
      }
    },
    onEnd(id, [code = '']) {
      if (current?.id !== id) throw new RangeError(`Script ${id} ended, but it was not its turn`);
      current.exitCode = Number(code);
      finish();
    },
  });
  const errors = createFrameReader(nonce, {
    onReady() {},
    onBytes(bytes) {
      if (current && current.stderr.length < MAX_ERROR_BYTES)
        current.stderr += new TextDecoder().decode(bytes);
    },
    onEnd(id) {
      if (current?.id !== id) throw new RangeError(`Script ${id} ended, but it was not its turn`);
      current.stderrEnded = true;
      finish();
    },
  });
  const reading = (reader: FrameReader) => (chunk: Uint8Array) => {
    wire.receivedBytes += chunk.length;
    try {
      reader.push(chunk);
    } catch (error) {
      events.onGarbled(error instanceof Error ? error.message : String(error));
    }
  };
  stdout.on('data', reading(output));
  stderr.on('data', reading(errors));
  // A process that ended breaks the pipe; its end is told by `close`.
  stdin.on('error', () => undefined);
  child.once('close', () => {
    closed = true;
    for (const pending of [...(current ? [current] : []), ...waiting])
      settle(pending, () => pending.reject(ended()));
  });
  return shell;
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

function ended(): StudioError {
  return new StudioError('UNAVAILABLE', 'The connection ended before an answer came', {
    hint: 'It is not known whether the command was carried out; look again once the target is connected',
  });
}

function noAnswer(timeoutMs: number): StudioError {
  return new StudioError('UNAVAILABLE', `No answer came within ${Math.round(timeoutMs / 1000)} seconds`, {
    hint: 'The network or the cluster is slow; nothing is lost, try again in a moment',
  });
}

function cancelled(): StudioError {
  return new StudioError('CANCELLED', 'The command was cancelled', {
    hint: 'Start it again if it is still wanted',
  });
}

function tooLarge(): StudioError {
  return new StudioError('TOO_LARGE', 'The answer is larger than 64 MiB', { hint: 'Ask for less at once' });
}
