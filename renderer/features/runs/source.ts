// What the route of the runs view names: a run by its id, or a log file as `file/<path>`.
import type { Run, RunId } from '../../../core/api/runs.ts';
import type { SeriesSource } from '../../../core/api/series.ts';

export function sourceOf(argument: string): SeriesSource {
  return argument.startsWith('file/')
    ? { kind: 'file', path: argument.slice('file/'.length) }
    : { kind: 'run', id: argument as RunId };
}

/** Which runs are laid over the shown one: `?with=a,b`. */
export function overlaysOf(query: URLSearchParams): readonly string[] {
  return (query.get('with') ?? '').split(',').filter((id) => id !== '');
}

/** A name for legends. */
export function labelOf(argument: string, runs: readonly Run[]): string {
  if (argument.startsWith('file/')) return argument.split('/').at(-1) ?? argument;
  return runs.find((run) => run.id === argument)?.name ?? argument;
}

/** The colour number of a run: by its place in the order of creation, so that it stays everywhere. */
export function colorOf(argument: string, runs: readonly Run[]): number {
  const oldestFirst = [...runs].sort((a, b) => a.createdMs - b.createdMs);
  const place = oldestFirst.findIndex((run) => run.id === argument);
  return place < 0 ? 7 : place % 8;
}
