// The work of one evaluation on this computer: cell after cell with processes of its own, then speed, memory and bits per byte where they
// were asked for. Knows no queue.
import { join } from 'node:path';
import type { EvaluationCell, EvaluationRun } from '../../../api/evaluation-runs.ts';
import type { CoreContext } from '../../context.ts';
import { resolveInside } from '../../files/resolve-inside.ts';
import type { Fingerprints } from '../../models/fingerprints.ts';
import { type ChatEngine, createChatEngine } from '../../model-runtime/engine.ts';
import { measureModels } from '../../quantizations/measure-models.ts';
import { toStudioError } from '../../system-errors.ts';
import { RESULTS_FOLDER } from '../results/import-results.ts';
import type { OpenEngine } from '../tasks/read-rows.ts';
import { EVALUATION_SEQUENCES, evaluateCell, prepareCell, resultsFolderOf } from './evaluate-cell.ts';
import { ensureModel, type ModelOfRun, modelsOfRun } from './models-of-run.ts';

/** As the view of quantizations measures. */
const MEASURE_REPEATS = 3;

export interface LocalRunsUse {
  readonly fingerprints: Fingerprints;
  readonly openEngine: OpenEngine;
}

/** An evaluation while it runs: as it stands, and how it is told what moved. */
export interface RunInWork {
  readonly root: string;
  readonly run: () => EvaluationRun;
  change(patch: Partial<EvaluationRun>): void;
  changeCell(index: number, patch: Partial<EvaluationCell>): void;
  /** Writes how far it is. */
  keep(): Promise<void>;
}

interface RunActivity {
  readonly signal: AbortSignal;
  progress(done: number, total?: number): void;
}

/** Throws only when it is stopped: what fails stands in the cells. */
export async function workOnRun(
  entry: RunInWork,
  context: CoreContext,
  use: LocalRunsUse,
  activity: RunActivity,
): Promise<void> {
  const { request, cells } = entry.run();
  const { appFolder } = context.options;
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
        await makeMissing(entry, appFolder, models.get(cell.model), activity.signal);
        await evaluateOne({ entry, index, cell, context, use, engine, activity });
      } catch (error) {
        if (activity.signal.aborted) throw error;
        const { message, data } = toStudioError(error);
        entry.changeCell(index, { state: 'failed', error: { message, hint: data.hint } });
      }
      await entry.keep();
    }
  } finally {
    await engine.dispose();
  }
  if (request.measure) await measureAll(entry, context, use.fingerprints, activity.signal);
}

async function makeMissing(
  entry: RunInWork,
  appFolder: string,
  model: ModelOfRun | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (model === undefined) return;
  try {
    await ensureModel(model, {
      appFolder,
      root: entry.root,
      signal,
      onStart: (doing) => entry.change({ doing }),
      onProgress: () => undefined,
    });
  } finally {
    if (entry.run().doing !== null) entry.change({ doing: null });
  }
}

/** What fails costs its figures, not the answers. */
async function measureAll(
  entry: RunInWork,
  context: CoreContext,
  fingerprints: Fingerprints,
  signal: AbortSignal,
): Promise<void> {
  const { cells } = entry.run();
  const failed = new Set(cells.filter(({ state }) => state === 'failed').map(({ model }) => model));
  const paths = [...new Set(cells.map(({ model }) => model))].filter((path) => !failed.has(path));
  if (paths.length === 0) return;
  try {
    await measureModels(
      { paths, device: null, repeats: MEASURE_REPEATS },
      {
        context,
        fingerprints,
        root: entry.root,
        readOnly: false,
        signal,
        onProgress: ({ path, what }) =>
          entry.change({ doing: path === null ? 'Measuring' : `Measuring ${what} of ${path}` }),
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
    entry.change({ doing: null });
  }
}

async function evaluateOne(one: {
  readonly entry: RunInWork;
  readonly index: number;
  readonly cell: EvaluationCell;
  readonly context: CoreContext;
  readonly use: LocalRunsUse;
  readonly engine: ChatEngine;
  readonly activity: RunActivity;
}): Promise<void> {
  const { entry, index, cell, context, use, engine, activity } = one;
  const { root } = entry;
  const { request } = entry.run();
  entry.changeCell(index, { state: 'running', error: null });
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
  entry.changeCell(index, { total, characters, sizeBytes: found.sizeBytes });
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
    studioVersion: context.options.version,
    signal,
    onProgress: ({ done, part, means }) => {
      entry.changeCell(index, { done, part, means: [...means] });
      const all = entry.run().cells.reduce((sum, other) => sum + other.done, 0);
      // Cells that were not opened yet are taken to be as long as this one.
      const whole = entry.run().cells.reduce((sum, other) => sum + (other.total || total), 0);
      activity.progress(all, whole);
    },
  });
  entry.changeCell(index, {
    state: 'finished',
    done: total,
    part: null,
    means: [...outcome.means],
    results: `${RESULTS_FOLDER}/${folder.slice(join(root, RESULTS_FOLDER).length + 1)}/${outcome.results}`,
    // A run that went on says nothing about speed.
    seconds: outcome.resumed === 0 ? outcome.seconds : null,
  });
}
