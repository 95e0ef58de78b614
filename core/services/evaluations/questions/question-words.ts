// A question as one line of a list, and all of it as the contract has it.
import type { AnsweredQuestion, QuestionRow } from '../../../api/evaluation-questions.ts';
import { textAt } from '../../../lib/evaluations/reading/json-values.ts';
import { METRIC_OF, type NormalisedChoice } from '../../../lib/evaluations/questions/normalisations.ts';
import type { Question } from '../../../lib/evaluations/questions/read-question.ts';

/** A line of a list shows no more. */
const MAX_WORDS = 240;
const MAX_ANSWER = 80;

/** What data sets call the text of a question, the usual first. */
const QUESTION_KEYS = ['question', 'instruction', 'query', 'prompt', 'ctx', 'context', 'input'];

/** The question without its examples: as the data set has it, or the last part of the prompt. */
export function wordsOf({ document, prompt }: Question): string {
  for (const key of QUESTION_KEYS) {
    const text = textAt(document, key)?.trim();
    if (text !== undefined && text !== '') return oneLine(text, MAX_WORDS);
  }
  return oneLine(prompt?.trim().split('\n\n').at(-1) ?? '', MAX_WORDS);
}

export function goldWords({ gold, choices, target }: Question): string {
  return oneLine(choices[gold ?? -1]?.text ?? target, MAX_ANSWER);
}

/** The choice that the metric goes by, or what was cut out of the answer. */
export function answerWords({ picks, choices, extracted, written }: Question, metric: string): string | null {
  const text = choices[pickFor(picks, metric) ?? -1]?.text ?? extracted ?? written[0];
  return text === undefined ? null : oneLine(text, MAX_ANSWER);
}

export function pickFor(picks: readonly NormalisedChoice[], metric: string): number | null {
  const own = picks.find(({ normalisation }) => METRIC_OF[normalisation] === metric);
  return (own ?? picks[0])?.pick ?? null;
}

function oneLine(text: string, limit: number): string {
  // Long texts are cut before they are searched for spaces.
  const line = text
    .slice(0, limit * 4)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}

export function sideOf(question: Question | undefined, metric: string, score: number): QuestionRow['first'] {
  return {
    score: Number.isFinite(score) ? score : null,
    answer: question === undefined ? null : answerWords(question, metric),
  };
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** `same`: the question once for each filter. */
export function answeredQuestion(
  question: Question,
  same: readonly Question[],
  metric: string,
): Omit<AnsweredQuestion, 'instructions'> {
  return {
    choices: question.choices.map((choice) => ({ ...choice, logLikelihood: finite(choice.logLikelihood) })),
    normalised: question.picks.map(({ normalisation, values, pick }) => ({
      normalisation,
      values: values === null ? null : values.map(finite),
      pick,
    })),
    written: [...question.written],
    extracted:
      question.choices.length > 0
        ? []
        : same.map(({ filter, extracted, scores }) => ({
            filter,
            text: extracted,
            score: scores.get(metric) ?? null,
          })),
    scores: [...question.scores].map(([name, score]) => ({ metric: name, score })),
  };
}
