// The saved views of a dataset, in its header: which one is shown and whether it was changed since, saving, renaming, removing.
import { useQueryClient } from '@tanstack/react-query';
import { Bookmark } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { ListedView, ViewFile } from '../../../../core/api/views.ts';
import { type SavedView, showsSame } from '../../../../core/lib/datasets/saved-view.ts';
import { useCommands } from '../../../app/commands.ts';
import { copyText } from '../../../app/copy-text.ts';
import { notify, notifyError } from '../../../app/notifications.ts';
import { navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { Menu, type MenuEntry } from '../../../ui/menu.tsx';
import { rowsHref } from '../view/data-view.ts';
import { RenameViewDialog } from './rename-view-dialog.tsx';
import { SaveViewDialog, type ShownView } from './save-view-dialog.tsx';
import styles from './saved.module.css';
import { removeView, saveView, useSavedViews, viewHref, viewName } from './use-saved-views.ts';

export function SavedViewsMenu(props: ShownView) {
  const { path, view, layout, opened } = props;
  const client = useClient();
  const queries = useQueryClient();
  const { views } = useSavedViews();
  const [asked, setAsked] = useState<'save' | 'rename' | null>(null);
  const current = views?.find((listed) => listed.path === opened)?.file ?? null;
  const isCurrent = current !== null && current.saved.dataset === path;
  const isDirty = isCurrent && !showsSame(current.saved, { view, columns: layout });
  const tools = useMemo(() => ({ client, queries }), [client, queries]);

  const saveChanges = async () => {
    if (current === null) return;
    const saved: SavedView = { ...current.saved, view, columns: layout };
    const result = await saveView(tools, { path: current.path, saved, baseVersion: current.version });
    if (result.kind === 'saved') {
      notify({ severity: 'good', title: `View ${viewName(current.path)} saved`, detail: current.path });
      return;
    }
    notify({
      severity: 'warning',
      title: `${viewName(current.path)} was changed by somebody else`,
      detail: 'Nothing was overwritten. Save yours under another name, or take theirs.',
      action: {
        label: 'Take theirs',
        perform: () => {
          if (result.current) show(result.current);
        },
      },
    });
  };
  const show = (file: ViewFile) => {
    props.onLayout(file.saved.columns);
    navigate(rowsHref(file.saved.dataset, { row: null, column: null, saved: file.path }, file.saved.view));
  };
  const commands = useMemo(
    () => [
      {
        id: 'data.save-view',
        title: isDirty ? 'Save changes of this view' : 'Save view…',
        group: 'Data',
        keys: 'Mod+S',
        perform: () => (isDirty ? saveChanges() : setAsked('save')),
      },
    ],
    // The newest view is saved, whatever was there when the key was registered.
    // oxlint-disable-next-line react/exhaustive-deps
    [isDirty, view, layout, current],
  );
  useCommands(commands);

  const ofThis = (views ?? []).filter((listed) => listed.file?.saved.dataset === path);
  const groups: readonly (readonly MenuEntry[])[] = [
    [
      ...(isCurrent
        ? [
            {
              id: 'changes',
              label: 'Save changes',
              keys: 'Mod+S',
              isDisabled: !isDirty,
              perform: () => void saveChanges().catch(notifyError),
            },
            {
              id: 'revert',
              label: 'Discard changes',
              isDisabled: !isDirty,
              perform: () => show(current),
            },
          ]
        : []),
      { id: 'save', label: 'Save as new view…', perform: () => setAsked('save') },
    ],
    ...(isCurrent
      ? [
          [
            { id: 'rename', label: 'Rename…', perform: () => setAsked('rename') },
            {
              id: 'copy',
              label: 'Copy link to this view',
              perform: () =>
                copyText(`${location.origin}${location.pathname}${viewHref(current.path)}`, 'Link copied'),
            },
            {
              id: 'remove',
              label: 'Remove view',
              isDanger: true,
              perform: () => void removeView(tools, current.path).catch(notifyError),
            },
          ],
        ]
      : []),
    ...(ofThis.length === 0 ? [] : [ofThis.map((listed) => entryOf(listed, opened, show))]),
  ];
  return (
    <>
      <Menu label="Views of this dataset" look="quiet" icon={Bookmark} groups={groups}>
        <span className={styles['current']}>
          {isCurrent ? viewName(current.path) : 'Views'}
          {isDirty ? (
            <span
              className={styles['dirty']}
              title="Changed since it was saved"
              role="img"
              aria-label="changed"
            >
              ●
            </span>
          ) : null}
        </span>
      </Menu>
      {asked === 'save' ? (
        <SaveViewDialog
          {...props}
          note={isCurrent ? current.saved.note : ''}
          views={views ?? []}
          onClose={() => setAsked(null)}
        />
      ) : null}
      {asked === 'rename' && current !== null ? (
        <RenameViewDialog path={current.path} onClose={() => setAsked(null)} />
      ) : null}
    </>
  );
}

function entryOf(listed: ListedView, opened: string | null, show: (file: ViewFile) => void): MenuEntry {
  const { path, file } = listed;
  const note = file?.saved.note ?? '';
  return {
    id: `open ${path}`,
    label: viewName(path),
    isOn: path === opened,
    ...(note === '' ? {} : { detail: note.split('\n')[0]?.slice(0, 80) ?? '' }),
    perform: () => {
      if (file) show(file);
    },
  };
}
