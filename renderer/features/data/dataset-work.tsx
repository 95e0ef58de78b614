// The middle pane: what the file is, its rows, and the histogram of the chosen column.
import { useEffect, useState } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import type { DatasetColumn, DatasetInfo } from '../../../core/api/datasets.ts';
import { describeError } from '../../app/describe-error.ts';
import type { PaneProps } from '../../app/feature.ts';
import { navigate } from '../../app/route.ts';
import { useClient } from '../../app/session.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { fileName, formatDiskSize, formatInteger, formatQuantity } from '../../ui/format.ts';
import { Pane, PaneHeader } from '../../ui/pane.tsx';
import { sortColumn } from '../../../core/lib/datasets/view.ts';
import { BrokenLines } from './broken-lines.tsx';
import { ColumnHistogram } from './column-histogram.tsx';
import { DataGrid } from './data-grid.tsx';
import styles from './dataset-work.module.css';
import { isText } from './grid-columns.ts';
import { GoToRow } from './go-to-row.tsx';
import { ModeSwitch } from './mode-switch.tsx';
import { createRowPages, type PageSource, type RowPages } from './row-pages.ts';
import { OpeningState } from './opening-state.tsx';
import { useDataset } from './use-dataset.ts';
import { ColumnMenu, type FilterQuestion, withFilter } from './view/column-menu.tsx';
import { placeOf, rowsHref, type RowsPlace, useDataView, useViewInAddress } from './view/data-view.ts';
import { FilterBar } from './view/filter-bar.tsx';
import { FilterDialog } from './view/filter-dialog.tsx';
import { useOpenView } from './view/open-view.ts';
import { useRowPlace } from './view/row-place.ts';

export function DatasetWork({ argument, query }: PaneProps) {
  const { opening, restart, cancel } = useDataset(argument);
  const path = argument ?? '';
  // For a moment after another file was chosen, the one before is still there.
  const isOther = opening.kind === 'ready' && opening.dataset.path !== path;
  if (opening.kind !== 'ready' || isOther) {
    return (
      <Pane header={<PaneHeader title={fileName(path)} />}>
        <OpeningState
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
  const shownRows = isWholeFile ? dataset.rows : (found?.rows ?? 0);
  const pages = useRowPages(dataset, isWholeFile, viewId);
  const { row, column } = placeOf(query);
  const place = useRowPlace(path, row, isWholeFile, viewId);
  const show = (change: Partial<RowsPlace>) =>
    navigate(rowsHref(path, { row, column, ...change }, view), { replace: true });
  const [firstRow, setFirstRow] = useState(0);
  const [asked, setAsked] = useState<{ column: DatasetColumn; question: FilterQuestion } | null>(null);

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

  return (
    <Pane
      scrolls={false}
      header={
        <PaneHeader
          title={fileName(path)}
          detail={`${formatInteger(dataset.rows)} rows · ${formatQuantity(dataset.columns.length, 'column')} · ${formatDiskSize(dataset.sizeBytes)}`}
          actions={
            <>
              {isWholeFile ? (
                <GoToRow
                  rows={dataset.rows}
                  onGo={(target) => {
                    setFirstRow(target);
                    show({ row: target });
                  }}
                />
              ) : null}
              <ModeSwitch path={path} query={query} />
            </>
          }
        />
      }
    >
      <div className={styles['stack']}>
        {dataset.brokenLines.count > 0 ? <BrokenLines broken={dataset.brokenLines} /> : null}
        <FilterBar
          dataset={dataset}
          view={view}
          opening={opening}
          onChange={(next) => {
            setFirstRow(0);
            setView(next);
          }}
          onCancel={cancel}
          onRetry={restart}
        />
        {firstRow > 0 ? (
          <p className={styles['window']}>
            From row {formatInteger(firstRow)} on
            <Button kind="quiet" onPress={() => setFirstRow(0)}>
              Back to the first row
            </Button>
          </p>
        ) : null}
        {pages?.cells.problem ? (
          <ErrorState
            compact
            {...describeError(pages.cells.problem)}
            actions={isWholeFile ? null : <Button onPress={restart}>Open the view again</Button>}
          />
        ) : null}
        <Group orientation="vertical" className={styles['split'] ?? ''} id="data-split">
          <Panel id="grid" minSize="25%">
            {pages ? (
              <DataGrid
                key={viewId ?? 'file'}
                columns={dataset.columns}
                rows={shownRows}
                pages={pages.cells}
                textPages={pages.text}
                selectedRow={place.position}
                selectedColumn={column}
                onSelectRow={(target) => void select(target)}
                onSelectColumn={(name) => show({ column: name === column ? null : name })}
                firstRow={firstRow}
                sort={sortColumn(view)}
                menuOf={(of) => (
                  <ColumnMenu
                    column={of}
                    view={view}
                    onChange={setView}
                    onAsk={(question) => setAsked({ column: of, question })}
                  />
                )}
              />
            ) : null}
          </Panel>
          {column !== null && (isWholeFile || viewId !== null) ? (
            <>
              <Separator className={styles['separator'] ?? ''} aria-label="Resize rows and histogram" />
              <Panel id="histogram" defaultSize="38%" minSize="15%">
                <ColumnHistogram
                  path={path}
                  column={column}
                  viewId={viewId}
                  onPick={(from, to, includesTo) =>
                    setView(withFilter(view, { kind: 'range', column, negated: false, from, to, includesTo }))
                  }
                  onClose={() => show({ column: null })}
                />
              </Panel>
            </>
          ) : null}
        </Group>
      </div>
      {asked === null ? null : (
        <FilterDialog
          path={path}
          {...asked}
          view={view}
          onAdd={(filter) => setView(withFilter(view, filter))}
          onClose={() => setAsked(null)}
        />
      )}
    </Pane>
  );
}

interface Pages {
  readonly cells: RowPages;
  readonly text: RowPages;
}

/** Null while the rows of a view are being found. */
function useRowPages(dataset: DatasetInfo, isWholeFile: boolean, viewId: string | null): Pages | null {
  const client = useClient();
  const [pages, setPages] = useState<Pages | null>(null);
  const { path, columns } = dataset;
  useEffect(() => {
    if (!isWholeFile && viewId === null) return;
    const names = (wanted: boolean) =>
      columns.filter((column) => isText(column) === wanted).map((column) => column.name);
    const source: PageSource =
      viewId === null || isWholeFile ? { kind: 'file', path } : { kind: 'view', viewId };
    const next = {
      cells: createRowPages(client, source, names(false)),
      text: createRowPages(client, source, names(true)),
    };
    setPages(next);
    return () => {
      setPages(null);
      next.cells.dispose();
      next.text.dispose();
    };
  }, [client, path, columns, isWholeFile, viewId]);
  return pages;
}
