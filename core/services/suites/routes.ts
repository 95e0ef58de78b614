// Routes of suites: binds the contract to the services of this folder.
import type { SuiteCandidate, SuiteEntry, SuiteOfRun, SuiteState } from '../../api/suites.ts';
import { StudioError } from '../../api/errors.ts';
import { lifeFolder } from '../../lib/checkpoints/life-files.ts';
import type { WeightType } from '../../lib/conversion/gguf-metadata.ts';
import type { CheckpointList } from '../../api/checkpoints.ts';
import { api } from '../base.ts';
import type { ChatEngine } from '../model-runtime/engine.ts';
import type { CoreContext } from '../context.ts';
import { moveToTrash } from '../files/trash.ts';
import { streamAfter } from '../signal-bus.ts';
import { asker } from './ask-model.ts';
import { createCheckTools } from './check-tools.ts';
import { createLiveSuites } from './live-suites.ts';
import { createModelFiles, type MeasuredModel } from './model-files.ts';
import { readResults, resultFile, resultKeys, resultsFolder } from './result-files.ts';
import { cellsOf, type UnmadeModel } from './run-suite.ts';
import {
  addExamples,
  checked,
  readSuiteFile,
  requireSuite,
  saveSuiteFile,
  suiteNames,
} from './suite-files.ts';
import { type ReadBits, readAnswers, readOfRun, readTable, type TableInput } from './tables.ts';

/** A board is drawn no faster. */
const STATE_INTERVAL_MS = 300;

export interface SuitesUse {
  readonly engine: ChatEngine;
  readonly listCheckpoints: (id: string, signal?: AbortSignal) => Promise<CheckpointList>;
  readonly readBits: ReadBits;
  /** Pulls and converts a step; gives the model as a path of the workspace. */
  readonly openStep: (
    run: string,
    work: {
      readonly step: number;
      readonly type: WeightType;
      readonly signal: AbortSignal;
      readonly onNote: (note: string) => void;
    },
  ) => Promise<string>;
}

export function suitesRoutes(context: CoreContext, use: SuitesUse) {
  const root = () => context.workspace.require().path;
  const live = createLiveSuites(context.activities);
  const files = createModelFiles();
  const ask = asker(use.engine);
  const requireWritable = (): void => {
    if (!context.workspace.require().readOnly) return;
    throw new StudioError('READ_ONLY', 'This workspace can only be read', {
      hint: 'Work in a copy of it that you may write to',
      path: root(),
    });
  };
  const tableInput = async (name: string, signal?: AbortSignal): Promise<TableInput> => ({
    name,
    suite: requireSuite(await readSuiteFile(root(), name)),
    folder: await resultsFolder(root(), name),
    models: await files.list(root(), signal),
    tools: await createCheckTools(),
    readBits: use.readBits,
  });

  return {
    procedures: {
      list: api.suites.list.handler(async () => {
        const names = await suiteNames(root());
        return Promise.all(names.map((name) => entryOf(name)));
      }),
      read: api.suites.read.handler(({ input }) => readSuiteFile(root(), input.suite)),
      check: api.suites.check.handler(({ input }) => checked(input.text, input.format, 'suite')),
      save: api.suites.save.handler(({ input }) => {
        requireWritable();
        return saveSuiteFile(root(), input);
      }),
      addExamples: api.suites.addExamples.handler(async () => {
        requireWritable();
        return { added: [...(await addExamples(root(), context.options.appFolder))] };
      }),
      remove: api.suites.remove.handler(async ({ input }) => {
        requireWritable();
        await live.stop(await resultsFolder(root(), input.suite));
        const { path } = await readSuiteFile(root(), input.suite);
        return { restoreToken: await moveToTrash(root(), path) };
      }),
      candidates: api.suites.candidates.handler(async ({ input, signal }) => {
        const { suite } = await readSuiteFile(root(), input.suite);
        const folder = await resultsFolder(root(), input.suite);
        const models = await files.list(root(), signal);
        const own = input.run === null ? models : models.filter(({ run }) => run?.id === input.run);
        const made: SuiteCandidate[] = [];
        for (const model of own) {
          const results = model.key === '' ? new Map() : await readResults(resultFile(folder, model.key));
          const cells = suite === null || model.key === '' ? [] : cellsOf(model, suite);
          made.push({
            path: model.path,
            name: model.name,
            run: model.run,
            type: model.type,
            hasTemplate: model.templateHash !== '',
            answers: cells.filter(({ key }) => results.has(key)).length,
            total: cells.length,
            canBeMade: false,
            problem: model.problem,
          });
        }
        if (input.run !== null) made.push(...(await unmade(input.run, own, signal)));
        return made.sort((a, b) => (a.run?.step ?? -1) - (b.run?.step ?? -1) || a.name.localeCompare(b.name));
      }),
      start: api.suites.start.handler(async ({ input, signal }) => {
        requireWritable();
        const suite = requireSuite(await readSuiteFile(root(), input.suite));
        const folder = await resultsFolder(root(), input.suite);
        const models: MeasuredModel[] = [];
        for (const path of new Set(input.models)) {
          signal?.throwIfAborted();
          models.push(await files.read(root(), path));
        }
        const unmade = input.checkpoints.map(
          ({ run, step }): UnmadeModel => ({
            path: `${lifeFolder(run, step)}`,
            make: async (running, onNote) =>
              files.read(
                root(),
                await use.openStep(run, { step, type: input.type, signal: running, onNote }),
              ),
          }),
        );
        live.start(input.suite, { suite, models: [...models, ...unmade], folder, ask });
        return {};
      }),
      stop: api.suites.stop.handler(async ({ input }) => {
        await live.stop(await resultsFolder(root(), input.suite));
        return {};
      }),
      watch: api.suites.watch.handler(async ({ input, signal }) => {
        const folder = await resultsFolder(root(), input.suite);
        return watch(folder, signal);
      }),
      table: api.suites.table.handler(async ({ input, signal }) =>
        readTable(await tableInput(input.suite, signal)),
      ),
      answers: api.suites.answers.handler(async ({ input, signal }) => ({
        answers: await readAnswers(await tableInput(input.suite, signal), input.model, input.prompt),
      })),
      ofRun: api.suites.ofRun.handler(async ({ input, signal }) => {
        const found: SuiteOfRun[] = [];
        for (const name of await suiteNames(root())) {
          signal?.throwIfAborted();
          if ((await resultKeys(await resultsFolder(root(), name))).length === 0) continue;
          const { suite } = await readSuiteFile(root(), name);
          if (suite === null) continue;
          const own = await readOfRun(await tableInput(name, signal), input.run);
          if (own !== null) found.push(own);
        }
        return found;
      }),
    },
    files,
    /** As `start` for one model, behind what runs of the suite already. */
    async startWhenFree(name: string, path: string, signal: AbortSignal): Promise<void> {
      const folder = await resultsFolder(root(), name);
      await live.free(folder, signal);
      requireWritable();
      const suite = requireSuite(await readSuiteFile(root(), name));
      live.start(name, { suite, models: [await files.read(root(), path)], folder, ask });
    },
    dispose: () => live.dispose(),
  };

  async function entryOf(name: string): Promise<SuiteEntry> {
    const { path, suite, problems } = await readSuiteFile(root(), name);
    const folder = await resultsFolder(root(), name);
    return {
      name,
      path,
      title: suite?.title ?? name,
      language: suite?.language ?? null,
      prompts: suite?.prompts.length ?? 0,
      samplers: suite?.samplers.length ?? 0,
      models: (await resultKeys(folder)).length,
      isRunning: live.state(folder).running !== null,
      problem: problems[0]?.message ?? null,
    };
  }

  /** Checkpoints that were saved but have no model on this computer yet. */
  async function unmade(
    run: string,
    models: readonly MeasuredModel[],
    signal: AbortSignal | undefined,
  ): Promise<readonly SuiteCandidate[]> {
    const list = await use.listCheckpoints(run, signal).catch(() => null);
    const steps = new Set(models.map((model) => model.run?.step));
    return (list?.checkpoints ?? [])
      .filter(({ step }) => !steps.has(step))
      .map(({ step, tokens, problem }) => ({
        path: null,
        name: `step ${step.toLocaleString('en-US')}`,
        run: { id: run, step, tokens },
        type: null,
        hasTemplate: false,
        answers: 0,
        total: 0,
        canBeMade: problem === null,
        problem: problem === null ? null : `Not whole: ${problem}`,
      }));
  }

  async function* watch(folder: string, signal: AbortSignal | undefined): AsyncGenerator<SuiteState, void> {
    const changes = streamAfter(live.bus, () => [folder], {
      signal,
      keyOf: (value) => value,
      intervalMs: STATE_INTERVAL_MS,
    });
    for await (const changed of changes) if (changed === folder) yield live.state(folder);
  }
}
