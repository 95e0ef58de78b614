// The middle pane: a bar with the run's state and how charts are drawn, the charts, and the log below.
import { useMemo } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import type { PaneProps } from '../../app/feature.ts';
import { href, navigate } from '../../app/route.ts';
import { useViewState } from '../../app/view-state.ts';
import { Pane } from '../../ui/pane.tsx';
import { ChartControls } from './chart-controls.tsx';
import { defaultChartSettings, parseChartSettings } from './chart-settings.ts';
import { LogPane } from './log-pane.tsx';
import { NumbersStrip } from './numbers-strip.tsx';
import { type ChartedSource, RunCharts } from './run-charts.tsx';
import styles from './run-work.module.css';
import { colorOf, labelOf, overlaysOf, sourceOf } from './source.ts';
import { useFeedPool } from './use-feed-pool.ts';
import { useRuns } from './use-runs.ts';

const noRuns = [] as const;

export function RunWork({ argument, query }: PaneProps) {
  const { runs: list } = useRuns();
  const runs = list ?? noRuns;
  const [settings, setSettings] = useViewState('runs.charts', parseChartSettings, defaultChartSettings);
  const shown = argument ?? '';
  const overlayText = overlaysOf(query).join(',');
  const names = runs.map((run) => `${run.id}=${run.name}`).join('\n');

  const sources = useMemo(() => {
    // Runs change with every point; only their names and order matter here.
    void names;
    const charted = (id: string): ChartedSource => ({
      id,
      label: labelOf(id, runs),
      color: colorOf(id, runs),
      source: sourceOf(id),
    });
    const overlays = overlayText === '' ? [] : overlayText.split(',');
    return [charted(shown), ...overlays.map(charted)] as const;
    // oxlint-disable-next-line react/exhaustive-deps
  }, [shown, overlayText, names]);
  const wanted = useMemo(() => sources.map((source) => source.source), [sources]);
  const { pool, version } = useFeedPool(wanted);
  const feed = pool.feedOf(sources[0].source);
  const run = runs.find((candidate) => candidate.id === argument) ?? null;

  return (
    <Pane
      scrolls={false}
      header={
        <ChartControls
          title={sources[0].label}
          run={run}
          runs={runs}
          state={feed?.state ?? null}
          overlays={overlaysOf(query)}
          onOverlays={(ids) =>
            navigate(href('runs', argument, ids.length > 0 ? { with: ids.join(',') } : {}), { replace: true })
          }
          settings={settings}
          onSettings={setSettings}
        />
      }
    >
      <Group orientation="vertical" className={styles['split'] ?? ''} id="runs-split">
        <Panel id="charts" defaultSize="70%" minSize="30%">
          <div className={styles['scroll']}>
            {run ? <NumbersStrip run={run} feed={feed} version={version} /> : null}
            <RunCharts sources={sources} pool={pool} version={version} settings={settings} />
          </div>
        </Panel>
        <Separator className={styles['separator'] ?? ''} aria-label="Resize charts and log" />
        <Panel id="log" defaultSize="30%" minSize="8%" collapsible>
          <LogPane source={sources[0].source} version={feed?.state?.readBytes ?? 0} />
        </Panel>
      </Group>
    </Pane>
  );
}
