// What the keyboard and the palette can do with the rows of a dataset.
import { useEffect, useMemo, useRef } from 'react';
import { useCommands } from '../../app/commands.ts';

/** Also a button of the top bar. */
export const EXPORT_COMMAND = 'data.export';

export interface RowsActions {
  focusSearch(): void;
  focusGoToRow(): void;
  addFilter(): void;
  toggleSql(): void;
  toggleFacets(): void;
  toggleProfile(): void;
  chooseColumns(): void;
  exportRows(): void;
  copyRow(format: 'json' | 'markdown'): void;
}

export function useRowsCommands(actions: RowsActions): void {
  const newest = useRef(actions);
  useEffect(() => {
    newest.current = actions;
  });
  const commands = useMemo(() => {
    const command = (id: string, title: string, keys: string | null, perform: (on: RowsActions) => void) => ({
      id: `data.${id}`,
      title,
      group: 'Data',
      ...(keys === null ? {} : { keys }),
      perform: () => perform(newest.current),
    });
    return [
      command('search', 'Search the text', '/', (on) => on.focusSearch()),
      command('go-to-row', 'Go to row…', 'Mod+G', (on) => on.focusGoToRow()),
      command('add-filter', 'Add a filter…', 'F', (on) => on.addFilter()),
      command('sql', 'Show the view as SQL', 'Q', (on) => on.toggleSql()),
      command('facets', 'Show facets', 'Shift+F', (on) => on.toggleFacets()),
      command('profile', 'Show the profile of all columns', 'P', (on) => on.toggleProfile()),
      command('columns', 'Choose columns…', null, (on) => on.chooseColumns()),
      command('export', 'Export rows…', null, (on) => on.exportRows()),
      command('copy-json', 'Copy the row as JSON', 'Y', (on) => on.copyRow('json')),
      command('copy-markdown', 'Copy the row as Markdown', 'Shift+Y', (on) => on.copyRow('markdown')),
    ];
  }, []);
  useCommands(commands);
}
