// The DuckDB child process: one in-memory instance, one connection a request, so that each can be interrupted alone.
// Never goes to the network and holds no files of its own. Ends with its parent.
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue, version } from '@duckdb/node-api';
import { createCursors } from './cursors.ts';
import { type FromChild, type QueryResult, type ToChild, toChild } from './protocol.ts';
import { createRowBlocks } from './row-blocks.ts';
import { createScoreTables } from './score-tables.ts';

const PROGRESS_INTERVAL_MS = 200;
/** An interrupt that arrives before a statement starts is lost, so it is repeated until the request settles. */
const INTERRUPT_INTERVAL_MS = 50;

interface Running {
  cancelled: boolean;
  connection: DuckDBConnection | null;
  /** Where one request runs several statements beside each other. */
  readonly others?: DuckDBConnection[];
}

const running = new Map<number, Running>();
const send = (message: FromChild): void => {
  if (process.connected) process.send?.(message);
};

/** Lists, structs, decimals and dates become their text. */
function plain(value: DuckDBValue): unknown {
  return typeof value === 'object' && value !== null ? value.toString() : value;
}

async function runStatement(connection: DuckDBConnection, sql: string): Promise<QueryResult> {
  const reader = await connection.runAndReadAll(sql);
  return {
    names: reader.columnNames(),
    types: reader.columnTypes().map(String),
    columns: reader.getColumns().map((column) => column.map(plain)),
    rows: reader.currentRowCount,
  };
}

/** Connections that read and nothing else: opening one takes as long as the way to this process and back. */
const MAX_SPARE = 4;
const spare: DuckDBConnection[] = [];

/** One that was interrupted, or holds settings, is of no use to others. */
function giveBack(connection: DuckDBConnection, isClean: boolean): void {
  if (isClean && spare.length < MAX_SPARE) spare.push(connection);
  else connection.closeSync();
}

/** Whether a connection is as it was before: no setting, no table of refused lines. */
function leavesNoTrace({
  statements,
  progress,
}: {
  statements: readonly string[];
  progress: boolean;
}): boolean {
  return (
    !progress &&
    statements.every((sql) => /^\s*(SELECT|WITH|DESCRIBE)\b/i.test(sql) && !sql.includes('store_rejects'))
  );
}

async function answer(
  instance: DuckDBInstance,
  request: { readonly id: number; readonly statements: readonly string[]; readonly progress: boolean },
): Promise<void> {
  const { id, statements } = request;
  const state: Running = { cancelled: false, connection: null };
  running.set(id, state);
  let statement = 0;
  let timer: NodeJS.Timeout | undefined;
  let isClean = false;
  try {
    const connection = spare.pop() ?? (await instance.connect());
    state.connection = connection;
    if (request.progress) {
      await connection.run('SET enable_progress_bar = true; SET enable_progress_bar_print = false');
      const sendProgress = (): void => {
        send({ kind: 'progress', id, statement, percent: Math.max(0, connection.progress.percentage) });
      };
      // Who waits learns at once that the work began, however short it is.
      sendProgress();
      timer = setInterval(sendProgress, PROGRESS_INTERVAL_MS);
    }
    const results: QueryResult[] = [];
    for (const sql of statements) {
      if (state.cancelled) break;
      results.push(await runStatement(connection, sql));
      statement += 1;
    }
    isClean = !state.cancelled && leavesNoTrace(request);
    if (state.cancelled) send({ kind: 'failed', id, reason: 'cancelled', message: 'Interrupted' });
    else send({ kind: 'results', id, results });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    send({ kind: 'failed', id, reason: state.cancelled ? 'cancelled' : 'query', message });
  } finally {
    clearInterval(timer);
    running.delete(id);
    // One that was interrupted may still hear of it.
    if (state.connection) giveBack(state.connection, isClean);
  }
}

/** The rows of a score table are streamed on a connection of their own, so that a load can be interrupted like a query. */
async function answerScores(
  instance: DuckDBInstance,
  request: Extract<ToChild, { kind: 'scores' }>,
): Promise<void> {
  const { id, table, question } = request;
  const state: Running = { cancelled: false, connection: null };
  running.set(id, state);
  try {
    state.connection = await instance.connect();
    const answer = await scoreTables.ask(state.connection, table, question, () => state.cancelled);
    send({ kind: 'answer', id, answer });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    send({ kind: 'failed', id, reason: state.cancelled ? 'cancelled' : 'query', message });
  } finally {
    running.delete(id);
    state.connection?.closeSync();
  }
}

async function answerRead(request: Extract<ToChild, { kind: 'read' }>): Promise<void> {
  const { id, cursor, statement } = request;
  const state: Running = { cancelled: false, connection: null };
  running.set(id, state);
  try {
    const chunk = await cursors.read(cursor, statement, (connection) => (state.connection = connection));
    const columns = chunk.columns.map((column) => column.map(plain));
    send({ kind: 'answer', id, answer: { columns, rows: chunk.rows } });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    send({ kind: 'failed', id, reason: state.cancelled ? 'cancelled' : 'query', message });
  } finally {
    running.delete(id);
  }
}

async function answerBlock(
  instance: DuckDBInstance,
  request: Extract<ToChild, { kind: 'block' }>,
): Promise<void> {
  const { id } = request;
  const others: DuckDBConnection[] = [];
  const state: Running = { cancelled: false, connection: null, others };
  running.set(id, state);
  let isClean = false;
  try {
    const { columns, rows } = await rowBlocks.read(request, async () => {
      const connection = spare.pop() ?? (await instance.connect());
      others.push(connection);
      if (state.cancelled) throw new Error('Interrupted');
      return connection;
    });
    isClean = !state.cancelled;
    send({ kind: 'answer', id, answer: { columns: columns.map((column) => column.map(plain)), rows } });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    send({ kind: 'failed', id, reason: state.cancelled ? 'cancelled' : 'query', message });
  } finally {
    running.delete(id);
    for (const connection of others) giveBack(connection, isClean);
  }
}

function cancel(id: number): void {
  const state = running.get(id);
  if (!state) return;
  state.cancelled = true;
  const interrupt = (): void => {
    state.connection?.interrupt();
    for (const connection of state.others ?? []) connection.interrupt();
  };
  const timer = setInterval(() => {
    if (running.get(id) === state) interrupt();
    else clearInterval(timer);
  }, INTERRUPT_INTERVAL_MS);
  interrupt();
}

const scoreTables = createScoreTables();
const rowBlocks = createRowBlocks();
process.on('disconnect', () => process.exit(0));
const instance = await DuckDBInstance.create(':memory:', {
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  temp_directory: join(tmpdir(), `nesso-duckdb-${process.pid}-${randomBytes(4).toString('hex')}`),
});
const settings = await instance.connect();
// Footers of files that are open are read once: that of ten million rows takes nearly as long as a page. Another file of the same
// name is read anew, also one of the same size and time.
await settings.run('SET GLOBAL parquet_metadata_cache = true');
settings.closeSync();
const cursors = createCursors(() => instance.connect());
process.on('message', (raw) => {
  const message = toChild.parse(raw);
  if (message.kind === 'cancel') cancel(message.id);
  else if (message.kind === 'close') cursors.close(message.cursor);
  else if (message.kind === 'block') void answerBlock(instance, message);
  else if (message.kind === 'read') void answerRead(message);
  else if (message.kind === 'scores') void answerScores(instance, message);
  else void answer(instance, message);
});
send({ kind: 'ready', version: version() });
