// Attaches a run that others launched: a target, and the folder there that the run writes into, typed or found by going through
// folders.
import { useQuery } from '@tanstack/react-query';
import { CornerLeftUp, FileText, Folder, Play } from 'lucide-react';
import { useState } from 'react';
import type { Run } from '../../../../core/api/runs.ts';
import type { Target } from '../../../../core/api/targets.ts';
import { describeError } from '../../../app/describe-error.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { href, navigate } from '../../../app/route.ts';
import { useTargets } from '../../../app/target-feed.tsx';
import { useAttempt } from '../../../app/use-attempt.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { ListView } from '../../../ui/list-view.tsx';
import { Select } from '../../../ui/select.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { useConnectTarget } from '../../targets/index.tsx';
import styles from './attach-dialog.module.css';

const UP = '..';

export interface AttachDialogProps {
  readonly onClose: () => void;
  readonly onAttached: (run: Run) => void;
}

export function AttachDialog({ onClose, onAttached }: AttachDialogProps) {
  const client = useClient();
  const targets = (useTargets() ?? []).filter(({ kind }) => kind !== 'local');
  const { connect } = useConnectTarget();
  const [chosen, setChosen] = useState<string | null>(null);
  const [path, setPath] = useState<string | null>(null);
  /** What is listed: the path of the last browse, not what is being typed. */
  const [listed, setListed] = useState<string | null>(null);
  const [name, setName] = useState('');
  const { isBusy, failure: problem, attempt } = useAttempt();
  const target = targets.find((one) => one.name === chosen) ?? firstChoice(targets);
  const typed = path ?? target?.folder ?? '~';
  const shownFolder = listed ?? target?.folder ?? '~';

  const attach = async () => {
    if (!target) return;
    await attempt(async () => {
      const given = name.trim() === '' ? {} : { name: name.trim() };
      onAttached(await client.runs.attach({ target: target.name, path: typed.trim(), ...given }));
    });
  };
  const enter = (folder: string) => {
    setPath(folder);
    setListed(folder);
  };

  return (
    <Dialog
      title="Attach a run"
      isOpen
      onClose={onClose}
      {...(target === null ? {} : { width: 'wide' })}
      actions={
        <>
          {problem ? <ErrorState compact {...describeError(problem)} /> : null}
          <Button onPress={onClose}>Cancel</Button>
          {target === null ? (
            <Button kind="primary" onPress={() => navigate(href('targets', null, { add: 1 }))}>
              Add target…
            </Button>
          ) : (
            <Button
              kind="primary"
              isDisabled={isBusy || target?.connection.kind !== 'connected' || typed.trim() === ''}
              onPress={() => void attach()}
            >
              {isBusy ? 'Attaching' : 'Attach'}
            </Button>
          )}
        </>
      }
    >
      {target ? (
        <div className={styles['form']}>
          <p className={styles['about']}>
            A run of a colleague, or one that was started by hand. It is followed and read here; nothing is
            stopped or removed on the target.
          </p>
          <Select
            label="Target"
            choices={targets.map((one) => ({ id: one.name, label: one.name, detail: one.host ?? '' }))}
            value={target.name}
            onChange={(next) => {
              setChosen(next);
              setPath(null);
              setListed(null);
            }}
          />
          <form
            className={styles['path']}
            onSubmit={(event) => {
              event.preventDefault();
              setListed(typed.trim());
            }}
          >
            <TextField
              label="Folder of the run, or its log"
              mono
              value={typed}
              onChange={setPath}
              hint="~/ and $SCRATCH/ are your own there; Enter lists the folder"
            />
          </form>
          {target.connection.kind === 'connected' ? (
            <Entries
              target={target}
              path={shownFolder}
              chosenPath={typed}
              onEnter={enter}
              onChoose={setPath}
            />
          ) : (
            <div className={styles['offline']} role="status">
              <span>{target.name} is not connected</span>
              <Button onPress={() => void connect(target.name)}>Connect</Button>
            </div>
          )}
          <TextField label="Name" value={name} onChange={setName} hint="That of the folder when left empty" />
        </div>
      ) : (
        <p className={styles['about']}>
          Runs are attached on a cluster or a workstation, and there is none yet.
        </p>
      )}
    </Dialog>
  );
}

interface Row {
  readonly name: string;
  readonly kind: 'folder' | 'run' | 'file' | 'up';
}

function Entries({
  target,
  path,
  chosenPath,
  onEnter,
  onChoose,
}: {
  readonly target: Target;
  readonly path: string;
  readonly chosenPath: string;
  readonly onEnter: (folder: string) => void;
  readonly onChoose: (path: string) => void;
}) {
  const client = useClient();
  const folder = useQuery({
    queryKey: queryKeys.browse(target.name, path),
    queryFn: ({ signal }) => client.targets.browse({ name: target.name, path }, { signal }),
    retry: false,
  });
  if (folder.error) return <ErrorState compact {...describeError(folder.error)} />;
  if (!folder.data) return <Skeleton label="Listing the folder" />;
  const { path: real, entries, left } = folder.data;
  const rows: readonly Row[] = [...(real === '/' ? [] : [{ name: UP, kind: 'up' as const }]), ...entries];
  const pathOf = (name: string) =>
    name === UP ? real.slice(0, Math.max(1, real.lastIndexOf('/'))) : `${real === '/' ? '' : real}/${name}`;
  const open = (name: string) => {
    const kind = rows.find((row) => row.name === name)?.kind;
    if (kind === 'run' || kind === 'file') onChoose(pathOf(name));
    else onEnter(pathOf(name));
  };
  return (
    <div className={styles['entries']}>
      <ListView
        label={`Entries of ${real}`}
        items={rows}
        idOf={(row) => row.name}
        textOf={(row) => row.name}
        selectedId={rows.find((row) => pathOf(row.name) === chosenPath)?.name ?? null}
        onOpen={open}
        renderItem={(row) => <Entry row={row} />}
        empty={<p className={styles['about']}>This folder is empty</p>}
        filterLabel="Filter entries"
      />
      <p className={styles['count']}>
        {real}
        {left > 0 ? ` · the newest ${entries.length} of ${entries.length + left}` : ` · newest first`}
      </p>
    </div>
  );
}

function Entry({ row }: { readonly row: Row }) {
  const Icon = { up: CornerLeftUp, folder: Folder, run: Play, file: FileText }[row.kind];
  return (
    <span className={styles['entry']}>
      <Icon size={14} strokeWidth={1.75} aria-hidden />
      <span className={styles['name']}>{row.kind === 'up' ? 'One folder up' : row.name}</span>
      {row.kind === 'run' ? <span className={styles['kind']}>run</span> : null}
    </span>
  );
}

function firstChoice(targets: readonly Target[]): Target | null {
  return targets.find(({ connection }) => connection.kind === 'connected') ?? targets[0] ?? null;
}
