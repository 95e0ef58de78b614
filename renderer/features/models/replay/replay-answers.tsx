// The answers of one turn beside each other: the step that others are compared with, and the chosen one.
import type { ReplayAnswer } from '../../../../core/api/replay.ts';
import {
  type AnswerToken,
  type ComparedAnswer,
  compareAnswers,
  loopOf,
  loopText,
  markedPieces,
  partingText,
  readableMarks,
  type TextRange,
} from '../../../../core/lib/text-differences/compare-answers.ts';
import { formatInteger, formatQuantity } from '../../../ui/format.ts';
import styles from './replay.module.css';

export function ReplayAnswers(props: {
  readonly question: string;
  readonly answers: readonly ReplayAnswer[];
  readonly reference: number | null;
}) {
  const { question, answers, reference } = props;
  const base = answers.find(({ step }) => step === reference);
  const others = answers.filter((answer) => answer !== base);
  const compared = base && others[0] ? compareAnswers(comparable(base), comparable(others[0])) : null;
  return (
    <section className={styles['answers']} aria-label="Answers side by side">
      <p className={styles['question']}>{question}</p>
      <div className={styles['pair']}>
        {base ? <Answer answer={base} ranges={compared?.left ?? []} words="compared with" /> : null}
        {others.map((answer) => (
          <Answer
            key={answer.step}
            answer={answer}
            ranges={compared?.right ?? []}
            words={compared === null ? '' : partingText(compared)}
          />
        ))}
      </div>
    </section>
  );
}

function Answer(props: {
  readonly answer: ReplayAnswer;
  readonly ranges: readonly TextRange[];
  readonly words: string;
}) {
  const { answer, ranges, words } = props;
  const loop = loopOf(comparable(answer));
  const { tokens, tokensPerSecond } = answer.statistics;
  return (
    <article className={styles['answer']}>
      <h3>
        {`Step ${formatInteger(answer.step)}`}
        <span>{[words, loop === null ? '' : loopText(loop)].filter(Boolean).join(' · ')}</span>
      </h3>
      {answer.text.trim() === '' ? (
        <p className={styles['quiet']}>Empty answer</p>
      ) : (
        <div className={styles['text']}>
          {markedPieces(answer.text, readableMarks(answer.text, ranges)).map((piece, index) =>
            piece.isMarked ? (
              // Pieces follow from the text and its marks alone.
              // oxlint-disable-next-line react/no-array-index-key
              <mark key={index}>{piece.text}</mark>
            ) : (
              piece.text
            ),
          )}
        </div>
      )}
      <p className={styles['quiet']}>
        {`${formatQuantity(tokens, 'token')} · ${tokensPerSecond.toFixed(1)} tokens/s when it was asked`}
      </p>
    </article>
  );
}

function comparable(answer: ReplayAnswer): ComparedAnswer {
  const special = new Set(answer.special);
  const tokens = answer.tokenIds.map(
    (id, index): AnswerToken => ({
      id,
      text: answer.tokenTexts[index] ?? '',
      special: special.has(index),
    }),
  );
  return {
    text: answer.text,
    tokens: tokens.length === 0 && answer.text !== '' ? null : tokens,
    vocabulary: answer.vocabulary,
  };
}
