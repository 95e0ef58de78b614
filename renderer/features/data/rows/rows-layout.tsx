// How the rows share their pane: facets on the left, the grid, and a histogram or profile below; every border drags.
import type { ReactNode } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import styles from '../dataset-work.module.css';

export interface RowsLayoutProps {
  /** Null when closed, as `bottom`. */
  readonly facets: ReactNode;
  readonly grid: ReactNode;
  readonly bottom: ReactNode;
}

export function RowsLayout({ facets, grid, bottom }: RowsLayoutProps) {
  return (
    <Group orientation="horizontal" className={styles['split'] ?? ''} id="data-sides">
      {facets === null ? null : (
        <>
          <Panel id="facets" defaultSize="210px" minSize="160px" maxSize="60%">
            {facets}
          </Panel>
          <Separator className={styles['upright'] ?? ''} aria-label="Resize facets and rows" />
        </>
      )}
      <Panel id="rows" minSize="30%">
        <Group orientation="vertical" className={styles['split'] ?? ''} id="data-split">
          <Panel id="grid" minSize="25%" className={styles['grid'] ?? ''}>
            {grid}
          </Panel>
          {bottom === null ? null : (
            <>
              <Separator className={styles['separator'] ?? ''} aria-label="Resize rows and histogram" />
              <Panel id="histogram" defaultSize="38%" minSize="15%">
                {bottom}
              </Panel>
            </>
          )}
        </Group>
      </Panel>
    </Group>
  );
}
