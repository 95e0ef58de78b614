// The parent's side of the llama child: starts it when needed, survives its death, starts it again.
// Knows processes and the protocol; what a model file is and how errors are worded is for services.
import type { ChildProcess } from 'node:child_process';
import { Inbox, LlamaFailure, untilDone } from './inbox.ts';
import { type FromChild, fromChild, type LoadSettings, type ToChild } from './protocol.ts';
import {
  answers,
  isEvent,
  type LlamaEvent,
  type LlamaQuestion,
  type LlamaReply,
  type LlamaWork,
  type QuestionKind,
} from './questions.ts';

export type { LlamaEvent, LlamaQuestion, LlamaReply, LlamaWork } from './questions.ts';

export interface LlamaState {
  readonly pid: number | null;
  readonly modelPath: string | null;
  readonly contextTokens: number | null;
  readonly memoryBytes: number | null;
  readonly deaths: number;
  readonly lastDeath: string | null;
}

/** What a model is loaded with, and what says that its file is still the same. */
export type ModelSettings = LoadSettings & { readonly stamp: string };

export interface LlamaProcessOptions {
  /** Starts the child with IPC and advanced serialization. */
  readonly spawn: () => ChildProcess;
  readonly onDeath?: (reason: string) => void;
  readonly onState?: () => void;
}

interface Child {
  readonly process: ChildProcess;
  readonly pending: Map<number, Inbox>;
  memoryBytes: number | null;
  /** Settings of the model it holds, as text, to see whether a load is needed. */
  loadedKey: string | null;
  loadedPath: string | null;
  /** As it was asked for, and as it is. */
  wantedContext: number | null;
  contextTokens: number | null;
  ending: boolean;
}

const EXIT_GRACE_MS = 2000;

export class LlamaProcess {
  private readonly options: LlamaProcessOptions;
  private child: Child | null = null;
  private deaths = 0;
  private lastDeath: string | null = null;
  private nextId = 1;
  private turn: Promise<void> = Promise.resolve();
  private disposed = false;

  constructor(options: LlamaProcessOptions) {
    this.options = options;
  }

  get state(): LlamaState {
    return {
      pid: this.child?.process.pid ?? null,
      modelPath: this.child?.loadedPath ?? null,
      contextTokens: this.child?.contextTokens ?? null,
      memoryBytes: this.child?.memoryBytes ?? null,
      deaths: this.deaths,
      lastDeath: this.lastDeath,
    };
  }

  /**
   * Loads the model unless the child holds it already with the same settings and stamp, then does the work.
   * Aborting ends an answer with `done` and stop reason `stopped` once the prompt is read, else with a failure `stopped`.
   * Calls wait for each other. Throws LlamaFailure; after `died` the next call starts a new child.
   */
  async *work(
    settings: ModelSettings,
    request: LlamaWork,
    signal?: AbortSignal,
  ): AsyncGenerator<LlamaEvent, void> {
    const release = await this.enter();
    try {
      throwIfStopped(signal);
      const child = this.started();
      yield* this.load(child, settings, signal);
      throwIfStopped(signal);
      yield* this.stream(child, request, signal);
    } finally {
      release();
    }
  }

  /**
   * One question with one answer, the model being loaded first where it is not. Calls wait for each other.
   * Throws LlamaFailure.
   */
  async ask<K extends QuestionKind>(
    settings: ModelSettings,
    question: LlamaQuestion<K>,
    signal?: AbortSignal,
  ): Promise<LlamaReply<K>> {
    const release = await this.enter();
    try {
      const child = this.started();
      for await (const _ of this.load(child, settings, signal));
      const { inbox, close } = this.open(child, (id) => ({ ...question, id }) as ToChild, signal);
      try {
        const reply = await inbox.next();
        const kind: K = question.kind;
        if (!answers(reply, kind)) throw new LlamaFailure('other', `unexpected reply ${reply.kind}`);
        return reply;
      } finally {
        close();
      }
    } finally {
      release();
    }
  }

  /** Ends the child, which frees all its memory. The next call starts a new one. */
  async unload(): Promise<void> {
    const { child } = this;
    if (child === null) return;
    child.ending = true;
    this.child = null;
    const gone = new Promise<void>((resolve) => child.process.once('exit', () => resolve()));
    if (child.process.exitCode !== null || child.process.signalCode !== null) return;
    if (child.process.connected) child.process.send({ kind: 'exit' } satisfies ToChild, () => {});
    else child.process.kill('SIGKILL');
    const timer = setTimeout(() => child.process.kill('SIGKILL'), EXIT_GRACE_MS);
    await gone;
    clearTimeout(timer);
    this.options.onState?.();
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    await this.unload();
  }

  /** Waits for the calls before this one. */
  private async enter(): Promise<() => void> {
    const before = this.turn;
    let release = () => {};
    this.turn = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    return release;
  }

  private started(): Child {
    if (this.disposed) throw new LlamaFailure('died', 'the runtime was closed');
    if (this.child !== null) return this.child;
    const child: Child = {
      process: this.options.spawn(),
      pending: new Map(),
      memoryBytes: null,
      loadedKey: null,
      loadedPath: null,
      wantedContext: null,
      contextTokens: null,
      ending: false,
    };
    this.child = child;
    child.process.on('message', (raw) => this.receive(child, fromChild.parse(raw)));
    child.process.once('error', (error) => this.ended(child, error.message));
    child.process.once('exit', (code, signal) =>
      this.ended(child, signal === null ? `exit code ${code}` : `signal ${signal}`),
    );
    return child;
  }

  private receive(child: Child, message: FromChild): void {
    if (message.kind === 'ready') return;
    if (message.kind === 'memory') {
      child.memoryBytes = message.residentBytes;
      this.options.onState?.();
      return;
    }
    child.pending.get(message.id)?.push(message);
  }

  private ended(child: Child, reason: string): void {
    if (this.child === child) this.child = null;
    for (const inbox of child.pending.values()) inbox.fail(new LlamaFailure('died', reason));
    child.pending.clear();
    if (child.ending) return;
    child.ending = true;
    this.deaths += 1;
    this.lastDeath = reason;
    this.options.onDeath?.(reason);
  }

  /** Sends a request; `stop` (also on abort) asks the child to end it early, `close` forgets it. */
  private open(child: Child, request: (id: number) => ToChild, signal?: AbortSignal) {
    const id = this.nextId;
    this.nextId += 1;
    const inbox = new Inbox();
    child.pending.set(id, inbox);
    if (child.ending) inbox.fail(new LlamaFailure('died', this.lastDeath ?? 'it was ended'));
    else
      child.process.send(
        request(id),
        (error) => error && inbox.fail(new LlamaFailure('died', error.message)),
      );
    const stop = () => {
      if (child.process.connected) child.process.send({ kind: 'stop', id } satisfies ToChild, () => {});
    };
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
    const close = () => {
      signal?.removeEventListener('abort', stop);
      child.pending.delete(id);
    };
    return { inbox, stop, close };
  }

  private async *load(
    child: Child,
    { stamp, ...settings }: ModelSettings,
    signal?: AbortSignal,
  ): AsyncGenerator<LlamaEvent, void> {
    const key = keyOf(settings, stamp);
    // A context that nobody asks for may be any.
    const isLoaded =
      child.loadedKey === key &&
      (settings.contextTokens === null || settings.contextTokens === child.wantedContext);
    if (isLoaded) return;
    child.loadedKey = null;
    child.loadedPath = null;
    child.contextTokens = null;
    const { inbox, close } = this.open(child, (id) => ({ kind: 'load', id, settings }), signal);
    try {
      for (;;) {
        const reply = await inbox.next();
        if (reply.kind === 'progress') yield { kind: 'loading', fraction: reply.fraction };
        if (reply.kind !== 'loaded') continue;
        child.contextTokens = reply.contextTokens;
        yield { kind: 'loaded', loadMs: reply.loadMs };
        break;
      }
    } finally {
      close();
    }
    child.loadedKey = key;
    child.loadedPath = settings.path;
    child.wantedContext = settings.contextTokens;
    this.options.onState?.();
  }

  private async *stream(
    child: Child,
    request: LlamaWork,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<LlamaEvent, void> {
    const { inbox, stop, close } = this.open(child, (id) => ({ ...request, id }) as ToChild, signal);
    let finished = false;
    try {
      while (!finished) {
        const reply = await inbox.next().catch((error: unknown) => {
          finished = true;
          throw error;
        });
        finished = reply.kind === 'done' || reply.kind === 'end';
        if (isEvent(reply)) yield reply;
      }
    } finally {
      // A reader that left early: the work ends before the next call may begin.
      if (!finished) {
        stop();
        await untilDone(inbox);
      }
      close();
    }
  }
}

/** All that makes a model another one but its context. */
function keyOf(settings: LoadSettings, stamp: string): string {
  return JSON.stringify([{ ...settings, contextTokens: null }, stamp]);
}

function throwIfStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new LlamaFailure('stopped', 'Stopped before it began');
}
