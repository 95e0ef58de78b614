// What every chart of the lab stands in: its title, notes, a summary for screen readers, and its numbers as a table.
// Knows nothing about what is drawn.
import { ChartSpline, Table2 } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { IconButton } from '../../../../ui/button.tsx';
import { CopyButton } from '../../../../ui/copy-button.tsx';
import { toMarkdownTable } from '../../../../ui/data-table.tsx';
import styles from './chart-frame.module.css';

export interface ChartNumbers {
  readonly header: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export interface ChartFrameProps {
  readonly title: ReactNode;
  /** The accessible name. */
  readonly name: string;
  /** One line that says what the picture shows. */
  readonly summary: string;
  readonly aside?: ReactNode;
  readonly actions?: ReactNode;
  /** Made when the table is asked for. */
  readonly numbers: () => ChartNumbers;
  readonly children: ReactNode;
}

export function ChartFrame(props: ChartFrameProps) {
  const { title, name, summary, aside, actions, numbers, children } = props;
  const [asTable, setAsTable] = useState(false);
  const summaryId = useId();
  return (
    <figure className={styles['frame']} aria-label={name} aria-describedby={summaryId}>
      <figcaption className={styles['caption']}>
        <span className={styles['title']}>{title}</span>
        <span className={styles['aside']}>{aside}</span>
        {actions}
        <IconButton
          icon={asTable ? ChartSpline : Table2}
          label={asTable ? `Show ${name} as chart` : `Show ${name} as table`}
          size="small"
          isPressed={asTable}
          onPress={() => setAsTable(!asTable)}
        />
      </figcaption>
      {asTable ? <NumbersTable name={name} numbers={numbers()} /> : children}
      <p id={summaryId} className="visually-hidden">
        {summary}
      </p>
    </figure>
  );
}

function NumbersTable({ name, numbers }: { readonly name: string; readonly numbers: ChartNumbers }) {
  return (
    <div className={styles['table']}>
      <span className={styles['copy']}>
        <CopyButton text={toMarkdownTable(numbers.header, numbers.rows)} label="Copy as Markdown" iconOnly />
      </span>
      <table>
        <caption className="visually-hidden">{name}</caption>
        <thead>
          <tr>
            {numbers.header.map((text) => (
              <th key={text} scope="col">
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {numbers.rows.map((row, index) => (
            <tr key={`${row[0]}-${index}`}>
              {row.map((cell, column) =>
                column === 0 ? (
                  <th key={numbers.header[column]} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={numbers.header[column]}>{cell}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
