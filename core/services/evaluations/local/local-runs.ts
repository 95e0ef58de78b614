// Evaluations on this computer, one after another: a queue in this core, each a long work of the activity panel. Every answer is on
// the disk before the next question, so that stopping, quitting and killing cost nothing but the question that was asked.
import { join } from 'node:path';
import type { EvaluationCell, EvaluationRequest, EvaluationRun } from '../../../api/evaluation-runs.ts';
import { StudioError } from '../../../api/errors.ts';
import { type ChatEngine, createChatEngine } from '../../model-runtime/engine.ts';
import type { CoreContext } from '../../context.ts';
import { resolveInside } from '../../files/resolve-inside.ts';
import type { Fingerprints } from '../../models/fingerprints.ts';
import { createSignalBus, type SignalBus } from '../../signal-bus.ts';
import { toStudioError } from '../../system-errors.ts';
import { EVALUATION_SEQUENCES, evaluateCell, prepareCell, resultsFolderOf } from './evaluate-cell.ts';
import { RESULTS_FOLDER } from '../results/import-results.ts';
import type { OpenEngine } from '../tasks/read-rows.ts';
import { measureModels } from '../../quantizations/measure-models.ts';
import { ensureModel, type ModelOfRun, modelsOfRun } from './models-of-run.ts';
import { forgetRun, keepRun, newRunId, readRuns } from './run-records.ts';

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

export interface LocalRunsUse {
  readonly fingerprints: Fingerprints;
  readonly openEngine: OpenEngine;
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
  const changeCell = (entry: Live, index: number, patch: Partial<EvaluationCell>): void =>
    change(entry, {
      cells: entry.run.cells.map((cell, at) => (at === index ? { ...cell, ...patch } : cell)),
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
        (activity) => evaluateAll(entry, activity),
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

  const evaluateAll = async (
    entry: Live,
    activity: { readonly signal: AbortSignal; progress(done: number, total?: number): void },
  ): Promise<void> => {
    const { root } = entry;
    const { request, cells } = entry.run;
    const { appFolder, version } = context.options;
    // Its own processes: a chat goes on meanwhile, and a model leaves the memory before the next one comes.
    const engine = createChatEngine({
      appFolder,
      settings: () => context.settings.read(),
      sequences: EVALUATION_SEQUENCES,
      exact: request.exact,
    });
    const models = new Map(modelsOfRun(request).map((model) => [model.path, model]));
    try {
      for (const [index, cell] of cells.entries()) {
        if (cell.state === 'finished') continue;
        activity.signal.throwIfAborted();
        if (cells[index - 1]?.model !== cell.model) await engine.unload(null);
        try {
          await makeMissing(entry, models.get(cell.model), activity.signal);
          await evaluateOne({ entry, index, cell, request, root, engine, version, activity });
        } catch (error) {
          if (activity.signal.aborted) throw error;
          const { message, data } = toStudioError(error);
          changeCell(entry, index, { state: 'failed', error: { message, hint: data.hint } });
        }
        await keepRun(root, entry.run);
      }
    } finally {
      await engine.dispose();
    }
    if (request.measure) await measureAll(entry, activity.signal);
  };

  const makeMissing = async (
    entry: Live,
    model: ModelOfRun | undefined,
    signal: AbortSignal,
  ): Promise<void> => {
    if (model === undefined) return;
    const { appFolder } = context.options;
    try {
      await ensureModel(model, {
        appFolder,
        root: entry.root,
        signal,
        onStart: (doing) => change(entry, { doing }),
        onProgress: () => undefined,
      });
    } finally {
      if (entry.run.doing !== null) change(entry, { doing: null });
    }
  };

  /** What fails costs its figures, not the answers. */
  const measureAll = async (entry: Live, signal: AbortSignal): Promise<void> => {
    const { root, run } = entry;
    const failed = new Set(run.cells.filter(({ state }) => state === 'failed').map(({ model }) => model));
    const paths = [...new Set(run.cells.map(({ model }) => model))].filter((path) => !failed.has(path));
    if (paths.length === 0) return;
    const { fingerprints } = use;
    try {
      await measureModels(
        { paths, device: null, repeats: MEASURE_REPEATS },
        {
          context,
          fingerprints,
          root,
          readOnly: false,
          signal,
          onProgress: ({ path, what }) =>
            change(entry, { doing: path === null ? 'Measuring' : `Measuring ${what} of ${path}` }),
        },
      );
    } catch (error) {
      if (signal.aborted) throw error;
      context.notices.post({
        severity: 'warning',
        title: 'Speed, memory and bits per byte of an evaluation’s models could not be measured',
        detail: toStudioError(error).message,
      });
    } finally {
      change(entry, { doing: null });
    }
  };

  const evaluateOne = async (one: {
    readonly entry: Live;
    readonly index: number;
    readonly cell: EvaluationCell;
    readonly request: EvaluationRequest;
    readonly root: string;
    readonly engine: ChatEngine;
    readonly version: string;
    readonly activity: { readonly signal: AbortSignal; progress(done: number, total?: number): void };
  }): Promise<void> => {
    const { entry, index, cell, request, root, engine, activity } = one;
    changeCell(entry, index, { state: 'running', error: null });
    const { signal } = activity;
    const shots = request.tasks.find(({ name }) => name === cell.task)?.shots ?? null;
    const place = { appFolder: context.options.appFolder, root };
    const prepared = await prepareCell(
      place,
      cell.task,
      { shots, limit: request.limit },
      { openEngine: use.openEngine, signal },
    );
    const path = await resolveInside(root, cell.model);
    const found = await use.fingerprints.of(path);
    const { folder } = resultsFolderOf(root, path);
    const { questions: total, characters } = prepared;
    changeCell(entry, index, { total, characters, sizeBytes: found.sizeBytes });
    const outcome = await evaluateCell({
      cell: prepared,
      model: {
        path,
        name: cell.model,
        // Answers of one kind of attention are not gone on with by the other.
        key: request.exact ? `${found.modelKey} exact` : found.modelKey,
        type: found.quantization,
        weightsSha256: found.weightsSha256,
        templateSha256: found.templateSha256,
      },
      request,
      folder,
      engine,
      studioVersion: one.version,
      signal,
      onProgress: ({ done, part, means }) => {
        changeCell(entry, index, { done, part, means: [...means] });
        const all = entry.run.cells.reduce((sum, other) => sum + other.done, 0);
        // Cells that were not opened yet are taken to be as long as this one.
        const whole = entry.run.cells.reduce((sum, other) => sum + (other.total || total), 0);
        activity.progress(all, whole);
      },
    });
    changeCell(entry, index, {
      state: 'finished',
      done: total,
      part: null,
      means: [...outcome.means],
      results: `${RESULTS_FOLDER}/${folder.slice(join(root, RESULTS_FOLDER).length + 1)}/${outcome.results}`,
      // A run that went on says nothing about speed.
      seconds: outcome.resumed === 0 ? outcome.seconds : null,
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

/** As the view of quantizations measures. */
const MEASURE_REPEATS = 3;

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
