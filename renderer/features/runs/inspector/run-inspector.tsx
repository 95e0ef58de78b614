// The right pane: how the run stands, what it was launched with, how it ended.
import type { Run } from '../../../../core/api/runs.ts';
import type { PaneProps } from '../../../app/feature.ts';
import { quoteWord } from '../../../../core/lib/remote/quote.ts';
import { href } from '../../../app/route.ts';
import { useTimeText } from '../../../app/use-now.ts';
import { readout } from '../../../charts/number-labels.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { formatDateTime, formatDuration, formatInteger } from '../../../ui/format.ts';
import { Pane, PaneHeader, Section } from '../../../ui/pane.tsx';
import { type Property, PropertyList } from '../../../ui/property-list.tsx';
import { DashboardInspector } from '../board/dashboard-inspector.tsx';
import { dashboardOfArgument } from '../board/dashboard-names.ts';
import { RunBatch } from './run-batch.tsx';
import { RunChain } from './run-chain.tsx';
import { RunCheckpoints } from './run-checkpoints.tsx';
import { RunFindings } from '../watch/run-findings.tsx';
import { RunContinue } from './run-continue.tsx';
import { GpuSection } from '../gpus/gpu-section.tsx';
import { RunHead } from './run-head.tsx';
import styles from './run-inspector.module.css';
import { RunOrigin } from './run-origin.tsx';
import { RunScript } from './run-script.tsx';
import { RunStanding } from './run-standing.tsx';
import { isLive, RunStateMark } from '../run-state.tsx';
import { titleOf } from '../tags.ts';
import { useRunsAround } from '../use-runs.ts';
import { useWatchReports } from '../watch/use-watch-reports.ts';

export function RunInspector({ argument, query }: PaneProps) {
  const { runs } = useRunsAround(argument);
  const reports = useWatchReports();
  const run = runs?.find((candidate) => candidate.id === argument);
  const dashboard = dashboardOfArgument(argument ?? '');
  if (dashboard !== null) return <DashboardInspector key={dashboard} path={dashboard} />;
  if (!run && !argument?.startsWith('file/')) {
    return (
      <Pane header={<PaneHeader title="Run" />}>
        {runs && argument ? (
          <Section title="No such run">
            <p className={styles['text']}>
              There is no run {argument} in this workspace: it was removed, or the link is of another
              workspace.
            </p>
          </Section>
        ) : null}
      </Pane>
    );
  }
  if (!run) {
    return (
      <Pane header={<PaneHeader title="Log file" />}>
        <Section title="What is shown">
          <p className={styles['text']}>
            Curves are read from the metric lines of this file; the printed log keeps three digits, so curves
            are as exact as the log.
          </p>
        </Section>
      </Pane>
    );
  }
  return (
    <Pane header={<PaneHeader title="Run" detail={<RunStateMark run={run} withWord />} />}>
      <Section title="State">
        <PropertyList properties={standing(run)} />
      </Section>
      <RunStanding run={run} />
      <RunChain run={run} />
      <GpuSection run={run} />
      {run.end ? (
        <Section title="How it ended">
          <p className={styles['text']}>{run.end.reason}</p>
        </Section>
      ) : null}
      <RunFindings run={run} report={reports.get(run.id)} chosen={query.get('finding')} />
      <RunCheckpoints run={run} query={query} />
      <RunContinue run={run} />
      <RunOrigin run={run} />
      <RunBatch run={run} />
      <RunHead run={run} />
      <Section title="Newest values">
        {Object.keys(run.latest).length === 0 ? (
          <p className={styles['text']}>None yet</p>
        ) : (
          <PropertyList
            properties={Object.entries(run.latest).map(([tag, value]) => ({
              name: titleOf(tag),
              value: readout(value),
            }))}
          />
        )}
      </Section>
      <Section title="Launched with">
        <PropertyList
          properties={Object.entries(run.parameters).map(([name, value]) => ({
            name,
            value: value === '' ? '–' : String(value),
          }))}
        />
      </Section>
      <Section title="Command" aside={<CopyButton text={typed(run.command)} label="Copy" />}>
        <code className={styles['command']}>{typed(run.command)}</code>
      </Section>
      <RunScript run={run} />
      {run.configPath === null ? null : (
        <Section title="Config">
          <a href={href('configs', 'compare', { before: `run:${run.id}`, after: run.configPath })}>
            {`${run.configPath} then and now`}
          </a>
        </Section>
      )}
      <Section title="Folder">
        <code className={styles['command']}>{run.folder}</code>
      </Section>
    </Pane>
  );
}

/** As it would be typed in a shell: words that hold more than a name or a path are quoted. */
function typed(command: readonly string[]): string {
  return command
    .map((word) => (/^[\w@%+=:,./~-]+$/.test(word) ? word : quoteWord(word.replaceAll('\0', ''))))
    .join(' ');
}

/** With the ages of the status bar, in one frame. */
const TICK_MS = 2_000;

/** `untilMs` null: it goes on, whether or not anything comes from it. */
function Lasts({ fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number | null }) {
  return useTimeText(TICK_MS, (nowMs) => formatDuration(Math.max(0, (untilMs ?? nowMs) - fromMs)));
}

function standing(run: Run): readonly Property[] {
  const started = run.startedMs ?? run.createdMs;
  return [
    {
      name: 'Step',
      value: `${run.latestStep === null ? '–' : formatInteger(run.latestStep)}${run.totalSteps === null ? '' : ` of ${formatInteger(run.totalSteps)}`}`,
    },
    run.startedMs === null && isLive(run)
      ? { name: 'Waiting', value: <Lasts fromMs={run.createdMs} untilMs={null} /> }
      : { name: 'Duration', value: <Lasts fromMs={started} untilMs={run.end?.endedMs ?? null} /> },
    { name: run.startedMs === null ? 'Launched' : 'Started', value: formatDateTime(started) },
    { name: 'Recipe', value: run.recipe },
    {
      name: 'Target',
      value:
        run.target === 'this-computer' ? run.target : <a href={href('targets', run.target)}>{run.target}</a>,
    },
    ...(run.jobId === null ? [] : [{ name: 'Job', value: run.jobId }]),
    ...(isLive(run) && run.pid !== null ? [{ name: 'Process', value: String(run.pid) }] : []),
    ...(run.end ? [{ name: 'Exit code', value: run.end.signal ?? String(run.end.exitCode ?? '–') }] : []),
  ];
}
