// A page of questions: which are shown is decided from indexes in memory; only the lines of the page are read.
import type { QuestionPage, QuestionRow } from '../../../api/evaluation-questions.ts';
import { differencesOf } from '../../../lib/evaluations/comparability.ts';
import {
  countKinds,
  countSubjects,
  isKind,
  type PairedQuestions,
  pairQuestions,
  type QuestionCounts,
  type QuestionKind,
  type QuestionOrder,
  selectQuestions,
  type ShownQuestion,
  subjectOf,
} from '../../../lib/evaluations/questions/select-questions.ts';
import type { Question } from '../../../lib/evaluations/questions/read-question.ts';
import type { FoundAnswers } from './answers.ts';
import { goldWords, sideOf, wordsOf } from './question-words.ts';
import { readQuestions, searchQuestions } from './read-lines.ts';

export interface ListFilter {
  readonly show: QuestionKind;
  readonly subject: string | null;
  readonly minLength: number | null;
  readonly maxLength: number | null;
  readonly search: string;
  readonly order: QuestionOrder;
}

export interface ListQuery extends ListFilter {
  readonly offset: number;
  readonly limit: number;
}

/** Subjects a person can choose from. */
const MAX_SUBJECTS = 500;
/** Pairs and searches that are kept: two views that switch between their filters. */
const KEPT = 6;

interface Prepared {
  readonly paired: PairedQuestions;
  readonly counts: QuestionCounts;
  readonly subjects: QuestionPage['subjects'];
  readonly lengths: readonly number[];
}

export interface QuestionLister {
  list(
    first: FoundAnswers,
    second: FoundAnswers | null,
    query: ListQuery,
    signal?: AbortSignal,
  ): Promise<QuestionPage>;
  /** Place among those that are shown; null where there is none. */
  seek(
    first: FoundAnswers,
    second: FoundAnswers | null,
    query: ListFilter & { readonly to: SeekTarget },
    signal?: AbortSignal,
  ): Promise<number | null>;
}

export type SeekTarget =
  | { readonly kind: 'question'; readonly part: string; readonly id: number }
  | { readonly kind: 'next'; readonly of: QuestionKind; readonly from: number; readonly back: boolean };

export function createQuestionLister(): QuestionLister {
  const prepared = new Kept<Prepared>();
  const searches = new Kept<readonly ReadonlySet<number>[]>();
  const selections = new Kept<readonly ShownQuestion[]>();

  return {
    async list(first, second, query, signal) {
      const { offset, limit } = query;
      const { ready, selected } = await selection(first, second, query, signal);
      const { paired, counts, subjects, lengths } = ready;
      const shown = selected.slice(offset, offset + limit);
      const [mine, theirs] = [
        await readRows(
          first,
          shown.map(({ part, row }) => ({ part, row })),
          signal,
        ),
        second === null
          ? []
          : await readRows(
              second,
              shown.map(({ otherPart, otherRow }) => ({ part: otherPart, row: otherRow })),
              signal,
            ),
      ];
      const { metric, filter: filterName } = first.set;
      const rows = shown.flatMap((one, place): QuestionRow[] => {
        const question = mine[place];
        if (question === undefined) return [];
        return [
          {
            place: offset + place,
            task: first.parts[one.part]?.task ?? first.result.task,
            id: one.id,
            words: wordsOf(question),
            subject: subjectOf(one, first.parts),
            promptLength: question.prompt?.length ?? null,
            gold: goldWords(question),
            first: sideOf(question, metric, one.score),
            second: second === null ? null : sideOf(theirs[place], metric, one.otherScore),
          },
        ];
      });
      const indexes = first.parts.map(({ index }) => index);
      return {
        chosen: { task: first.result.task, metric, filter: filterName },
        metrics: [...new Set(indexes.flatMap(({ scores }) => [...scores.keys()]))],
        filters: [...new Set(indexes.flatMap(({ filters }) => filters))],
        first: first.model,
        second: second?.model ?? null,
        counts: { ...counts },
        total: selected.length,
        subjects,
        lengths: [...lengths],
        leftOut: paired.leftOut,
        settings:
          second === null ? [] : differencesOf(first.result, second.result).map(({ sentence }) => sentence),
        problems: problemsOf([first, ...(second === null ? [] : [second])], paired.repeated),
        rows,
      };
    },
    async seek(first, second, query, signal) {
      const { to } = query;
      const { selected } = await selection(first, second, query, signal);
      if (to.kind === 'question') {
        const place = selected.findIndex(
          ({ part, id }) => id === to.id && (first.parts[part]?.task ?? first.result.task) === to.part,
        );
        return place === -1 ? null : place;
      }
      const step = to.back ? -1 : 1;
      for (let place = to.from + step; place >= 0 && place < selected.length; place += step) {
        const one = selected[place];
        if (one !== undefined && isKind(one, to.of, first.parts)) return place;
      }
      return null;
    },
  };

  async function selection(
    first: FoundAnswers,
    second: FoundAnswers | null,
    { show, subject, minLength, maxLength, order, search: words }: ListFilter,
    signal: AbortSignal | undefined,
  ) {
    const key = `${keyOf(first)} ${second === null ? '' : keyOf(second)}`;
    const ready = prepared.get(key) ?? prepared.keep(key, prepare(first, second));
    const search = words.trim();
    const found = search === '' ? null : await textSearch(first, search, signal);
    const filter = { show, subject, minLength, maxLength, order };
    const selectionKey = `${key} ${JSON.stringify({ ...filter, search })}`;
    const selected =
      selections.get(selectionKey) ??
      selections.keep(selectionKey, selectQuestions(ready.paired.all, first.parts, { ...filter, found }));
    return { ready, selected };
  }

  async function textSearch(answers: FoundAnswers, text: string, signal: AbortSignal | undefined) {
    const key = `${keyOf(answers)} ${text}`;
    const known = searches.get(key);
    if (known !== undefined) return known;
    const found: ReadonlySet<number>[] = [];
    for (const { path, index } of answers.parts) found.push(await searchQuestions(path, index, text, signal));
    return searches.keep(key, found);
  }
}

function prepare(first: FoundAnswers, second: FoundAnswers | null): Prepared {
  const paired = pairQuestions(first.set, second?.set ?? null);
  const { parts } = first;
  return {
    paired,
    counts: countKinds(paired.all, parts),
    subjects: countSubjects(paired.all, parts)
      .slice(0, MAX_SUBJECTS)
      .map((one) => ({ ...one })),
    lengths: fiveLengths(paired.all, first),
  };
}

function fiveLengths(all: readonly ShownQuestion[], { parts }: FoundAnswers): readonly number[] {
  const lengths = Float64Array.from(
    all.map(({ part, row }) => parts[part]?.index.promptLengths[row] ?? Number.NaN).filter(Number.isFinite),
  ).sort();
  if (lengths.length === 0) return [];
  return [0, 0.25, 0.5, 0.75, 1].map((share) => lengths[Math.round(share * (lengths.length - 1))] ?? 0);
}

/** Lines of several files, in the order that is asked for. */
async function readRows(
  { parts }: FoundAnswers,
  wanted: readonly { readonly part: number; readonly row: number }[],
  signal: AbortSignal | undefined,
): Promise<readonly (Question | undefined)[]> {
  const questions: (Question | undefined)[] = wanted.map(() => undefined);
  for (const [place, { path, index }] of parts.entries()) {
    const own = wanted.flatMap(({ part, row }, at) => (part === place && row >= 0 ? [{ row, at }] : []));
    const read = await readQuestions(
      path,
      index,
      own.map(({ row }) => row),
      signal,
    );
    own.forEach(({ at }, order) => {
      questions[at] = read[order];
    });
  }
  return questions;
}

function problemsOf(sides: readonly FoundAnswers[], repeated: number): QuestionPage['problems'] {
  const problems = sides.flatMap(({ parts }) => parts.flatMap(({ index }) => index.problems));
  const unique = [...new Map(problems.map((one) => [JSON.stringify(one), one])).values()];
  return repeated === 0
    ? unique
    : [...unique, { path: '', where: '', text: `${repeated} questions stand in it twice; the first counts` }];
}

/** Of the very files that were read. */
function keyOf({ parts, set: { metric, filter } }: FoundAnswers): string {
  const files = parts.map(({ path, index: { source } }) => [path, source.sizeBytes, source.modifiedMs]);
  return JSON.stringify([files, metric, filter]);
}

class Kept<T> {
  readonly #values = new Map<string, T>();
  get(key: string): T | undefined {
    return this.#values.get(key);
  }
  keep(key: string, value: T): T {
    this.#values.set(key, value);
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= KEPT) break;
      this.#values.delete(oldest);
    }
    return value;
  }
}
