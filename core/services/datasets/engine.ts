// DuckDB for datasets: one child process behind plain async calls, its failures in words a person can act on.
import { basename } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import { damageSigns } from './damaged-file.ts';
import { DuckdbFailure, DuckdbProcess, type DuckdbProcessOptions } from '../../../native/duckdb/client.ts';
import type {
  QueryResult,
  RowChunk,
  ScoreAnswer,
  ScoreQuestion,
  ScoreTableRef,
} from '../../../native/duckdb/protocol.ts';

export interface EngineQuery {
  readonly statements: readonly string[];
  /** The file a failure is about. */
  readonly path: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((statement: number, percent: number) => void) | undefined;
}

export interface DatasetEngine {
  readonly pid: number | null;
  /** One result a statement. Throws StudioError. */
  query(query: EngineQuery): Promise<readonly QueryResult[]>;
  /** The rows of one statement in its order, some thousands at a time. Throws StudioError. */
  rows(
    statement: string,
    options: { readonly path: string; readonly signal?: AbortSignal | undefined },
  ): AsyncGenerator<RowChunk, void>;
  /** Asks a score table that the child holds in memory. Throws StudioError. */
  scores(
    table: ScoreTableRef,
    question: ScoreQuestion,
    options: { readonly path: string; readonly signal?: AbortSignal | undefined },
  ): Promise<ScoreAnswer>;
  dispose(): Promise<void>;
}

export function createDatasetEngine(options: DuckdbProcessOptions): DatasetEngine {
  const duckdb = new DuckdbProcess(options);
  return {
    get pid() {
      return duckdb.pid;
    },
    async query({ statements, path, signal, onProgress }) {
      try {
        return await duckdb.query(statements, { signal, onProgress });
      } catch (error) {
        if (!(error instanceof DuckdbFailure)) throw error;
        throw explain(error, path);
      }
    },
    async *rows(statement, { path, signal }) {
      try {
        yield* duckdb.rows(statement, { signal });
      } catch (error) {
        if (!(error instanceof DuckdbFailure)) throw error;
        throw explain(error, path);
      }
    },
    async scores(table, question, { path, signal }) {
      try {
        return await duckdb.scores(table, question, { signal });
      } catch (error) {
        throw error instanceof DuckdbFailure ? explain(error, path) : error;
      }
    },
    dispose: () => duckdb.dispose(),
  };
}

/** First result of a query with one statement. */
export async function queryOne(engine: DatasetEngine, query: EngineQuery): Promise<QueryResult> {
  const [result] = await engine.query(query);
  return result ?? { names: [], types: [], columns: [], rows: 0 };
}

function explain(failure: DuckdbFailure, path: string): StudioError {
  const name = basename(path);
  const context = { path, detail: failure.message, cause: failure };
  if (failure.reason === 'cancelled') {
    return new StudioError('CANCELLED', `Reading ${name} was cancelled`, {
      hint: 'Open it again if it is still wanted',
      ...context,
    });
  }
  if (failure.reason === 'died') {
    return new StudioError('RUNTIME_DIED', `The data process ended while reading ${name}`, {
      hint: 'Try again: a new one starts by itself. If it happens again, the file may need more memory than there is',
      ...context,
    });
  }
  if (/No files found|Cannot open file|No such file/i.test(failure.message)) {
    return new StudioError('NOT_FOUND', `${name} could not be opened`, {
      hint: 'Check that the file is still there',
      ...context,
    });
  }
  if (/No space left|disk full/i.test(failure.message)) {
    return new StudioError('DISK_FULL', `There is no space left to index ${name}`, {
      hint: 'Free some space and try again',
      ...context,
    });
  }
  if (/Out of Memory/i.test(failure.message)) {
    return new StudioError('TOO_LARGE', `${name} needs more memory than there is`, {
      hint: 'Close other programs, or split the file',
      ...context,
    });
  }
  if (damageSigns.test(failure.message)) {
    return new StudioError('CORRUPT_FILE', `${name} is damaged: a part of it cannot be read`, {
      hint: 'Copy or download the file again and compare its size with the original',
      ...context,
    });
  }
  return new StudioError('INTERNAL', `${name} could not be read`, {
    hint: 'Copy the details and report them',
    ...context,
  });
}
