// A new workspace: where, and what it is called.
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { FolderBrowser } from './folder-browser.tsx';
import { notifyError } from '../notifications.ts';
import type { WorkspaceOpening } from './open-workspace.ts';
import { useSession } from '../session.ts';
import styles from './workspace-picker.module.css';

export function CreateWorkspace({
  opening,
  onClose,
}: {
  readonly opening: WorkspaceOpening;
  readonly onClose: () => void;
}) {
  const { connection } = useSession();
  const [name, setName] = useState('');
  const [parent, setParent] = useState<string | null>(null);
  const [isBrowsing, setBrowsing] = useState(false);
  const folderName = folderNameOf(name);
  const path = parent === null || folderName === '' ? null : `${parent.replace(/[\\/]$/, '')}/${folderName}`;

  const choose = async () => {
    if (!connection.chooseFolder) {
      setBrowsing(true);
      return;
    }
    try {
      const chosen = await connection.chooseFolder();
      if (chosen !== null) setParent(chosen);
    } catch (error) {
      notifyError(error);
    }
  };
  if (isBrowsing)
    return (
      <FolderBrowser
        title="Where the new workspace goes"
        verb="Put it here"
        isBusy={opening.isBusy}
        onChoose={(chosen) => {
          setParent(chosen);
          setBrowsing(false);
        }}
        onClose={() => setBrowsing(false)}
      />
    );
  return (
    <section className={styles['create']} aria-label="New workspace">
      <TextField
        label="Name"
        autoFocus
        value={name}
        onChange={setName}
        placeholder="zagreus-ita"
        hint="A folder of this name is made, with studio.yaml and folders for configs, filters, runs and models"
      />
      <div className={styles['where']}>
        <span className={styles['path']}>{path ?? parent ?? 'No place chosen yet'}</span>
        <Button onPress={() => void choose()}>Choose the place…</Button>
      </div>
      <div className={styles['browserActs']}>
        <Button onPress={onClose}>Cancel</Button>
        <Button
          kind="primary"
          isDisabled={opening.isBusy || path === null}
          onPress={() => {
            if (path !== null) opening.create(path, name.trim());
          }}
        >
          Create and open
        </Button>
      </div>
    </section>
  );
}

/** What every file system takes: letters, digits, dots, dashes and underscores. */
export function folderNameOf(name: string): string {
  return name
    .trim()
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|-+$/g, '');
}
