// What an evaluation on a target would do: which recipe with which parameters, whether a checkpoint has to be converted before, which
// evaluations of the same kind there are, what it will cost. Submits nothing.
import { StudioError } from '../../../api/errors.ts';
import type { EvaluationPlan, EvaluationRequest } from '../../../api/evaluation-jobs.ts';
import type { Run } from '../../../api/runs.ts';
import { estimateEvaluation } from '../../../lib/evaluations/jobs/estimate.ts';
import { type EvaluationPreset, type PresetFile, readTasks } from '../../../lib/evaluations/jobs/presets.ts';
import { isOver } from '../../../lib/runs/run-state.ts';
import { factsOf, readRecord } from '../../runs/run-facts.ts';
import type { LaunchInput } from '../../runs/service.ts';
import { remotePath } from '../../../lib/remote/quote.ts';
import { earlierTimes } from './earlier-times.ts';
import { readPresets } from './read-presets.ts';
import { convertedPath, findSubject, type FoundSubject, type SubjectPlaces } from './subject.ts';

const LOOK_TIMEOUT_MS = 30_000;
const CONVERSION = 'convert-nanotron';

export interface PlanPlaces extends SubjectPlaces {
  readonly listRuns: () => Promise<readonly Run[]>;
}

export interface WholePlan {
  readonly shown: EvaluationPlan;
  readonly evaluation: LaunchInput;
  /** Before it; null where none is wanted. */
  readonly conversion: LaunchInput | null;
  /** The conversion that is at work. */
  readonly after: Run['id'] | null;
}

/** Throws what `findSubject` throws, and INVALID_INPUT for tasks. */
export async function planEvaluation(places: PlanPlaces, request: EvaluationRequest): Promise<WholePlan> {
  const { context, targets } = places;
  const root = context.workspace.require().path;
  const presets = await readPresets(context.options.appFolder, root);
  const { preset, tasks } = wantedTasks(presets, request);
  const subject = await findSubject(places, request.subject);
  const runs = await places.listRuns();
  const entry = await targets.entryOf(subject.target);
  const connection = await targets.connectionOf(subject.target);
  const isConnected = connection.state.kind === 'connected';
  const recipe = preset?.recipe ?? 'evaluate-lm-eval';
  const isConverted = subject.layout === 'nanotron' && recipe !== 'evaluate-lighteval';
  const conversion = isConverted ? await findConversion(places, request, subject, runs) : null;
  const model = conversion?.output ?? subject.path;
  const settings = await context.settings.read();
  const estimate = estimateEvaluation({
    tasks,
    sizes: presets.tasks,
    parameters: subject.parameters,
    batch: request.batch,
    gpus: request.gpus * request.members,
    limit: request.limit,
    peakFlops: subject.peakFlops,
    earlier:
      preset === null || request.limit !== null
        ? []
        : await earlierTimes({
            root,
            runs,
            presets,
            preset: preset.id,
            target: subject.target,
            sizeOf: async ({ evaluates }) => {
              const record =
                evaluates?.run == null ? null : await readRecord(root, evaluates.run).catch(() => null);
              const facts = record === null ? null : await factsOf(root, record, settings);
              return { parameters: facts?.parameters ?? null, peakFlops: facts?.gpu?.peakFlops ?? null };
            },
          }),
  });
  const name = `${subject.title}: ${preset?.title ?? 'own tasks'}`.slice(0, 200);
  const canShare = entry.kind === 'slurm';
  const { gpus, members, batch, limit, walltime } = request;
  const time = walltime === null ? {} : { walltime };
  return {
    shown: {
      target: subject.target,
      isConnected,
      canShare,
      recipe,
      name,
      model,
      parameters: subject.parameters,
      conversion:
        conversion === null
          ? null
          : {
              state: conversion.state,
              checkout: conversion.checkout,
              tokenizer: conversion.tokenizer,
              output: conversion.output,
            },
      earlier: sameEvaluations(runs, request, subject).map(({ id, name: called, state, createdMs }) => ({
        id,
        name: called,
        state,
        createdMs,
      })),
      estimate: {
        ...estimate,
        tasks: [...estimate.tasks],
        unknown: [...estimate.unknown],
        assumptions: [...estimate.assumptions],
      },
    },
    evaluation: {
      recipe,
      name,
      target: subject.target,
      parameters: {
        model,
        preset: preset?.id ?? 'own',
        ...(preset === null ? { tasks: request.tasks } : {}),
        batchSize: batch,
        gpus,
        limit: limit === null ? '' : String(limit),
      },
      resources: { gpusPerNode: gpus, array: members > 1 ? `0-${members - 1}` : null, ...time },
      evaluates: { run: subject.run, step: subject.step, model, preset: preset?.id ?? null },
    },
    conversion:
      conversion?.state === 'wanted'
        ? {
            recipe: CONVERSION,
            name: `Convert ${subject.title}`.slice(0, 200),
            target: subject.target,
            parameters: {
              code: conversion.checkout,
              checkpoint: subject.path,
              output: conversion.output,
              tokenizer: conversion.tokenizer ?? '',
            },
            resources: time,
          }
        : null,
    after: conversion?.job ?? null,
  };
}

function wantedTasks(presets: PresetFile, { preset: id, tasks }: EvaluationRequest) {
  const preset: EvaluationPreset | null =
    id === null ? null : (presets.presets.find((one) => one.id === id) ?? null);
  if (id !== null && preset === null) {
    throw new StudioError('INVALID_INPUT', `There is no set of tasks “${id}”`, {
      hint: `There are ${presets.presets.map((one) => one.id).join(', ')}`,
    });
  }
  const read = readTasks(preset === null ? tasks : preset.tasks.join(','));
  if (read !== null) return { preset, tasks: read };
  throw new StudioError('INVALID_INPUT', 'The tasks cannot be read', {
    hint: 'Write names separated by commas; name@5 shows 5 examples, name+chat uses the chat template',
  });
}

interface Conversion {
  readonly state: 'wanted' | 'running' | 'done';
  readonly checkout: string;
  readonly tokenizer: string | null;
  readonly output: string;
  /** The run that is at it. */
  readonly job: Run['id'] | null;
}

async function findConversion(
  { targets }: PlanPlaces,
  request: EvaluationRequest,
  subject: FoundSubject,
  runs: readonly Run[],
): Promise<Conversion> {
  const output = convertedPath(subject.path);
  const common = {
    checkout: request.checkout ?? subject.checkout ?? '~/nanotron',
    tokenizer: request.tokenizer ?? subject.tokenizer,
    output,
  };
  const own = runs.filter(
    ({ recipe, target, parameters }) =>
      recipe === CONVERSION && target === subject.target && parameters['output'] === output,
  );
  const live = own.find(({ state }) => !isOver(state));
  if (live !== undefined) return { ...common, state: 'running', job: live.id };
  if (own.some(({ state }) => state === 'done')) return { ...common, state: 'done', job: null };
  const connection = await targets.connectionOf(subject.target);
  if (connection.state.kind === 'connected') {
    // Somebody may have converted it by hand; the weights are written before the config of generation.
    const folder = remotePath(output);
    const script = `[ -s ${folder}/config.json ] && ls ${folder}/*.safetensors ${folder}/*.bin 2>/dev/null | grep -q .`;
    const { exitCode } = await connection
      .run({ script, timeoutMs: LOOK_TIMEOUT_MS })
      .catch(() => ({ exitCode: 1 }));
    if (exitCode === 0) return { ...common, state: 'done', job: null };
  }
  return { ...common, state: 'wanted', job: null };
}

/** Of the same weights with the same tasks and questions, newest first. */
export function sameEvaluations(
  runs: readonly Run[],
  { preset, tasks, limit }: Pick<EvaluationRequest, 'preset' | 'tasks' | 'limit'>,
  subject: Pick<FoundSubject, 'run' | 'step' | 'target' | 'path'>,
): readonly Run[] {
  return runs.filter(({ evaluates, parameters, target }) => {
    if (evaluates === null || evaluates.preset !== preset) return false;
    if (String(parameters['limit'] ?? '') !== (limit === null ? '' : String(limit))) return false;
    if (preset === null && parameters['tasks'] !== tasks) return false;
    if (subject.run !== null) return evaluates.run === subject.run && evaluates.step === subject.step;
    return evaluates.run === null && target === subject.target && evaluates.model === subject.path;
  });
}
