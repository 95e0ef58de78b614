// The middle pane: a bar with the run's state and how charts are drawn, the charts, and the log below.
import { useMemo } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import type { PaneProps } from '../../app/feature.ts';
import { href, navigate } from '../../app/route.ts';
import { useViewState } from '../../app/view-state.ts';
import { Pane } from '../../ui/pane.tsx';
import { ChartControls } from './chart-controls.tsx';
import type { CurveRun } from './curves/curve-cache.ts';
import { defaultSettings, parseCurveSettings } from './curves/curve-settings.ts';
import { OverlayMenu } from './curves/overlay-menu.tsx';
import { useTokensPerStep } from './curves/use-curves.ts';
import { useRunConfigs } from './curves/use-run-configs.ts';
import { LogPane } from './log/log-pane.tsx';
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
  const [settings, setSettings] = useViewState('runs.curves', parseCurveSettings, defaultSettings);
  const shown = argument ?? '';
  const overlayText = overlaysOf(query).join(',');
  const names = runs.map((run) => `${run.id}=${run.name}`).join('\n');

  const shownRuns = runs.filter((run) => run.id === shown || overlayText.split(',').includes(run.id));
  const configs = useRunConfigs(shownRuns);
  const sources = useMemo(() => {
    // Runs change with every point; only their names and order matter here.
    void names;
    const charted = (id: string): ChartedSource => ({
      id,
      label: labelOf(id, runs),
      color: colorOf(id, runs),
      source: sourceOf(id),
      tokensPerStep: configs.get(id)?.tokensPerStep ?? null,
    });
    const overlays = overlayText === '' ? [] : overlayText.split(',');
    return [charted(shown), ...overlays.map(charted)] as const;
    // oxlint-disable-next-line react/exhaustive-deps
  }, [shown, overlayText, names, configs]);
  const wanted = useMemo(() => sources.map((source) => source.source), [sources]);
  const { pool, version } = useFeedPool(wanted);
  const feed = pool.feedOf(sources[0].source);
  const curveRuns = useMemo(() => {
    void version;
    return sources.flatMap((source): CurveRun[] => {
      const columns = pool.feedOf(source.source)?.columns;
      return columns ? [{ ...source, columns }] : [];
    });
  }, [sources, pool, version]);
  const tokensPerStep = useTokensPerStep(curveRuns, version);
  const run = runs.find((candidate) => candidate.id === argument) ?? null;

  return (
    <Pane
      scrolls={false}
      header={
        <ChartControls
          title={sources[0].label}
          run={run}
          state={feed?.state ?? null}
          settings={settings}
          onSettings={setSettings}
          tokensPerStep={tokensPerStep}
        >
          <OverlayMenu
            shown={argument}
            runs={runs}
            overlays={overlaysOf(query)}
            onOverlays={(ids) =>
              navigate(href('runs', argument, ids.length > 0 ? { with: ids.join(',') } : {}), {
                replace: true,
              })
            }
          />
        </ChartControls>
      }
    >
      <Group orientation="vertical" className={styles['split'] ?? ''} id="runs-split">
        <Panel id="charts" defaultSize="70%" minSize="30%">
          <div className={styles['scroll']}>
            {run ? <NumbersStrip run={run} feed={feed} version={version} /> : null}
            <RunCharts sources={sources} runs={curveRuns} pool={pool} version={version} settings={settings} />
          </div>
        </Panel>
        <Separator className={styles['separator'] ?? ''} aria-label="Resize charts and log" />
        <Panel id="log" defaultSize="30%" minSize="8%" collapsible>
          <LogPane source={sources[0].source} argument={argument} query={query} />
        </Panel>
      </Group>
    </Pane>
  );
}
