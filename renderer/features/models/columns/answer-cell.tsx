// One answer in its column: what differs from the first column is marked, and a line says where they part.
import { useMemo } from 'react';
import { markedPieces, readableMarks } from '../../../../core/lib/text-differences/compare-answers.ts';
import { formatDuration, formatQuantity } from '../../../ui/format.ts';
import styles from './compare.module.css';
import type { LiveAnswer } from './compare-session.ts';
import {
  type AnswerMarks,
  answerBitsPerByte,
  askedWith,
  type Column,
  type ColumnAnswer,
  settingsOf,
} from './compare-state.ts';

export interface AnswerCellProps {
  readonly column: Column;
  readonly answer: ColumnAnswer | null;
  readonly marks: AnswerMarks | null;
  readonly live: LiveAnswer | null;
  readonly isLast: boolean;
}

const endings: Readonly<Record<string, string>> = {
  'max-tokens': 'reached the token limit',
  'context-full': 'the context is full',
  'stop-text': 'reached a stop text',
};

export function AnswerCell({ column, answer, marks, live, isLast }: AnswerCellProps) {
  return (
    <article className={styles['cell']} aria-busy={live !== null}>
      <div className={styles['inner']}>
        {live !== null ? (
          <Live live={live} />
        ) : answer === null ? (
          <p className={styles['none']}>{isLast ? 'Not asked yet' : 'No answer'}</p>
        ) : (
          <>
            <Text answer={answer} marks={marks} />
            {marks === null || marks.words === '' ? null : <p className={styles['marks']}>{marks.words}</p>}
            <p className={styles['statistics']}>{statisticsText(answer)}</p>
            {answer.asked === askedWith(settingsOf(column)) ? null : (
              <p className={styles['statistics']}>Asked with other settings than the column has now</p>
            )}
          </>
        )}
      </div>
    </article>
  );
}

function Text({ answer, marks }: { readonly answer: ColumnAnswer; readonly marks: AnswerMarks | null }) {
  const pieces = useMemo(
    () => markedPieces(answer.text, readableMarks(answer.text, marks?.ranges ?? [])),
    [answer.text, marks],
  );
  return (
    <div className={styles['text']}>
      {pieces.map((piece, index) =>
        piece.isMarked ? (
          // Pieces follow from the text and its marks alone.
          // oxlint-disable-next-line react/no-array-index-key
          <mark key={index} className={styles['mark']}>
            {piece.text}
          </mark>
        ) : (
          piece.text
        ),
      )}
    </div>
  );
}

function Live({ live }: { readonly live: LiveAnswer }) {
  const { phase, text } = live;
  if (phase.kind === 'writing') {
    return (
      <div className={styles['text']}>
        {text}
        <span className={styles['caret']} aria-hidden="true" />
      </div>
    );
  }
  const words = {
    waiting: 'Waits for the column before',
    loading: `Loading the model${phase.kind === 'loading' && phase.fraction > 0 ? ` · ${Math.round(phase.fraction * 100)} %` : ''}`,
    reading: 'Reading the prompt',
  }[phase.kind];
  return (
    <p className={styles['none']} role="status">
      {words}
    </p>
  );
}

function statisticsText(answer: ColumnAnswer): string {
  const { statistics, stopReason } = answer;
  const bits = answerBitsPerByte(answer);
  return [
    formatQuantity(statistics.tokens, 'token'),
    `${statistics.tokensPerSecond.toFixed(1)} tokens/s`,
    `first token ${formatDuration(statistics.timeToFirstTokenMs)}`,
    ...(bits === null ? [] : [`${bits.toFixed(2)} bits per byte`]),
    ...(endings[stopReason] === undefined ? [] : [endings[stopReason]]),
  ].join(' · ');
}
