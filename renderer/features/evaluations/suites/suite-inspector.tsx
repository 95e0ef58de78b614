// The chosen cell in the right pane: what was asked, every answer with its checks, and what differs from a second cell.
import { MessagesSquare, X } from 'lucide-react';
import type { SuiteAnswer } from '../../../../core/api/suites.ts';
import { messagesOf, type Suite, type SuitePrompt } from '../../../../core/lib/suites/suite.ts';
import { compareAnswers, type TextRange } from '../../../../core/lib/text-differences/compare-answers.ts';
import { notifyError } from '../../../app/notifications.ts';
import { useClient } from '../../../app/session.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button, IconButton } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { formatDateTime, formatQuantity } from '../../../ui/format.ts';
import { Pane, PaneHeader, PaneHint, Section } from '../../../ui/pane.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import type { EvaluationKindProps } from '../evaluation-kind.ts';
import { type Cell, moveInSuite, readSuitePlace } from './place.ts';
import { openInChat } from './open-in-chat.ts';
import styles from './suite-inspector.module.css';
import { useAnswers, useSuiteFile, useSuiteTable } from './use-suites.ts';

export function SuiteInspector({ name, query }: EvaluationKindProps) {
  return name === null ? null : <Own key={name} name={name} query={query} />;
}

function Own({ name, query }: { readonly name: string; readonly query: URLSearchParams }) {
  const { cell, other } = readSuitePlace(query);
  const suite = useSuiteFile(name).data?.suite ?? null;
  const prompt = suite?.prompts.find(({ id }) => id === cell?.prompt);
  if (suite === null || cell === null || !prompt) {
    return (
      <Pane header={<PaneHeader title="Answer" />}>
        <PaneHint>
          Choose a cell of the grid to read its answers here. Shift-click, or Shift+Enter, puts a second one
          beside it.
        </PaneHint>
        {suite?.description ? (
          <Section title="About the suite">
            <p className={styles['text']}>{suite.description}</p>
          </Section>
        ) : null}
      </Pane>
    );
  }
  return (
    <Pane header={<PaneHeader title={prompt.id} detail={prompt.domain ?? ''} />}>
      <Asked suite={suite} prompt={prompt} />
      <Answers name={name} cell={cell} other={other} suite={suite} prompt={prompt} />
    </Pane>
  );
}

const roles = { system: 'System', user: 'User', assistant: 'Assistant' } as const;

function Asked({ suite, prompt }: { readonly suite: Suite; readonly prompt: SuitePrompt }) {
  const isRaw = prompt.input.kind === 'raw';
  return (
    <Section
      title={isRaw ? 'Text to continue' : 'Prompt'}
      aside={`at most ${formatQuantity(prompt.maxTokens, 'token')}`}
    >
      {messagesOf(suite, prompt).map(({ role, text }, index) => (
        <div key={`${index} ${role}`} className={styles['message']}>
          {isRaw ? null : <span className={styles['role']}>{roles[role]}</span>}
          <p className={styles['text']}>{text}</p>
        </div>
      ))}
    </Section>
  );
}

interface AnswersProps {
  readonly name: string;
  readonly cell: Cell;
  readonly other: Cell | null;
  readonly suite: Suite;
  readonly prompt: SuitePrompt;
}

function Answers({ name, cell, other, suite, prompt }: AnswersProps) {
  const client = useClient();
  const own = useAnswers(name, cell);
  const second = useAnswers(name, other);
  const models = useSuiteTable(name).data?.models ?? [];
  const titleOf = ({ model }: Cell) => models.find(({ path }) => path === model)?.name ?? model;
  const exists = models.find(({ path }) => path === cell.model)?.exists ?? false;
  if (own.data === undefined) return <Skeleton label="Reading the answers" />;
  return (
    <>
      <div className={styles['which']}>
        <strong>{titleOf(cell)}</strong>
        {exists ? (
          <Button
            kind="quiet"
            icon={MessagesSquare}
            onPress={() =>
              void openInChat(client, cell.model, { suite, prompt, answer: own.data?.[0] }).catch(notifyError)
            }
          >
            Open in chat
          </Button>
        ) : null}
      </div>
      {other === null ? null : (
        <div className={styles['which']} data-other="">
          <span>
            compared with <strong>{titleOf(other)}</strong>
            {other.prompt === cell.prompt ? '' : ` · ${other.prompt}`}
          </span>
          <IconButton
            icon={X}
            label="Stop comparing"
            size="small"
            onPress={() => moveInSuite(name, { other: null })}
          />
        </div>
      )}
      {own.data.length === 0 ? (
        <p className={styles['hint']}>This model has not answered this prompt yet</p>
      ) : null}
      {own.data.map((answer) => (
        <AnswerSection
          key={answer.sampler}
          answer={answer}
          second={
            other === null ? null : (second.data?.find(({ sampler }) => sampler === answer.sampler) ?? null)
          }
        />
      ))}
    </>
  );
}

const tones = { pass: 'good', fail: 'bad', unchecked: 'neutral' } as const;
const marks = { pass: '✓ passes', fail: '✕ fails', unchecked: '○ no check' } as const;
const ends: Readonly<Record<string, string>> = {
  end: 'ended by itself',
  'stop-text': 'ended at a stop text',
  'max-tokens': 'cut off at the limit',
  'context-full': 'cut off, the context is full',
};

function AnswerSection({
  answer,
  second,
}: {
  readonly answer: SuiteAnswer;
  readonly second: SuiteAnswer | null;
}) {
  const { sampler, text, mark, tokens, stopReason, checks, createdMs, tokensPerSecond } = answer;
  const plain = { tokens: null, vocabulary: null };
  const apart = second === null ? null : compareAnswers({ text, ...plain }, { text: second.text, ...plain });
  return (
    <Section title={sampler} aside={<Badge tone={tones[mark]}>{marks[mark]}</Badge>}>
      <Answer text={text} ranges={apart?.left ?? []} />
      {second === null || apart === null ? null : (
        <>
          <div className={styles['between']}>
            {apart.partsAt === null ? 'The same answer' : `The other one · ${marks[second.mark]}`}
          </div>
          {apart.partsAt === null ? null : <Answer text={second.text} ranges={apart.right} isOther />}
        </>
      )}
      <ul className={styles['checks']}>
        {checks.map(({ words, passed, reason }) => (
          <li key={words} data-passed={passed === null ? 'unknown' : String(passed)}>
            <span aria-hidden>{passed === null ? '?' : passed ? '✓' : '✕'}</span>
            <span>
              <span className="visually-hidden">
                {passed === null ? 'cannot tell: ' : passed ? 'passes: ' : 'fails: '}
              </span>
              {words}
              {reason === '' ? '' : ` (${reason})`}
            </span>
          </li>
        ))}
      </ul>
      <p className={styles['facts']} title={`Answered ${formatDateTime(createdMs)}`}>
        {`${formatQuantity(tokens, 'token')} · ${ends[stopReason] ?? stopReason} · ${tokensPerSecond.toFixed(0)} tokens/s`}
        <CopyButton text={text} label="Copy answer" iconOnly />
      </p>
    </Section>
  );
}

function Answer({
  text,
  ranges,
  isOther = false,
}: {
  readonly text: string;
  readonly ranges: readonly TextRange[];
  readonly isOther?: boolean;
}) {
  if (text.trim() === '') return <p className={styles['hint']}>Nothing</p>;
  const parts: { readonly text: string; readonly marked: boolean; readonly at: number }[] = [];
  let at = 0;
  for (const { start, end } of ranges) {
    parts.push(
      { text: text.slice(at, start), marked: false, at },
      { text: text.slice(start, end), marked: true, at: start },
    );
    at = end;
  }
  parts.push({ text: text.slice(at), marked: false, at });
  return (
    <p className={styles['answer']} data-other={isOther ? '' : undefined}>
      {parts.map((part) =>
        part.text === '' ? null : part.marked ? (
          <mark key={part.at}>{part.text}</mark>
        ) : (
          <span key={part.at}>{part.text}</span>
        ),
      )}
    </p>
  );
}
