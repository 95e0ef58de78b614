// The left pane: dashboards, runs with their state and newest values, then the training logs of the workspace.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ListedDashboard } from '../../../core/api/dashboards.ts';
import { useMemo, useState } from 'react';
import type { Run, RunId } from '../../../core/api/runs.ts';
import type { PaneProps } from '../../app/feature.ts';
import { notify, notifyError } from '../../app/notifications.ts';
import { queryKeys } from '../../app/query-keys.ts';
import { href, navigate } from '../../app/route.ts';
import { useClient } from '../../app/session.ts';
import { readout } from '../../charts/number-labels.ts';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { fileName, formatAge, formatDiskSize, formatInteger } from '../../ui/format.ts';
import { ListView } from '../../ui/list-view.tsx';
import { Pane, PaneHeader } from '../../ui/pane.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { TwoLineRow } from '../../ui/two-line-row.tsx';
import { dashboardArgument, dashboardName, dashboardOfArgument } from './board/dashboard-names.ts';
import { removeDashboard, useDashboards } from './board/use-dashboards.ts';
import styles from './run-list.module.css';
import { isLive, RunStateMark, unknownWords } from './run-state.tsx';
import { mainValueOf } from './tags.ts';
import { FindingsBadge } from './watch/findings-badge.tsx';
import { useRun, useRunsAround } from './use-runs.ts';
import { openFindings, useWatchReports } from './watch/use-watch-reports.ts';

interface Entry {
  /** What the route names: a run id, file/<path> or dashboard/<name>. */
  readonly id: string;
  readonly name: string;
  /** Of what is no run. */
  readonly detail: string;
  readonly isRun: boolean;
}

export function RunListPane({ argument }: PaneProps) {
  const client = useClient();
  // Steps and values of live runs are news to their rows only.
  const { runs } = useRunsAround(null);
  const files = useQuery({ queryKey: queryKeys.files, queryFn: () => client.workspace.files() });
  const queries = useQueryClient();
  const { dashboards } = useDashboards();
  const [doomed, setDoomed] = useState<Run | null>(null);
  const entries = useMemo(
    () => [
      ...(dashboards ?? []).map(entryOfDashboard),
      ...(runs ?? []).map(entryOfRun),
      ...(files.data?.files ?? [])
        .filter((file) => file.kind === 'log' && !file.path.startsWith('runs/'))
        .map(entryOfLog),
    ],
    [dashboards, runs, files.data],
  );

  const remove = async (id: RunId) => {
    try {
      const { restoreToken } = await client.runs.remove({ id });
      if (argument === id) navigate(href('runs'));
      const restore = () => client.runs.restore({ restoreToken }).then(() => {}, notifyError);
      notify({ severity: 'info', title: 'Run removed', action: { label: 'Undo', perform: restore } });
    } catch (error) {
      notifyError(error);
    }
  };
  const askToRemove = (id: string) => {
    const dashboard = dashboardOfArgument(id);
    if (dashboard !== null) {
      if (argument === id) navigate(href('runs'));
      void removeDashboard({ client, queries }, dashboard).catch(notifyError);
      return;
    }
    const run = runs?.find((candidate) => candidate.id === id);
    if (!run) return;
    if (isLive(run) && run.attached === null)
      notify({ severity: 'info', title: `${run.name} is running`, detail: 'Stop it before removing it' });
    else setDoomed(run);
  };

  return (
    <Pane header={<PaneHeader title="Runs" detail={runs ? String(runs.length) : ''} />} scrolls={false}>
      {runs === null ? (
        <Skeleton label="Loading the list of runs" />
      ) : (
        <ListView
          label="Runs and logs"
          items={entries}
          idOf={(entry) => entry.id}
          textOf={(entry) => entry.name}
          selectedId={argument}
          onOpen={(id) => navigate(href('runs', id))}
          hrefOf={(entry) => href('runs', entry.id)}
          onDelete={askToRemove}
          rowHeightPx={46}
          renderItem={renderEntry}
          empty={
            <p className={styles['empty']}>No runs yet. Launch… starts the first one on this computer.</p>
          }
        />
      )}
      <ConfirmDialog
        title={`Remove ${doomed?.name ?? ''}?`}
        verb="Remove run"
        isOpen={doomed !== null}
        onClose={() => setDoomed(null)}
        onConfirm={() => (doomed ? remove(doomed.id) : undefined)}
      >
        Its folder with log, metrics and outputs moves to the workspace’s trash, where Undo finds it.
      </ConfirmDialog>
    </Pane>
  );
}

/** The same for every drawing, so that rows of entries that did not change are kept. */
function renderEntry(entry: Entry) {
  return entry.isRun ? <RunRow entry={entry} /> : <FileRow entry={entry} />;
}

function RunRow({ entry }: { readonly entry: Entry }) {
  const run = useRun(entry.id);
  const findings = openFindings(useWatchReports().get(entry.id));
  return (
    <TwoLineRow
      name={entry.name}
      detail={run === null ? '' : detailOf(run)}
      mark={run === null ? null : <RunStateMark run={run} />}
      aside={findings.length === 0 ? null : <FindingsBadge findings={findings} />}
    />
  );
}

function FileRow({ entry }: { readonly entry: Entry }) {
  const kind = dashboardOfArgument(entry.id) === null ? 'log' : 'board';
  return (
    <TwoLineRow
      name={entry.name}
      detail={entry.detail}
      mark={<span className={styles['log']}>{kind}</span>}
    />
  );
}

function entryOfRun({ id, name }: Run): Entry {
  return { id, name, detail: '', isRun: true };
}

function detailOf(run: Run): string {
  const main = mainValueOf(run.latest);
  const { unknownSinceMs } = run;
  const isUnknown = unknownSinceMs !== null;
  const parts = [
    isUnknown ? unknownWords(unknownSinceMs) : '',
    isUnknown ? `was ${run.state}` : run.state,
    run.target === 'this-computer' ? '' : run.target,
    isLive(run) && !isUnknown ? (run.detail ?? '') : '',
    run.latestStep === null
      ? ''
      : `step ${formatInteger(run.latestStep)}${run.totalSteps === null ? '' : ` of ${formatInteger(run.totalSteps)}`}`,
    main ? `${main.tag} ${readout(main.value)}` : '',
    isLive(run) ? '' : formatAge(run.end?.endedMs ?? run.createdMs),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function entryOfDashboard({ path, file, problem }: ListedDashboard): Entry {
  const charts = file?.saved.sections.reduce((sum, section) => sum + section.charts.length, 0) ?? 0;
  return {
    id: dashboardArgument(path),
    name: dashboardName(path),
    isRun: false,
    detail: problem === null ? file?.saved.note || `${charts} charts` : 'cannot be read',
  };
}

function entryOfLog(file: {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}): Entry {
  return {
    id: `file/${file.path}`,
    name: fileName(file.path),
    isRun: false,
    detail: `${formatDiskSize(file.sizeBytes)} · ${formatAge(file.modifiedMs)}`,
  };
}
