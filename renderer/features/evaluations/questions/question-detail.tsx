// One question: what was sent, what is right, and for each model what it took by each normalisation, or what it wrote.
import { ChevronLeft, ChevronRight } from 'lucide-react';
import type {
  AnsweredQuestion,
  QuestionDetail,
  QuestionPage,
} from '../../../../core/api/evaluation-questions.ts';
import { describeError } from '../../../app/describe-error.ts';
import { Badge } from '../../../ui/badge.tsx';
import { IconButton } from '../../../ui/button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { ChoiceTable, TokenizerChoice } from './choice-table.tsx';
import { Mark, scoreWord } from './question-list.tsx';
import styles from './questions.module.css';
import { type QuestionList, useQuestion } from './use-questions.ts';

export interface QuestionDetailViewProps {
  readonly list: QuestionList;
  readonly head: QuestionPage;
  readonly question: { readonly part: string; readonly id: number };
  readonly tokenizer: string | null;
  readonly position: string;
  readonly onStep: (by: number) => void;
}

export function QuestionDetailView(props: QuestionDetailViewProps) {
  const { list, head, question, tokenizer, position, onStep } = props;
  const { data, error, isPlaceholderData } = useQuestion(list, question, tokenizer);
  return (
    <section className={styles['detail']} aria-label="Question" aria-busy={isPlaceholderData}>
      <header className={styles['head']}>
        <h3>{`${question.part} · question ${question.id}`}</h3>
        <span className={styles['calm']}>{position}</span>
        <span className={styles['spring']} />
        <span
          className={styles['keys']}
        >{`J K · N next ${list.with === null ? 'wrong one' : 'flip'} · / search`}</span>
        <IconButton
          icon={ChevronLeft}
          label="Previous question"
          keys="K"
          size="small"
          onPress={() => onStep(-1)}
        />
        <IconButton
          icon={ChevronRight}
          label="Next question"
          keys="J"
          size="small"
          onPress={() => onStep(1)}
        />
      </header>
      {error ? (
        <ErrorState compact {...describeError(error)} />
      ) : data === undefined ? (
        <Skeleton label="Reading the question" />
      ) : (
        <Content data={data} head={head} tokenizer={tokenizer} />
      )}
    </section>
  );
}

function Content({
  data,
  head,
  tokenizer,
}: {
  readonly data: QuestionDetail;
  readonly head: QuestionPage;
  readonly tokenizer: string | null;
}) {
  const { prompt, otherPrompt, first, second, gold, target, subject, document, tokensProblem } = data;
  const isChoice = first.choices.length > 0;
  return (
    <div className={styles['content']}>
      <div className={styles['prompt']}>
        <h4>
          {otherPrompt === null ? 'Prompt as sent' : `Prompt as sent to ${head.first.name}`}
          {subject === null ? null : <Badge>{subject}</Badge>}
        </h4>
        <pre>{prompt ?? 'The file does not say what was sent.'}</pre>
        {otherPrompt === null ? null : (
          <>
            <h4>{`Prompt as sent to ${head.second?.name ?? ''}`}</h4>
            <pre>{otherPrompt}</pre>
          </>
        )}
      </div>
      {isChoice ? null : (
        <p className={styles['target']}>
          <span className={styles['calm']}>Right is </span>
          {target}
        </p>
      )}
      <Answer name={head.first.name} metric={head.chosen.metric} answered={first} gold={gold} />
      {second === null || head.second === null ? null : (
        <Answer name={head.second.name} metric={head.chosen.metric} answered={second} gold={gold} />
      )}
      {isChoice && (tokensProblem !== null || tokenizer !== null) ? (
        <TokenizerChoice problem={tokensProblem} value={tokenizer} />
      ) : null}
      {document === null ? null : (
        <details className={styles['document']}>
          <summary>Row of the data set</summary>
          <pre>{document}</pre>
        </details>
      )}
    </div>
  );
}

function Answer({
  name,
  metric,
  answered,
  gold,
}: {
  readonly name: string;
  readonly metric: string;
  readonly answered: AnsweredQuestion;
  readonly gold: number | null;
}) {
  const { choices, written, extracted, instructions, scores } = answered;
  const score = scores.find((one) => one.metric === metric)?.score ?? null;
  return (
    <section className={styles['answer']} aria-label={`Answer of ${name}`}>
      <h4>
        <Mark score={score} />
        <span className={styles['name']}>{name}</span>
        <span className={styles['calm']}>{`${scoreWord(score)} by ${metric}`}</span>
        {scores
          .filter((one) => one.metric !== metric)
          .map((one) => (
            <span key={one.metric} className={styles['calm']}>{`${one.metric} ${scoreWord(one.score)}`}</span>
          ))}
      </h4>
      {choices.length > 0 ? <ChoiceTable name={name} answered={answered} gold={gold} /> : null}
      {written.map((text, place) => (
        // Repetitions of one question have no other name than their place.
        // oxlint-disable-next-line react/no-array-index-key
        <pre key={place} className={styles['written']}>
          {text === '' ? '(nothing)' : text}
        </pre>
      ))}
      {extracted.length === 0 ? null : (
        <table className={styles['table']}>
          <caption className="visually-hidden">{`What each filter cut out of the answer of ${name}`}</caption>
          <thead>
            <tr>
              <th scope="col">Filter</th>
              <th scope="col">Cut out</th>
              <th scope="col">{metric}</th>
            </tr>
          </thead>
          <tbody>
            {extracted.map((one) => (
              <tr key={one.filter}>
                <th scope="row">{one.filter}</th>
                <td>{one.text ?? '–'}</td>
                <td>{scoreWord(one.score)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {instructions.length === 0 ? null : (
        <table className={styles['table']}>
          <caption className="visually-hidden">{`Instructions that ${name} followed`}</caption>
          <thead>
            <tr>
              <th scope="col">Instruction</th>
              <th scope="col">Strictly</th>
              <th scope="col">Loosely</th>
            </tr>
          </thead>
          <tbody>
            {instructions.map(({ id, given, strict, loose, note }, place) => (
              // A prompt may give one instruction twice.
              // oxlint-disable-next-line react/no-array-index-key
              <tr key={`${id} ${place}`}>
                <th scope="row">
                  {id} <span className={styles['calm']}>{given}</span>
                  {note === null ? null : <span className={styles['note']}>{note}</span>}
                </th>
                <td>{followed(strict)}</td>
                <td>{followed(loose)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

const followed = (is: boolean | null): string =>
  is === null ? 'not known' : is ? '✓ followed' : '✕ not followed';
