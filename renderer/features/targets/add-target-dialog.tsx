// Adds a target to studio.yaml: a host of the ssh configuration, a name, what runs jobs there, a folder.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { NewTarget } from '../../../core/api/targets.ts';
import { describeError } from '../../app/describe-error.ts';
import { queryKeys } from '../../app/query-keys.ts';
import { useClient } from '../../app/session.ts';
import { useAttempt } from '../../app/use-attempt.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import styles from './targets.module.css';

/** A blank: no alias of ssh can be called that. */
const ANOTHER = ' ';

const kinds = [
  { id: 'slurm', label: 'Slurm cluster', detail: 'Runs are batch jobs' },
  {
    id: 'ssh-processes',
    label: 'Workstation without a scheduler',
    detail: 'Runs are processes of their own; they wait for free GPUs',
  },
] as const;

export function AddTargetDialog({
  onClose,
  onAdded,
}: {
  readonly onClose: () => void;
  readonly onAdded: (name: string) => void;
}) {
  const client = useClient();
  const known = useQuery({ queryKey: queryKeys.sshHosts, queryFn: () => client.targets.knownHosts() });
  const aliases = known.data ?? [];
  const [alias, setAlias] = useState<string | null>(null);
  const [typedHost, setTypedHost] = useState('');
  const [name, setName] = useState<string | null>(null);
  const [kind, setKind] = useState<NewTarget['kind']>('slurm');
  const [folder, setFolder] = useState('~/nesso-runs');
  const { isBusy, failure: problem, attempt } = useAttempt();
  const isTyped = alias === ANOTHER || (known.isSuccess && aliases.length === 0);
  const host = isTyped ? typedHost.trim() : (alias ?? '');
  const shownName = name ?? host;
  const hostProblem =
    host !== '' && !/^[^-\s][^\s]*$/.test(host) ? 'One word that does not start with a dash' : null;

  const add = async () => {
    await attempt(async () => {
      const added = await client.targets.add({
        name: shownName.trim(),
        kind,
        host,
        folder: folder.trim() === '' ? null : folder.trim(),
      });
      onAdded(added.name);
    });
  };

  return (
    <Dialog
      title="Add a target"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            kind="primary"
            isDisabled={isBusy || host === '' || hostProblem !== null || shownName.trim() === ''}
            onPress={() => void add()}
          >
            Add and connect
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        {aliases.length > 0 ? (
          <Select
            label="Host of your ssh configuration"
            choices={[
              ...aliases.map((one) => ({ id: one, label: one })),
              { id: ANOTHER, label: 'Another host…' },
            ]}
            value={alias}
            onChange={setAlias}
          />
        ) : null}
        {isTyped ? (
          <TextField
            label={aliases.length > 0 ? 'Host' : 'Host, as you would give it to ssh'}
            autoFocus
            mono
            value={typedHost}
            onChange={setTypedHost}
            error={hostProblem}
            hint="User, port, jump hosts and keys come from ~/.ssh/config"
          />
        ) : null}
        <TextField label="Name" value={shownName} onChange={setName} />
        <Select label="Kind" choices={kinds} value={kind} onChange={setKind} />
        <TextField
          label="Folder for runs there"
          mono
          value={folder}
          onChange={setFolder}
          hint="~/, $SCRATCH/ and $WORK/ are those of the target"
        />
        {problem ? <ErrorState compact {...describeError(problem)} /> : null}
      </div>
    </Dialog>
  );
}
