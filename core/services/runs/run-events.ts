// What a window hears about runs: what became of one at once, and how far the others have got every other second, all together.
import type { Run, RunEvent } from '../../api/runs.ts';
import type { CoreContext } from '../context.ts';
import { createSignalBus, type SignalBus, streamAfter } from '../signal-bus.ts';
import type { RunRegistry } from './registry.ts';

/** At most ten states of a run a second reach a window. */
const DELIVERY_INTERVAL_MS = 100;
/** Fifty live runs get further several times a second; a list of them is read more slowly, and each message wakes a window. */
const TOGETHER_MS = 2_000;

/** A snapshot, then every change; another snapshot after each switch of workspace. */
export async function* watchRuns(
  context: CoreContext,
  registry: RunRegistry,
  signal: AbortSignal | undefined,
): AsyncGenerator<RunEvent, void> {
  const bus = createSignalBus<RunEvent>();
  const gathering = gather(bus);
  const snapshot = async (): Promise<RunEvent> => ({
    kind: 'snapshot',
    runs: context.workspace.current ? await registry.list().catch(() => []) : [],
  });
  const stopWatching = registry.watch();
  const opening = await snapshot();
  gathering.note(opening);
  const unsubscribe = [
    registry.changes.subscribe((event) => gathering.take(event)),
    context.workspace.switched.subscribe(() => void snapshot().then((event) => gathering.take(event))),
  ];
  try {
    yield* streamAfter(bus, () => [opening], { signal, keyOf, merge, intervalMs: DELIVERY_INTERVAL_MS });
  } finally {
    gathering.close();
    stopWatching();
    for (const stop of unsubscribe) stop();
  }
}

interface Gathering {
  /** What was told without coming by here. */
  note(event: RunEvent): void;
  take(event: RunEvent): void;
  close(): void;
}

/** Lets everything through at once but runs that only got further. */
function gather(bus: SignalBus<RunEvent>): Gathering {
  /** What was told last of each run, without how far it is. */
  const told = new Map<string, string>();
  const further = new Map<string, Run>();
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    timer = undefined;
    if (further.size === 0) return;
    bus.emit({ kind: 'further', runs: [...further.values()] });
    further.clear();
  };
  const note = (event: RunEvent) => {
    switch (event.kind) {
      case 'snapshot':
        told.clear();
        further.clear();
        for (const run of event.runs) told.set(run.id, standingOf(run));
        break;
      case 'changed':
        told.set(event.run.id, standingOf(event.run));
        further.delete(event.run.id);
        break;
      case 'further':
        break;
      case 'removed':
        told.delete(event.id);
        further.delete(event.id);
    }
  };
  return {
    note,
    take(event) {
      if (event.kind === 'changed' && told.get(event.run.id) === standingOf(event.run)) {
        further.set(event.run.id, event.run);
        timer ??= setTimeout(flush, TOGETHER_MS);
        return;
      }
      note(event);
      bus.emit(event);
    },
    close: () => clearTimeout(timer),
  };
}

/** Of a run all but how far it is; its first step is news. */
function standingOf({ latest: _values, latestStep, latestPointMs: _ms, attempts, ...run }: Run): string {
  const starts = attempts.map(({ lastStep, ...start }) => [start, lastStep === null]);
  return JSON.stringify([run, starts, latestStep === null]);
}

function keyOf(event: RunEvent): string {
  switch (event.kind) {
    case 'snapshot':
    case 'further':
      return event.kind;
    case 'changed':
      return `run ${event.run.id}`;
    case 'removed':
      return `run ${event.id}`;
  }
}

/** Runs that got further and were not told of yet stay in; of anything else the newer counts. */
function merge(older: RunEvent, newer: RunEvent): RunEvent {
  if (older.kind !== 'further' || newer.kind !== 'further') return newer;
  const runs = new Map([...older.runs, ...newer.runs].map((run) => [run.id, run]));
  return { kind: 'further', runs: [...runs.values()] };
}
