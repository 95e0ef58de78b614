// The rows of an open dataset: what it is, its filters, the grid, facets beside it, a histogram or profile below.
import { useMemo, useRef, useState } from 'react';
import type { DatasetInfo } from '../../../../core/api/dataset-shape.ts';
import { isWhole, sortColumn } from '../../../../core/lib/datasets/view.ts';
import { navigate } from '../../../app/route.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { formatInteger } from '../../../ui/format.ts';
import { Pane, PaneHeader } from '../../../ui/pane.tsx';
import { BrokenLines } from '../broken-lines.tsx';
import { ColumnHistogram } from '../column-histogram.tsx';
import {
  shownColumns,
  useColumnLayout,
  withHidden,
  withMoved,
  withPinned,
  withStep,
  withWidth,
} from '../columns/column-layout.ts';
import { DataGrid, type GridHandle } from '../data-grid.tsx';
import styles from '../dataset-work.module.css';
import { DensityMenu } from '../density-menu.tsx';
import { FacetsPanel } from '../facets/facets-panel.tsx';
import { GoToRow } from '../go-to-row.tsx';
import { ModeSwitch } from '../mode-switch.tsx';
import { HeaderProfile } from '../profile/header-profile.tsx';
import { ProfilePanel } from '../profile/profile-panel.tsx';
import { useSampleProfile } from '../profile/use-profile.ts';
import { TokenFilesBar } from '../reader/token-files-bar.tsx';
import { SavedViewsMenu } from '../saved/saved-views-menu.tsx';
import { DatasetFacts } from '../source/dataset-facts.tsx';
import { datasetName } from '../source/dataset-name.ts';
import { DatasetNotes } from '../source/dataset-notes.tsx';
import { useRowPages } from '../use-row-pages.ts';
import { useRowsCommands } from '../use-rows-commands.ts';
import { useTools } from '../use-tools.ts';
import { ColumnMenu } from '../view/column-menu.tsx';
import { placeOf, rowsHref, type RowsPlace, useDataView, useViewInAddress } from '../view/data-view.ts';
import { FilterBar } from '../view/filter-bar.tsx';
import { withRange } from '../view/filters.ts';
import { useOpenView } from '../view/open-view.ts';
import { useRowPlace } from '../view/row-place.ts';
import { cellAsText, rowAsJson, rowAsMarkdown } from '../view/row-text.ts';
import { PagesProblem } from './pages-problem.tsx';
import { profilePicks } from './profile-picks.ts';
import { type Asked, RowsDialogs } from './rows-dialogs.tsx';
import { RowsLayout } from './rows-layout.tsx';
import { useRowActions } from './use-row-actions.ts';

export function RowsWork({
  dataset,
  query,
}: {
  readonly dataset: DatasetInfo;
  readonly query: URLSearchParams;
}) {
  const { path } = dataset;
  const [view, setView] = useDataView(path, query);
  useViewInAddress(path, query, view);
  const { opening, restart, cancel } = useOpenView(path, view);
  const found = opening.kind === 'ready' ? opening : null;
  const viewId = found?.viewId ?? null;
  const isWholeFile = opening.kind === 'whole';
  const isReady = isWholeFile || viewId !== null;
  const shownRows = isWholeFile ? dataset.rows : (found?.rows ?? 0);
  const [layout, setLayout] = useColumnLayout(path);
  const shown = useMemo(() => shownColumns(dataset.columns, layout), [dataset.columns, layout]);
  const pages = useRowPages(dataset, shown.columns, { isWholeFile, viewId });
  const here = placeOf(query);
  const { row, column, saved = null } = here;
  const place = useRowPlace(path, row, isWholeFile, viewId);
  const show = (change: Partial<RowsPlace>) =>
    navigate(rowsHref(path, { ...here, ...change }, view), { replace: true });
  const [asked, setAsked] = useState<Asked | null>(null);
  const [tools, setTools] = useTools();
  const sample = useSampleProfile(path, viewId, isReady);
  const grid = useRef<GridHandle>(null);
  const search = useRef<HTMLInputElement>(null);
  const focusGoToRow = useRef<(() => void) | null>(null);
  const picks = profilePicks(view, setView);
  const { select, goTo, copy } = useRowActions({
    path,
    viewId,
    numberAt: (position) => pages?.cells.numberAt(position) ?? null,
    onChosen: (position, chosen) => {
      place.move(position, chosen);
      show({ row: chosen });
    },
    onReveal: (position) => {
      grid.current?.reveal(position);
      grid.current?.focus();
    },
  });
  useRowsCommands({
    focusSearch: () => search.current?.focus(),
    focusGoToRow: () => focusGoToRow.current?.(),
    addFilter: () => setAsked({ kind: 'filter' }),
    toggleSql: () => setTools({ ...tools, sql: !tools.sql }),
    toggleFacets: () => setTools({ ...tools, facets: !tools.facets }),
    toggleProfile: () => setTools({ ...tools, profile: !tools.profile }),
    chooseColumns: () => setAsked({ kind: 'columns' }),
    exportRows: () => setAsked({ kind: 'export' }),
    copyRow: (format) =>
      format === 'json'
        ? copy(row, rowAsJson, 'Row copied as JSON')
        : copy(row, rowAsMarkdown, 'Row copied as Markdown'),
  });
  const asNumbers =
    column !== null && (dataset.columns.find(({ name }) => name === column)?.numeric ?? false);

  const bottom = !isReady ? null : asNumbers ? (
    <ColumnHistogram
      path={path}
      column={column}
      viewId={viewId}
      onPick={(from, to, includesTo) => setView(withRange(view, { column, from, to, includesTo }))}
      onClose={() => show({ column: null })}
    />
  ) : tools.profile || column !== null ? (
    <ProfilePanel
      path={path}
      viewId={viewId}
      sample={sample}
      column={column}
      picks={picks}
      onClose={() => {
        if (column !== null) show({ column: null });
        setTools({ ...tools, profile: false });
      }}
    />
  ) : null;
  const facets = tools.facets ? (
    <FacetsPanel
      dataset={dataset}
      view={view}
      viewId={viewId}
      isReady={isReady}
      onChange={setView}
      onClose={() => setTools({ ...tools, facets: false })}
    />
  ) : null;
  const rows = pages ? (
    <DataGrid
      key={viewId ?? 'file'}
      handle={grid}
      shown={shown}
      places={pages.places}
      rows={shownRows}
      pages={pages.cells}
      textPages={pages.text}
      selectedRow={place.position}
      selectedColumn={column}
      onSelectRow={select}
      onSelectColumn={(name) => show({ column: name === column ? null : name })}
      sort={sortColumn(view)}
      density={tools.density}
      profileOf={(of) => <HeaderProfile column={of.name} profile={sample} picks={picks} />}
      sampleNote={sample && sample.rows < sample.totalRows ? `sample of ${formatInteger(sample.rows)}` : ''}
      onResize={(name, width) => setLayout(withWidth(layout, name, width))}
      onMove={(name, before) => setLayout(withMoved(dataset.columns, layout, name, before))}
      onCopyCell={(_, name) => copy(row, (document) => cellAsText(document, name), `${name} copied`)}
      menuOf={(of) => (
        <ColumnMenu
          column={of}
          view={view}
          onChange={setView}
          onAsk={(question) => setAsked({ kind: 'filter', column: of, question })}
          isPinned={layout.pinned.includes(of.name)}
          onPin={(isPinned) => setLayout(withPinned(layout, of.name, isPinned))}
          onHide={() => setLayout(withHidden(layout, of.name, true))}
          onStep={(step) => setLayout(withStep(dataset.columns, layout, of.name, step))}
        />
      )}
    />
  ) : null;

  return (
    <Pane
      scrolls={false}
      header={
        <PaneHeader
          title={datasetName(path, dataset.kind)}
          detail={<DatasetFacts dataset={dataset} />}
          actions={<ModeSwitch path={path} query={query} />}
        />
      }
    >
      <div className={styles['stack']}>
        {dataset.tokens ? <TokenFilesBar path={path} tokens={dataset.tokens} /> : null}
        {dataset.notes.length > 0 ? <DatasetNotes notes={dataset.notes} /> : null}
        {dataset.brokenLines.count > 0 ? <BrokenLines broken={dataset.brokenLines} /> : null}
        <FilterBar
          dataset={dataset}
          view={view}
          opening={opening}
          tools={tools}
          hiddenColumns={dataset.columns.length - shown.columns.length}
          searchRef={search}
          goToRow={<GoToRow rows={dataset.rows} focusRef={focusGoToRow} onGo={goTo} />}
          onTools={(change) => setTools({ ...tools, ...change })}
          onFilter={() => setAsked({ kind: 'filter' })}
          onColumns={() => setAsked({ kind: 'columns' })}
          onChange={setView}
          onCancel={cancel}
          onRetry={restart}
        >
          <SavedViewsMenu path={path} view={view} layout={layout} opened={saved} onLayout={setLayout} />
          <DensityMenu density={tools.density} onChange={(density) => setTools({ ...tools, density })} />
        </FilterBar>
        {pages ? <PagesProblem pages={pages} onRestart={isWholeFile ? null : restart} /> : null}
        <RowsLayout
          facets={facets}
          grid={
            <>
              {rows}
              {isReady && shownRows === 0 ? <NoRows isFiltered={!isWhole(view)} /> : null}
            </>
          }
          bottom={bottom}
        />
      </div>
      <RowsDialogs
        dataset={dataset}
        asked={asked}
        view={view}
        layout={layout}
        onView={setView}
        onLayout={setLayout}
        onClose={() => setAsked(null)}
      />
    </Pane>
  );
}

/** Below the headers, whose menus still change the filters. */
function NoRows({ isFiltered }: { readonly isFiltered: boolean }) {
  return (
    <div className={styles['noRows']}>
      {isFiltered ? (
        <EmptyState title="No row matches">Take a filter away above, or show all rows again.</EmptyState>
      ) : (
        <EmptyState title="This dataset has no rows">
          Its columns are there, but no row was written.
        </EmptyState>
      )}
    </div>
  );
}
