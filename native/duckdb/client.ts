// The parent's side of the DuckDB child: starts it on the first query, survives its death, starts it again.
// Knows processes and the protocol; files and the wording of errors are for services.
import type { ChildProcess } from 'node:child_process';
import {
  fromChild,
  type FromChild,
  type QueryResult,
  type RowChunk,
  rowChunk,
  type ToChild,
} from './protocol.ts';
import { type ScoreAnswer, type ScoreQuestion, scoreAnswer, type ScoreTableRef } from './score-protocol.ts';

/** `died`: the process ended by itself or was killed. `query`: DuckDB's own words. */
export class DuckdbFailure extends Error {
  override readonly name = 'DuckdbFailure';
  readonly reason: 'died' | 'cancelled' | 'query';

  constructor(reason: DuckdbFailure['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface DuckdbProcessOptions {
  /** Starts the child with IPC and advanced serialization. */
  readonly spawn: () => ChildProcess;
  /** Called once for each death that was not asked for. */
  readonly onDeath?: (reason: string) => void;
}

export interface QueryOptions {
  readonly signal?: AbortSignal | undefined;
  /** Of the statement that runs now: its index and 0–100. At most five a second. */
  readonly onProgress?: ((statement: number, percent: number) => void) | undefined;
}

type Reply = Extract<FromChild, { kind: 'results' | 'answer' }>;

interface Pending {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (failure: DuckdbFailure) => void;
  readonly onProgress: QueryOptions['onProgress'];
}

interface Child {
  readonly process: ChildProcess;
  readonly pending: Map<number, Pending>;
  ending: boolean;
}

export class DuckdbProcess {
  private readonly options: DuckdbProcessOptions;
  private child: Child | null = null;
  private nextId = 1;

  constructor(options: DuckdbProcessOptions) {
    this.options = options;
  }

  get pid(): number | null {
    return this.child?.process.pid ?? null;
  }

  /** Runs the statements in order on one connection. Rejects with DuckdbFailure; an abort interrupts the query. */
  async query(statements: readonly string[], options: QueryOptions = {}): Promise<readonly QueryResult[]> {
    const progress = options.onProgress !== undefined;
    const reply = await this.ask(options, (id) => ({
      kind: 'query',
      id,
      statements: [...statements],
      progress,
    }));
    return reply.kind === 'results' ? reply.results : [];
  }

  /** Asks a score table, which the child loads first when it does not hold it. Rejects like `query`. */
  async scores(
    table: ScoreTableRef,
    question: ScoreQuestion,
    options: QueryOptions = {},
  ): Promise<ScoreAnswer> {
    const reply = await this.ask(options, (id) => ({ kind: 'scores', id, table, question }));
    return scoreAnswer.parse(reply.kind === 'answer' ? reply.answer : undefined);
  }

  /** The rows of one statement, in its order, some thousands at a time; the next ones are fetched while these are used. */
  async *rows(statement: string, options: Pick<QueryOptions, 'signal'> = {}): AsyncGenerator<RowChunk, void> {
    const cursor = this.nextId++;
    const read = (opening: string | null): Promise<Reply> => {
      const reply = this.ask(options, (id) => ({ kind: 'read', id, cursor, statement: opening }));
      // Who stops reading early does not wait for the reply under way.
      reply.catch(() => undefined);
      return reply;
    };
    let ended = false;
    try {
      let reply = read(statement);
      const { child } = this;
      for (;;) {
        const message = await reply;
        const chunk = rowChunk.parse(message.kind === 'answer' ? message.answer : undefined);
        ended = chunk.rows === 0;
        if (ended) return;
        // A new child does not know the cursor of one that died in between.
        if (this.child !== child) throw new DuckdbFailure('died', 'The data process ended between two reads');
        reply = read(null);
        yield chunk;
      }
    } finally {
      if (!ended && this.child) send(this.child, { kind: 'close', cursor });
    }
  }

  private async ask(options: QueryOptions, message: (id: number) => ToChild): Promise<Reply> {
    const { signal, onProgress } = options;
    if (signal?.aborted) throw new DuckdbFailure('cancelled', 'Cancelled before it started');
    const child = this.child ?? this.start();
    const id = this.nextId++;
    const onAbort = (): void => send(child, { kind: 'cancel', id });
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await new Promise<Reply>((resolve, reject) => {
        child.pending.set(id, { resolve, reject, onProgress });
        send(child, message(id));
      });
    } finally {
      child.pending.delete(id);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Ends the child; open queries reject as cancelled. A later query starts a new one. */
  async dispose(): Promise<void> {
    const child = this.child;
    if (!child) return;
    child.ending = true;
    this.child = null;
    const ended = new Promise<void>((resolve) => child.process.once('exit', () => resolve()));
    if (child.process.exitCode !== null || child.process.signalCode !== null) return;
    child.process.kill('SIGKILL');
    await ended;
  }

  private start(): Child {
    const child: Child = { process: this.options.spawn(), pending: new Map(), ending: false };
    this.child = child;
    child.process.on('message', (raw) => receive(child, raw));
    child.process.on('error', (error) => this.ended(child, error.message));
    child.process.on('exit', (code, signal) =>
      this.ended(child, signal === null ? `exit code ${code}` : `signal ${signal}`),
    );
    return child;
  }

  private ended(child: Child, reason: string): void {
    if (this.child === child) this.child = null;
    const failure = child.ending
      ? new DuckdbFailure('cancelled', 'The data process was closed')
      : new DuckdbFailure('died', `The data process ended: ${reason}`);
    for (const pending of child.pending.values()) pending.reject(failure);
    child.pending.clear();
    if (!child.ending) this.options.onDeath?.(reason);
    child.ending = true;
  }
}

/** A child that is already gone is reported by its exit, not here. */
function send(child: Child, message: ToChild): void {
  if (child.process.connected) child.process.send(message, () => undefined);
}

function receive(child: Child, raw: unknown): void {
  const message = fromChild.parse(raw);
  if (message.kind === 'ready') return;
  const pending = child.pending.get(message.id);
  if (message.kind === 'progress') pending?.onProgress?.(message.statement, message.percent);
  else if (message.kind === 'results' || message.kind === 'answer') pending?.resolve(message);
  else pending?.reject(new DuckdbFailure(message.reason, message.message));
}
