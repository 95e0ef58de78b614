// Every document of a judgement, a page at a time: its score, its samples, and on demand its generations.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type JudgementResults, MAX_RESULTS, type ResultChoice } from '../../../../core/api/judges.ts';
import { describeError } from '../../../app/describe-error.ts';
import { navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatFixed, formatInteger } from '../../../ui/format.ts';
import { Select } from '../../../ui/select.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { statusText } from './generation.tsx';
import { judgeHref } from './place.ts';
import styles from './results-view.module.css';
import { judgesKey } from './use-setup.ts';

type Row = JudgementResults['lines'][number];

export function useResults(judgement: string, only: ResultChoice, first: number) {
  const client = useClient();
  return useQuery({
    queryKey: [...judgesKey, 'results', judgement, only, first],
    queryFn: ({ signal }) =>
      client.judges.results({ judgement, only, first, limit: MAX_RESULTS }, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
}

export function ResultsView(props: {
  readonly path: string;
  readonly judgement: string;
  readonly open: string | null;
  readonly only: ResultChoice;
}) {
  const { path, judgement, open, only } = props;
  const [first, setFirst] = useState(0);
  const results = useResults(judgement, only, first);
  const found = results.data;
  if (results.error) return <ErrorState {...describeError(results.error)} />;
  if (found === undefined) return <Skeleton label="Reading the results" rows={12} />;
  const last = Math.min(found.total, found.first + MAX_RESULTS);
  return (
    <>
      <div className={styles['bar']}>
        <div className={styles['only']}>
          <Select
            label="Show"
            isLabelHidden
            choices={choicesWith(only)}
            value={only}
            onChange={(next) =>
              navigate(judgeHref(path, { judgement, show: 'results', only: next }), { replace: true })
            }
          />
        </div>
        <span className={styles['count']}>
          {found.total === 0
            ? 'none'
            : `${formatInteger(found.first + 1)}–${formatInteger(last)} of ${formatInteger(found.total)}`}
        </span>
        <Button isDisabled={first === 0} onPress={() => setFirst(Math.max(0, first - MAX_RESULTS))}>
          Previous
        </Button>
        <Button isDisabled={last >= found.total} onPress={() => setFirst(first + MAX_RESULTS)}>
          Next
        </Button>
      </div>
      <div className={styles['scroll']}>
        {found.total === 0 ? (
          <EmptyState title={only === 'all' ? 'Nothing judged yet' : 'No such document'}>
            {only === 'all'
              ? 'Documents appear here as soon as all their samples are there.'
              : 'Every document that was judged so far is of another kind.'}
          </EmptyState>
        ) : (
          <DataTable
            label="Judged documents"
            rows={found.lines}
            idOf={({ line }) => `${line.document_id} ${line.language}`}
            selectedId={
              found.lines.find(({ line }) => line.document_id === open) ? idOf(found.lines, open) : null
            }
            columns={columnsOf((document) =>
              navigate(judgeHref(path, { judgement, show: 'results', document, only }), { replace: true }),
            )}
          />
        )}
      </div>
    </>
  );
}

/** A score is chosen by its bar on the board; it stays in the list while it is what is shown. */
function choicesWith(only: ResultChoice): readonly { readonly id: ResultChoice; readonly label: string }[] {
  return [
    { id: 'all', label: 'All documents' },
    { id: 'invalid', label: 'With an invalid sample' },
    { id: 'contested', label: 'Samples two points apart' },
    { id: 'no-score', label: 'Without a valid score' },
    ...(only.startsWith('score-')
      ? [{ id: only, label: `Score ${only.slice('score-'.length)}, half up` }]
      : []),
  ];
}

function idOf(lines: readonly Row[], open: string | null): string | null {
  const line = lines.find((one) => one.line.document_id === open)?.line;
  return line ? `${line.document_id} ${line.language}` : null;
}

const columnsOf = (onOpen: (document: string) => void) => [
  {
    id: 'document',
    header: 'Document',
    cell: ({ line }: Row) => (
      <span className={styles['link']}>
        <Button kind="quiet" onPress={() => onOpen(line.document_id)}>
          {line.document_id}
        </Button>
      </span>
    ),
  },
  { id: 'language', header: 'Language', cell: ({ line }: Row) => line.language ?? '–' },
  {
    id: 'score',
    header: 'Score',
    align: 'right' as const,
    cell: ({ score }: Row) =>
      score === null ? 'invalid' : Number.isInteger(score) ? score : formatFixed(score, 2),
  },
  {
    id: 'samples',
    header: 'Samples',
    align: 'right' as const,
    cell: ({ line }: Row) => line.scores.map((score) => score ?? '–').join(' · '),
  },
  {
    id: 'problems',
    header: 'Invalid because',
    cell: ({ line }: Row) =>
      [...new Set(line.document_processing_status.filter((status) => status !== 'success'))]
        .map(statusText)
        .join(', '),
  },
];
