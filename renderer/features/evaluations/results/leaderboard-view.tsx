// The leaderboard of the workspace: models by tasks as a grid, as bars, or as a radar; what could not be read is named above it.
import { ListOrdered } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup';
import type { EvaluationsOverview, Leaderboard } from '../../../../core/api/evaluations.ts';
import { showLeaderboard } from '../../../../core/lib/evaluations/leaderboard.ts';
import { describeError } from '../../../app/describe-error.ts';
import { href, navigate } from '../../../app/route.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatQuantity } from '../../../ui/format.ts';
import { Pane, PaneHeader } from '../../../ui/pane.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { ImportDialog } from './import-dialog.tsx';
import styles from './leaderboard-view.module.css';
import { LeaderboardTools } from './leaderboard-tools.tsx';
import { moveInResults, readResultsPlace, rememberQuery, type ResultChart, resultCharts } from './place.ts';
import { PUBLISHED } from './published-names.ts';
import { ResultBars } from './result-bars.tsx';
import { ResultGrid } from './result-grid.tsx';
import { ResultRadar } from './result-radar.tsx';
import { TableExportDialog } from './table-export-dialog.tsx';
import { type TextOfFile, useDroppedFiles } from './use-dropped-files.ts';
import { usePaired, usePairing } from './use-paired.ts';
import { useLeaderboard, useResultsOverview, useResultsWatch } from './use-results.ts';

const chartTitles: Readonly<Record<ResultChart, string>> = { table: 'Table', bars: 'Bars', radar: 'Radar' };

export function LeaderboardView({ query }: { readonly query: URLSearchParams }) {
  useResultsWatch();
  const place = useMemo(() => readResultsPlace(query), [query]);
  useEffect(() => rememberQuery(query), [query]);
  const overview = useResultsOverview();
  const table = useLeaderboard(place);
  usePairing(place, table.data?.version ?? null);
  const { pairedOf, waiting } = usePaired(place);
  const [search, setSearch] = useState('');
  const [dialog, setDialog] = useState<'import' | 'export' | null>(null);
  const [files, setFiles] = useState<readonly TextOfFile[]>([]);
  const dropped = useDroppedFiles((read) => {
    setFiles(read);
    setDialog('import');
  });
  const shown = useMemo(
    () =>
      table.data === undefined ? null : showLeaderboard(table.data, { ...place.choice, search }, pairedOf),
    [table.data, place.choice, search, pairedOf],
  );
  const isEmpty = table.data !== undefined && table.data.rows.length === 0;
  return (
    <Pane
      scrolls={false}
      header={
        <PaneHeader
          title="Leaderboard"
          detail={table.data === undefined ? '' : detailOf(table.data)}
          actions={
            <>
              {isEmpty ? null : <ChartSwitch chart={place.chart} />}
              <Button onPress={() => setDialog('import')}>Import…</Button>
              <Button
                isDisabled={shown === null || shown.rows.length === 0}
                onPress={() => setDialog('export')}
              >
                Export…
              </Button>
            </>
          }
        />
      }
    >
      <div className={styles['view']} data-drop={dropped.isOver ? '' : undefined} {...dropped.handlers}>
        {overview.data === undefined ? null : <Problems overview={overview.data} />}
        {table.error ? (
          <ErrorState {...describeError(table.error)} />
        ) : shown === null || table.data === undefined ? (
          <Skeleton label="Reading the results" rows={8} />
        ) : isEmpty ? (
          <NoResults onImport={() => setDialog('import')} />
        ) : (
          <>
            <LeaderboardTools
              table={table.data}
              shown={shown}
              place={place}
              search={search}
              onSearch={setSearch}
              pairing={waiting}
            />
            {shown.rows.length === 0 || shown.columns.length === 0 ? (
              <p className={styles['none']}>
                No result is like this. Change models, tasks or languages to see others.
              </p>
            ) : place.chart === 'bars' ? (
              <ResultBars shown={shown} />
            ) : place.chart === 'radar' ? (
              <ResultRadar shown={shown} />
            ) : (
              <ResultGrid shown={shown} place={place} />
            )}
          </>
        )}
      </div>
      {dialog === 'export' && shown !== null ? (
        <TableExportDialog shown={shown} onClose={() => setDialog(null)} />
      ) : null}
      {dialog === 'import' ? (
        <ImportDialog
          files={files}
          onClose={() => {
            setDialog(null);
            setFiles([]);
          }}
        />
      ) : null}
    </Pane>
  );
}

function detailOf({ rows, columns, leftOut }: Leaderboard): string {
  const tasks = new Set(columns.map(({ task }) => task)).size;
  return [
    formatQuantity(rows.length, 'model'),
    formatQuantity(tasks, 'task'),
    leftOut === 0 ? '' : `${leftOut.toLocaleString('en-US')} more models left out`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

function ChartSwitch({ chart }: { readonly chart: ResultChart }) {
  return (
    <ToggleButtonGroup
      aria-label="Show"
      className={styles['switch'] ?? ''}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[chart]}
      onSelectionChange={(keys) => {
        const chosen = resultCharts.find((id) => keys.has(id));
        if (chosen !== undefined && chosen !== chart) moveInResults({ chart: chosen });
      }}
    >
      {resultCharts.map((id) => (
        <ToggleButton key={id} id={id} className={styles['choice'] ?? ''}>
          {chartTitles[id]}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

function Problems({ overview }: { readonly overview: EvaluationsOverview }) {
  const { problems } = overview;
  if (problems.length === 0) return null;
  return (
    <details className={styles['problems']}>
      <summary>{`${formatQuantity(problems.length, 'part')} of the results could not be read, or ${problems.length === 1 ? 'is' : 'are'} doubtful`}</summary>
      <ul>
        {problems.map(({ path, where, text }) => (
          <li key={`${path} ${where} ${text}`}>
            <code>{where === '' ? path : `${path} ${where}`}</code>
            {`: ${text}`}
          </li>
        ))}
      </ul>
    </details>
  );
}

function NoResults({ onImport }: { readonly onImport: () => void }) {
  return (
    <EmptyState
      icon={ListOrdered}
      title="No results yet"
      actions={
        <>
          <Button kind="primary" onPress={onImport}>
            Import results…
          </Button>
          <Button onPress={() => navigate(href('evaluations', `results/${PUBLISHED}`))}>
            Published tables
          </Button>
        </>
      }
    >
      <p>
        Results of lm-eval and lighteval appear here as soon as they lie in evals/results or in a run’s
        folder. Drop their files here, paste a printed table, or look at the tables of the reports first: any
        of their rows can stand in the leaderboard.
      </p>
    </EmptyState>
  );
}
