// Which answers are read, and which of their questions are shown.
import { type Ref, useEffect, useState } from 'react';
import type { AnswersOfModel, QuestionPage } from '../../../../core/api/evaluation-questions.ts';
import {
  type QuestionKind,
  questionKinds,
} from '../../../../core/lib/evaluations/questions/select-questions.ts';
import { formatInteger } from '../../../ui/format.ts';
import { Select } from '../../../ui/select.tsx';
import { SearchField } from '../../../ui/text-field.tsx';
import { changeList, type QuestionsPlace } from './place.ts';
import styles from './questions.module.css';
import type { QuestionList } from './use-questions.ts';

const NOBODY = '-nobody-';
const EVERYTHING = '-everything-';
/** A person stops typing. */
const SEARCH_AFTER_MS = 300;

const kindTitles: Readonly<Record<QuestionKind, string>> = {
  all: 'All',
  right: 'Right',
  wrong: 'Wrong',
  flips: 'Flips',
  won: 'Won by the second',
  lost: 'Lost by the second',
  'both-right': 'Both right',
  'both-wrong': 'Both wrong',
  'length-decides': 'Length decides',
};
const OF_TWO: ReadonlySet<QuestionKind> = new Set(['flips', 'won', 'lost', 'both-right', 'both-wrong']);

export function QuestionFilters({
  place,
  list,
  sources,
  head,
  searchRef,
}: {
  readonly place: QuestionsPlace;
  readonly list: QuestionList;
  readonly sources: readonly AnswersOfModel[];
  readonly head: QuestionPage | undefined;
  readonly searchRef: Ref<HTMLInputElement>;
}) {
  const own = sources.find(({ model }) => model.key === list.model);
  const others = sources.filter(
    ({ model, tasks }) => model.key !== list.model && tasks.some(({ task }) => task === list.task),
  );
  const kinds = questionKinds.filter((kind) => list.with !== null || !OF_TWO.has(kind));
  return (
    <div className={styles['filters']}>
      <Select
        label="Model"
        choices={sources.map(({ model }) => ({ id: model.key, label: model.name }))}
        value={list.model}
        onChange={(model) => {
          const tasks = sources.find((one) => one.model.key === model)?.tasks ?? [];
          const hasTask = tasks.some(({ task }) => task === list.task);
          changeList({
            model,
            ...(hasTask ? {} : { task: tasks[0]?.task ?? null, with: null, metric: null, filter: null }),
          });
        }}
      />
      <Select
        label="With"
        choices={[
          { id: NOBODY, label: 'nobody' },
          ...others.map(({ model }) => ({ id: model.key, label: model.name })),
        ]}
        value={list.with ?? NOBODY}
        onChange={(key) =>
          changeList({ with: key === NOBODY ? null : key, show: key === NOBODY ? 'all' : list.show })
        }
      />
      <Select
        label="Task"
        choices={(own?.tasks ?? []).map(({ task, questions, isGroup }) => ({
          id: task,
          label: task,
          detail: [
            questions === null ? '' : `${formatInteger(questions)} questions`,
            isGroup ? 'all its tasks' : '',
          ]
            .filter((part) => part !== '')
            .join(', '),
        }))}
        value={list.task}
        onChange={(task) => changeList({ task, metric: null, filter: null, subject: null })}
      />
      {(head?.metrics.length ?? 0) > 1 ? (
        <Select
          label="Right by"
          choices={(head?.metrics ?? []).map((id) => ({ id, label: id }))}
          value={head?.chosen.metric ?? null}
          onChange={(metric) => changeList({ metric })}
        />
      ) : null}
      {(head?.filters.length ?? 0) > 1 ? (
        <Select
          label="Filter"
          choices={(head?.filters ?? []).map((id) => ({ id, label: id }))}
          value={head?.chosen.filter ?? null}
          onChange={(filter) => changeList({ filter })}
        />
      ) : null}
      <Select
        label="Show"
        choices={kinds.map((id) => ({
          id,
          label:
            head === undefined ? kindTitles[id] : `${kindTitles[id]} · ${formatInteger(head.counts[id])}`,
        }))}
        value={list.show}
        onChange={(show) => changeList({ show })}
      />
      {(head?.subjects.length ?? 0) > 1 ? (
        <Select
          label="Subject"
          choices={[
            { id: EVERYTHING, label: 'All subjects' },
            ...(head?.subjects ?? []).map(({ name, questions, right }) => ({
              id: name,
              label: name,
              detail: `${formatInteger(right)} of ${formatInteger(questions)} right`,
            })),
          ]}
          value={list.subject ?? EVERYTHING}
          onChange={(id) => changeList({ subject: id === EVERYTHING ? null : id })}
        />
      ) : null}
      <LengthSelect list={list} lengths={head?.lengths ?? []} />
      <Select
        label="Order"
        choices={[
          { id: 'file', label: 'As asked' },
          { id: 'longest', label: 'Longest first' },
          { id: 'shortest', label: 'Shortest first' },
        ]}
        value={list.order}
        onChange={(order) => changeList({ order })}
      />
      <Search value={place.search} searchRef={searchRef} />
    </div>
  );
}

/** Quarters of the lengths there are, in characters of the prompt. */
function LengthSelect({
  list,
  lengths,
}: {
  readonly list: QuestionList;
  readonly lengths: readonly number[];
}) {
  if (new Set(lengths).size < 3) return null;
  const [, lower = 0, middle = 0, upper = 0] = lengths;
  const parts = [
    { id: EVERYTHING, label: 'All lengths', min: null, max: null },
    { id: 'short', label: `Up to ${formatInteger(lower)} characters`, min: null, max: lower },
    {
      id: 'middle',
      label: `${formatInteger(lower)} to ${formatInteger(upper)} characters`,
      min: lower,
      max: upper,
    },
    { id: 'half', label: `From ${formatInteger(middle)} characters`, min: middle, max: null },
    { id: 'long', label: `From ${formatInteger(upper)} characters`, min: upper, max: null },
  ];
  const own = parts.find(({ min, max }) => min === list.minLength && max === list.maxLength);
  const choices =
    own === undefined
      ? [
          ...parts,
          {
            id: 'own',
            label: `${list.minLength ?? 0} to ${list.maxLength ?? '…'} characters`,
            min: list.minLength,
            max: list.maxLength,
          },
        ]
      : parts;
  return (
    <Select
      label="Length"
      choices={choices.map(({ id, label }) => ({ id, label }))}
      value={own?.id ?? 'own'}
      onChange={(id) => {
        const part = choices.find((one) => one.id === id);
        if (part) changeList({ minLength: part.min, maxLength: part.max });
      }}
    />
  );
}

function Search({ value, searchRef }: { readonly value: string; readonly searchRef: Ref<HTMLInputElement> }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => changeList({ search: text }), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text, value]);
  return (
    <div className={styles['search']}>
      <SearchField
        label="Search in questions and answers"
        value={text}
        onChange={setText}
        inputRef={searchRef}
        placeholder="Search"
      />
    </div>
  );
}
