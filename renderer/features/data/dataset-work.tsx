// The middle pane: what the file is, its rows, and the histogram of the chosen column.
import { useEffect, useState } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import type { DatasetInfo } from '../../../core/api/datasets.ts';
import { describeError } from '../../app/describe-error.ts';
import type { PaneProps } from '../../app/feature.ts';
import { href, navigate } from '../../app/route.ts';
import { useClient } from '../../app/session.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { fileName, formatDiskSize, formatInteger, formatQuantity } from '../../ui/format.ts';
import { Pane, PaneHeader } from '../../ui/pane.tsx';
import { BrokenLines } from './broken-lines.tsx';
import { ColumnHistogram } from './column-histogram.tsx';
import { DataGrid } from './data-grid.tsx';
import styles from './dataset-work.module.css';
import { isText } from './grid-columns.ts';
import { GoToRow } from './go-to-row.tsx';
import { ModeSwitch } from './mode-switch.tsx';
import { createRowPages, type RowPages } from './row-pages.ts';
import { OpeningState } from './opening-state.tsx';
import { useDataset } from './use-dataset.ts';

export function DatasetWork({ argument, query }: PaneProps) {
  const { opening, restart, cancel } = useDataset(argument);
  const path = argument ?? '';
  if (opening.kind !== 'ready') {
    return (
      <Pane header={<PaneHeader title={fileName(path)} />}>
        <OpeningState opening={opening} onRetry={restart} onCancel={cancel} />
      </Pane>
    );
  }
  return <OpenDataset key={path} dataset={opening.dataset} query={query} />;
}

function OpenDataset({ dataset, query }: { readonly dataset: DatasetInfo; readonly query: URLSearchParams }) {
  const { path } = dataset;
  const pages = useRowPages(dataset);
  const row = query.has('row') ? Number(query.get('row')) : null;
  const column = query.get('column');
  const show = (change: { row?: number; column?: string | null }) => {
    const nextRow = change.row ?? row;
    const nextColumn = change.column === undefined ? column : change.column;
    const parameters = {
      ...(nextRow === null ? {} : { row: nextRow }),
      ...(nextColumn === null ? {} : { column: nextColumn }),
    };
    navigate(href('data', path, parameters), { replace: true });
  };
  const [firstRow, setFirstRow] = useState(0);

  return (
    <Pane
      scrolls={false}
      header={
        <PaneHeader
          title={fileName(path)}
          detail={`${formatInteger(dataset.rows)} rows · ${formatQuantity(dataset.columns.length, 'column')} · ${formatDiskSize(dataset.sizeBytes)}`}
          actions={
            <>
              <GoToRow
                rows={dataset.rows}
                onGo={(target) => {
                  setFirstRow(target);
                  show({ row: target });
                }}
              />
              <ModeSwitch path={path} query={query} />
            </>
          }
        />
      }
    >
      <div className={styles['stack']}>
        {dataset.brokenLines.count > 0 ? <BrokenLines broken={dataset.brokenLines} /> : null}
        {firstRow > 0 ? (
          <p className={styles['window']}>
            From row {formatInteger(firstRow)} on
            <Button kind="quiet" onPress={() => setFirstRow(0)}>
              Back to the first row
            </Button>
          </p>
        ) : null}
        {pages?.cells.problem ? <ErrorState compact {...describeError(pages.cells.problem)} /> : null}
        <Group orientation="vertical" className={styles['split'] ?? ''} id="data-split">
          <Panel id="grid" minSize="25%">
            {pages ? (
              <DataGrid
                columns={dataset.columns}
                rows={dataset.rows}
                pages={pages.cells}
                textPages={pages.text}
                selectedRow={row}
                selectedColumn={column}
                onSelectRow={(next) => show({ row: next })}
                onSelectColumn={(name) => show({ column: name === column ? null : name })}
                firstRow={firstRow}
              />
            ) : null}
          </Panel>
          {column !== null ? (
            <>
              <Separator className={styles['separator'] ?? ''} aria-label="Resize rows and histogram" />
              <Panel id="histogram" defaultSize="38%" minSize="15%">
                <ColumnHistogram path={path} column={column} onClose={() => show({ column: null })} />
              </Panel>
            </>
          ) : null}
        </Group>
      </div>
    </Pane>
  );
}

interface Pages {
  readonly cells: RowPages;
  readonly text: RowPages;
}

function useRowPages(dataset: DatasetInfo): Pages | null {
  const client = useClient();
  const [pages, setPages] = useState<Pages | null>(null);
  const { path, columns } = dataset;
  useEffect(() => {
    const names = (wanted: boolean) =>
      columns.filter((column) => isText(column) === wanted).map((column) => column.name);
    const next = {
      cells: createRowPages(client, path, names(false)),
      text: createRowPages(client, path, names(true)),
    };
    setPages(next);
    return () => {
      next.cells.dispose();
      next.text.dispose();
    };
  }, [client, path, columns]);
  return pages;
}
