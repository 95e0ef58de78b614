// Routes of GPUs: readers of one run share its questions; nothing is asked while nobody reads.
import type { GpuState } from '../../api/gpus.ts';
import type { Run } from '../../api/runs.ts';
import type { JobReading } from '../../lib/gpu/job-readings.ts';
import { isOver } from '../../lib/runs/run-state.ts';
import { api } from '../base.ts';
import { createSignalBus, type SignalBus, streamAfter } from '../signal-bus.ts';
import { toStudioError } from '../system-errors.ts';
import type { TargetService } from '../targets/service.ts';
import { askGpus } from './ask-gpus.ts';

/** Where asking itself failed; doubled each time. */
const FIRST_RETRY_MS = 30_000;
const LONGEST_RETRY_MS = 600_000;
/** Closing the panel and opening it again asks no sooner. */
const KEPT_RUNS = 50;

interface Watched {
  readonly changes: SignalBus<GpuState>;
  state: GpuState;
  readers: number;
  failures: number;
  timer: NodeJS.Timeout | undefined;
  isAsking: boolean;
}

const nothing: GpuState = { askedMs: 0, nextMs: 0, problem: null, nodes: [], steps: [] };

export function gpusRoutes(targets: TargetService, listRuns: () => Promise<readonly Run[]>) {
  const watched = new Map<string, Watched>();

  const ask = async (id: string, entry: Watched): Promise<void> => {
    if (entry.isAsking || entry.readers === 0) return;
    entry.isAsking = true;
    try {
      const run = (await listRuns()).find((candidate) => candidate.id === id);
      if (run === undefined || isOver(run.state)) {
        entry.state = { ...entry.state, nextMs: null, problem: 'The run is over' };
      } else {
        const { floorMs, nodes, steps, problem } = await askGpus(run, targets);
        const askedMs = Date.now();
        entry.failures = problem === null ? 0 : entry.failures + 1;
        // Refused once, refused again: less and less often.
        const waitMs =
          problem === null ? floorMs : Math.min(LONGEST_RETRY_MS, floorMs * 2 ** Math.min(8, entry.failures));
        const known = problem === null ? { nodes, steps } : {};
        entry.state = copyOf({ ...entry.state, ...known, askedMs, nextMs: askedMs + waitMs, problem });
      }
    } catch (error) {
      entry.failures += 1;
      const waitMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(8, entry.failures - 1));
      entry.state = { ...entry.state, nextMs: Date.now() + waitMs, problem: toStudioError(error).message };
    } finally {
      entry.isAsking = false;
    }
    entry.changes.emit(entry.state);
    plan(id, entry);
  };
  const plan = (id: string, entry: Watched): void => {
    clearTimeout(entry.timer);
    if (entry.readers === 0 || entry.state.nextMs === null || entry.isAsking) return;
    const waitMs = Math.max(0, entry.state.nextMs - Date.now());
    entry.timer = setTimeout(() => void ask(id, entry), waitMs);
    entry.timer.unref();
  };

  return {
    procedures: {
      watch: api.gpus.watch.handler(async function* ({ input: { id }, signal }) {
        yield* watch(id, signal);
      }),
    },
    dispose: async () => {
      for (const entry of watched.values()) {
        clearTimeout(entry.timer);
        entry.readers = 0;
      }
      watched.clear();
    },
  };

  async function* watch(id: string, signal: AbortSignal | undefined): AsyncGenerator<GpuState, void> {
    const entry = watched.get(id) ?? {
      changes: createSignalBus<GpuState>(),
      state: nothing,
      readers: 0,
      failures: 0,
      timer: undefined,
      isAsking: false,
    };
    watched.delete(id);
    watched.set(id, entry);
    for (const [oldest, { readers }] of watched) {
      if (watched.size <= KEPT_RUNS) break;
      if (readers === 0) watched.delete(oldest);
    }
    entry.readers += 1;
    const begin = () => {
      plan(id, entry);
      return entry.state.askedMs > 0 ? [entry.state] : [];
    };
    try {
      yield* streamAfter(entry.changes, begin, { signal, keyOf: () => 'state' });
    } finally {
      entry.readers -= 1;
      if (entry.readers === 0) clearTimeout(entry.timer);
    }
  }
}

/** The contract's lists may be changed by whoever gets them. */
function copyOf(state: Omit<GpuState, 'nodes' | 'steps'> & Pick<JobReading, 'nodes' | 'steps'>): GpuState {
  const nodes = state.nodes.map((node) => ({ ...node, gpus: [...node.gpus] }));
  return { ...state, nodes, steps: [...state.steps] };
}
