// One generation as text, with the place its score was read from, and what became of it.
import type { ScoreScale } from '../../../../core/lib/judges/judge-template.ts';
import type { JudgementLine } from '../../../../core/lib/judges/judgement-line.ts';
import {
  type GenerationStatus,
  type ParseRule,
  scoreParser,
} from '../../../../core/lib/judges/parse-score.ts';
import { Badge, type Tone } from '../../../ui/badge.tsx';
import styles from './generation.module.css';

export interface Reading {
  readonly label: string;
  readonly scale: ScoreScale;
  readonly rule: ParseRule;
}

const words: Readonly<Record<GenerationStatus, { readonly text: string; readonly tone: Tone }>> = {
  success: { text: 'valid', tone: 'good' },
  error_server: { text: 'no answer', tone: 'bad' },
  error_no_generated_text: { text: 'empty', tone: 'warn' },
  error_faulty_score: { text: 'no valid score', tone: 'warn' },
};

export const statusText = (status: GenerationStatus): string => words[status].text;

export function Generations({ line, reading }: { readonly line: JudgementLine; readonly reading: Reading }) {
  return (
    <ol className={styles['list']}>
      {line.explanations.map((text, index) => {
        const status = line.document_processing_status[index] ?? 'error_server';
        const score = line.scores[index] ?? null;
        return (
          <li key={index} className={styles['item']}>
            <span className={styles['head']}>
              <span className={styles['score']}>{score ?? '–'}</span>
              <Badge tone={words[status].tone}>{words[status].text}</Badge>
            </span>
            {status === 'error_server' ? (
              <p className={styles['error']}>
                {line.errors[index]?.join(' ') || 'The server gave no answer'}
              </p>
            ) : (
              <GenerationText text={text} reading={reading} isValid={status === 'success'} />
            )}
          </li>
        );
      })}
    </ol>
  );
}

export function GenerationText({
  text,
  reading,
  isValid,
}: {
  readonly text: string;
  readonly reading: Reading;
  readonly isValid: boolean;
}) {
  const { match } = scoreParser(reading, reading.rule).parse(text);
  if (text.trim() === '') return <p className={styles['none']}>The generation is empty</p>;
  if (match === null) return <p className={styles['text']}>{text}</p>;
  return (
    <p className={styles['text']}>
      {text.slice(0, match.start)}
      <mark className={isValid ? styles['hit'] : styles['miss']}>{text.slice(match.start, match.end)}</mark>
      {text.slice(match.end)}
    </p>
  );
}
