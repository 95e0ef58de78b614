// Curves on screen: the bar above, the runs that are shown, a dashboard of their charts, what tells the runs apart, and the log of a run.
import { GitCompareArrows } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import type { ListedDashboard } from '../../../core/api/dashboards.ts';
import { automaticDashboard } from '../../../core/lib/dashboards/automatic.ts';
import { chosenRuns, type RunChoice } from '../../../core/lib/dashboards/run-choice.ts';
import { useViewState } from '../../app/view-state.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Pane } from '../../ui/pane.tsx';
import { BoardMenu, type BoardDialog } from './board/board-menu.tsx';
import { CurvesBoard, useBoardExport } from './board/curves-board.tsx';
import { useBoard } from './board/use-board.ts';
import { ChartControls } from './chart-controls.tsx';
import { ChooseRunsDialog } from './compare/choose-runs-dialog.tsx';
import { useShownRuns } from './compare/use-run-choice.ts';
import { defaultSettings, parseCurveSettings } from './curves/curve-settings.ts';
import { useCurveRuns } from './curves/use-curve-runs.ts';
import { useTokensPerStep } from './curves/use-curves.ts';
import { useRunConfigs } from './curves/use-run-configs.ts';
import { LogPane } from './log/log-pane.tsx';
import { NumbersStrip } from './numbers-strip.tsx';
import { RunSuites } from './run-suites.tsx';
import styles from './run-work.module.css';
import { sourceOf } from './source.ts';
import { chartedTags, isKnownTag } from './tags.ts';
import { useRunsAround } from './use-runs.ts';

const noRuns = [] as const;

export interface CurvesWorkProps {
  readonly title: string;
  /** The run or log of the page; null for a dashboard. */
  readonly shown: string | null;
  /** Of the route: what the log shows. */
  readonly query: URLSearchParams;
  readonly file: ListedDashboard['file'];
  readonly dashboards: readonly ListedDashboard[];
  /** Null: the dashboard's own. */
  readonly choice: RunChoice | null;
  readonly onChoice: (choice: RunChoice) => void;
}

function removedWords(isRun: boolean): string {
  return `${isRun ? 'A log of this run' : 'This log'} was removed or renamed. What was read of it is still shown, until the window is closed.`;
}

export function CurvesWork(props: CurvesWorkProps) {
  const { title, shown, file, dashboards } = props;
  const { runs: list } = useRunsAround(shown);
  const runs = list ?? noRuns;
  const [ownSettings, setOwnSettings] = useViewState('runs.curves', parseCurveSettings, defaultSettings);
  const [dialog, setDialog] = useState<BoardDialog | null>(null);
  const [asksForRuns, setAsksForRuns] = useState(false);
  const [showsDifferences, setShowsDifferences] = useState(true);
  const stored = useBoard(file);
  const choice = props.choice ?? stored.board?.runs ?? file?.saved.runs;
  const settings = useMemo(
    () => (file && stored.board ? { ...ownSettings, ...stored.board.look } : ownSettings),
    [file, stored.board, ownSettings],
  );

  const ids = choice ? chosenRuns(choice, runs) : [];
  const configs = useRunConfigs(runs.filter((run) => ids.includes(run.id)));
  const shownRuns = useShownRuns(choice ?? null, runs, configs);
  const { pool, version, curveRuns } = useCurveRuns({ shown, shownRuns, runs, configs });
  const tokensPerStep = useTokensPerStep(curveRuns, version);
  const tagText = chartedTags(curveRuns.flatMap((run) => [...run.columns.keys()])).join('\n');
  const tags = useMemo(() => (tagText === '' ? [] : tagText.split('\n')), [tagText]);
  const automatic = useMemo(() => automaticDashboard(tags, isKnownTag), [tags]);
  const editing = stored.over(automatic);
  const exporting = useBoardExport(title, editing.board.columns);

  const source = useMemo(() => (shown === null ? null : sourceOf(shown)), [shown]);
  const feed = source === null ? null : pool.feedOf(source);
  const run = runs.find((candidate) => candidate.id === shown) ?? null;
  const setChoice = (next: RunChoice) => {
    if (props.choice) props.onChoice(next);
    else editing.change({ ...editing.board, runs: next });
  };
  const compared = shownRuns.filter(({ isHidden }) => !isHidden).length;
  const board = (
    <CurvesBoard
      {...{
        title,
        shown,
        runs,
        configs,
        curveRuns,
        pool,
        version,
        settings,
        editing,
        tags,
        shownRuns,
        dashboards,
      }}
      choice={choice ?? null}
      onChoice={setChoice}
      dialog={dialog}
      onDialog={setDialog}
      showsDifferences={showsDifferences && compared > 1}
      collection={exporting.collection}
    />
  );

  return (
    <Pane
      scrolls={false}
      header={
        <ChartControls
          title={title}
          run={run}
          state={feed?.state ?? null}
          settings={settings}
          onSettings={(next) => {
            setOwnSettings(next);
            const { isZoomLinked: _own, ...look } = next;
            if (file && JSON.stringify(look) !== JSON.stringify(editing.board.look))
              editing.change({ ...editing.board, look });
          }}
          tokensPerStep={tokensPerStep}
        >
          <Button kind="quiet" onPress={() => setAsksForRuns(true)}>
            {compared > 1 ? `Compare · ${compared}` : 'Compare…'}
          </Button>
          {compared > 1 ? (
            <IconButton
              icon={GitCompareArrows}
              label="Differences of the runs"
              isPressed={showsDifferences}
              onPress={() => setShowsDifferences(!showsDifferences)}
            />
          ) : null}
          <BoardMenu
            editing={editing}
            dashboards={dashboards}
            onDialog={setDialog}
            onExport={exporting.exportAll}
          />
        </ChartControls>
      }
    >
      {source === null ? (
        <div className={styles['scroll']}>{board}</div>
      ) : (
        <Group orientation="vertical" className={styles['split'] ?? ''} id="runs-split">
          <Panel id="charts" defaultSize="70%" minSize="30%">
            <div className={styles['scroll']}>
              <p className={styles['removed']} role="status">
                {feed?.state?.isRemoved === true ? removedWords(run !== null) : null}
              </p>
              {run ? <NumbersStrip run={run} feed={feed} version={version} /> : null}
              {board}
              {run ? <RunSuites run={run} feed={feed} version={version} settings={settings} /> : null}
            </div>
          </Panel>
          <Separator className={styles['separator'] ?? ''} aria-label="Resize charts and log" />
          <Panel id="log" defaultSize="30%" minSize="8%" collapsible>
            <LogPane source={source} argument={shown} query={props.query} />
          </Panel>
        </Group>
      )}
      {asksForRuns && choice ? (
        <ChooseRunsDialog
          runs={runs}
          choice={choice}
          fixed={shown}
          onChoose={setChoice}
          onClose={() => setAsksForRuns(false)}
        />
      ) : null}
    </Pane>
  );
}
