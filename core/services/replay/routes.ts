// Routes of replay: binds the contract to the services of this folder.
import { type ReplayRequest, replayWorkKey } from '../../api/replay.ts';
import { api } from '../base.ts';
import type { ChatEngine } from '../model-runtime/engine.ts';
import type { CoreContext } from '../context.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import type { Fingerprints } from '../models/fingerprints.ts';
import type { ModelList } from '../models/list-models.ts';
import { progressEvents } from '../progress-events.ts';
import { toStudioError } from '../system-errors.ts';
import { createAnswerFiles } from './answer-files.ts';
import { type GridReading, gridOf, readStep, wholeAnswerOf } from './replay-grid.ts';
import { runsOf, stepsOfRun } from './replay-steps.ts';
import { type ReplayProgress, runReplay } from './run-replay.ts';

export interface ReplayServices {
  readonly engine: ChatEngine;
  readonly models: ModelList;
  readonly fingerprints: Fingerprints;
  /** Steps a run has saved, as far as is known. */
  savedSteps(runId: string): Promise<readonly number[]>;
  /** Pulls a checkpoint and makes a model of it, unless that was done. */
  openStep(runId: string, options: OpenStep): Promise<void>;
}

export interface OpenStep {
  readonly step: number;
  readonly type: string | null;
  readonly signal: AbortSignal;
  readonly onNote: (note: string) => void;
}

export function replayRoutes(context: CoreContext, services: ReplayServices) {
  const { engine, models, fingerprints } = services;
  const files = createAnswerFiles();
  const reading = (): GridReading => {
    const root = context.workspace.require().path;
    return {
      root,
      files,
      fingerprintOf: async (path) => fingerprints.of(await resolveInside(root, path)),
    };
  };
  const stepsFor = async ({ runId, type }: ReplayRequest, root: string, signal?: AbortSignal) =>
    stepsOfRun(await models.list(root, signal), { runId, type, saved: await services.savedSteps(runId) });
  const answered = async (request: ReplayRequest, signal?: AbortSignal) => {
    const from = reading();
    const steps = await stepsFor(request, from.root, signal);
    return Promise.all(steps.map((step) => readStep(step, request.script, from)));
  };

  return {
    procedures: {
      runs: api.replay.runs.handler(async ({ signal }) =>
        runsOf(await models.list(context.workspace.require().path, signal)).map((run) => ({
          ...run,
          types: [...run.types],
        })),
      ),
      read: api.replay.read.handler(async ({ input, signal }) =>
        gridOf(await answered(input, signal), input),
      ),
      answers: api.replay.answers.handler(async ({ input, signal }) => {
        const steps = await answered(input, signal);
        return input.steps.flatMap((wanted) => {
          const step = steps.find((one) => one.step === wanted);
          return (step && wholeAnswerOf(step, input.turn)) ?? [];
        });
      }),
      run: api.replay.run.handler(({ input, signal }) => {
        const from = reading();
        const work = (onProgress: (progress: ReplayProgress) => void) =>
          context.activities.run(
            {
              title: `Replay through ${input.runId}`,
              unit: 'answers',
              signal,
              outlives: true,
              key: replayWorkKey(input),
            },
            async (running) => {
              const say = (progress: ReplayProgress) => {
                running.progress(progress.done, progress.total);
                onProgress(progress);
              };
              if (input.open) await openMissing(input, from.root, { signal: running.signal, say });
              const steps = await stepsFor(input, from.root, running.signal);
              const done = await runReplay(steps, input, {
                ...from,
                engine,
                signal: running.signal,
                onProgress: say,
              });
              return gridOf(done, input);
            },
          );
        return progressEvents(work);
      }),
    },
    dispose: async () => {},
  };

  /** A checkpoint that cannot be opened is left out of the replay, with the reason as a note. */
  async function openMissing(
    request: ReplayRequest,
    root: string,
    { signal, say }: { readonly signal: AbortSignal; readonly say: (progress: ReplayProgress) => void },
  ): Promise<void> {
    const steps = await stepsFor(request, root, signal);
    const missing = steps.filter(({ modelPath }) => modelPath === null);
    for (const { step } of missing.toReversed()) {
      signal.throwIfAborted();
      const onNote = (note: string) => say({ done: 0, total: 0, step, note: `Step ${step}: ${note}` });
      onNote('opening the checkpoint');
      try {
        await services.openStep(request.runId, { step, type: request.type, signal, onNote });
      } catch (error) {
        if (signal.aborted) throw error;
        onNote(toStudioError(error).message);
      }
    }
  }
}
