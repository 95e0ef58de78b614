// The middle pane: what the file is, its rows, facets beside them, and the histogram or profile of its columns.
import { useMemo, useRef, useState } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import type { StudioClient } from '../../../core/api/contract.ts';
import type { DatasetColumn, DatasetDocument, DatasetInfo } from '../../../core/api/datasets.ts';
import { type DatasetView, type RowFilter, sortColumn } from '../../../core/lib/datasets/view.ts';
import { copyText } from '../../app/copy-text.ts';
import { describeError } from '../../app/describe-error.ts';
import type { PaneProps } from '../../app/feature.ts';
import { notify, notifyError } from '../../app/notifications.ts';
import { navigate } from '../../app/route.ts';
import { useClient } from '../../app/session.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { formatInteger } from '../../ui/format.ts';
import { Pane, PaneHeader } from '../../ui/pane.tsx';
import { BrokenLines } from './broken-lines.tsx';
import { ColumnHistogram } from './column-histogram.tsx';
import {
  shownColumns,
  useColumnLayout,
  withHidden,
  withMoved,
  withPinned,
  withStep,
  withWidth,
} from './columns/column-layout.ts';
import { ColumnsDialog } from './columns/columns-dialog.tsx';
import { DataGrid, type GridHandle } from './data-grid.tsx';
import { DatasetFacts } from './source/dataset-facts.tsx';
import { datasetName, isOneOfSeveral } from './source/dataset-name.ts';
import { DatasetNotes } from './source/dataset-notes.tsx';
import styles from './dataset-work.module.css';
import { DensityMenu } from './density-menu.tsx';
import { FacetsPanel } from './facets/facets-panel.tsx';
import { GoToRow } from './go-to-row.tsx';
import { ModeSwitch } from './mode-switch.tsx';
import { OpeningState } from './opening-state.tsx';
import type { ProfilePicks } from './profile/column-picture.tsx';
import { HeaderProfile } from './profile/header-profile.tsx';
import { ProfilePanel } from './profile/profile-panel.tsx';
import { useSampleProfile } from './profile/use-profile.ts';
import { SavedViewsMenu } from './saved/saved-views-menu.tsx';
import { useDataset } from './use-dataset.ts';
import { useRowPages } from './use-row-pages.ts';
import { useRowsCommands } from './use-rows-commands.ts';
import { useTools } from './use-tools.ts';
import { ColumnMenu, type FilterQuestion, questionOf } from './view/column-menu.tsx';
import { TokenFilesBar } from './reader/token-files-bar.tsx';
import { placeOf, rowsHref, type RowsPlace, useDataView, useViewInAddress } from './view/data-view.ts';
import { ExportViewDialog } from './view/export-view-dialog.tsx';
import { FilterBar } from './view/filter-bar.tsx';
import { FilterDialog } from './view/filter-dialog.tsx';
import { lengthFilter, toggleValue, withFilter, withRange } from './view/filters.ts';
import { useOpenView } from './view/open-view.ts';
import { useRowPlace } from './view/row-place.ts';
import { cellAsText, rowAsJson, rowAsMarkdown } from './view/row-text.ts';

export function DatasetWork({ argument, query }: PaneProps) {
  const { opening, restart, cancel, skipDamaged } = useDataset(argument);
  const path = argument ?? '';
  // For a moment after another file was chosen, the one before is still there.
  const isOther = opening.kind === 'ready' && opening.dataset.path !== path;
  if (opening.kind !== 'ready' || isOther) {
    return (
      <Pane header={<PaneHeader title={datasetName(path)} />}>
        <OpeningState
          path={path}
          onSkipDamaged={
            opening.kind === 'failed' && isOneOfSeveral(opening.error, path) ? skipDamaged : undefined
          }
          opening={opening.kind === 'ready' ? { kind: 'waiting' } : opening}
          onRetry={restart}
          onCancel={cancel}
        />
      </Pane>
    );
  }
  return <OpenDataset key={path} dataset={opening.dataset} query={query} />;
}

function OpenDataset({ dataset, query }: { readonly dataset: DatasetInfo; readonly query: URLSearchParams }) {
  const { path } = dataset;
  const client = useClient();
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

  const select = async (target: number) => {
    let number = isWholeFile ? target : (pages?.cells.numberAt(target) ?? null);
    if (number === null && viewId !== null) {
      const page = await client.datasets.viewPage({ viewId, first: target, limit: 1, columns: [] });
      number = page.rowNumbers[0] ?? null;
    }
    if (number === null) return;
    place.move(target, number);
    show({ row: number });
  };
  const goToRow = async (target: number) => {
    const at = isWholeFile || viewId === null ? target : await positionOf(client, viewId, target);
    if (at === null) {
      notify({ severity: 'info', title: `Row ${formatInteger(target)} is not among the rows that match` });
      return;
    }
    place.move(at, target);
    show({ row: target });
    grid.current?.reveal(at);
    grid.current?.focus();
  };
  const copy = (number: number | null, text: (document: DatasetDocument) => string | null, said: string) => {
    if (number === null) {
      notify({ severity: 'info', title: 'Choose a row to copy it' });
      return;
    }
    client.datasets.document({ path, row: number }).then((document) => {
      copyText(text(document) ?? '', said);
    }, notifyError);
  };
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
  const bottom = !isReady
    ? null
    : asNumbers
      ? 'histogram'
      : tools.profile || column !== null
        ? 'profile'
        : null;
  const closeBottom = () => {
    if (column !== null) show({ column: null });
    if (bottom === 'profile') setTools({ ...tools, profile: false });
  };

  return (
    <Pane
      scrolls={false}
      header={
        <PaneHeader
          title={datasetName(path, dataset.kind)}
          detail={<DatasetFacts dataset={dataset} />}
          actions={
            <>
              <GoToRow
                rows={dataset.rows}
                focusRef={focusGoToRow}
                onGo={(target) => void goToRow(target).catch(notifyError)}
              />
              <ModeSwitch path={path} query={query} />
            </>
          }
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
          onTools={(change) => setTools({ ...tools, ...change })}
          onFilter={() => setAsked({ kind: 'filter' })}
          onColumns={() => setAsked({ kind: 'columns' })}
          onExport={() => setAsked({ kind: 'export' })}
          onChange={setView}
          onCancel={cancel}
          onRetry={restart}
        >
          <SavedViewsMenu path={path} view={view} layout={layout} opened={saved} onLayout={setLayout} />
          <DensityMenu density={tools.density} onChange={(density) => setTools({ ...tools, density })} />
        </FilterBar>
        {pages?.cells.problem ? (
          <ErrorState
            compact
            {...describeError(pages.cells.problem)}
            actions={isWholeFile ? null : <Button onPress={restart}>Open the view again</Button>}
          />
        ) : null}
        <Group orientation="horizontal" className={styles['split'] ?? ''} id="data-sides">
          {tools.facets ? (
            <>
              <Panel id="facets" defaultSize="210px" minSize="160px" maxSize="60%">
                <FacetsPanel
                  dataset={dataset}
                  view={view}
                  viewId={viewId}
                  isReady={isReady}
                  onChange={setView}
                  onClose={() => setTools({ ...tools, facets: false })}
                />
              </Panel>
              <Separator className={styles['upright'] ?? ''} aria-label="Resize facets and rows" />
            </>
          ) : null}
          <Panel id="rows" minSize="30%">
            <Group orientation="vertical" className={styles['split'] ?? ''} id="data-split">
              <Panel id="grid" minSize="25%">
                {pages ? (
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
                    onSelectRow={(target) => void select(target).catch(notifyError)}
                    onSelectColumn={(name) => show({ column: name === column ? null : name })}
                    sort={sortColumn(view)}
                    density={tools.density}
                    profileOf={(of) => <HeaderProfile column={of.name} profile={sample} picks={picks} />}
                    sampleNote={
                      sample && sample.rows < sample.totalRows
                        ? `sample of ${formatInteger(sample.rows)}`
                        : ''
                    }
                    onResize={(name, width) => setLayout(withWidth(layout, name, width))}
                    onMove={(name, before) => setLayout(withMoved(dataset.columns, layout, name, before))}
                    onCopyCell={(_, name) =>
                      copy(row, (document) => cellAsText(document, name), `${name} copied`)
                    }
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
                ) : null}
              </Panel>
              {bottom === null ? null : (
                <>
                  <Separator className={styles['separator'] ?? ''} aria-label="Resize rows and histogram" />
                  <Panel id="histogram" defaultSize="38%" minSize="15%">
                    {bottom === 'histogram' && column !== null ? (
                      <ColumnHistogram
                        path={path}
                        column={column}
                        viewId={viewId}
                        onPick={(from, to, includesTo) =>
                          setView(withRange(view, { column, from, to, includesTo }))
                        }
                        onClose={() => show({ column: null })}
                      />
                    ) : (
                      <ProfilePanel
                        path={path}
                        viewId={viewId}
                        sample={sample}
                        column={column}
                        picks={picks}
                        onClose={closeBottom}
                      />
                    )}
                  </Panel>
                </>
              )}
            </Group>
          </Panel>
        </Group>
      </div>
      {asked?.kind === 'filter' ? (
        <AskFilter
          dataset={dataset}
          asked={asked}
          view={view}
          onAdd={(filter) => setView(withFilter(view, filter))}
          onClose={() => setAsked(null)}
        />
      ) : null}
      {asked?.kind === 'columns' ? (
        <ColumnsDialog
          columns={dataset.columns}
          layout={layout}
          onChange={setLayout}
          onClose={() => setAsked(null)}
        />
      ) : null}
      {asked?.kind === 'export' ? (
        <ExportViewDialog dataset={dataset} view={view} onClose={() => setAsked(null)} />
      ) : null}
    </Pane>
  );
}

type Asked =
  | { readonly kind: 'columns' }
  | { readonly kind: 'export' }
  /** Without a column the dialog asks for it. */
  | { readonly kind: 'filter'; readonly column?: DatasetColumn; readonly question?: FilterQuestion };

function AskFilter(props: {
  readonly dataset: DatasetInfo;
  readonly asked: Extract<Asked, { kind: 'filter' }>;
  readonly view: DatasetView;
  readonly onAdd: (filter: RowFilter) => void;
  readonly onClose: () => void;
}) {
  const { dataset, asked, ...rest } = props;
  const column = asked.column ?? dataset.columns[0];
  if (!column) return null;
  return (
    <FilterDialog
      {...rest}
      path={dataset.path}
      column={column}
      question={asked.question ?? questionOf(column)}
      {...(asked.column ? {} : { columns: dataset.columns })}
    />
  );
}

/** What a click in a profile does to the view. */
function profilePicks(view: DatasetView, setView: (view: DatasetView) => void): ProfilePicks {
  return {
    onRange: (column, from, to, includesTo) => setView(withRange(view, { column, from, to, includesTo })),
    onLength: (column, unit, from, to) => setView(withFilter(view, lengthFilter(column, unit, from, to))),
    onValue: (column, value, negated) => setView(toggleValue(view, { column }, value, negated)),
    onNull: (column, negated) => setView(withFilter(view, { kind: 'isNull', column, negated })),
  };
}

/** Null: the row is not in the view. */
async function positionOf(client: StudioClient, viewId: string, row: number): Promise<number | null> {
  const { position } = await client.datasets.viewPlace({ viewId, row });
  return position;
}
