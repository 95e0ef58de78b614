// Where one is among questions, as the link says it.
import {
  type QuestionKind,
  questionKinds,
  type QuestionOrder,
  questionOrders,
} from '../../../../core/lib/evaluations/questions/select-questions.ts';
import { currentRoute, href, navigate } from '../../../app/route.ts';

export interface QuestionsPlace {
  readonly model: string | null;
  readonly with: string | null;
  readonly task: string | null;
  readonly metric: string | null;
  readonly filter: string | null;
  readonly show: QuestionKind;
  readonly subject: string | null;
  readonly minLength: number | null;
  readonly maxLength: number | null;
  readonly search: string;
  readonly order: QuestionOrder;
  readonly tokenizer: string | null;
  /** The question that is read: its task and number; null for the first of the list. */
  readonly part: string | null;
  readonly id: number | null;
}

export function readQuestionsPlace(query: URLSearchParams): QuestionsPlace {
  const number = (name: string): number | null => {
    const value = Number(query.get(name) ?? Number.NaN);
    return Number.isFinite(value) ? value : null;
  };
  return {
    model: query.get('model'),
    with: query.get('with'),
    task: query.get('task'),
    metric: query.get('metric'),
    filter: query.get('filter'),
    show: questionKinds.find((kind) => kind === query.get('show')) ?? 'all',
    subject: query.get('subject'),
    minLength: number('min'),
    maxLength: number('max'),
    search: query.get('search') ?? '',
    order: questionOrders.find((order) => order === query.get('order')) ?? 'file',
    tokenizer: query.get('tokenizer'),
    part: query.get('part'),
    id: number('id'),
  };
}

/** Changes a part of where one is, without a step in the history. */
export function moveInQuestions(change: Partial<QuestionsPlace>): void {
  const now = readQuestionsPlace(currentRoute()?.query ?? new URLSearchParams());
  const { minLength, maxLength, show, order, search, id, ...names } = { ...now, ...change };
  const given = Object.entries({ ...names, min: minLength, max: maxLength, id }).flatMap(([name, value]) =>
    value === null ? [] : [[name, String(value)] as const],
  );
  navigate(
    href('evaluations', 'questions', {
      ...Object.fromEntries(given),
      ...(show === 'all' ? {} : { show }),
      ...(order === 'file' ? {} : { order }),
      ...(search === '' ? {} : { search }),
    }),
    { replace: true },
  );
}

/** Another list: the question that was read is not of it. */
export function changeList(change: Partial<QuestionsPlace>): void {
  moveInQuestions({ part: null, id: null, ...change });
}
