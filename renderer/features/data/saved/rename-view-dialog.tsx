// Asks for another name of a saved view.
import { useQueryClient } from '@tanstack/react-query';
import { RenameDialog } from '../../../app/rename-dialog.tsx';
import { useClient } from '../../../app/session.ts';
import { renameView, viewHref, viewNames } from './use-saved-views.ts';

export function RenameViewDialog({ path, onClose }: { readonly path: string; readonly onClose: () => void }) {
  const client = useClient();
  const queries = useQueryClient();
  return (
    <RenameDialog
      noun="view"
      path={path}
      names={viewNames}
      rename={(target) => renameView({ client, queries }, path, target)}
      hrefOf={viewHref}
      onClose={onClose}
    />
  );
}
