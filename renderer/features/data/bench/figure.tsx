// One figure of the bench in its frame: the numbers of core/lib/judge-bench, drawn by what is put inside or as a plain table.
import type { ReactNode } from 'react';
import { shownText } from '../../../../core/lib/figures/figure-table.ts';
import type { BenchFigure } from '../../../../core/lib/judge-bench/bench-figure.ts';
import { FigureFrame } from '../../../charts/figure-frame.tsx';
import styles from './figure.module.css';

export function Figure({
  figure,
  children,
}: {
  readonly figure: BenchFigure;
  readonly children?: ReactNode;
}) {
  const { title, paper, note, table } = figure;
  return (
    <div className={styles['figure']}>
      <FigureFrame
        name={title}
        title={title}
        aside={`as ${paper}`}
        summary={`${title}. ${note}. ${table.rows.length} rows`}
        numbers={() => table}
        isTableItself={children === undefined}
      >
        {children ?? <PlainTable figure={figure} />}
        <p className={styles['note']}>{note}</p>
      </FigureFrame>
    </div>
  );
}

/** Beyond this a table is an export, not something to read. */
const SHOWN_ROWS = 400;

function PlainTable({ figure: { title, table } }: { readonly figure: BenchFigure }) {
  const hidden = table.rows.length - SHOWN_ROWS;
  return (
    // It holds nothing to step to, so the keys scroll it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className={styles['scroll']} aria-label={title} tabIndex={0}>
      <table className={styles['table']} aria-label={title}>
        <thead>
          <tr>
            {table.header.map((text) => (
              <th key={text} scope="col">
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.slice(0, SHOWN_ROWS).map((row, index) => (
            <tr key={`${row[0]}-${index}`}>
              {row.map((cell, column) => (
                <td key={table.header[column]} data-number={typeof cell === 'string' ? undefined : ''}>
                  {shownText(table, cell, column)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {hidden > 0 ? (
        <p className={styles['note']}>{hidden.toLocaleString('en-US')} more rows are in the CSV</p>
      ) : null}
    </section>
  );
}
