// The sample browser in the middle pane: which answers, the filters, the list of questions, and the one that is read.
import { ListChecks } from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import type { QuestionPage } from '../../../../core/api/evaluation-questions.ts';
import { describeError } from '../../../app/describe-error.ts';
import { Link } from '../../../app/link.tsx';
import { href, navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatInteger } from '../../../ui/format.ts';
import { Pane, PaneHeader } from '../../../ui/pane.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import type { EvaluationKindProps } from '../evaluation-kind.ts';
import { compareHref } from '../progress/place.ts';
import { useResultsWatch } from '../results/use-results.ts';
import { moveInQuestions, type QuestionsPlace, readQuestionsPlace } from './place.ts';
import { QuestionDetailView } from './question-detail.tsx';
import { QuestionFilters } from './question-filters.tsx';
import { QuestionListView } from './question-list.tsx';
import styles from './questions.module.css';
import {
  listOf,
  type QuestionList,
  useAnswerSources,
  usePlaceOf,
  useQuestionPages,
} from './use-questions.ts';

export function QuestionsWork({ query }: EvaluationKindProps) {
  useResultsWatch();
  const sources = useAnswerSources();
  const asked = readQuestionsPlace(query);
  if (sources.data === undefined) {
    return (
      <Pane header={<PaneHeader title="Questions and answers" />}>
        {sources.error ? (
          <ErrorState {...describeError(sources.error)} />
        ) : (
          <Skeleton label="Looking for answers" />
        )}
      </Pane>
    );
  }
  const [first] = sources.data;
  // Without a link that says whose, the first that there is.
  const model = asked.model ?? first?.model.key ?? null;
  const own = sources.data.find((one) => one.model.key === model);
  const task = asked.task ?? own?.tasks[0]?.task ?? null;
  const place = { ...asked, model, task };
  const list = listOf(place);
  if (list === null) {
    return (
      <Pane header={<PaneHeader title="Questions and answers" />}>
        <EmptyState
          icon={ListChecks}
          title="No answers were kept yet"
          actions={
            <>
              <Button kind="primary" onPress={() => navigate(href('evaluations', 'local'))}>
                Evaluate here…
              </Button>
              <Button onPress={() => navigate(href('evaluations', 'results'))}>Leaderboard</Button>
            </>
          }
        >
          <p>
            Evaluate a model here, or import results with their answers: files samples_….jsonl of lm-eval
            (written with --log_samples) or the details of lighteval.
          </p>
        </EmptyState>
      </Pane>
    );
  }
  return <Browser place={place} list={list} sources={sources.data} />;
}

export interface BrowserProps {
  readonly place: QuestionsPlace;
  readonly list: QuestionList;
  readonly sources: NonNullable<ReturnType<typeof useAnswerSources>['data']>;
}

function Browser({ place, list, sources }: BrowserProps) {
  const client = useClient();
  const [seen, setSeen] = useState({ first: 0, last: 0 });
  const [cursor, setCursor] = useState<{ readonly list: string; readonly place: number } | null>(null);
  const search = useRef<HTMLInputElement>(null);
  const pages = useQuestionPages(list, seen);
  const { head } = pages;
  const total = head?.total ?? 0;
  const listKey = JSON.stringify(list);
  // Another list begins at the question of the link, or at its first.
  const own = cursor !== null && cursor.list === listKey ? cursor.place : null;
  const linked = own !== null || place.id === null ? null : { part: place.part ?? list.task, id: place.id };
  const sought = usePlaceOf(list, linked);
  const at = Math.min(own ?? sought ?? 0, Math.max(0, total - 1));
  const row = pages.rowAt(at);
  const question = linked ?? (row === undefined ? null : { part: row.task, id: row.id });

  const goTo = (next: number) => {
    const held = Math.min(Math.max(0, next), Math.max(0, total - 1));
    setCursor({ list: listKey, place: held });
    const there = pages.rowAt(held);
    const { model, task } = list;
    moveInQuestions({ model, task, part: there?.task ?? null, id: there?.id ?? null });
  };
  const seekNext = async (back: boolean) => {
    const of = list.with === null ? ('wrong' as const) : ('flips' as const);
    const { place: found } = await client.evaluationQuestions.seek({
      ...list,
      to: { kind: 'next', of, from: at, back },
    });
    if (found !== null) goTo(found);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === 'j') goTo(at + 1);
    else if (event.key === 'k') goTo(at - 1);
    else if (event.key === 'n' || event.key === 'N') void seekNext(event.key === 'N').catch(() => undefined);
    else if (event.key === '/') search.current?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <Pane
      scrolls={false}
      header={
        <PaneHeader
          title="Questions and answers"
          detail={head ? detailOf(head) : ''}
          actions={
            list.with === null ? null : (
              <Link to={compareHref(list.model, list.with)}>All tasks of the two</Link>
            )
          }
        />
      }
    >
      {/* The keys work from the list and from the question alike. */}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div className={styles['view']} onKeyDown={onKeyDown}>
        <QuestionFilters place={place} list={list} sources={sources} head={head} searchRef={search} />
        {pages.error ? (
          <ErrorState
            {...describeError(pages.error)}
            actions={<Link to={href('evaluations', 'questions')}>Other answers</Link>}
          />
        ) : head === undefined ? (
          <Skeleton label="Reading answers" />
        ) : (
          <Group orientation="horizontal" className={styles['split'] ?? ''} id="questions-split">
            <Panel id="list" defaultSize="42%" minSize="24%">
              <Notes head={head} />
              <QuestionListView
                total={total}
                current={at}
                isOld={pages.isOld}
                hasSecond={list.with !== null}
                rowAt={pages.rowAt}
                onSeen={setSeen}
                onGo={goTo}
              />
            </Panel>
            <Separator className={styles['separator'] ?? ''} aria-label="Resize list and question" />
            <Panel id="question" minSize="30%">
              {question === null ? (
                <p className={styles['none']}>No question is like this. Change the filters to see others.</p>
              ) : (
                <QuestionDetailView
                  list={list}
                  head={head}
                  question={question}
                  tokenizer={place.tokenizer}
                  position={`${formatInteger(at + 1)} of ${formatInteger(total)}`}
                  onStep={(by) => goTo(at + by)}
                />
              )}
            </Panel>
          </Group>
        )}
      </div>
    </Pane>
  );
}

const isTyping = (target: EventTarget): boolean =>
  target instanceof HTMLElement &&
  target.closest('input, textarea, select, [role="listbox"][data-rac]') !== null;

function detailOf({ first, second, chosen, counts }: QuestionPage): string {
  const share = counts.all === 0 ? '' : `, ${((100 * counts.right) / counts.all).toFixed(1)} % right`;
  return `${chosen.task} · ${first.name}${second === null ? share : ` → ${second.name}`}`;
}

function Notes({ head }: { readonly head: QuestionPage }) {
  const { leftOut, settings, problems } = head;
  const notes = [
    ...settings,
    ...(leftOut > 0
      ? [`${formatInteger(leftOut)} answers have no partner on the other side and are not shown`]
      : []),
    ...problems.map(({ where, text }) => `${where === '' ? '' : `${where}: `}${text}`),
  ];
  if (notes.length === 0) return null;
  return (
    <details className={styles['notes']}>
      <summary>{notes.length === 1 ? notes[0] : `${notes[0]}, and ${notes.length - 1} more`}</summary>
      <ul>
        {notes.slice(1).map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </details>
  );
}
