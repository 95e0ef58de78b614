// Routes of logs: binds the contract to the services of this folder.
import type { LogSource, LogState } from '../../api/logs.ts';
import { api } from '../base.ts';
import type { CoreContext } from '../context.ts';
import { spawnChild } from '../native/spawn-child.ts';
import { streamAfter } from '../signal-bus.ts';
import { logPathOf } from './log-path.ts';
import { createLogPool, type LogLease, type LogPool } from './log-pool.ts';
import { readTail } from './read-tail.ts';
import { createSearchSessions } from './search-sessions.ts';

export function logsRoutes(context: CoreContext) {
  const spawn = () => spawnChild(context.options.appFolder, 'native-logs');
  const pool = createLogPool(spawn);
  const searches = createSearchSessions(spawn);
  const pathOf = (source: LogSource) => logPathOf(context.workspace.require().path, source);
  const withLease = async <T>(source: LogSource, work: (lease: LogLease, path: string) => Promise<T>) => {
    const path = await pathOf(source);
    using lease = await pool.lease(path);
    return await work(lease, path);
  };
  return {
    procedures: {
      watch: api.logs.watch.handler(async function* ({ input, signal }) {
        yield* watch(pool, await pathOf(input.source), signal);
      }),
      tail: api.logs.tail.handler(async ({ input }) => {
        const { rows } = await readTail(await pathOf(input.source), input.count);
        return { generation: 0, firstRow: 0, totalRows: rows.length, rows };
      }),
      rows: api.logs.rows.handler(({ input: { source, firstRow, count, folding }, signal }) =>
        withLease(source, async ({ process, generation }, path) => {
          const question = { kind: 'rows' as const, path, firstRow, count, folding };
          const { rows } = await process.ask('rows', question, { signal });
          return { ...rows, generation: generation(rows.generation) };
        }),
      ),
      locate: api.logs.locate.handler(({ input: { source, at, folding }, signal }) =>
        withLease(source, async ({ process }, path) => {
          const { location } = await process.ask('locate', { kind: 'locate', path, at, folding }, { signal });
          return location;
        }),
      ),
      troubles: api.logs.troubles.handler(({ input, signal }) =>
        withLease(input.source, async (lease, path) => {
          // The whole log counts: a first question waits for its end.
          if (lease.state?.isComplete !== true)
            await lease.process.ask('done', { kind: 'catch-up', path }, { signal });
          const { troubles, count, root } = await lease.process.ask(
            'troubles',
            { kind: 'troubles', path },
            { signal },
          );
          return { troubles, count, root };
        }),
      ),
      text: api.logs.text.handler(({ input: { source, ...range }, signal }) =>
        withLease(source, async ({ process }, path) => {
          const { text, nextLine } = await process.ask('text', { kind: 'text', path, ...range }, { signal });
          return { text, nextLine };
        }),
      ),
      search: api.logs.search.handler(async function* ({ input, signal }) {
        const path = await pathOf(input.source);
        using lease = await pool.lease(path);
        const closing = new AbortController();
        const ending = signal ? AbortSignal.any([signal, closing.signal]) : closing.signal;
        try {
          yield* searches.open(path, input.pattern, lease, ending);
        } finally {
          closing.abort();
        }
      }),
      match: api.logs.match.handler(({ input: { searchId, offset, direction } }) =>
        searches.match(searchId, offset, direction),
      ),
      highlight: api.logs.highlight.handler(async ({ input }) => ({
        ranges: await searches.highlight(input.searchId, input.texts),
      })),
    },
    dispose: async () => {
      searches.dispose();
      await pool.dispose();
    },
  };
}

async function* watch(
  pool: LogPool,
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<LogState, void> {
  using lease = await pool.lease(path);
  const now = () => (lease.state === null ? [] : [lease.state]);
  yield* streamAfter(lease.changes, now, { signal, keyOf: () => 'state' });
}
