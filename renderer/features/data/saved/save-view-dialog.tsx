// Asks for the name of a view and writes it to views/.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { StudioError } from '../../../../core/api/errors.ts';
import type { ListedView } from '../../../../core/api/views.ts';
import { viewSentences } from '../../../../core/lib/datasets/view.ts';
import { notify } from '../../../app/notifications.ts';
import { OutputDialog, useNamedOutput } from '../../../app/output-dialog.tsx';
import { navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { TextField } from '../../../ui/text-field.tsx';
import { rowsHref } from '../view/data-view.ts';
import styles from '../view/view.module.css';
import type { SavedViewsMenuProps } from './saved-views-menu.tsx';
import { saveView, viewName, viewPath } from './use-saved-views.ts';

export function SaveViewDialog(
  props: SavedViewsMenuProps & {
    readonly note: string;
    readonly views: readonly ListedView[];
    readonly onClose: () => void;
  },
) {
  const { path: dataset, view, layout, views, onClose } = props;
  const client = useClient();
  const queries = useQueryClient();
  const named = useNamedOutput('');
  const [note, setNote] = useState(props.note);
  const path = viewPath(named.name);
  const sentences = viewSentences(view, null);

  const save = async () => {
    if (path === null) return;
    const isSaved = await named.attempt(async () => {
      const there = views.find((listed) => listed.path === path)?.file ?? null;
      const saved = {
        kind: 'nesso-view' as const,
        version: 1 as const,
        dataset,
        note,
        view,
        columns: layout,
      };
      const baseVersion = named.overwrite ? (there?.version ?? null) : null;
      const result = await saveView({ client, queries }, { path, saved, baseVersion });
      if (result.kind === 'conflict') {
        throw new StudioError('ALREADY_EXISTS', `There is a view ${viewName(path)} already`, {
          hint: 'Choose another name, or replace it',
          path,
        });
      }
      notify({ severity: 'good', title: `View ${viewName(path)} saved`, detail: path });
      navigate(rowsHref(dataset, { row: null, column: null, saved: path }, view), { replace: true });
    });
    if (isSaved) onClose();
  };
  return (
    <OutputDialog
      title="Save view"
      verb="Save"
      output={named}
      fieldLabel="Name"
      fieldHint={path ?? 'Letters and digits; a slash makes a folder'}
      replaceLabel="Replace the view that is there"
      canSubmit={path !== null}
      onSubmit={() => void save()}
      onClose={onClose}
      summary={<p className={styles['hint']}>{sentences.length === 0 ? 'All rows' : sentences.join('; ')}</p>}
    >
      <TextField label="Note" value={note} onChange={setNote} lines={3} placeholder="What it is for" />
    </OutputDialog>
  );
}
