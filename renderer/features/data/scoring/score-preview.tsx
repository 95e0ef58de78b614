// A few documents of the dataset with the scores that the chosen heads give, before everything is scored: follows every change above.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { EmbedderRef } from '../../../../core/api/embedders.ts';
import { describeError } from '../../../app/describe-error.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatFixed, formatInteger } from '../../../ui/format.ts';
import { Progress } from '../../../ui/progress.tsx';
import styles from './score-preview.module.css';

/** A large model takes seconds for each. */
const ROWS = 5;

export interface ScorePreviewProps {
  readonly path: string;
  readonly heads: readonly { readonly name: string; readonly path: string }[];
  readonly embedder: EmbedderRef;
  readonly textColumn: string | null;
  readonly isDisabled: boolean;
}

export function ScorePreview({ path, heads, embedder, textColumn, isDisabled }: ScorePreviewProps) {
  const client = useClient();
  const [isAsked, setAsked] = useState(false);
  const [firstRow, setFirstRow] = useState(0);
  const order = { path, heads: [...heads], embedder, textColumn, firstRow, rows: ROWS };
  const found = useQuery({
    queryKey: [...queryKeys.dataset(path), 'score-preview', order],
    queryFn: ({ signal }) => client.scoring.preview(order, { signal }),
    enabled: isAsked && heads.length > 0 && !isDisabled,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const { data } = found;
  const last = data ? Math.min(data.totalRows, firstRow + ROWS) : 0;
  if (!isAsked)
    return (
      <div>
        <Button isDisabled={heads.length === 0 || isDisabled} onPress={() => setAsked(true)}>
          {`Try on ${ROWS} documents`}
        </Button>
      </div>
    );
  return (
    <section className={styles['preview']} aria-label="Scores of a few documents">
      <div className={styles['bar']}>
        <span className={styles['note']}>
          {heads.length === 0
            ? 'Choose a head to see its scores'
            : data
              ? `Documents ${formatInteger(firstRow + 1)} to ${formatInteger(last)} of ${formatInteger(data.totalRows)} · ${data.embedder.id} ${data.embedder.variant}`
              : 'Scoring a few documents'}
        </span>
        <Button isDisabled={firstRow === 0} onPress={() => setFirstRow(Math.max(0, firstRow - ROWS))}>
          Previous
        </Button>
        <Button
          isDisabled={data === undefined || firstRow + ROWS >= data.totalRows}
          onPress={() => setFirstRow(firstRow + ROWS)}
        >
          Next
        </Button>
      </div>
      {found.isFetching && heads.length > 0 ? <Progress label="Scoring" fraction={null} /> : null}
      {found.error ? (
        <ErrorState compact {...describeError(found.error)} />
      ) : data && heads.length > 0 ? (
        <div className={styles['scroll']} data-stale={found.isPlaceholderData || undefined}>
          <table>
            <caption className="visually-hidden">Scores of a few documents</caption>
            <thead>
              <tr>
                <th scope="col">Document</th>
                {data.heads.map((name) => (
                  <th key={name} scope="col" title={name}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.rows.map(({ row, text, scores }) => (
                <tr key={row}>
                  <th scope="row" title={text}>
                    {text === '' ? 'No text' : text}
                  </th>
                  {scores.map((score, index) => (
                    <td key={data.heads[index]}>{score === null ? '–' : formatFixed(score, 3)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      {data?.warnings.map((warning) => (
        <p key={warning} className={styles['warning']}>
          {warning}
        </p>
      ))}
    </section>
  );
}
