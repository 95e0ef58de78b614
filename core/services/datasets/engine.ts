// DuckDB for datasets: one child process behind plain async calls, its failures in words a person can act on.
import { rm } from 'node:fs/promises';
import { basename, relative, sep } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import { damageSigns } from './damaged-file.ts';
import { findDamaged } from './find-damaged.ts';
import { DuckdbFailure, DuckdbProcess, type DuckdbProcessOptions } from '../../../native/duckdb/client.ts';
import type {
  BlockRequest,
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
  /** Starts the child when something will be asked of it soon: the start takes longer than most first answers. Does so once. */
  prepare(): void;
  /** One result a statement. Throws StudioError. */
  query(query: EngineQuery): Promise<readonly QueryResult[]>;
  /** The rows of one statement in its order, some thousands at a time. Throws StudioError. */
  rows(
    statement: string,
    options: { readonly path: string; readonly signal?: AbortSignal | undefined },
  ): AsyncGenerator<RowChunk, void>;
  /** Rows by their number; those beside them stay at hand for a while. Throws StudioError. */
  nearby(
    request: BlockRequest,
    options: { readonly path: string; readonly signal?: AbortSignal | undefined },
  ): Promise<RowChunk>;
  /** Asks a score table that the child holds in memory. Throws StudioError. */
  scores(
    table: ScoreTableRef,
    question: ScoreQuestion,
    options: { readonly path: string; readonly signal?: AbortSignal | undefined },
  ): Promise<ScoreAnswer>;
  /** That `made` was made from `from`: damage in it is said of that file, and it is made anew. Both absolute. */
  knowImport(made: string, from: string): void;
  dispose(): Promise<void>;
}

export function createDatasetEngine(options: DuckdbProcessOptions): DatasetEngine {
  const duckdb = new DuckdbProcess(options);
  const imports = new Map<string, string>();
  let isPrepared = false;
  /** `statements`: what failed. */
  const explain = async (
    failure: DuckdbFailure,
    { path, signal }: { readonly path: string; readonly signal?: AbortSignal | undefined },
    statements: readonly string[],
  ): Promise<StudioError> => {
    // What cannot be written says nothing about what is read: an import must not be thrown away for it.
    const isDamage = damageSigns.test(failure.message) && !refusedSigns.test(failure.message);
    if (failure.reason !== 'query' || !isDamage) return explainFailure(failure, path);
    const file = await findDamaged({
      statements,
      message: failure.message,
      run: (sql, ending) => duckdb.query([sql], { signal: ending }),
      isDamage: (error) => error instanceof DuckdbFailure && error.reason === 'query',
      signal,
    });
    const from = file === null ? undefined : imports.get(file);
    if (file !== null && from !== undefined) return importDamaged(failure, file, from);
    return explainFailure(failure, path, file ?? path);
  };
  return {
    get pid() {
      return duckdb.pid;
    },
    prepare() {
      // One that cannot start says so once, not each time that a list is shown.
      if (!isPrepared) duckdb.prepare();
      isPrepared = true;
    },
    async query({ statements, path, signal, onProgress }) {
      try {
        return await duckdb.query(statements, { signal, onProgress });
      } catch (error) {
        if (!(error instanceof DuckdbFailure)) throw error;
        throw await explain(error, { path, signal }, statements);
      }
    },
    async *rows(statement, { path, signal }) {
      try {
        yield* duckdb.rows(statement, { signal });
      } catch (error) {
        if (!(error instanceof DuckdbFailure)) throw error;
        throw await explain(error, { path, signal }, [statement]);
      }
    },
    async nearby(request, { path, signal }) {
      try {
        return await duckdb.nearby(request, { signal });
      } catch (error) {
        if (!(error instanceof DuckdbFailure)) throw error;
        throw await explain(error, { path, signal }, request.statements);
      }
    },
    async scores(table, question, { path, signal }) {
      try {
        return await duckdb.scores(table, question, { signal });
      } catch (error) {
        throw error instanceof DuckdbFailure ? explainFailure(error, path) : error;
      }
    },
    knowImport: (made, from) => void imports.set(made, from),
    dispose: () => duckdb.dispose(),
  };
}

const refusedSigns =
  /Permission denied|Operation not permitted|Read-only file system|No space left|disk full/i;

/** First result of a query with one statement. */
export async function queryOne(engine: DatasetEngine, query: EngineQuery): Promise<QueryResult> {
  const [result] = await engine.query(query);
  return result ?? { names: [], types: [], columns: [], rows: 0 };
}

/** The import is of no use any more: without it, the next opening makes another. */
async function importDamaged(failure: DuckdbFailure, made: string, from: string): Promise<StudioError> {
  await rm(made, { force: true }).catch(() => undefined);
  return new StudioError('CORRUPT_FILE', `What was imported from ${basename(from)} is damaged`, {
    hint: 'Open it again: it is imported anew. If that happens again, check the disk',
    path: from,
    detail: failure.message,
    cause: failure,
  });
}

function isBelow(folder: string, file: string): boolean {
  const way = relative(folder, file);
  return way !== '' && !way.startsWith('..');
}

/** Of a file of a dataset: below its folder, for languages have files of the same name. */
function shownName(path: string, file: string): string {
  return isBelow(path, file) ? relative(path, file).split(sep).join('/') : basename(file);
}

/** `file` is where damage was found: the dataset itself, or one of its files. */
function explainFailure(failure: DuckdbFailure, path: string, file = path): StudioError {
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
  const named = /"([^"]+)"/.exec(failure.message)?.[1] ?? path;
  if (/Permission denied|Operation not permitted/i.test(failure.message)) {
    return new StudioError('PERMISSION_DENIED', `${shownName(path, named)} may not be accessed`, {
      hint: 'Ask for permission on the folder, or work on a copy',
      ...context,
      path: named,
    });
  }
  if (/Read-only file system/i.test(failure.message)) {
    return new StudioError('READ_ONLY', `${shownName(path, named)} is on a read-only file system`, {
      hint: 'Save a copy in a folder you may write to',
      ...context,
      path: named,
    });
  }
  if (/No files found|Cannot open file|No such file/i.test(failure.message)) {
    return new StudioError('NOT_FOUND', `${shownName(path, named)} could not be opened`, {
      hint: 'Check that the file is still there',
      ...context,
      path: named,
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
    return new StudioError(
      'CORRUPT_FILE',
      `${shownName(path, file)} is damaged: a part of it cannot be read`,
      {
        hint: isBelow(path, file)
          ? 'Copy or download this file again and compare its size with the original, or move it out of the folder'
          : 'Copy or download the file again and compare its size with the original',
        ...context,
        path: file,
      },
    );
  }
  return new StudioError('INTERNAL', `${name} could not be read`, {
    hint: 'Copy the details and report them',
    ...context,
  });
}
