// Routes of evaluations on this computer: binds the contract to the services of this folder.
import { stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type {
  EvaluationEstimate,
  EvaluationModel,
  EvaluationRequest,
  EvaluationTask,
} from '../../../api/evaluation-runs.ts';
import { StudioError } from '../../../api/errors.ts';
import { taskFacts } from '../../../lib/evaluations/task-facts.ts';
import { benchmarkGroup } from '../../../lib/evaluations/tasks/benchmarks.ts';
import { api } from '../../base.ts';
import type { CoreContext } from '../../context.ts';
import type { Fingerprints } from '../../models/fingerprints.ts';
import { progressEvents } from '../../progress-events.ts';
import { streamAfter } from '../../signal-bus.ts';
import { createModelFiles } from '../../suites/model-files.ts';
import { toStudioError } from '../../system-errors.ts';
import { addTaskFiles, checkTaskFiles } from '../tasks/bring-tasks.ts';
import { downloadTask } from '../tasks/download-task.ts';
import { prepareCell } from './evaluate-cell.ts';
import { createLocalRuns } from './local-runs.ts';
import { modelsOfRun } from './models-of-run.ts';
import { quantizationResults } from './quantization-results.ts';
import type { OpenEngine } from '../tasks/read-rows.ts';
import { type CatalogEntry, type CatalogPlace, findTask, listEntries } from '../tasks/task-catalog.ts';

/** Numbers settle no faster than they are drawn. */
const STATE_INTERVAL_MS = 250;

export interface EvaluationRunsUse {
  readonly fingerprints: Fingerprints;
  readonly reading: ReturnType<OpenEngine>;
}

export function evaluationRunsRoutes(context: CoreContext, use: EvaluationRunsUse) {
  const root = () => context.workspace.require().path;
  const place = (): CatalogPlace => ({ appFolder: context.options.appFolder, root: root() });
  const files = createModelFiles();
  const openEngine: OpenEngine = () => use.reading;
  const runs = createLocalRuns(context, { fingerprints: use.fingerprints, openEngine });
  const requireWritable = (): void => {
    if (!context.workspace.require().readOnly) return;
    throw new StudioError('READ_ONLY', 'This workspace can only be read', {
      hint: 'Work in a copy of it that you may write to',
      path: root(),
    });
  };

  async function models(signal?: AbortSignal): Promise<EvaluationModel[]> {
    const list = await files.list(root(), signal);
    return Promise.all(
      list.map(async (model): Promise<EvaluationModel> => {
        const { path, name, run, type, templateHash, problem, absolutePath } = model;
        const found = problem === null ? await use.fingerprints.of(absolutePath).catch(() => null) : null;
        const sizeBytes =
          found?.sizeBytes ??
          (await stat(absolutePath).then(
            (info) => info.size,
            () => 0,
          ));
        const weightsSha256 = found?.weightsSha256 ?? null;
        return { path, name, run, type, sizeBytes, weightsSha256, hasTemplate: templateHash !== '', problem };
      }),
    );
  }

  async function estimate(request: EvaluationRequest, signal?: AbortSignal): Promise<EvaluationEstimate> {
    const problems: EvaluationEstimate['problems'] = [];
    let questions = 0;
    let characters = 0;
    for (const { name, shots } of request.tasks) {
      try {
        const cell = await prepareCell(
          place(),
          name,
          { shots, limit: request.limit },
          { openEngine, signal },
        );
        questions += cell.questions;
        characters += cell.characters;
      } catch (error) {
        signal?.throwIfAborted();
        const { message, data } = toStudioError(error);
        problems.push({ task: name, message, hint: data.hint });
      }
    }
    const timed = (await runs.list(root()))
      .flatMap(({ cells, request: asked }) =>
        cells.map((cell) => ({ ...cell, seconds: asTimed(cell.seconds, asked.exact) })),
      )
      .filter(
        ({ seconds, characters: read, sizeBytes }) =>
          seconds !== null && seconds > 0 && read > 0 && sizeBytes > 0,
      )
      .slice(0, MAX_TIMED);
    const work = timed.reduce((sum, cell) => sum + cell.characters * cell.sizeBytes, 0);
    const spent = timed.reduce((sum, cell) => sum + (cell.seconds ?? 0), 0);
    const models = modelsOfRun(request);
    let bytes = 0;
    for (const { path, made } of models) {
      const own = await sizeOf(join(root(), path));
      // A type that is not made yet is taken to be as large as what it is made of.
      bytes += own === 0 && made !== null ? await sizeOf(join(root(), made.of)) : own;
    }
    const slower = request.exact ? EXACT_SECONDS : 1;
    return {
      questions: questions * models.length,
      characters: characters * models.length,
      seconds: work === 0 ? null : (characters * bytes * spent * slower) / work,
      basedOn: timed.length,
      problems,
    };
  }

  async function* watch(workspace: string, signal: AbortSignal | undefined) {
    const changes = streamAfter(runs.bus, () => [workspace], {
      signal,
      keyOf: (path) => path,
      intervalMs: STATE_INTERVAL_MS,
    });
    for await (const changed of changes) if (changed === workspace) yield [...(await runs.list(workspace))];
  }

  return {
    procedures: {
      tasks: api.evaluationRuns.tasks.handler(async ({ signal }) => {
        const entries = await listEntries(place(), signal);
        return Promise.all(entries.map((entry) => describe(place(), entry)));
      }),
      checkFiles: api.evaluationRuns.checkFiles.handler(({ input, signal }) =>
        checkTaskFiles(input, { root: root(), openEngine, signal }),
      ),
      addFiles: api.evaluationRuns.addFiles.handler(({ input, signal }) => {
        requireWritable();
        return addTaskFiles(input, { root: root(), openEngine, signal });
      }),
      models: api.evaluationRuns.models.handler(({ signal }) => models(signal)),
      estimate: api.evaluationRuns.estimate.handler(({ input, signal }) => estimate(input, signal)),
      start: api.evaluationRuns.start.handler(async ({ input, signal }) => {
        requireWritable();
        const { problems } = await estimate(input, signal);
        const [first] = problems;
        // A person who chose several tasks learns of one that cannot run now, not after an hour.
        if (first) throw new StudioError('INVALID_INPUT', first.message, { hint: first.hint });
        return { id: await runs.start(root(), input) };
      }),
      stop: api.evaluationRuns.stop.handler(async ({ input }) => {
        await runs.stop(root(), input.id);
        return {};
      }),
      resume: api.evaluationRuns.resume.handler(async ({ input }) => {
        requireWritable();
        await runs.resume(root(), input.id);
        return {};
      }),
      remove: api.evaluationRuns.remove.handler(async ({ input }) => {
        requireWritable();
        await runs.remove(root(), input.id);
        return {};
      }),
      watch: api.evaluationRuns.watch.handler(async ({ signal }) => watch(root(), signal)),
      download: api.evaluationRuns.download.handler(({ input, signal }) => {
        requireWritable();
        const workspace = root();
        const start = (onProgress: (progress: { readonly done: number; readonly total: number }) => void) =>
          context.activities.run(
            { title: `Downloading the questions of ${input.task}`, unit: 'bytes', signal },
            (activity) =>
              downloadTask(place(), input.task, {
                signal: activity.signal,
                onProgress: (done, total) => {
                  activity.progress(done, total);
                  onProgress({ done, total });
                },
              }).then((paths) => ({
                files: paths.map((path) => relative(workspace, path).replaceAll('\\', '/')),
              })),
          );
        return progressEvents(start);
      }),
      quantizations: api.evaluationRuns.quantizations.handler(async ({ input, signal }) => {
        const run = (await runs.list(root())).find(({ id }) => id === input.id);
        if (run === undefined)
          throw new StudioError('NOT_FOUND', `There is no evaluation ${input.id}`, {
            hint: 'It may have been removed',
          });
        return [
          ...(await quantizationResults(run, { root: root(), fingerprints: use.fingerprints, signal })),
        ];
      }),
    },
    dispose: () => runs.dispose(),
  };
}

/** Speed changes with the machine's other work: the last are enough. */
const MAX_TIMED = 24;

/** Attention in 32 bits, against 16. */
const EXACT_SECONDS = 2;

/** As if attention had 16 bits. */
const asTimed = (seconds: number | null, exact: boolean): number | null =>
  seconds === null ? null : exact ? seconds / EXACT_SECONDS : seconds;

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

async function describe(place: CatalogPlace, { name, origin, file }: CatalogEntry): Promise<EvaluationTask> {
  const problems = (file?.problems ?? []).map((problem) => ({ ...problem }));
  const definition = file?.definition ?? null;
  const path =
    file === null || place.root === null || origin !== 'workspace' ? null : relative(place.root, file.path);
  const facts = taskFacts(name);
  const shared = {
    name,
    title: definition?.title ?? name,
    origin,
    language: facts.language ?? /[-_](it|en|es|fr|pt|de)$/.exec(name)?.[1] ?? null,
    chance: facts.chance,
    path: path?.replaceAll('\\', '/') ?? null,
    problems,
    parts: [],
    output: null,
    shots: 0,
    noShots: null,
    hasData: false,
    repository: null,
  };
  if (file !== null && definition === null) return { ...shared, kind: 'broken' };
  const group = definition?.kind === 'group' ? definition : file === null ? benchmarkGroup(name) : null;
  if (group !== null) {
    const first =
      group.tasks[0] === undefined ? null : await findTask(place, group.tasks[0]).catch(() => null);
    return {
      ...shared,
      kind: 'group',
      parts: [...group.tasks],
      output: first?.task.outputType ?? null,
      noShots: first?.task.noShots ?? null,
      shots: first?.task.defaultShots ?? 0,
      hasData: first?.files != null,
      repository: first?.repository?.name ?? null,
    };
  }
  const found = await findTask(place, name);
  return {
    ...shared,
    kind: 'task',
    output: found.task.outputType,
    shots: found.task.defaultShots,
    noShots: found.task.noShots,
    hasData: found.files !== null,
    repository: found.repository?.name ?? null,
  };
}
