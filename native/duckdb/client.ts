// The parent's side of the DuckDB child: starts it on the first query, survives its death, starts it again.
// Knows processes and the protocol; files and the wording of errors are for services.
import type { ChildProcess } from 'node:child_process';
import { RequestChild } from '../../core/services/native/request-child.ts';
import {
  type BlockRequest,
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

export class DuckdbProcess {
  private readonly child: RequestChild<Exclude<FromChild, { kind: 'ready' }>>;

  constructor(options: DuckdbProcessOptions) {
    this.child = new RequestChild({
      ...options,
      parse: (raw) => {
        const message = fromChild.parse(raw);
        return message.kind === 'ready' ? null : message;
      },
      failure: (reason, how) =>
        new DuckdbFailure(
          reason,
          reason === 'cancelled' ? 'The data process was closed' : `The data process ended: ${how}`,
        ),
    });
  }

  get pid(): number | null {
    return this.child.pid;
  }

  /** Starts the child before anything is asked of it. */
  prepare(): void {
    this.child.prepare();
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
    const cursor = this.child.newId();
    const read = (opening: string | null): Promise<Reply> => {
      const reply = this.ask(options, (id) => ({ kind: 'read', id, cursor, statement: opening }));
      // Who stops reading early does not wait for the reply under way.
      reply.catch(() => undefined);
      return reply;
    };
    let ended = false;
    try {
      let reply = read(statement);
      const { pid } = this;
      for (;;) {
        const message = await reply;
        const chunk = rowChunk.parse(message.kind === 'answer' ? message.answer : undefined);
        ended = chunk.rows === 0;
        if (ended) return;
        // A new child does not know the cursor of one that died in between.
        if (this.pid !== pid) throw new DuckdbFailure('died', 'The data process ended between two reads');
        reply = read(null);
        yield chunk;
      }
    } finally {
      if (!ended) this.child.tell({ kind: 'close', cursor } satisfies ToChild);
    }
  }

  /** Rows by their number, out of a block that the child keeps for those beside them. Rejects like `query`. */
  async nearby(request: BlockRequest, options: Pick<QueryOptions, 'signal'> = {}): Promise<RowChunk> {
    const reply = await this.ask(options, (id) => ({
      kind: 'block',
      id,
      ...request,
      statements: [...request.statements],
    }));
    return rowChunk.parse(reply.kind === 'answer' ? reply.answer : undefined);
  }

  private async ask(options: QueryOptions, message: (id: number) => ToChild): Promise<Reply> {
    const { signal, onProgress } = options;
    if (signal?.aborted) throw new DuckdbFailure('cancelled', 'Cancelled before it started');
    return this.child.ask<Reply>(
      message,
      (said, { resolve, reject }) => {
        if (said.kind === 'progress') onProgress?.(said.statement, said.percent);
        else if (said.kind === 'failed') reject(new DuckdbFailure(said.reason, said.message));
        else resolve(said);
      },
      { signal, cancel: (id) => ({ kind: 'cancel', id }) satisfies ToChild },
    );
  }

  /** Ends the child; open queries reject as cancelled. A later query starts a new one. */
  dispose(): Promise<void> {
    return this.child.dispose();
  }
}
