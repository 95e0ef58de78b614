// The column of a report's table that names documents.
import type { FigureColumn } from '../../../charts/table-figure.tsx';
import { Button } from '../../../ui/button.tsx';
import styles from './report-view.module.css';

/** The name of a document leads to it. */
export function documentColumn<Row extends { readonly document: string; readonly position: number }>(
  onGo: (position: number) => void,
): FigureColumn<Row> {
  return {
    id: 'document',
    header: 'Document',
    cell: ({ document, position }) => (
      <span className={styles['link']}>
        <Button kind="quiet" onPress={() => onGo(position)}>
          {document}
        </Button>
      </span>
    ),
    value: ({ document }) => document,
  };
}
