// Everything that is here of all checkpoints: what it takes of the budget, what may go and why, one click for all of that.
import { HardDrive, Pin } from 'lucide-react';
import { useState } from 'react';
import type { LocalCheckpoint, LocalCheckpoints as Local } from '../../../../core/api/checkpoint-budget.ts';
import { describeError } from '../../../app/describe-error.ts';
import { href, navigate } from '../../../app/route.ts';
import { useWorkspace } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatAge, formatDiskSize, formatInteger, formatQuantity } from '../../../ui/format.ts';
import { Menu } from '../../../ui/menu.tsx';
import { Pane, PaneHeader } from '../../../ui/pane.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { OpeningFeed } from '../openings.tsx';
import styles from './local.module.css';
import { type LocalChoice, useLocal } from './use-local.ts';

export function LocalCheckpoints() {
  const { local, remove, freeNow } = useLocal();
  const { data, error } = local;
  return (
    <Pane
      header={
        <PaneHeader
          title="Checkpoints on this computer"
          detail={data === undefined ? '' : formatQuantity(data.items.length, 'step')}
        />
      }
    >
      <OpeningFeed />
      {error ? (
        <ErrorState {...describeError(error)} />
      ) : data === undefined ? (
        <Skeleton label="Measuring what is here" rows={6} />
      ) : data.items.length === 0 ? (
        <EmptyState
          icon={HardDrive}
          title="No checkpoint is here yet"
          actions={<Button onPress={() => navigate(href('runs'))}>To the runs</Button>}
        >
          Choose a run, click a mark on its curve, and chat with the step: its weights come here, without the
          optimizer, and stay until you let them go.
        </EmptyState>
      ) : (
        <Filled local={data} onRemove={remove} onFree={freeNow} />
      )}
    </Pane>
  );
}

function Filled({
  local,
  onRemove,
  onFree,
}: {
  readonly local: Local;
  readonly onRemove: (choices: readonly LocalChoice[]) => Promise<void>;
  readonly onFree: () => Promise<void>;
}) {
  const { readOnly } = useWorkspace();
  const [isBusy, setBusy] = useState(false);
  const proposed = local.items.filter(({ proposal }) => proposal !== null);
  const bytes = proposed.reduce((sum, { proposal }) => sum + (proposal?.bytes ?? 0), 0);
  const act = async (work: () => Promise<void>) => {
    setBusy(true);
    await work().finally(() => setBusy(false));
  };
  return (
    <div className={styles['page']}>
      <Budget local={local} />
      {readOnly ? null : (
        <div className={styles['acts']}>
          <Button
            isDisabled={isBusy || proposed.length === 0}
            onPress={() => void act(() => onRemove(proposed.flatMap(choiceOf)))}
          >
            {proposed.length === 0
              ? 'Nothing may go'
              : `Remove what may go: ${formatDiskSize(bytes)} in ${formatQuantity(proposed.length, 'step')}`}
          </Button>
          {local.trashBytes === 0 ? null : (
            <Button kind="quiet" isDisabled={isBusy} onPress={() => void act(onFree)}>
              {`Free ${formatDiskSize(local.trashBytes)} of removed ones now`}
            </Button>
          )}
        </div>
      )}
      <DataTable
        label="What is here of checkpoints"
        rows={local.items}
        idOf={({ life }) => `${life.runId}/${life.step}`}
        columns={[
          { id: 'run', header: 'Run', cell: ({ life }) => life.runName },
          {
            id: 'step',
            header: 'Step',
            align: 'right',
            cell: ({ life }) => (
              <a href={href('runs', life.runId, { checkpoint: nameOf(life) })}>{formatInteger(life.step)}</a>
            ),
          },
          { id: 'weights', header: 'Weights', align: 'right', cell: weightsCell },
          { id: 'models', header: 'Models', cell: modelsCell },
          { id: 'verified', header: 'Verified', cell: verifiedCell },
          {
            id: 'used',
            header: 'Last used',
            cell: ({ life }) => (life.lastUsedMs === null ? '' : formatAge(life.lastUsedMs)),
          },
          { id: 'may', header: 'May go', cell: mayGoCell },
          {
            id: 'act',
            header: '',
            cell: (row) => (readOnly ? null : <RowMenu row={row} onRemove={onRemove} />),
          },
        ]}
      />
    </div>
  );
}

function Budget({ local }: { readonly local: Local }) {
  const { totalBytes, limitBytes, freeBytes } = local;
  const share = Math.min(1, totalBytes / limitBytes);
  const isOver = totalBytes > limitBytes;
  const words = `${formatDiskSize(totalBytes)} of a budget of ${formatDiskSize(limitBytes)}`;
  return (
    <div className={styles['budget']}>
      <div className={styles['bar']} role="img" aria-label={words}>
        <span data-over={isOver ? 'yes' : undefined} style={{ width: `${share * 100}%` }} />
      </div>
      <p className={styles['words']}>
        {`${words}${isOver ? ', which is more than it may be' : ''} · ${formatDiskSize(freeBytes)} free on this disk · `}
        <a href={href('settings')}>Change the budget</a>
      </p>
    </div>
  );
}

function RowMenu({
  row,
  onRemove,
}: {
  readonly row: LocalCheckpoint;
  readonly onRemove: (choices: readonly LocalChoice[]) => Promise<void>;
}) {
  const { life, weightsBytes, modelsBytes, source } = row;
  const own = { runId: life.runId, step: life.step };
  const only = source === 'there' ? '' : 'its run may not have it any more';
  const act = (what: LocalChoice['what']) => () => void onRemove([{ ...own, what }]);
  return (
    <Menu
      label={`Remove of step ${life.step} of ${life.runName}`}
      look="quiet"
      groups={[
        [
          {
            id: 'weights',
            label: `Remove the weights: ${formatDiskSize(weightsBytes)}`,
            detail: only,
            isDisabled: weightsBytes === 0 || life.pinned,
            isDanger: only !== '',
            perform: act('weights'),
          },
          {
            id: 'models',
            label: `Remove its models: ${formatDiskSize(modelsBytes)}`,
            isDisabled: modelsBytes === 0 || life.pinned,
            perform: act('models'),
          },
          {
            id: 'all',
            label: 'Remove all of it',
            detail: only,
            isDisabled: life.pinned,
            isDanger: only !== '',
            perform: act('all'),
          },
        ],
      ]}
    >
      Remove
    </Menu>
  );
}

function choiceOf({ life, proposal }: LocalCheckpoint): readonly LocalChoice[] {
  return proposal === null ? [] : [{ runId: life.runId, step: life.step, what: proposal.what }];
}

function nameOf({ step, source }: LocalCheckpoint['life']): string {
  return source.layout === 'nanotron' ? String(step) : `checkpoint-${step}`;
}

function weightsCell({ life, weightsBytes, partsBytes }: LocalCheckpoint) {
  if (partsBytes > 0) return `${formatDiskSize(partsBytes)} in parts`;
  if (life.pulled?.mode === 'reference') return 'where they are';
  return life.pulled === null ? '' : formatDiskSize(weightsBytes);
}

function modelsCell({ life, modelsBytes }: LocalCheckpoint) {
  if (life.models.length === 0) return '';
  return `${life.models.map(({ type }) => type).join(', ')} · ${formatDiskSize(modelsBytes)}`;
}

function verifiedCell({ life }: LocalCheckpoint) {
  return life.models.map(({ verified }) => verified?.verdict ?? 'not yet').join(', ');
}

function mayGoCell({ life, proposal, kept }: LocalCheckpoint) {
  if (proposal !== null)
    return `${proposal.what === 'all' ? 'all of it' : proposal.what}, ${formatDiskSize(proposal.bytes)}: ${proposal.reason}`;
  return (
    <span className={styles['kept']}>
      {life.pinned ? <Pin size={12} aria-hidden /> : null}
      {`no: ${kept ?? ''}`}
    </span>
  );
}
