// Queries whose rows are fetched a chunk at a time, at the pace of who reads them. Each holds a connection until it ends.
// Rows come in the order of the query.
import type { DuckDBConnection, DuckDBResult, DuckDBValue } from '@duckdb/node-api';

/** One file is read at a time; more than a few cursors were forgotten by someone. */
const MAX_CURSORS = 16;

export interface RowChunk {
  readonly columns: readonly (readonly DuckDBValue[])[];
  /** 0: there are no more. */
  readonly rows: number;
}

interface Cursor {
  readonly connection: DuckDBConnection;
  result: DuckDBResult | null;
  reading: boolean;
  closed: boolean;
}

export interface Cursors {
  /** The next chunk. `statement` opens the cursor. `onConnection` gets what interrupts the read. A failure or the end closes it. */
  read(
    id: number,
    statement: string | null,
    onConnection: (connection: DuckDBConnection) => void,
  ): Promise<RowChunk>;
  /** Also while a read is under way, and when there is no such cursor. */
  close(id: number): void;
}

export function createCursors(connect: () => Promise<DuckDBConnection>): Cursors {
  const cursors = new Map<number, Cursor>();
  const drop = (id: number, cursor: Cursor): void => {
    cursors.delete(id);
    cursor.closed = true;
    if (!cursor.reading) cursor.connection.closeSync();
  };
  const open = async (id: number): Promise<Cursor> => {
    if (cursors.size >= MAX_CURSORS) throw new Error(`More than ${MAX_CURSORS} queries are being read`);
    const cursor: Cursor = { connection: await connect(), result: null, reading: false, closed: false };
    cursors.set(id, cursor);
    return cursor;
  };
  return {
    async read(id, statement, onConnection) {
      const cursor = statement === null ? cursors.get(id) : await open(id);
      if (!cursor || cursor.reading) throw new Error('The rows of this query cannot be read any more');
      onConnection(cursor.connection);
      cursor.reading = true;
      let chunk: RowChunk = { columns: [], rows: 0 };
      try {
        cursor.result ??= await cursor.connection.stream(statement ?? '');
        const fetched = await cursor.result.fetchChunk();
        if (fetched && fetched.rowCount > 0)
          chunk = { columns: fetched.getColumns(), rows: fetched.rowCount };
        return chunk;
      } finally {
        cursor.reading = false;
        if (cursor.closed) cursor.connection.closeSync();
        else if (chunk.rows === 0) drop(id, cursor);
      }
    },
    close(id) {
      const cursor = cursors.get(id);
      if (cursor) drop(id, cursor);
    },
  };
}
