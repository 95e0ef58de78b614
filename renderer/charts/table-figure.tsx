// A table that is a figure: the small table of the window with the way out of every figure, numbers with every digit.
import type { ReactNode } from 'react';
import type { FigureCell, FigureTable } from '../../core/lib/figures/figure-table.ts';
import { DataTable, type TableColumn } from '../ui/data-table.tsx';
import { FigureFrame } from './figure-frame.tsx';
import styles from './table-figure.module.css';

export interface FigureColumn<Row> extends TableColumn<Row> {
  readonly header: string;
  /** What is exported, exact; a column without it is a drawing. */
  readonly value?: (row: Row) => FigureCell;
  /** Of the exported column, where the head lacks its unit. */
  readonly name?: string;
}

export interface TableFigureProps<Row> {
  /** The accessible name, and that of exported files. */
  readonly name: string;
  readonly title: ReactNode;
  readonly aside?: ReactNode;
  readonly rows: readonly Row[];
  readonly columns: readonly FigureColumn<Row>[];
  readonly idOf: (row: Row, index: number) => string;
  /** Before the table. */
  readonly children?: ReactNode;
}

export function TableFigure<Row>(props: TableFigureProps<Row>) {
  const { name, title, aside, rows, columns, idOf, children } = props;
  return (
    <div className={styles['figure']}>
      <FigureFrame
        name={name}
        title={title}
        aside={aside}
        summary={`${name}: ${rows.length} rows`}
        numbers={() => numbersOf(columns, rows)}
        isTableItself
      >
        {children}
        <div className={styles['scroll']}>
          <DataTable label={name} rows={rows} columns={columns} idOf={idOf} />
        </div>
      </FigureFrame>
    </div>
  );
}

function numbersOf<Row>(columns: readonly FigureColumn<Row>[], rows: readonly Row[]): FigureTable {
  const exported = columns.flatMap((column) =>
    column.value ? [{ name: column.name ?? column.header, value: column.value }] : [],
  );
  return {
    header: exported.map((column) => column.name),
    rows: rows.map((row) => exported.map((column) => column.value(row))),
  };
}
