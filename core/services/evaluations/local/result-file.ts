// What a finished evaluation leaves, as lm-eval lays it out: results_<time>.json of one task or group, and the answers of each task
// beside it. `nesso_version` says who measured, `nesso_weights_sha256` what.
import { join } from 'node:path';
import type { MeanOfScores } from '../../../lib/evaluations/tasks/choice-scores.ts';
import {
  groupScores,
  type GroupMetric,
  type TaskScores,
} from '../../../lib/evaluations/tasks/task-scores.ts';
import { writeFileAtomic } from '../../files/write-atomic.ts';
import { finishPart } from './run-files.ts';
import type { TaskPart } from './run-task.ts';

export interface FinishedGroup {
  readonly name: string;
  readonly version: number | string;
  readonly metrics: readonly GroupMetric[];
}

export interface FinishRequest {
  /** All of one model and folder. */
  readonly parts: readonly TaskPart[];
  readonly group: FinishedGroup | null;
  /** Of the weights the model was made of; null where it does not say. */
  readonly weightsSha256: string | null;
  readonly modelPath: string | null;
  /** `Q8_0`; null where it is not known. */
  readonly modelType: string | null;
  /** SHA-256 of the model's template, where questions were asked in it. */
  readonly templateSha256: string | null;
  readonly studioVersion: string;
  /** Of the work of this time and of earlier times. */
  readonly seconds: number | null;
}

export interface FinishedResults {
  /** File names in the folder. */
  readonly results: string;
  readonly samples: readonly string[];
  readonly groupScores: TaskScores | null;
}

export async function finishTasks(request: FinishRequest): Promise<FinishedResults> {
  const { parts, group } = request;
  const [first] = parts;
  if (first === undefined) throw new Error('There is nothing to finish');
  const { folder } = first.run;
  const time = new Date();
  const stamp = time.toISOString().slice(0, -1).replaceAll(':', '-');
  const samples: string[] = [];
  for (const { run, path } of parts) {
    const name = `samples_${run.task.name}_${stamp}.jsonl`;
    await finishPart(path, folder, name);
    samples.push(name);
  }
  const overall =
    group === null
      ? null
      : groupScores(
          parts.map(({ scores }) => scores),
          group.metrics,
        );
  const results = `results_${stamp}.json`;
  const text = JSON.stringify(resultsOf(request, overall, time), null, 2);
  await writeFileAtomic(join(folder, results), `${text}\n`);
  return { results, samples, groupScores: overall };
}

function resultsOf(
  {
    parts,
    group,
    weightsSha256,
    modelPath,
    modelType,
    templateSha256,
    studioVersion,
    seconds,
  }: FinishRequest,
  overall: TaskScores | null,
  time: Date,
) {
  const runs = parts.map(({ run }) => run);
  const [first] = runs;
  const byTask = <T>(of: (part: TaskPart) => T): Record<string, T> =>
    Object.fromEntries(parts.map((part) => [part.run.task.name, of(part)]));
  const own =
    group === null || overall === null
      ? {}
      : { [group.name]: { alias: group.name, sample_len: overall.questions, ...metricsOf(overall.means) } };
  const versions: Record<string, unknown> = byTask(({ run }) => run.task.version);
  const isCut = runs.some(({ questions, available }) => questions.length < available);
  return {
    results: {
      ...byTask(({ run, scores }) => ({
        alias: run.task.name,
        sample_len: run.questions.length,
        ...metricsOf(scores.means),
      })),
      ...own,
    },
    ...(group === null ? {} : { groups: own }),
    group_subtasks: {
      ...byTask((): string[] => []),
      ...(group === null ? {} : { [group.name]: runs.map(({ task }) => task.name) }),
    },
    configs: byTask(({ run }) => ({
      ...run.task.config,
      task: run.task.name,
      num_fewshot: run.examples.length,
      output_type: run.task.outputType,
    })),
    versions: group === null ? versions : { ...versions, [group.name]: group.version },
    'n-shot': {
      ...byTask(({ run }) => run.examples.length),
      ...(group === null ? {} : { [group.name]: first?.examples.length ?? 0 }),
    },
    higher_is_better: byTask(({ run }) =>
      Object.fromEntries(run.task.metrics.map(({ name, higherIsBetter }) => [name, higherIsBetter])),
    ),
    'n-samples': byTask(({ run }) => ({ original: run.available, effective: run.questions.length })),
    config: {
      model: 'nesso',
      model_args: { pretrained: first?.model.name, context_tokens: first?.contextTokens ?? null },
      limit: isCut ? (first?.questions.length ?? null) : null,
      gen_kwargs: first?.maxTokens == null ? null : { max_gen_toks: first.maxTokens },
    },
    date: time.getTime() / 1000,
    nesso_version: studioVersion,
    nesso_weights_sha256: weightsSha256,
    nesso_model_path: modelPath,
    nesso_model_type: modelType,
    nesso_model_key: first?.model.key ?? null,
    model_name: first?.model.name,
    system_instruction: null,
    chat_template: first?.asChat === true ? 'of the model' : null,
    ...(first?.asChat === true && templateSha256 !== null ? { chat_template_sha: templateSha256 } : {}),
    ...(seconds === null ? {} : { total_evaluation_time_seconds: String(seconds) }),
  };
}

const metricsOf = (means: Readonly<Record<string, MeanOfScores>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(means).flatMap(([key, { value, standardError }]) => [
      [key, value],
      [key.replace(',', '_stderr,'), standardError ?? 'N/A'],
    ]),
  );
