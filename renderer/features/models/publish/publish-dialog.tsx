// Asks where at the hub a folder goes, and shows first what would be sent. A publication that was stopped goes on when asked again.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Published, PublishPlan } from '../../../../core/api/publishing.ts';
import { describeError } from '../../../app/describe-error.ts';
import { keepToken, keepsTokens, readToken } from '../../../app/hub-token.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatDiskSize, formatQuantity } from '../../../ui/format.ts';
import { Progress } from '../../../ui/progress.tsx';
import { Select } from '../../../ui/select.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { shownModelName } from '../model-name.ts';
import { createWorkStore, followToResult } from '../work-store.ts';
import styles from './publish.module.css';

const publications = createWorkStore<Published>();
const REPOSITORY = /^\w[\w.-]{0,95}\/\w[\w.-]{0,95}$/;

export function PublishDialog({ path, onClose }: { readonly path: string; readonly onClose: () => void }) {
  const client = useClient();
  const [repository, setRepository] = useState('');
  const [visibility, setVisibility] = useState<'private' | 'public'>('private');
  const [token, setToken] = useState('');
  const work = publications.use(path);
  const plan = useQuery({
    queryKey: [...queryKeys.weightsOf(path), 'publishing'],
    queryFn: () => client.publishing.plan({ path }),
  });
  useEffect(() => {
    void readToken().then(setToken, () => undefined);
  }, []);
  const isBusy = work?.kind === 'working';
  const hasToken = token.trim() !== '' || plan.data?.hasToken === true;
  const canPublish = plan.data !== undefined && REPOSITORY.test(repository.trim()) && hasToken && !isBusy;
  const publish = () => {
    if (!canPublish) return;
    publications.forget(path);
    publications.start(path, async ({ signal, onProgress }) => {
      await keepToken(token.trim());
      const order = { path, repository: repository.trim(), visibility, token: token.trim() || null };
      return followToResult(await client.publishing.publish(order, { signal }), onProgress);
    });
  };
  if (work?.kind === 'done') {
    const close = () => {
      publications.forget(path);
      onClose();
    };
    return <PublishedDialog result={work.result} onClose={close} />;
  }
  return (
    <Dialog
      title={`Publish ${shownModelName(path)}`}
      isOpen
      width="wide"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{isBusy ? 'Go on in the background' : 'Cancel'}</Button>
          <Button kind="primary" isDisabled={!canPublish} onPress={publish}>
            Publish
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        {plan.error ? <ErrorState compact {...describeError(plan.error)} /> : null}
        {plan.data ? (
          <PlanView plan={plan.data} />
        ) : plan.error ? null : (
          <Skeleton label="Looking at the files" />
        )}
        <div className={styles['pair']}>
          <TextField
            label="Repository at the hub"
            value={repository}
            onChange={setRepository}
            onSubmit={publish}
            placeholder="owner/name"
            hint="Made when it is not there; one that exists gets another commit"
            isDisabled={isBusy}
            autoFocus
            mono
          />
          <Select
            label="A new repository is"
            choices={[
              { id: 'private', label: 'Private', detail: 'Only you and your organisation see it' },
              { id: 'public', label: 'Public', detail: 'Everybody sees it at once' },
            ]}
            value={visibility}
            onChange={setVisibility}
            isDisabled={isBusy}
          />
        </div>
        <TextField
          label="Token with the right to write"
          value={token}
          onChange={setToken}
          placeholder={plan.data?.hasToken ? 'The one this computer knows' : 'hf_…'}
          hint={
            keepsTokens
              ? 'Kept in the keychain of this computer'
              : 'Kept until this tab is closed: a browser has no safe place for it'
          }
          isDisabled={isBusy}
          isSecret
        />
        {work?.kind === 'failed' ? <ErrorState compact {...describeError(work.error)} /> : null}
        {work?.kind === 'working' ? (
          <Progress
            label={`Sending to ${repository}`}
            fraction={work.share}
            amount={plan.data ? `of ${formatDiskSize(plan.data.totalBytes)}` : ''}
            onCancel={() => publications.cancel(path)}
          />
        ) : null}
      </div>
    </Dialog>
  );
}

function PlanView({ plan }: { readonly plan: PublishPlan }) {
  return (
    <>
      {plan.warnings.map((warning) => (
        <p key={warning} className={styles['warning']}>
          {warning}
        </p>
      ))}
      <div className={styles['files']}>
        <DataTable
          label="Files that are sent"
          columns={[
            { id: 'file', header: 'File', cell: ({ path }) => <code>{path}</code> },
            {
              id: 'size',
              header: 'Size',
              align: 'right',
              cell: ({ sizeBytes }) => formatDiskSize(sizeBytes),
            },
          ]}
          rows={plan.files}
          idOf={({ path }) => path}
        />
      </div>
      <p className={styles['about']}>
        {`${formatQuantity(plan.files.length, 'file')}, ${formatDiskSize(plan.totalBytes)}. `}
        {plan.leftOut.length > 0 ? `Stay here: ${plan.leftOut.join(', ')}` : ''}
      </p>
    </>
  );
}

function PublishedDialog({ result, onClose }: { readonly result: Published; readonly onClose: () => void }) {
  return (
    <Dialog
      title="Published"
      isOpen
      onClose={onClose}
      actions={
        <>
          <CopyButton text={result.url} label="Copy link" />
          <Button kind="primary" autoFocus onPress={onClose}>
            Close
          </Button>
        </>
      }
    >
      <p>
        <a href={result.url} target="_blank" rel="noopener noreferrer">
          {result.url}
        </a>
      </p>
      <p className={styles['about']}>
        {`${formatQuantity(result.files, 'file')} in commit ${result.commit.slice(0, 7)}, ${formatDiskSize(result.sentBytes)} sent`}
      </p>
    </Dialog>
  );
}
