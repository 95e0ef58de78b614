// What a dashboard asks: names of files and sections, and whether it may go.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ListedDashboard } from '../../../../core/api/dashboards.ts';
import type { Dashboard } from '../../../../core/lib/dashboards/dashboard.ts';
import { addSection, changeSection } from '../../../../core/lib/dashboards/dashboard-edits.ts';
import { notifyError } from '../../../app/notifications.ts';
import { RenameDialog } from '../../../app/rename-dialog.tsx';
import { href, navigate } from '../../../app/route.ts';
import { SaveDocumentDialog } from '../../../app/save-document-dialog.tsx';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { ConfirmDialog, Dialog } from '../../../ui/dialog.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { dashboardHref, dashboardName, dashboardNames } from './dashboard-names.ts';
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
  return (
    <SaveDocumentDialog
      noun="dashboard"
      names={dashboardNames}
      suggested={suggested}
      note={board.note}
      summary={<p>Charts, axes and the runs shown are kept in a file that git can share</p>}
      listed={dashboards}
      documentOf={(note) => ({ ...board, note })}
      save={(request) => saveDashboard({ client, queries }, request)}
      onSaved={(path) => {
        onSaved();
        navigate(dashboardHref(path));
      }}
      onClose={onClose}
    />
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
      names={dashboardNames}
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
