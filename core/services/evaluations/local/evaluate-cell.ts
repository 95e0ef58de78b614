// One model on one task or group, from its rows to its results file. What was answered before is not asked again.
import { join, relative } from 'node:path';
import type { EvaluationMean, EvaluationRequest } from '../../../api/evaluation-runs.ts';
import { StudioError } from '../../../api/errors.ts';
import { requestCharacters } from '../../../lib/evaluations/tasks/choice-task.ts';
import { groupScores, type TaskScores } from '../../../lib/evaluations/tasks/task-scores.ts';
import { requestOf } from '../../../lib/evaluations/tasks/task.ts';
import type { ChatEngine } from '../../model-runtime/engine.ts';
import { RESULTS_FOLDER } from '../results/import-results.ts';
import type { OpenEngine } from '../tasks/read-rows.ts';
import { finishTasks } from './result-file.ts';
import { runTask, type TaskPart } from './run-task.ts';
import {
  type CatalogPlace,
  findGroup,
  findTask,
  type FoundGroup,
  type FoundTask,
  type PreparedQuestions,
  prepareQuestions,
} from '../tasks/task-catalog.ts';

export interface PreparedTask extends PreparedQuestions {
  readonly found: FoundTask;
}

export interface PreparedCell {
  readonly name: string;
  readonly group: FoundGroup | null;
  readonly tasks: readonly PreparedTask[];
  readonly questions: number;
  readonly characters: number;
}

/** Choices that are read beside each other: sixteen questions of four. */
export const EVALUATION_SEQUENCES = 65;

/** An answer that is written costs more than one that is read: about ten characters' reading a token. */
const CHARACTERS_PER_WRITTEN_TOKEN = 10;

export interface CellSettings {
  readonly shots: number | null;
  readonly limit: number | null;
  /** Instead of the task's own files; absolute. */
  readonly questionFile?: string | undefined;
  readonly exampleFile?: string | undefined;
}

export interface CellReading {
  readonly openEngine: OpenEngine;
  readonly signal?: AbortSignal | undefined;
}

/** Reads every row. Throws for tasks that cannot be run so. */
export async function prepareCell(
  place: CatalogPlace,
  name: string,
  settings: CellSettings,
  { openEngine, signal }: CellReading,
): Promise<PreparedCell> {
  const group = await findGroup(place, name);
  const tasks: PreparedTask[] = [];
  for (const one of group?.tasks ?? [name]) {
    signal?.throwIfAborted();
    const found = withFiles(await findTask(place, one), settings);
    const shots = settings.shots ?? found.task.defaultShots;
    const { limit } = settings;
    tasks.push({ found, ...(await prepareQuestions(found, { shots, limit }, openEngine, signal)) });
  }
  let characters = 0;
  for (const { questions, examples } of tasks)
    for (const question of questions) {
      const request = requestOf(question, examples);
      characters += requestCharacters(request);
      if (request.kind === 'writing') characters += request.maxTokens * CHARACTERS_PER_WRITTEN_TOKEN;
    }
  return {
    name,
    group,
    tasks,
    questions: tasks.reduce((sum, { questions }) => sum + questions.length, 0),
    characters,
  };
}

function withFiles(found: FoundTask, { questionFile, exampleFile }: CellSettings): FoundTask {
  if (questionFile === undefined && exampleFile === undefined) return found;
  return {
    ...found,
    files: {
      questions: questionFile === undefined ? (found.files?.questions ?? []) : [questionFile],
      examples: exampleFile === undefined ? (found.files?.examples ?? []) : [exampleFile],
    },
  };
}

export interface CellModel {
  /** Absolute. */
  readonly path: string;
  /** In results: as a person finds it in the workspace, so that a checkpoint’s step is in the name. */
  readonly name: string;
  readonly key: string;
  /** `Q8_0`. */
  readonly type: string | null;
  readonly weightsSha256: string | null;
  readonly templateSha256: string | null;
}

export interface CellWork {
  readonly cell: PreparedCell;
  readonly model: CellModel;
  readonly request: Pick<EvaluationRequest, 'contextTokens' | 'maxTokens' | 'asChat'>;
  /** Absolute; results and answers go there. */
  readonly folder: string;
  readonly engine: ChatEngine;
  readonly studioVersion: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: CellProgress) => void;
}

export interface CellProgress {
  readonly done: number;
  readonly total: number;
  /** The task of a group. */
  readonly part: string | null;
  readonly means: readonly EvaluationMean[];
}

export interface CellOutcome {
  readonly means: readonly EvaluationMean[];
  readonly questions: number;
  readonly resumed: number;
  /** File names in the folder. */
  readonly results: string;
  readonly samples: readonly string[];
  readonly seconds: number;
}

export async function evaluateCell(work: CellWork): Promise<CellOutcome> {
  const { cell, model, request, folder, engine, signal, onProgress } = work;
  if (request.asChat && model.templateSha256 === null) {
    throw new StudioError('INVALID_INPUT', 'The model has no chat template', {
      hint: 'Ask without a template',
      path: model.path,
    });
  }
  const startedMs = performance.now();
  const parts: TaskPart[] = [];
  for (const { found, questions, examples, available } of cell.tasks) {
    const before = parts.reduce((sum, { scores }) => sum + scores.questions, 0);
    const part = await runTask({
      task: found.task,
      model,
      questions,
      examples,
      available,
      contextTokens: request.contextTokens,
      maxTokens: request.maxTokens,
      asChat: request.asChat,
      folder,
      engine,
      signal,
      onProgress: ({ done, scores }) =>
        onProgress({
          done: before + done,
          total: cell.questions,
          part: cell.group === null ? null : found.task.name,
          means: meansOf(cell.group, [...parts.map((one) => one.scores), scores]),
        }),
    });
    parts.push(part);
  }
  const seconds = (performance.now() - startedMs) / 1000;
  const { group } = cell;
  const { results, samples } = await finishTasks({
    parts,
    group: group === null || group.metrics.length === 0 ? null : group,
    weightsSha256: model.weightsSha256,
    modelPath: model.name,
    modelType: model.type,
    templateSha256: model.templateSha256,
    studioVersion: work.studioVersion,
    seconds,
  });
  return {
    means: meansOf(
      group,
      parts.map(({ scores }) => scores),
    ),
    questions: cell.questions,
    resumed: parts.reduce((sum, { resumed }) => sum + resumed, 0),
    results,
    samples,
    seconds,
  };
}

/** Of a group, over the tasks so far; a tag's tasks have no common number but are watched as one. */
function meansOf(group: FoundGroup | null, scores: readonly TaskScores[]): readonly EvaluationMean[] {
  const [first] = scores;
  const metrics =
    group === null || group.metrics.length > 0
      ? (group?.metrics ?? [])
      : [
          ...new Set(scores.flatMap(({ means }) => Object.keys(means).map((key) => key.split(',')[0] ?? ''))),
        ].map((metric) => ({ metric, weightBySize: true }));
  const means: TaskScores['means'] =
    group === null ? (first?.means ?? {}) : groupScores(scores, metrics).means;
  return Object.entries(means).map(([key, { value, standardError }]) => {
    const [metric = '', filter = 'none'] = key.split(',');
    return { metric, filter, value, standardError };
  });
}

/** The folder of a model's results, as `nesso eval run` and the window name it. */
export function resultsFolderOf(
  root: string,
  modelPath: string,
): { readonly name: string; readonly folder: string } {
  const inside = relative(root, modelPath).replaceAll('\\', '/');
  const name = inside.startsWith('..') ? (modelPath.split(/[\\/]/).pop() ?? modelPath) : inside;
  return { name, folder: join(root, RESULTS_FOLDER, safeName(name)) };
}

export const safeName = (name: string): string =>
  name.replace(/\.gguf$/i, '').replaceAll(/[^\p{L}\p{N}._-]+/gu, '-');
