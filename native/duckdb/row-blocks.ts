// Rows around the page that somebody looks at, as DuckDB gave them: most of reading a page is unpacking the part of the file that
// it lies in, and the next page lies there too. Values are made of the rows that are asked for, and of no others.
import type { DuckDBConnection, DuckDBDataChunk, DuckDBValue } from '@duckdb/node-api';
import type { RowChunk } from './cursors.ts';

/** A person scrolls in one place and looks back at another; each is some hundred rows of texts that are cut to what a cell shows. */
const MAX_BLOCKS = 4;

export interface BlockRequest {
  /** Another one for another file, or for the same one after it changed. */
  readonly key: string;
  /**
   * Each gives some columns of the same rows, those of the block, after the number of the row. They run beside each other: unpacking
   * texts takes longer than everything else.
   */
  readonly statements: readonly string[];
  /** Numbers of the rows that are wanted, both included. */
  readonly first: number;
  readonly last: number;
}

/** Connections to read with, one for each statement. */
export type Connect = () => Promise<DuckDBConnection>;

/** Rows of one statement, in the order of their numbers. */
type Part = readonly { readonly number: number; readonly chunk: DuckDBDataChunk; readonly row: number }[];

export interface RowBlocks {
  /** The number of each row, then the columns of every statement; in the order of the numbers. Throws what DuckDB throws. */
  read(request: BlockRequest, connect: Connect): Promise<RowChunk>;
}

export function createRowBlocks(): RowBlocks {
  const blocks = new Map<string, readonly Part[]>();
  const loads = new Map<string, Promise<readonly Part[]>>();

  const load = async (name: string, statements: readonly string[], connect: Connect) => {
    // Whoever waited for a read that another gave up reads it.
    for (let under = loads.get(name); under; under = loads.get(name)) await under.catch(() => undefined);
    const held = blocks.get(name);
    if (held) return held;
    const loading = readParts(statements, connect).finally(() => loads.delete(name));
    loads.set(name, loading);
    return loading;
  };

  return {
    async read({ key, statements, first, last }, connect) {
      const name = [key, ...statements].join('\n');
      const parts = blocks.get(name) ?? (await load(name, statements, connect));
      // The newest use goes to the end; the oldest is forgotten.
      blocks.delete(name);
      blocks.set(name, parts);
      const oldest = blocks.keys().next().value;
      if (blocks.size > MAX_BLOCKS && oldest !== undefined) blocks.delete(oldest);
      return toChunk(parts.map((part) => part.filter(({ number }) => number >= first && number <= last)));
    },
  };
}

async function readParts(statements: readonly string[], connect: Connect): Promise<readonly Part[]> {
  // Every one ends before a failure is told: a connection that is still read must not go to somebody else.
  const ended = await Promise.allSettled(statements.map((statement) => readPart(statement, connect)));
  return ended.map((part) => {
    if (part.status === 'rejected') throw part.reason;
    return part.value;
  });
}

async function readPart(statement: string, connect: Connect): Promise<Part> {
  const connection = await connect();
  const chunks = await (await connection.run(statement)).fetchAllChunks();
  return chunks
    .flatMap((chunk) => {
      const numbers = chunk.getColumnVector(0);
      return Array.from({ length: chunk.rowCount }, (_, row) => ({
        number: Number(numbers.getItem(row)),
        chunk,
        row,
      }));
    })
    .sort((left, right) => left.number - right.number);
}

function toChunk(parts: readonly Part[]): RowChunk {
  const rows = parts[0]?.length ?? 0;
  if (parts.some((part) => part.length !== rows)) throw new Error('The file changed while it was read');
  const columns = parts.flatMap((part) =>
    Array.from({ length: (part[0]?.chunk.columnCount ?? 1) - 1 }, (_, column): DuckDBValue[] =>
      part.map(({ chunk, row }) => chunk.getColumnVector(column + 1).getItem(row)),
    ),
  );
  return { columns: [(parts[0] ?? []).map(({ number }) => number), ...columns], rows };
}
