// A dashboard with everything around its charts: the runs shown, a field that finds metrics, differences, dialogs.
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { ListedDashboard } from '../../../../core/api/dashboards.ts';
import type { Run } from '../../../../core/api/runs.ts';
import { filledSections } from '../../../../core/lib/dashboards/automatic.ts';
import type { DashboardChart } from '../../../../core/lib/dashboards/dashboard.ts';
import type { RunChoice } from '../../../../core/lib/dashboards/run-choice.ts';
import { describeError } from '../../../app/describe-error.ts';
import { notify, notifyError } from '../../../app/notifications.ts';
import {
  createFigureCollection,
  type FigureCollection,
  FigureCollectionContext,
} from '../../../charts/figure-collection.ts';
import { sheetCsv, sheetSvg } from '../../../charts/figure-sheet.ts';
import { downloadText } from '../../../charts/save-file.ts';
import { downloadSvgAsPng } from '../../../charts/svg-to-png.ts';
import { readLightColors } from '../../../charts/theme-colors.ts';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { SearchField } from '../../../ui/text-field.tsx';
import { DifferencesPanel } from '../compare/differences-panel.tsx';
import { partingMarks } from '../compare/parting-marks.ts';
import { RunLegend } from '../compare/run-legend.tsx';
import { type ShownRun, toggled } from '../compare/use-run-choice.ts';
import { usePartings } from '../compare/use-partings.ts';
import type { CurveRun } from '../curves/curve-cache.ts';
import type { CurveSettings } from '../curves/curve-settings.ts';
import { useCurves } from '../curves/use-curves.ts';
import type { RunConfig } from '../curves/use-run-configs.ts';
import { useRunMarks } from '../curves/use-run-marks.ts';
import type { FeedPool } from '../feed-pool.ts';
import type { SeriesFeed } from '../series-feed.ts';
import { labelOf, sourceOf } from '../source.ts';
import { titleOf } from '../tags.ts';
import {
  RemoveDashboardDialog,
  RenameDashboardDialog,
  SaveDashboardDialog,
  SectionDialog,
} from './board-dialogs.tsx';
import type { BoardDialog } from './board-menu.tsx';
import { BoardView } from './board-view.tsx';
import styles from './board.module.css';
import { ChartDialog } from './chart-dialog.tsx';
import { FullScreenChart } from './full-screen-chart.tsx';
import type { Board } from './use-board.ts';

/** From so many on a field helps to find one. */
const MANY_METRICS = 9;

export interface CurvesBoardProps {
  readonly title: string;
  readonly shown: string | null;
  readonly runs: readonly Run[];
  readonly configs: ReadonlyMap<string, RunConfig>;
  readonly curveRuns: readonly CurveRun[];
  readonly shownRuns: readonly ShownRun[];
  readonly pool: FeedPool;
  readonly version: number;
  readonly settings: CurveSettings;
  readonly editing: Board;
  readonly tags: readonly string[];
  readonly dashboards: readonly ListedDashboard[];
  readonly choice: RunChoice | null;
  readonly onChoice: (choice: RunChoice) => void;
  readonly dialog: BoardDialog | null;
  readonly onDialog: (dialog: BoardDialog | null) => void;
  readonly showsDifferences: boolean;
  readonly collection: FigureCollection;
}

export function CurvesBoard(props: CurvesBoardProps) {
  const { shown, runs, configs, curveRuns, version, settings, editing, tags, onDialog } = props;
  const { board } = editing;
  const [search, setSearch] = useState('');
  const [fullScreen, setFullScreen] = useState<string | null>(null);
  const charts = useMemo(() => filledSections(board, tags).flatMap((part) => part.charts), [board, tags]);
  const curves = useCurves({ runs: curveRuns, charts, version, settings, pool: props.pool });
  const mainTag = useMemo(() => mainTagOf(charts, curveRuns), [charts, curveRuns]);
  const partings = usePartings(curveRuns, mainTag, version);
  const nameOf = (id: string) => labelOf(id, runs);
  const runMarks = useRunMarks(curveRuns);
  const marks = useMemo(
    () => [...runMarks, ...partingMarks(partings, curveRuns, mainTag)],
    [runMarks, partings, curveRuns, mainTag],
  );
  const context = {
    charts,
    curves,
    marks,
    seriesOf: curves.seriesOf,
    onFullScreen: setFullScreen,
  };
  const feed = shown === null ? null : props.pool.feedOf(sourceOf(shown));
  const full = charts.find((chart) => chart.id === fullScreen);
  const [base, ...others] = curveRuns.map(({ id }) => id);
  return (
    <FigureCollectionContext.Provider value={props.collection}>
      {feed?.problem ? <FeedProblem problem={feed.problem} /> : null}
      <BoardBar {...props} search={search} onSearch={setSearch} nameOf={nameOf} />
      <div className={styles['body']}>
        {charts.length > 0 && tags.length > 0 ? (
          <BoardView
            board={board}
            onChange={(next) => editing.change(next)}
            tags={tags}
            search={search}
            context={context}
            onEdit={(chart) => onDialog({ kind: 'chart', chartId: chart.id })}
            onRenameSection={(sectionId) => onDialog({ kind: 'rename-section', sectionId })}
          />
        ) : (
          <Waiting feed={feed} isDashboard={shown === null} hasRuns={curveRuns.length > 0} />
        )}
        {props.showsDifferences && base !== undefined && others.length > 0 ? (
          <DifferencesPanel
            {...{ base, others, nameOf, runs, configs, partings }}
            metric={mainTag === null ? '' : titleOf(mainTag)}
          />
        ) : null}
      </div>
      <BoardDialogs {...props} charts={charts} />
      {full ? <FullScreenChart chart={full} context={context} onClose={() => setFullScreen(null)} /> : null}
    </FigureCollectionContext.Provider>
  );
}

/** What runs are compared by: the metric of the first chart that several of them have. */
function mainTagOf(charts: readonly DashboardChart[], runs: readonly CurveRun[]): string | null {
  const tags = charts.filter((chart) => chart.shape === 'value').map((chart) => chart.tags[0] ?? '');
  const isShared = (tag: string) => runs.filter((run) => run.columns.has(tag)).length > 1;
  return tags.find(isShared) ?? tags[0] ?? null;
}

function BoardBar(
  props: CurvesBoardProps & {
    readonly search: string;
    readonly onSearch: (search: string) => void;
    readonly nameOf: (id: string) => string;
  },
) {
  const { shown, shownRuns, choice, onChoice, tags, search, onSearch, nameOf } = props;
  const hasLegend = choice !== null && (shownRuns.length > 1 || shown === null);
  if (!hasLegend && tags.length < MANY_METRICS) return null;
  return (
    <div className={styles['bar']}>
      {hasLegend ? (
        <RunLegend
          shown={shownRuns}
          nameOf={nameOf}
          onHide={(ids, isHidden) => {
            const rest = choice.hidden.filter((id) => !ids.includes(id));
            onChoice({ ...choice, hidden: isHidden ? [...rest, ...ids] : rest });
          }}
          onPin={(id) => onChoice({ ...choice, pinned: toggled(choice.pinned, id) })}
          onColor={(id, color) => {
            const { [id]: _old, ...colors } = choice.colors;
            onChoice({ ...choice, colors: color === null ? colors : { ...colors, [id]: color } });
          }}
          onRemove={(id) =>
            id !== shown && choice.picked.includes(id)
              ? () => onChoice({ ...choice, picked: choice.picked.filter((other) => other !== id) })
              : null
          }
        />
      ) : null}
      <span className={styles['spring']} />
      <div className={styles['search']}>
        <SearchField label="Find metrics" value={search} onChange={onSearch} />
      </div>
    </div>
  );
}

function BoardDialogs({
  dialog,
  onDialog,
  editing,
  charts,
  tags,
  ...props
}: CurvesBoardProps & { readonly charts: readonly DashboardChart[] }): ReactNode {
  const close = () => onDialog(null);
  const { board, path } = editing;
  if (!dialog) return null;
  switch (dialog.kind) {
    case 'save': {
      const { isZoomLinked: _own, ...look } = props.settings;
      return (
        <SaveDashboardDialog
          board={{ ...board, look, ...(props.choice ? { runs: props.choice } : {}) }}
          suggested={path === null ? '' : `${props.title}-copy`}
          dashboards={props.dashboards}
          onSaved={() => editing.discard?.()}
          onClose={close}
        />
      );
    }
    case 'rename':
      return path === null ? null : <RenameDashboardDialog path={path} onClose={close} />;
    case 'remove':
      return path === null ? null : <RemoveDashboardDialog path={path} onClose={close} />;
    case 'new-section':
    case 'rename-section':
      return (
        <SectionDialog
          board={board}
          sectionId={dialog.kind === 'rename-section' ? dialog.sectionId : null}
          onChange={(next) => editing.change(next)}
          onClose={close}
        />
      );
    case 'chart':
      return (
        <ChartDialog
          board={board}
          chart={charts.find((chart) => chart.id === dialog.chartId) ?? null}
          tags={tags}
          hasOtherRuns={props.curveRuns.length > 1}
          onChange={(next) => editing.change(next)}
          onClose={close}
        />
      );
  }
}

/** The charts on screen as one file. */
export function useBoardExport(title: string, columns: number) {
  const collection = useMemo(() => createFigureCollection(), []);
  const exportAll = useCallback(
    (format: 'svg' | 'png' | 'csv') => {
      const figures = collection.all();
      if (format === 'csv') {
        if (figures.some(({ isWaiting }) => isWaiting === true)) {
          notify({
            severity: 'warning',
            title: 'Nothing was exported: points are on their way',
            detail: 'Export again when every chart says how many points it has',
          });
          return;
        }
        downloadText(sheetCsv(figures.map((one) => ({ name: one.name, csv: one.csv() }))), 'text/csv', title);
        return;
      }
      const drawn = figures.flatMap((one) => {
        const svg = one.svg('light');
        return svg === null ? [] : [{ name: one.name, svg }];
      });
      const { panel } = readLightColors();
      const sheet = sheetSvg(title, drawn, columns, panel);
      if (format === 'svg') downloadText(sheet, 'image/svg+xml', title);
      else void downloadSvgAsPng(sheet, panel, title).catch(notifyError);
    },
    [collection, title, columns],
  );
  return { collection, exportAll };
}

function FeedProblem({ problem }: { readonly problem: unknown }) {
  const { title, hint, path, details } = describeError(problem);
  return <ErrorState compact title={title} hint={hint} path={path} details={details} />;
}

function Waiting({
  feed,
  isDashboard,
  hasRuns,
}: {
  readonly feed: SeriesFeed | null;
  readonly isDashboard: boolean;
  readonly hasRuns: boolean;
}) {
  if (isDashboard && !hasRuns)
    return <p className={styles['none']}>No runs are chosen. Compare… picks some, or takes all of a name</p>;
  if (!isDashboard && !feed?.state) return <Skeleton label="Reading the points" rows={4} />;
  return (
    <p className={styles['none']}>
      {feed?.state?.ended
        ? 'No metric lines were found in this file'
        : 'No points yet. The first ones appear here as soon as they are written'}
    </p>
  );
}
