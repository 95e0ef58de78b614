// What a chart stands in: its title, notes, a summary for screen readers, its numbers as a table, and the menu that
// exports it. Knows nothing about what is drawn.
import { ChartSpline, Table2 } from 'lucide-react';
import { type ReactNode, useId, useRef, useState } from 'react';
import { shownText, type FigureTable, toCsv, toMarkdown } from '../../core/lib/figures/figure-table.ts';
import { IconButton } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { useCollected } from './figure-collection.ts';
import styles from './figure-frame.module.css';
import { type Figure, FigureMenu, useFigureMenu } from './figure-menu.tsx';
import { figureSvg } from './figure-svg.ts';

export interface FigureFrameProps {
  readonly title: ReactNode;
  /** The accessible name, and that of exported files. */
  readonly name: string;
  /** One line that says what the picture shows. */
  readonly summary: string;
  readonly aside?: ReactNode;
  readonly actions?: ReactNode;
  /** Exact values; made when they are asked for. */
  readonly numbers: () => FigureTable;
  /** For a figure that is a table itself: nothing to switch to. */
  readonly isTableItself?: boolean;
  readonly children: ReactNode;
}

export function FigureFrame(props: FigureFrameProps) {
  const { title, name, summary, aside, actions, numbers, isTableItself = false, children } = props;
  const [asTable, setAsTable] = useState(false);
  const frame = useRef<HTMLElement>(null);
  const summaryId = useId();
  const menu = useFigureMenu();
  const figure: Figure = {
    name,
    svg: (theme) =>
      frame.current === null ? null : figureSvg(frame.current, { title: name, description: summary, theme }),
    csv: () => toCsv(numbers()),
    markdown: () => toMarkdown(numbers()),
  };
  useCollected(figure, () => frame.current);
  return (
    // E exports from whatever has the focus inside.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <figure
      ref={frame}
      className={styles['frame']}
      // Escape from its marks comes here.
      tabIndex={-1}
      aria-label={name}
      aria-describedby={summaryId}
      onKeyDown={menu.onKeyDown}
    >
      <figcaption className={styles['caption']}>
        <span className={styles['title']}>{title}</span>
        <span className={styles['aside']}>{aside}</span>
        <span className={styles['actions']} data-figure="skip">
          {actions}
          {isTableItself ? null : (
            <IconButton
              icon={asTable ? ChartSpline : Table2}
              label={asTable ? `Show ${name} as chart` : `Show ${name} as table`}
              size="small"
              isPressed={asTable}
              onPress={() => setAsTable(!asTable)}
            />
          )}
          <FigureMenu
            figure={figure}
            isOpen={menu.isOpen}
            onOpenChange={menu.onOpenChange}
            isTable={asTable}
            onTable={isTableItself ? null : setAsTable}
          />
        </span>
      </figcaption>
      {asTable ? <NumbersTable name={name} table={numbers()} /> : children}
      <p id={summaryId} className="visually-hidden">
        {summary}
      </p>
    </figure>
  );
}

function NumbersTable({ name, table }: { readonly name: string; readonly table: FigureTable }) {
  return (
    <div className={styles['table']}>
      <span className={styles['copy']} data-figure="skip">
        <CopyButton text={toMarkdown(table)} label="Copy as Markdown" iconOnly />
      </span>
      <table>
        <caption className="visually-hidden">{name}</caption>
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
          {table.rows.map((row, index) => (
            <tr key={`${row[0]}-${index}`}>
              {row.map((cell, column) =>
                column === 0 ? (
                  <th key={table.header[column]} scope="row">
                    {shownText(table, cell, column)}
                  </th>
                ) : (
                  <td key={table.header[column]}>{shownText(table, cell, column)}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
