// The one connection to a target: made on a person's wish, kept, and made again by itself as long as nobody has to be asked.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { StudioError } from '../../api/errors.ts';
import type { ConnectionState } from '../../api/targets.ts';
import { goesToTheHost, isAskedAgain } from '../../lib/remote/login-questions.ts';
import { noAnswer, wrongAnswer } from '../../lib/remote/ssh-failure.ts';
import {
  type AskpassQuestion,
  type AskpassServer,
  startAskpassServer,
  startUnattendedAskpass,
} from './askpass-server.ts';
import { type Attempt, type Login, whenReady } from './login.ts';
import { newNonce, type RemoteRequest, type RemoteResult } from './remote-shell.ts';
import { socketFolder } from './socket-folder.ts';
import { endSsh, sharedSessionArguments, type SshDestination, startSsh } from './ssh-process.ts';

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;

export interface ConnectionOptions {
  readonly destination: SshDestination;
  readonly appFolder: string;
  readonly configFile?: string | undefined;
  /** Shows a question to a person; null refuses. Not called while connecting by itself. */
  readonly ask: (question: AskpassQuestion) => Promise<string | null>;
  readonly onState: (state: ConnectionState) => void;
  /** Before the first try to make a lost connection again; doubled up to a minute. */
  readonly firstRetryMs?: number | undefined;
}

export interface Connection {
  readonly state: ConnectionState;
  /** Path of the shared socket, for copies over the same login; null where there is none. */
  readonly controlPath: string | null;
  /** Arguments of ssh for another session over the same login, without the command; null where there is no such thing. */
  readonly sessionArguments: readonly string[] | null;
  /** Resolves when connected. `interactive` may ask a person. Throws UNAVAILABLE, PERMISSION_DENIED, NOT_FOUND (no ssh here). */
  connect(options: { readonly interactive: boolean; readonly signal?: AbortSignal }): Promise<void>;
  /** Throws UNAVAILABLE at once while not connected. */
  run(request: RemoteRequest): Promise<RemoteResult>;
  /** Ends it; nothing is tried again until somebody connects. */
  disconnect(): Promise<void>;
}

/** A target that nobody connected to yet. */
export const notConnected = {
  kind: 'disconnected',
  message: null,
  hint: null,
  needsPerson: false,
  untilMs: null,
} as const satisfies ConnectionState;

export function createConnection(options: ConnectionOptions): Connection {
  const { destination, appFolder, configFile, onState } = options;
  let state: ConnectionState = notConnected;
  let attempt: Attempt | null = null;
  let connecting: Promise<void> | null = null;
  /** The client that is logging in. */
  let pending: ChildProcess | null = null;
  let retryTimer: NodeJS.Timeout | undefined;
  const firstRetryMs = options.firstRetryMs ?? FIRST_RETRY_MS;
  let retryMs = firstRetryMs;
  let wanted = false;
  let controlPath: string | null = null;
  let untilMs: number | null = null;

  const become = (next: ConnectionState): void => {
    state = next;
    onState(next);
  };

  const scheduleRetry = (message: string, hint: string, sinceMs: number): void => {
    become({ kind: 'lost', sinceMs, retryAtMs: Date.now() + retryMs, message, hint });
    retryTimer = setTimeout(() => {
      if (!wanted) return;
      void open(false, sinceMs).catch(() => undefined);
    }, retryMs);
    retryTimer.unref();
    retryMs = Math.min(LAST_RETRY_MS, retryMs * 2);
  };

  /** `lostMs`: since when the connection that is to be replaced is gone; null for one a person asked for. */
  const open = async (interactive: boolean, lostMs: number | null): Promise<void> => {
    clearTimeout(retryTimer);
    if (lostMs === null) become({ kind: 'connecting', sinceMs: Date.now() });
    controlPath = await controlSocket();
    const login: Login = { printed: '', answered: [], refused: null, isUnattended: !interactive };
    const askpass = await askpassFor(login, interactive);
    try {
      const nonce = newNonce();
      const child = startSsh({
        destination,
        nonce,
        askpass: askpass?.environment ?? null,
        unattended: !interactive,
        configFile,
        ...(controlPath === null ? {} : { controlPath }),
      });
      pending = child;
      attempt = await whenReady(child, nonce, login);
      retryMs = firstRetryMs;
      const own = attempt;
      become({ kind: 'connected', sinceMs: Date.now() });
      child.once('close', () => {
        if (attempt !== own) return;
        attempt = null;
        untilMs = Date.now();
        if (wanted) scheduleRetry('The connection was lost', 'It is made again by itself', untilMs);
        else become({ ...notConnected, untilMs });
      });
    } catch (error) {
      if (!wanted) {
        become({ ...notConnected, untilMs });
        throw cancelled();
      }
      const failure =
        error instanceof StudioError
          ? error
          : new StudioError('INTERNAL', String(error), { hint: 'Try again' });
      const needsPerson = failure.code === 'PERMISSION_DENIED' || failure.code === 'NOT_FOUND';
      if (lostMs !== null && !needsPerson) scheduleRetry(failure.message, failure.data.hint, lostMs);
      else {
        wanted = false;
        const { hint } = failure.data;
        become({ kind: 'disconnected', message: failure.message, hint, needsPerson, untilMs });
      }
      throw failure;
    } finally {
      pending = null;
      await askpass?.[Symbol.asyncDispose]();
    }
  };

  const askpassFor = (login: Login, interactive: boolean): Promise<AskpassServer> | null => {
    if (!interactive) return process.platform === 'win32' ? null : startUnattendedAskpass();
    return startAskpassServer(appFolder, async (asked) => {
      if (isAskedAgain(asked.question, login.answered, login.printed)) {
        login.refused = wrongAnswer;
        return null;
      }
      const text = await options.ask(asked);
      if (text !== null)
        login.answered.push({ question: asked.question, printedLength: login.printed.length });
      else if (asked.kind === 'answer' && !asked.signal.aborted && goesToTheHost(asked.question))
        login.refused ??= noAnswer;
      return text;
    });
  };

  return {
    get state() {
      return state;
    },
    get controlPath() {
      return attempt === null ? null : controlPath;
    },
    get sessionArguments() {
      if (attempt === null || controlPath === null) return null;
      return sharedSessionArguments({ destination, configFile, controlPath });
    },
    async connect({ interactive, signal }) {
      if (attempt) return;
      wanted = true;
      connecting ??= open(interactive, null).finally(() => {
        connecting = null;
      });
      await (signal ? Promise.race([connecting, whenAborted(signal)]) : connecting);
    },
    async run(request) {
      if (attempt) return attempt.shell.run(request);
      throw new StudioError('UNAVAILABLE', `${destination.host} is not connected`, {
        hint: state.kind === 'lost' ? 'The connection is being made again' : 'Connect to it first',
      });
    },
    async disconnect() {
      wanted = false;
      clearTimeout(retryTimer);
      pending?.kill();
      const own = attempt;
      attempt = null;
      if (own) {
        untilMs = Date.now();
        await endSsh(own.child);
      }
      become({ ...notConnected, untilMs });
    },
  };
}

function cancelled(): StudioError {
  return new StudioError('CANCELLED', 'Connecting was cancelled', {
    hint: 'Connect again when it is wanted',
  });
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => reject(cancelled());
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

/** Null: other sessions need a login of their own. One socket a login: other sessions find it whatever their host, port and jump hosts are called. */
async function controlSocket(): Promise<string | null> {
  if (process.platform === 'win32') return null;
  const folder = await socketFolder();
  return folder === null ? null : join(folder, `${process.pid}-${randomBytes(4).toString('hex')}`);
}
