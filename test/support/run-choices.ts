// Runs one multiple-choice benchmark whose rows are at hand, with one model file, and writes its results.
import type { MeanOfScores } from '../../core/lib/evaluations/tasks/choice-scores.ts';
import type { ChoiceDocument, ChoiceTask } from '../../core/lib/evaluations/tasks/choice-tasks.ts';
import { ofChoiceTask } from '../../core/lib/evaluations/tasks/choice-task.ts';
import type { TaskScores } from '../../core/lib/evaluations/tasks/task-scores.ts';
import { finishTasks } from '../../core/services/evaluations/local/result-file.ts';
import { runTask, type TaskRun } from '../../core/services/evaluations/local/run-task.ts';

export interface ChoiceRun extends Pick<TaskRun, 'model' | 'contextTokens' | 'folder' | 'engine' | 'signal'> {
  readonly task: ChoiceTask;
  readonly documents: readonly ChoiceDocument[];
  /** Of the whole test set. */
  readonly available: number;
  readonly examples: readonly ChoiceDocument[];
  readonly studioVersion: string;
  readonly onProgress?: (progress: ChoiceProgress) => void;
}

export interface ChoiceProgress {
  readonly done: number;
  readonly total: number;
  /** Of the questions so far. */
  readonly metrics: Readonly<Record<string, MeanOfScores>>;
}

export interface ChoiceOutcome {
  readonly task: string;
  readonly questions: number;
  /** Answered by an earlier run that was stopped. */
  readonly resumed: number;
  readonly metrics: Readonly<Record<string, MeanOfScores>>;
  readonly results: string;
  readonly samples: string;
}

export async function runChoices(run: ChoiceRun): Promise<ChoiceOutcome> {
  const { documents, examples, onProgress, studioVersion, ...shared } = run;
  const task = ofChoiceTask(run.task);
  const questionsOf = (some: readonly ChoiceDocument[]) =>
    some.flatMap(({ row }) => task.questionOf(row) ?? []);
  const part = await runTask({
    ...shared,
    task,
    questions: questionsOf(documents),
    examples: questionsOf(examples),
    maxTokens: null,
    asChat: false,
    onProgress: ({ done, total, scores }) => onProgress?.({ done, total, metrics: plain(scores) }),
  });
  const { results, samples } = await finishTasks({
    parts: [part],
    group: null,
    weightsSha256: null,
    modelPath: null,
    modelType: null,
    templateSha256: null,
    studioVersion,
    seconds: null,
  });
  const [name = ''] = samples;
  const { scores, resumed } = part;
  return {
    task: task.name,
    questions: scores.questions,
    resumed,
    metrics: plain(scores),
    results,
    samples: name,
  };
}

/** `acc` instead of `acc,none`. */
const plain = ({ means }: TaskScores): Readonly<Record<string, MeanOfScores>> =>
  Object.fromEntries(Object.entries(means).map(([key, mean]) => [key.replace(/,none$/, ''), mean]));
