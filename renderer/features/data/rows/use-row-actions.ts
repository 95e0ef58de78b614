// What can be done with single rows of a view: choose one, go to one by its number in the file, copy one.
import type { DatasetDocument } from '../../../../core/api/dataset-rows.ts';
import { copyText } from '../../../app/copy-text.ts';
import { notify, notifyError } from '../../../app/notifications.ts';
import { useClient } from '../../../app/session.ts';
import { formatInteger } from '../../../ui/format.ts';

export interface RowActions {
  /** By the position in the view. */
  readonly select: (position: number) => void;
  /** By the number in the file; says so when the view does not hold it. */
  readonly goTo: (row: number) => void;
  /** By the number in the file; null when none is chosen. */
  readonly copy: (
    row: number | null,
    text: (document: DatasetDocument) => string | null,
    said: string,
  ) => void;
}

export function useRowActions(on: {
  readonly path: string;
  /** Null: the whole file, where position and number are the same. */
  readonly viewId: string | null;
  /** The number in the file where the page is loaded. */
  readonly numberAt: (position: number) => number | null;
  readonly onChosen: (position: number, row: number) => void;
  readonly onReveal: (position: number) => void;
}): RowActions {
  const { path, viewId } = on;
  const client = useClient();
  const select = async (position: number) => {
    let row = viewId === null ? position : on.numberAt(position);
    if (row === null && viewId !== null) {
      const page = await client.datasets.viewPage({ viewId, first: position, limit: 1, columns: [] });
      row = page.rowNumbers[0] ?? null;
    }
    if (row !== null) on.onChosen(position, row);
  };
  const goTo = async (row: number) => {
    const position = viewId === null ? row : (await client.datasets.viewPlace({ viewId, row })).position;
    if (position === null) {
      notify({ severity: 'info', title: `Row ${formatInteger(row)} is not among the rows that match` });
      return;
    }
    on.onChosen(position, row);
    on.onReveal(position);
  };
  return {
    select: (position) => void select(position).catch(notifyError),
    goTo: (row) => void goTo(row).catch(notifyError),
    copy: (row, text, said) => {
      if (row === null) {
        notify({ severity: 'info', title: 'Choose a row to copy it' });
        return;
      }
      client.datasets.document({ path, row }).then((document) => {
        copyText(text(document) ?? '', said);
      }, notifyError);
    },
  };
}
