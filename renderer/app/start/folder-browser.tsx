// Walks the folders of the computer core runs on, for hosts without a folder dialog of their own.
import { useQuery } from '@tanstack/react-query';
import { CornerLeftUp, Folder, FolderGit2 } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '../../ui/badge.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { ListView } from '../../ui/list-view.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { describeError } from '../describe-error.ts';
import { queryKeys } from '../query-keys.ts';
import { useClient } from '../session.ts';
import styles from './workspace-picker.module.css';

export function FolderBrowser({
  title,
  verb,
  isBusy,
  onChoose,
  onClose,
}: {
  readonly title: string;
  readonly verb: string;
  readonly isBusy: boolean;
  readonly onChoose: (path: string) => void;
  readonly onClose: () => void;
}) {
  const client = useClient();
  // Empty: where core thinks one starts, usually the home folder.
  const [path, setPath] = useState('');
  const [typed, setTyped] = useState<string | null>(null);
  const folders = useQuery({
    queryKey: queryKeys.folders(path),
    queryFn: ({ signal }) => client.workspace.browse(path === '' ? {} : { path }, { signal }),
    placeholderData: (previous) => previous,
  });
  const go = (next: string) => {
    setTyped(null);
    setPath(next);
  };
  const here = folders.data;
  return (
    <section className={styles['browser']} aria-label={title}>
      <div className={styles['where']}>
        <IconButton
          icon={CornerLeftUp}
          label="Folder above"
          isDisabled={!here?.parent}
          onPress={() => {
            if (here?.parent) go(here.parent);
          }}
        />
        <div className={styles['typed']}>
          <TextField
            label="Folder"
            isLabelHidden
            mono
            value={typed ?? here?.path ?? ''}
            onChange={setTyped}
            onSubmit={(value) => {
              if (value !== '') go(value);
            }}
          />
        </div>
      </div>
      <div className={styles['folders']}>
        {folders.isError ? (
          <ErrorState compact {...describeError(folders.error)} />
        ) : here ? (
          <ListView
            key={here.path}
            label="Folders"
            items={here.entries}
            idOf={(entry) => entry.path}
            textOf={(entry) => entry.name}
            selectedId={null}
            onOpen={go}
            empty={<p className={styles['none']}>No folders in here</p>}
            renderItem={(entry) => (
              <>
                {entry.workspace ? (
                  <FolderGit2 size={15} strokeWidth={1.5} aria-hidden />
                ) : (
                  <Folder size={15} strokeWidth={1.5} aria-hidden />
                )}
                {entry.name}
                {entry.workspace ? <Badge tone="accent">workspace</Badge> : null}
              </>
            )}
          />
        ) : (
          <Skeleton label="Reading folders" />
        )}
      </div>
      <div className={styles['browserActs']}>
        <Button onPress={onClose}>Cancel</Button>
        <Button
          kind="primary"
          isDisabled={isBusy || (!here && !typed)}
          onPress={() => onChoose(typed ?? here?.path ?? '')}
        >
          {verb}
        </Button>
      </div>
    </section>
  );
}
