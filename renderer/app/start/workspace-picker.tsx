// The first page without a workspace, and the way to another one: open, create, recent, sample.
import { FolderOpen, FolderPlus, Sprout } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { CreateWorkspace } from './create-workspace.tsx';
import { describeError } from '../describe-error.ts';
import { FolderBrowser } from './folder-browser.tsx';
import { notifyError } from '../notifications.ts';
import { useWorkspaceOpening } from './open-workspace.ts';
import { RecentWorkspaces } from './recent-workspaces.tsx';
import { href } from '../route.ts';
import { useSession } from '../session.ts';
import styles from './workspace-picker.module.css';

type Step = 'start' | 'open' | 'create';

export function WorkspacePicker() {
  const { connection, workspace } = useSession();
  const [step, setStep] = useState<Step>('start');
  const opening = useWorkspaceOpening();

  const open = async () => {
    if (!connection.chooseFolder) {
      setStep('open');
      return;
    }
    try {
      const path = await connection.chooseFolder();
      if (path !== null) opening.open(path);
    } catch (error) {
      notifyError(error);
    }
  };

  return (
    <div className={styles['page']}>
      <div className={styles['column']}>
        <h1 className={styles['title']}>Nesso Studio</h1>
        <p className={styles['lead']}>
          Build small language models from scratch: config, data, launch, curves, chat. A workspace is a
          folder of plain files that a team keeps in git.
        </p>
        {opening.error === null ? null : <ErrorState compact {...describeError(opening.error)} />}
        {step === 'start' ? (
          <>
            <div className={styles['acts']}>
              <Button
                kind="primary"
                icon={FolderOpen}
                isDisabled={opening.isBusy}
                onPress={() => void open()}
              >
                Open a folder…
              </Button>
              <Button icon={FolderPlus} isDisabled={opening.isBusy} onPress={() => setStep('create')}>
                New workspace…
              </Button>
              <Button icon={Sprout} isDisabled={opening.isBusy} onPress={opening.openSample}>
                Open the sample
              </Button>
            </div>
            <RecentWorkspaces opening={opening} />
            {workspace ? (
              <p className={styles['back']}>
                <a href={href('configs')}>Back to {workspace.name}</a>
              </p>
            ) : null}
          </>
        ) : null}
        {step === 'open' ? (
          <FolderBrowser
            title="Open a folder"
            verb="Open this folder"
            isBusy={opening.isBusy}
            onChoose={opening.open}
            onClose={() => setStep('start')}
          />
        ) : null}
        {step === 'create' ? <CreateWorkspace opening={opening} onClose={() => setStep('start')} /> : null}
      </div>
    </div>
  );
}
