// Routes of questions: binds the contract to the services of this folder.
import type { AnswersOfModel } from '../../../api/evaluation-questions.ts';
import { grouped } from '../../../lib/evaluations/grouped.ts';
import { isPartOf } from '../../../lib/evaluations/reading/groups-of-tasks.ts';
import { mainMetric } from '../../../lib/evaluations/task-facts.ts';
import { api } from '../../base.ts';
import type { CoreContext } from '../../context.ts';
import type { OpenEngine } from '../tasks/read-rows.ts';
import { openResults } from '../results/results-index.ts';
import { resolveInside } from '../../files/resolve-inside.ts';
import type { TokenWorkers } from '../../tokenizers/token-workers.ts';
import {
  alikeResult,
  type AnswerQuery,
  chosenResult,
  createAnswers,
  noAnswers,
  questionCacheFolder,
} from './answers.ts';
import { createQuestionLister } from './list-questions.ts';
import { readDetail } from './read-detail.ts';

export interface QuestionsUse {
  readonly openEngine: OpenEngine;
  readonly workers: TokenWorkers;
}

interface Chosen extends AnswerQuery {
  /** Keys of models. */
  readonly model: string;
  readonly with: string | null;
}

/** Without what says which kind of key it is. */
const plainName = (key: string): string => key.replace(/^(model|run|reference):/, '');

export function evaluationQuestionsRoutes(context: CoreContext, use: QuestionsUse) {
  const results = openResults(context);
  const answers = createAnswers({
    openEngine: use.openEngine,
    cacheFolder: () =>
      questionCacheFolder(context.workspace.current?.path ?? null, context.options.stateFolder),
    activities: context.activities,
  });
  const lister = createQuestionLister();
  const both = async (input: Chosen, signal: AbortSignal | undefined) => {
    const all = await results.results(signal);
    const of = (key: string) => all.filter((result) => results.modelOf(result).key === key);
    const result = chosenResult(of(input.model), input);
    if (result === null) throw noAnswers(plainName(input.model), input.task, false);
    const first = await answers.open(result, all, results.modelOf(result), signal);
    if (input.with === null) return { first, second: null };
    const other = alikeResult(result, of(input.with));
    if (other === null) throw noAnswers(plainName(input.with), input.task, false);
    return { first, second: await answers.open(other, all, results.modelOf(other), signal) };
  };
  return {
    procedures: {
      sources: api.evaluationQuestions.sources.handler(async ({ signal }) => {
        const all = await results.results(signal);
        const byModel = grouped(all, (result) => results.modelOf(result).key);
        return [...byModel.values()].flatMap((own): AnswersOfModel[] => {
          const [one] = own;
          const tasks = [...grouped(own, ({ task }) => task)].flatMap(([task, ofTask]) => {
            const [first] = ofTask;
            const isThere = ofTask.some(
              (result) =>
                results.hasAnswers(result) ||
                (result.isGroup &&
                  own.some(
                    (part) => part.file === result.file && isPartOf(part, task) && results.hasAnswers(part),
                  )),
            );
            if (first === undefined || !isThere) return [];
            const metrics = [...new Set(ofTask.map(({ metric }) => metric))];
            const main = mainMetric(task, metrics);
            return [
              {
                task,
                isGroup: first.isGroup,
                metrics: metrics.toSorted((a, b) => Number(b === main) - Number(a === main)),
                filters: [...new Set(ofTask.map(({ filter }) => filter))],
                questions: first.samples,
              },
            ];
          });
          return one === undefined || tasks.length === 0 ? [] : [{ model: results.modelOf(one), tasks }];
        });
      }),
      list: api.evaluationQuestions.list.handler(async ({ input, signal }) => {
        const { first, second } = await both(input, signal);
        return lister.list(first, second, input, signal);
      }),
      seek: api.evaluationQuestions.seek.handler(async ({ input, signal }) => {
        const { first, second } = await both(input, signal);
        return { place: await lister.seek(first, second, input, signal) };
      }),
      read: api.evaluationQuestions.read.handler(async ({ input, signal }) => {
        const { first, second } = await both(input, signal);
        const { part, id } = input;
        const tokenizer =
          input.tokenizer === null
            ? null
            : await resolveInside(context.workspace.require().path, input.tokenizer);
        return readDetail(first, second, { part, id, tokenizer }, { workers: use.workers, signal });
      }),
    },
    /** For other nouns that need the answers: comparisons. */
    answers,
    dispose: async () => undefined,
  };
}
