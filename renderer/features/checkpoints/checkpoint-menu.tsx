// What else can be done with a checkpoint: only its weights, a copy, keeping it, its way back to the command line.
import { ClipboardCheck, Copy, Download, Ellipsis, Pin } from 'lucide-react';
import { Suspense, useState } from 'react';
import type { CheckpointLife } from '../../../core/api/checkpoint-life.ts';
import type { Checkpoint } from '../../../core/api/checkpoints.ts';
import type { Run } from '../../../core/api/runs.ts';
import { notifyError } from '../../app/notifications.ts';
import { useClient } from '../../app/session.ts';
import { Menu, type MenuEntry } from '../../ui/menu.tsx';
import { EvaluateDialog } from '../evaluations/index.tsx';
import { pullOnly } from './start-opening.ts';

export function CheckpointMenu({
  run,
  checkpoint,
  life,
  isOffline,
}: {
  readonly run: Run;
  readonly checkpoint: Checkpoint;
  readonly life: CheckpointLife | null;
  readonly isOffline: boolean;
}) {
  const client = useClient();
  const { step, problem, path } = checkpoint;
  const isLocal = run.target === 'this-computer';
  const asked = { id: run.id, step };
  const [isEvaluating, setEvaluating] = useState(false);
  const isPinned = life?.pinned === true;
  const acts: readonly MenuEntry[] = [
    {
      id: 'pull',
      label: isLocal ? 'Copy the weights' : 'Pull the weights only',
      detail: isLocal
        ? 'a copy of its own, whatever becomes of the run'
        : 'without optimizer and random states',
      icon: Download,
      isDisabled: problem !== null || isOffline,
      perform: () => void pullOnly(client, { ...asked, how: 'copy' }),
    },
    {
      id: 'wait',
      label: 'Pull it once it is whole',
      icon: Download,
      isDisabled: problem === null || isOffline,
      perform: () => void pullOnly(client, { ...asked, wait: true }),
    },
    ...(isLocal
      ? []
      : [
          {
            id: 'evaluate',
            label: `Evaluate on ${run.target}…`,
            detail: 'a set of benchmarks, where it lies',
            icon: ClipboardCheck,
            isDisabled: problem !== null,
            perform: () => setEvaluating(true),
          },
        ]),
    {
      id: 'pin',
      label: 'Keep what is here',
      detail: 'whatever the disk budget',
      icon: Pin,
      isOn: isPinned,
      isDisabled: life === null,
      perform: () => void client.checkpoints.pin({ ...asked, pinned: !isPinned }).catch(notifyError),
    },
  ];
  const command = `nesso checkpoint open ${run.id} --step ${step}`;
  const copies: readonly MenuEntry[] = [
    {
      id: 'command',
      label: 'Copy as a command',
      icon: Copy,
      perform: () => void navigator.clipboard.writeText(command).catch(notifyError),
    },
    {
      id: 'path',
      label: 'Copy path',
      icon: Copy,
      perform: () => void navigator.clipboard.writeText(path).catch(notifyError),
    },
  ];
  return (
    <>
      <Menu label={`More about step ${step}`} icon={Ellipsis} groups={[acts, copies]} />
      {isEvaluating ? (
        <Suspense>
          <EvaluateDialog checkpoint={{ run, step }} onClose={() => setEvaluating(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
