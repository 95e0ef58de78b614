// What the window knows of questions: models with answers, the pages of a list that are seen, and one question with all of it.
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { QuestionPage, QuestionRow } from '../../../../core/api/evaluation-questions.ts';
import { useClient } from '../../../app/session.ts';
import { resultKeys } from '../results/use-results.ts';
import type { QuestionsPlace } from './place.ts';

/** Rows of one request: two screens. */
const PAGE_ROWS = 100;

export function useAnswerSources() {
  const client = useClient();
  return useQuery({
    queryKey: [...resultKeys.all, 'answer-sources'],
    queryFn: ({ signal }) => client.evaluationQuestions.sources(undefined, { signal }),
  });
}

/** What a list is of; its place and the question that is read are not in it. */
export type QuestionList = Pick<
  QuestionsPlace,
  'with' | 'metric' | 'filter' | 'show' | 'subject' | 'minLength' | 'maxLength' | 'search' | 'order'
> & { readonly model: string; readonly task: string };

export function listOf(place: QuestionsPlace): QuestionList | null {
  const { model, task, metric, filter, show, subject, minLength, maxLength, search, order } = place;
  if (model === null || task === null) return null;
  const other = place.with === model ? null : place.with;
  return { model, with: other, task, metric, filter, show, subject, minLength, maxLength, search, order };
}

const keyOf = (list: QuestionList) => [...resultKeys.all, 'questions', list] as const;

export interface QuestionPages {
  /** Of the first page: counts, subjects, problems. */
  readonly head: QuestionPage | undefined;
  readonly error: unknown;
  /** Another filter is on its way; what is shown is of the one before. */
  readonly isOld: boolean;
  readonly rowAt: (place: number) => QuestionRow | undefined;
}

/** `first` and `last`: the places that are seen. */
export function useQuestionPages(
  list: QuestionList,
  { first, last }: { readonly first: number; readonly last: number },
): QuestionPages {
  const client = useClient();
  const ask = (offset: number) => ({
    queryKey: [...keyOf(list), offset],
    queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
      client.evaluationQuestions.list({ ...list, offset, limit: PAGE_ROWS }, { signal }),
    retry: false,
  });
  const head = useQuery({ ...ask(0), placeholderData: keepPreviousData });
  const from = Math.floor(Math.max(0, first) / PAGE_ROWS);
  const count = Math.floor(Math.max(0, last) / PAGE_ROWS) - from + 1;
  const pages = useQueries({
    queries: Array.from({ length: count }, (_, index) => ask((from + index) * PAGE_ROWS)),
    combine: (found) => found.map(({ data }) => data),
  });
  return useMemo(() => {
    const rows = new Map<number, QuestionRow>();
    const shown = head.isPlaceholderData ? [head.data] : [head.data, ...pages];
    for (const page of shown) for (const row of page?.rows ?? []) rows.set(row.place, row);
    return {
      head: head.data,
      error: head.error,
      isOld: head.isPlaceholderData,
      rowAt: (place) => rows.get(place),
    };
  }, [head.data, head.error, head.isPlaceholderData, pages]);
}

/** Where a question stands in the list; null while that is not known, and for one that the list does not have. */
export function usePlaceOf(
  list: QuestionList,
  question: { readonly part: string; readonly id: number } | null,
): number | null {
  const client = useClient();
  const { data } = useQuery({
    queryKey: [...keyOf(list), 'place', question],
    enabled: question !== null,
    retry: false,
    queryFn: ({ signal }) => {
      const { part, id } = question ?? { part: list.task, id: 0 };
      return client.evaluationQuestions.seek({ ...list, to: { kind: 'question', part, id } }, { signal });
    },
  });
  return question === null ? null : (data?.place ?? null);
}

export function useQuestion(
  list: QuestionList,
  question: { readonly part: string; readonly id: number } | null,
  tokenizer: string | null,
) {
  const client = useClient();
  const { model, task, metric, filter } = list;
  const input = { model, with: list.with, task, metric, filter, tokenizer, ...question };
  return useQuery({
    queryKey: [...resultKeys.all, 'question', input],
    enabled: question !== null,
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => client.evaluationQuestions.read({ ...input, id: question?.id ?? 0 }, { signal }),
  });
}
