// Where the answers behind a value lie: one file of a task, and of a value over tasks those of its tasks.
import { isPartOf } from '../../../lib/evaluations/reading/groups-of-tasks.ts';
import type { ScoredQuestion } from '../../../lib/evaluations/reading/read-sample.ts';
import type { FoundResult } from './read-files.ts';
import { findAnswers } from './read-scores.ts';

export interface AnswerPlace {
  readonly task: string;
  /** Absolute. */
  readonly path: string;
}

/** One file of a task; of a group, those of its tasks. Empty where none were kept. */
export async function placesOfAnswers(
  result: FoundResult,
  all: readonly FoundResult[],
): Promise<readonly AnswerPlace[]> {
  const own = await findAnswers(result);
  if (own !== null) return [{ task: result.task, path: own }];
  return result.isGroup ? answersOfGroup(result, all) : [];
}

/** The answers to the tasks of a group, each task once. */
async function answersOfGroup(
  group: FoundResult,
  all: readonly FoundResult[],
): Promise<readonly AnswerPlace[]> {
  const tasks = new Map<string, FoundResult>();
  for (const one of all) {
    if (one.file === group.file && !one.isGroup && isPartOf(one, group.task)) tasks.set(one.task, one);
  }
  const places: AnswerPlace[] = [];
  for (const [task, one] of tasks) {
    const path = await findAnswers(one);
    if (path !== null) places.push({ task, path });
  }
  return places;
}

/** More than any task has. */
const QUESTIONS_A_TASK = 1e9;

/** Questions of several tasks as those of one. `numbers`: of the tasks, the same for two sides that are compared. */
export function numberedQuestions(
  task: string,
  questions: readonly ScoredQuestion[],
  numbers: Map<string, number>,
): readonly ScoredQuestion[] {
  const number = numbers.get(task) ?? numbers.size;
  numbers.set(task, number);
  return questions.map((question) => ({ ...question, id: number * QUESTIONS_A_TASK + question.id }));
}
