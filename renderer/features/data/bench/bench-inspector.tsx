// The right pane of the bench: one cell, and the documents on which people and the source differ most.
import { useQuery } from '@tanstack/react-query';
import type { BenchReport } from '../../../../core/lib/judge-bench/bench-report.ts';
import { languageName } from '../../../../core/lib/judge-bench/bench.ts';
import { describeError } from '../../../app/describe-error.ts';
import type { PaneProps } from '../../../app/feature.ts';
import { filesKey } from '../../../app/query-keys.ts';
import { href, navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Pane, PaneHeader } from '../../../ui/pane.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import styles from './bench-inspector.module.css';
import { useBenchState } from './bench-store.ts';
import { readBenchPlace, requestOf } from './place.ts';
import { cellTitle } from './spearman-view.tsx';
import { benchKey } from './use-bench.ts';

const LIMIT = 30;

export function BenchInspector({ argument, query }: PaneProps) {
  const place = readBenchPlace(argument ?? '', query);
  const { report } = useBenchState(benchKey(place));
  const client = useClient();
  const { source, language } = place;
  const found = useQuery({
    queryKey: [...filesKey, 'bench-disagreements', benchKey(place), source, language],
    queryFn: ({ signal }) =>
      client.judgeBench.disagreements(
        { ...requestOf(place), row: source ?? '', language: language ?? '', limit: LIMIT },
        { signal },
      ),
    enabled: source !== null && language !== null,
  });
  if (source === null || language === null) {
    return (
      <Pane header={<PaneHeader title="Documents behind a cell" />}>
        <EmptyState title="Choose a cell">
          A click on a number shows the documents on which people and the source differ most.
        </EmptyState>
      </Pane>
    );
  }
  const { data, error } = found;
  const path = data?.path ?? null;
  return (
    <Pane header={<PaneHeader title={source} detail={languageName(language)} />}>
      <p className={styles['facts']}>{report ? factsOf(report, source, language) : ''}</p>
      {error ? (
        <ErrorState compact {...describeError(error)} />
      ) : data ? (
        <ol className={styles['list']} aria-label="Largest disagreements">
          {data.documents.map(({ id, row, truth, prediction, text }) => (
            <li key={id}>
              <div className={styles['scores']}>
                <span>
                  people <b>{short(truth)}</b>
                </span>
                <span>
                  {source} <b>{short(prediction)}</b>
                </span>
                <span className={styles['difference']}>{signed(prediction - truth)}</span>
              </div>
              <div className={styles['id']}>
                {path === null || row === null ? (
                  id
                ) : (
                  <Button kind="quiet" onPress={() => navigate(href('data', path, { view: 'rows', row }))}>
                    {id}
                  </Button>
                )}
              </div>
              <p className={styles['text']}>{text ?? 'The text is not known here'}</p>
            </li>
          ))}
        </ol>
      ) : (
        <Skeleton label="Looking for disagreements" rows={6} />
      )}
    </Pane>
  );
}

function factsOf(report: BenchReport, source: string, language: string): string {
  const row = report.rows.findIndex(({ name }) => name === source);
  return cellTitle(report, row, report.languages.indexOf(language)) ?? '';
}

function short(value: number): string {
  return String(Math.round(100 * value) / 100);
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${value.toFixed(2).replace('-', '−')}`;
}
