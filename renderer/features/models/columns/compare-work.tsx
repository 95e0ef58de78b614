// The middle pane: the same questions answered by up to four columns, scrolling together, with what differs marked; one composer for
// all of them.
import { useQuery } from '@tanstack/react-query';
import { Columns2 } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { type Command, useCommands } from '../../../app/commands.ts';
import type { PaneProps } from '../../../app/feature.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { describeError } from '../../../app/describe-error.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Pane, PaneHeader } from '../../../ui/pane.tsx';
import { useModelTitle } from '../use-model-title.ts';
import { ModelModeSwitch } from '../model-mode-switch.tsx';
import { AnswerCell } from './answer-cell.tsx';
import { ColumnHeader } from './column-header.tsx';
import { CompareComposer } from './compare-composer.tsx';
import styles from './compare.module.css';
import { marksOf } from './compare-marks.ts';
import { fromConversation } from './from-conversation.ts';
import { useChosenColumn } from './chosen-column.ts';
import { useCompare, useCompareSession, useVocabularies } from './use-compare.ts';

/** Nearer to the end than this, new text scrolls along. */
const FOLLOW_PX = 80;

export function CompareWork({ argument, query }: PaneProps) {
  const path = argument ?? '';
  const session = useCompareSession(path, query);
  const { questions, columns, live, problems, isBusy } = useCompare(session, (state) => state);
  const vocabularies = useVocabularies(columns.map(({ modelPath }) => modelPath));
  const [chosen, choose] = useChosenColumn(session);
  const titleOf = useModelTitle();
  const [draft, setDraft] = useState('');
  const frame = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  useEffect(() => {
    const element = frame.current;
    if (element && follows.current) element.scrollTop = element.scrollHeight;
  }, [questions, columns, live]);
  useCommands(
    useMemo(
      (): readonly Command[] => [
        {
          id: 'models.compare.stop',
          title: 'Stop all columns',
          group: 'Compare',
          keys: 'Escape',
          keysInText: true,
          when: () => session.store.getState().isBusy,
          perform: () => session.stop(),
        },
      ],
      [session],
    ),
  );
  const template = { gridTemplateColumns: `repeat(${columns.length}, minmax(210px, 1fr))` };
  const send = () => {
    const text = draft;
    if (text.trim() === '' || isBusy) return;
    setDraft('');
    follows.current = true;
    void session.ask(text);
  };
  return (
    <Pane
      scrolls={false}
      header={
        <PaneHeader
          title="Side by side"
          detail={`begun with ${titleOf(path)}`}
          actions={<ModelModeSwitch path={path} query={query} />}
        />
      }
      footer={<CompareComposer session={session} value={draft} onChange={setDraft} onSend={send} />}
    >
      <div
        ref={frame}
        className={styles['frame']}
        onScroll={(event) => {
          const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
          follows.current = scrollHeight - scrollTop - clientHeight < FOLLOW_PX;
        }}
      >
        <div className={styles['heads']} style={template}>
          {columns.map((column, index) => (
            <ColumnHeader
              key={column.id}
              session={session}
              column={column}
              index={index}
              isChosen={column.id === chosen}
              onChoose={() => choose(column.id)}
            />
          ))}
        </div>
        <div role="log" aria-label="Side by side" aria-busy={isBusy} className={styles['turns']}>
          {questions.length === 0 ? (
            <EmptyState
              icon={Columns2}
              title="One question, several answers"
              actions={<TakeConversation session={session} chat={query.get('chat')} />}
            >
              {columns.length === 1
                ? 'Add a column, another checkpoint, a quantization or other settings, and ask all of them at once.'
                : 'Every column answers what is written below. The first is what the others are compared with.'}
            </EmptyState>
          ) : null}
          {questions.map((question, at) => (
            <Row
              // Questions are only ever appended or cut at the end.
              // oxlint-disable-next-line react/no-array-index-key
              key={at}
              question={question}
              onRewind={isBusy ? null : () => setDraft(session.rewind(at))}
            >
              <Answers
                template={template}
                session={session}
                at={at}
                isLast={at === questions.length - 1}
                vocabularies={vocabularies}
              />
            </Row>
          ))}
          {columns.map(({ id, modelPath }) =>
            problems[id] === undefined ? null : (
              <div key={id} className={styles['problem']}>
                <p>{titleOf(modelPath)}</p>
                <ErrorState compact {...describeError(problems[id])} />
              </div>
            ),
          )}
        </div>
      </div>
    </Pane>
  );
}

/** Shown while nothing is asked: the conversation one came from can be taken along. */
function TakeConversation(props: {
  readonly session: ReturnType<typeof useCompareSession>;
  readonly chat: string | null;
}) {
  const { session, chat } = props;
  const client = useClient();
  const conversation = useQuery({
    queryKey: [...queryKeys.conversations, 'compare', chat],
    queryFn: () => client.conversations.read({ id: chat ?? '' }),
    enabled: chat !== null,
    retry: false,
  });
  const read = conversation.data?.conversation;
  const [first] = session.store.getState().columns;
  if (read === undefined || read.turns.length === 0 || first === undefined) return null;
  return (
    <Button onPress={() => session.begin(fromConversation(read, first))}>
      {`Take the questions of “${read.title}”`}
    </Button>
  );
}

function Row(props: {
  readonly question: string;
  readonly onRewind: (() => void) | null;
  readonly children: ReactNode;
}) {
  return (
    <section className={styles['row']}>
      <div className={styles['question']}>
        <span className={styles['text']}>{props.question}</span>
        {props.onRewind === null ? null : (
          <button type="button" className={styles['rewind']} onClick={props.onRewind}>
            Edit from here
          </button>
        )}
      </div>
      {props.children}
    </section>
  );
}

function Answers(props: {
  readonly template: { readonly gridTemplateColumns: string };
  readonly session: ReturnType<typeof useCompareSession>;
  readonly at: number;
  readonly isLast: boolean;
  readonly vocabularies: readonly (string | null)[];
}) {
  const { template, session, at, isLast, vocabularies } = props;
  const { columns, live } = useCompare(session, (state) => state);
  const answers = columns.map((column) => column.answers[at] ?? null);
  // An answer is one object from when it is finished on, so marks are made once and not with every token of the others.
  const marks = useMemo(
    () => marksOf(answers.map((answer, index) => ({ answer, vocabulary: vocabularies[index] ?? null }))),
    // oxlint-disable-next-line react/exhaustive-deps
    [...answers, ...vocabularies, answers.length],
  );
  return (
    <div className={styles['answers']} style={template}>
      {columns.map((column, index) => (
        <AnswerCell
          key={column.id}
          column={column}
          answer={answers[index] ?? null}
          marks={marks[index] ?? null}
          live={live[column.id]?.question === at ? (live[column.id] ?? null) : null}
          isLast={isLast}
        />
      ))}
    </div>
  );
}
