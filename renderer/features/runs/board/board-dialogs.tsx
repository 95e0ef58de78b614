// What a dashboard asks: names of files and sections, and whether it may go.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { StudioError } from '../../../../core/api/errors.ts';
import type { ListedDashboard } from '../../../../core/api/dashboards.ts';
import type { Dashboard } from '../../../../core/lib/dashboards/dashboard.ts';
import { addSection, changeSection } from '../../../../core/lib/dashboards/dashboard-edits.ts';
import { notify, notifyError } from '../../../app/notifications.ts';
import { OutputDialog, useNamedOutput } from '../../../app/output-dialog.tsx';
import { RenameDialog } from '../../../app/rename-dialog.tsx';
import { href, navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { ConfirmDialog, Dialog } from '../../../ui/dialog.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { dashboardHref, dashboardName, dashboardPath } from './dashboard-names.ts';
import { removeDashboard, renameDashboard, saveDashboard } from './use-dashboards.ts';

/** Saves what is shown under a name, with a note, and opens it. */
export function SaveDashboardDialog({
  board,
  suggested,
  dashboards,
  onSaved,
  onClose,
}: {
  /** With the runs and axes it is to keep. */
  readonly board: Dashboard;
  readonly suggested: string;
  readonly dashboards: readonly ListedDashboard[];
  readonly onSaved: () => void;
  readonly onClose: () => void;
}) {
  const client = useClient();
  const queries = useQueryClient();
  const named = useNamedOutput(suggested);
  const [note, setNote] = useState(board.note);
  const path = dashboardPath(named.name);
  const save = async () => {
    if (path === null) return;
    const isSaved = await named.attempt(async () => {
      const there = dashboards.find((listed) => listed.path === path)?.file ?? null;
      const baseVersion = named.overwrite ? (there?.version ?? null) : null;
      const result = await saveDashboard(
        { client, queries },
        { path, saved: { ...board, note }, baseVersion },
      );
      if (result.kind === 'conflict') {
        throw new StudioError('ALREADY_EXISTS', `There is a dashboard ${dashboardName(path)} already`, {
          hint: 'Choose another name, or replace it',
          path,
        });
      }
    });
    if (!isSaved) return;
    notify({ severity: 'good', title: `Dashboard ${dashboardName(path)} saved`, detail: path });
    onSaved();
    onClose();
    navigate(dashboardHref(path));
  };
  return (
    <OutputDialog
      title="Save dashboard"
      verb="Save"
      output={named}
      fieldLabel="Name"
      fieldHint={path ?? 'Letters and digits; a slash makes a folder'}
      replaceLabel="Replace the dashboard that is there"
      canSubmit={path !== null}
      onSubmit={() => void save()}
      onClose={onClose}
      summary={<p>Charts, axes and the runs shown are kept in a file that git can share</p>}
    >
      <TextField label="Note" value={note} onChange={setNote} lines={3} placeholder="What it is for" />
    </OutputDialog>
  );
}

export function RenameDashboardDialog({
  path,
  onClose,
}: {
  readonly path: string;
  readonly onClose: () => void;
}) {
  const client = useClient();
  const queries = useQueryClient();
  return (
    <RenameDialog
      noun="dashboard"
      path={path}
      nameOf={dashboardName}
      pathOf={dashboardPath}
      rename={(target) => renameDashboard({ client, queries }, path, target)}
      hrefOf={dashboardHref}
      onClose={onClose}
    />
  );
}

export function RemoveDashboardDialog({
  path,
  onClose,
}: {
  readonly path: string;
  readonly onClose: () => void;
}) {
  const client = useClient();
  const queries = useQueryClient();
  const remove = async () => {
    try {
      await removeDashboard({ client, queries }, path);
      navigate(href('runs'));
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <ConfirmDialog
      title={`Remove dashboard ${dashboardName(path)}?`}
      verb="Remove dashboard"
      isOpen
      onClose={onClose}
      onConfirm={remove}
    >
      The file moves to the workspace’s trash, where Undo finds it. Runs and their curves stay.
    </ConfirmDialog>
  );
}

/** Names a new section, or an old one anew. */
export function SectionDialog({
  board,
  sectionId,
  onChange,
  onClose,
}: {
  readonly board: Dashboard;
  readonly sectionId: string | null;
  readonly onChange: (board: Dashboard) => void;
  readonly onClose: () => void;
}) {
  const [title, setTitle] = useState(board.sections.find(({ id }) => id === sectionId)?.title ?? '');
  const trimmed = title.trim();
  const submit = () => {
    if (trimmed === '') return;
    onChange(
      sectionId === null
        ? addSection(board, trimmed)
        : changeSection(board, sectionId, (section) => ({ ...section, title: trimmed })),
    );
    onClose();
  };
  return (
    <Dialog
      title={sectionId === null ? 'Add section' : 'Rename section'}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" isDisabled={trimmed === ''} onPress={submit}>
            {sectionId === null ? 'Add' : 'Rename'}
          </Button>
        </>
      }
    >
      <TextField label="Name of the section" value={title} onChange={setTitle} onSubmit={submit} autoFocus />
    </Dialog>
  );
}
