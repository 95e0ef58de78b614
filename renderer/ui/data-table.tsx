// A table for small data (up to a few hundred rows). Large data has its own virtual grid.
import type { ReactNode } from 'react';
import styles from './data-table.module.css';

export interface TableColumn<Row> {
  readonly id: string;
  readonly header: ReactNode;
  /** Numbers stand right. */
  readonly align?: 'left' | 'right';
  readonly cell: (row: Row) => ReactNode;
}

export function DataTable<Row>({
  label,
  columns,
  rows,
  idOf,
  selectedId,
}: {
  /** The accessible caption. */
  readonly label: string;
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
  readonly idOf: (row: Row, index: number) => string;
  readonly selectedId?: string | null;
}) {
  return (
    <table className={styles['table']}>
      <caption className="visually-hidden">{label}</caption>
      <thead>
        <tr>
          {columns.map(({ id, header, align }) => {
            // A head without words heads nothing.
            const Cell = header === '' ? 'td' : 'th';
            return (
              <Cell
                key={id}
                scope={header === '' ? undefined : 'col'}
                className={align === 'right' ? styles['right'] : ''}
              >
                {header}
              </Cell>
            );
          })}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => {
          const key = idOf(row, index);
          return (
            <tr key={key} {...(key === selectedId ? { 'aria-current': true } : {})}>
              {columns.map(({ id, align, cell }) => (
                <td key={id} className={align === 'right' ? styles['right'] : ''}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** The same table as Markdown, for a paper or a chat. Pipes in cells are escaped. */
export function toMarkdownTable(
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
