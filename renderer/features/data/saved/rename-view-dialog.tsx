// Asks for another name of a saved view.
import { useQueryClient } from '@tanstack/react-query';
import { OutputDialog, useNamedOutput } from '../../../app/output-dialog.tsx';
import { navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import styles from '../view/view.module.css';
import { renameView, viewHref, viewName, viewPath } from './use-saved-views.ts';

export function RenameViewDialog({ path, onClose }: { readonly path: string; readonly onClose: () => void }) {
  const client = useClient();
  const queries = useQueryClient();
  const named = useNamedOutput(viewName(path));
  const target = viewPath(named.name);
  const rename = async () => {
    if (target === null) return;
    const isRenamed = await named.attempt(async () => {
      if (target !== path) await renameView({ client, queries }, path, target);
    });
    if (!isRenamed) return;
    onClose();
    navigate(viewHref(target));
  };
  return (
    <OutputDialog
      title="Rename view"
      verb="Rename"
      output={named}
      fieldLabel="Name"
      fieldHint={target ?? 'Letters and digits; a slash makes a folder'}
      replaceLabel=""
      canSubmit={target !== null}
      onSubmit={() => void rename()}
      onClose={onClose}
      summary={<p className={styles['hint']}>Links to the old name will not find it any more</p>}
    />
  );
}
