// The built-in multiple-choice benchmarks as tasks that can be run. Pure.
import { choiceScores } from './choice-scores.ts';
import { type ChoiceTask, requestsOf } from './choice-tasks.ts';
import { characters } from './python-text.ts';
import type { LikelihoodReply, LocalTask, TaskMetric, TaskRequest } from './task.ts';

const DELIMITER = ' ';

export function ofChoiceTask(task: ChoiceTask): LocalTask {
  const { name, version, description, metrics, examples } = task;
  return {
    name,
    version,
    outputType: 'multiple_choice',
    metrics: metrics.map(meanMetric),
    filters: ['none'],
    defaultShots: 0,
    noShots: examples === null ? RANDOM_EXAMPLES : null,
    config: { task: name, output_type: 'multiple_choice', description },
    questionOf(row) {
      const document = task.documentOf(row);
      if (document === null) return null;
      const { choices, gold } = document;
      const shown = `${document.question}${DELIMITER}${choices[gold] ?? ''}\n\n`;
      return {
        row: document.row,
        target: document.target,
        shown,
        description,
        ask: (before) => ({
          kind: 'choices',
          context: before + (requestsOf({ description: '' }, document, [])[0]?.context ?? ''),
          choices,
          delimiter: DELIMITER,
          gold: [gold],
        }),
      };
    },
    judge: (_, request, reply) => [
      {
        filter: 'none',
        answer: null,
        values: judgeChoices(request, reply.kind === 'likelihoods' ? reply.items : [], metrics),
      },
    ],
  };
}

export const RANDOM_EXAMPLES =
  'The harness draws its examples at random: other examples would be another benchmark';

export const meanMetric = (name: string): TaskMetric => ({ name, higherIsBetter: true, aggregation: 'mean' });

/** acc, acc_norm, acc_bytes, exact_match: those that are asked for. With several right choices, one of them is enough. */
export function judgeChoices(
  request: TaskRequest,
  replies: readonly LikelihoodReply[],
  metrics: readonly string[],
): Readonly<Record<string, number>> {
  if (request.kind !== 'choices') return {};
  const { choices, gold } = request;
  const values = replies.map(({ logProbability }) => logProbability);
  const scores = gold.map((one) => choiceScores({ choices, gold: one }, values));
  const anyOf = (of: (score: (typeof scores)[number]) => number) => Math.max(0, ...scores.map(of));
  const all: Readonly<Record<string, number>> = {
    acc: anyOf(({ acc }) => acc),
    acc_norm: anyOf(({ acc_norm }) => acc_norm),
    acc_bytes: anyOf(({ acc_bytes }) => acc_bytes),
    exact_match: gold.some((one) => replies[one]?.isGreedy) ? 1 : 0,
  };
  return Object.fromEntries(metrics.map((metric) => [metric, all[metric] ?? 0]));
}

/** Characters that a model has to read for a request, those that choices share counted once. */
export function requestCharacters(request: TaskRequest): number {
  const before = characters(request.context);
  switch (request.kind) {
    case 'choices':
      return request.choices.reduce((sum, choice) => sum + characters(choice) + 1, before);
    case 'text':
      return before + characters(request.continuation);
    case 'writing':
      return before;
  }
}
