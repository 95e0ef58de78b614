// What the keyboard and the palette can do in every mode of a dataset: go to another mode, open a saved view.
import { useMemo } from 'react';
import { type Command, useCommands } from '../../app/commands.ts';
import { navigate } from '../../app/route.ts';
import { dataModes, modeHref, useDataMode } from './quality/lab/mode.ts';
import { isSavedViewPath } from './saved/open-saved-view.tsx';
import { useSavedViews, viewHref, viewName } from './saved/use-saved-views.ts';

export function useModeCommands(argument: string | null, query: URLSearchParams): void {
  const [mode, remember] = useDataMode(query);
  const path = argument === null || isSavedViewPath(argument) ? null : argument;
  useCommands(
    useMemo(
      () =>
        path === null
          ? []
          : dataModes.map(
              ({ id, command, keys }): Command => ({
                id: `data.mode.${id}`,
                title: command,
                group: 'Data',
                keys,
                when: () => id !== mode,
                perform: () => {
                  remember(id);
                  navigate(modeHref(path, id));
                },
              }),
            ),
      [path, mode, remember],
    ),
  );
  const { views } = useSavedViews();
  useCommands(
    useMemo(
      () =>
        (views ?? []).map(
          (listed): Command => ({
            id: `data.open-view.${listed.path}`,
            title: `Open the view ${viewName(listed.path)}`,
            group: 'Data',
            perform: () => navigate(viewHref(listed.path)),
          }),
        ),
      [views],
    ),
  );
}
