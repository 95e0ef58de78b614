// Evaluations on this computer, one after another: a queue in this core, each a long work of the activity panel. Every answer is on
// the disk before the next question, so that stopping, quitting and killing cost nothing but the question that was asked.
import type { EvaluationCell, EvaluationRequest, EvaluationRun } from '../../../api/evaluation-runs.ts';
import { StudioError } from '../../../api/errors.ts';
import type { CoreContext } from '../../context.ts';
import { createSignalBus, type SignalBus } from '../../signal-bus.ts';
import { toStudioError } from '../../system-errors.ts';
import { modelsOfRun } from './models-of-run.ts';
import { forgetRun, keepRun, newRunId, readRuns } from './run-records.ts';
import { type LocalRunsUse, type RunInWork, workOnRun } from './work-on-run.ts';

export interface LocalRuns {
  /** Says the workspace whose evaluations have moved. */
  readonly bus: SignalBus<string>;
  list(root: string): Promise<readonly EvaluationRun[]>;
  start(root: string, request: EvaluationRequest): Promise<string>;
  stop(root: string, id: string): Promise<void>;
  resume(root: string, id: string): Promise<void>;
  remove(root: string, id: string): Promise<void>;
  dispose(): Promise<void>;
}

interface Live {
  readonly root: string;
  run: EvaluationRun;
  readonly controller: AbortController;
  ended: Promise<void>;
}

export function createLocalRuns(context: CoreContext, use: LocalRunsUse): LocalRuns {
  const bus = createSignalBus<string>();
  const live = new Map<string, Live>();
  let last: Promise<void> = Promise.resolve();

  const change = (entry: Live, patch: Partial<EvaluationRun>): void => {
    entry.run = { ...entry.run, ...patch };
    bus.emit(entry.root);
  };
  const inWork = (entry: Live): RunInWork => ({
    root: entry.root,
    run: () => entry.run,
    change: (patch) => change(entry, patch),
    changeCell: (index, patch) =>
      change(entry, {
        cells: entry.run.cells.map((cell, at) => (at === index ? { ...cell, ...patch } : cell)),
      }),
    keep: () => keepRun(entry.root, entry.run),
  });

  const enqueue = async (root: string, run: EvaluationRun): Promise<void> => {
    const controller = new AbortController();
    const entry: Live = { root, run, controller, ended: Promise.resolve() };
    await keepRun(root, run);
    live.set(run.id, entry);
    entry.ended = last
      .then(() => work(entry))
      .finally(() => {
        live.delete(run.id);
        bus.emit(root);
      });
    last = entry.ended.catch(() => undefined);
    bus.emit(root);
  };

  /** Ends without error: what went wrong stands in the cells. */
  const work = async (entry: Live): Promise<void> => {
    const { root, controller } = entry;
    try {
      controller.signal.throwIfAborted();
      change(entry, { state: 'running' });
      await keepRun(root, entry.run);
      await context.activities.run(
        { title: titleOf(entry.run.request), unit: 'questions', signal: controller.signal },
        (activity) => workOnRun(inWork(entry), context, use, activity),
      );
      const failed = entry.run.cells.some(({ state }) => state === 'failed');
      change(entry, { state: failed ? 'failed' : 'finished' });
    } catch {
      // Stopped: cells say how far it got.
      change(entry, {
        state: 'stopped',
        cells: entry.run.cells.map((cell) =>
          cell.state === 'running' ? { ...cell, state: 'stopped' } : cell,
        ),
      });
    }
    await keepRun(root, entry.run).catch((error: unknown) => {
      context.notices.post({
        severity: 'warning',
        title: 'How far an evaluation got could not be written down',
        detail: toStudioError(error).message,
      });
    });
  };

  const list = async (root: string): Promise<readonly EvaluationRun[]> => {
    const kept = await readRuns(root);
    const own = [...live.values()].filter((entry) => entry.root === root).map(({ run }) => run);
    const ids = new Set(own.map(({ id }) => id));
    return [...own, ...kept.filter(({ id }) => !ids.has(id))].toSorted((a, b) => b.id.localeCompare(a.id));
  };

  const known = async (root: string, id: string): Promise<EvaluationRun> => {
    const found = (await list(root)).find((run) => run.id === id);
    if (found) return found;
    throw new StudioError('NOT_FOUND', `There is no evaluation ${id}`, { hint: 'It may have been removed' });
  };

  return {
    bus,
    list,
    async start(root, request) {
      const id = newRunId(new Date());
      const models = [...new Set(request.models)];
      const cells = modelsOfRun(request).flatMap(({ path }) =>
        request.tasks.map(({ name }): EvaluationCell => ({ ...EMPTY_CELL, model: path, task: name })),
      );
      await enqueue(root, {
        id,
        createdMs: Date.now(),
        request: { ...request, models },
        state: 'waiting',
        doing: null,
        cells,
      });
      return id;
    },
    async stop(root, id) {
      const entry = live.get(id);
      if (entry?.root !== root) return;
      entry.controller.abort();
      await entry.ended;
    },
    async resume(root, id) {
      const run = await known(root, id);
      if (live.has(id) || run.state === 'running' || run.state === 'waiting') {
        throw new StudioError('CONFLICT', 'This evaluation is running already', {
          hint: 'Wait until it has ended',
        });
      }
      const cells = run.cells.map(
        (cell): EvaluationCell =>
          cell.state === 'finished' ? cell : { ...cell, state: 'waiting', part: null, error: null },
      );
      await enqueue(root, { ...run, state: 'waiting', cells });
    },
    async remove(root, id) {
      const entry = live.get(id);
      entry?.controller.abort();
      await entry?.ended;
      await forgetRun(root, id);
      bus.emit(root);
    },
    async dispose() {
      for (const { controller } of live.values()) controller.abort();
      await Promise.all([...live.values()].map(({ ended }) => ended));
    },
  };
}

const EMPTY_CELL: Omit<EvaluationCell, 'model' | 'task'> = {
  state: 'waiting',
  done: 0,
  total: 0,
  part: null,
  means: [],
  results: null,
  seconds: null,
  characters: 0,
  sizeBytes: 0,
  error: null,
};

function titleOf({ models, tasks }: EvaluationRequest): string {
  const [first] = tasks;
  const what = tasks.length === 1 ? (first?.name ?? '') : `${tasks.length} tasks`;
  return models.length === 1 ? `Evaluating ${what}` : `Evaluating ${what} with ${models.length} models`;
}
