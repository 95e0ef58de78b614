// The action of a dataset that trains a head from its labels. The address can open it: `?train=1`.
import { Sprout } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useCommands } from '../../../app/commands.ts';
import type { PaneProps } from '../../../app/feature.ts';
import { useWorkspace } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { TRAIN_COMMAND } from './train-command.ts';
import { TrainDialog } from './train-dialog.tsx';

export function TrainAction({ argument, query }: PaneProps) {
  const [isOpen, setOpen] = useState(query.get('train') !== null);
  const { readOnly } = useWorkspace();
  useCommands(
    useMemo(
      () => [
        {
          id: TRAIN_COMMAND,
          title: 'Train a head from this dataset…',
          group: 'Data',
          icon: Sprout,
          when: () => !readOnly,
          perform: () => setOpen(true),
        },
      ],
      [readOnly],
    ),
  );
  if (argument === null) return null;
  return (
    <>
      <Button isDisabled={readOnly} onPress={() => setOpen(true)}>
        Train a head…
      </Button>
      {isOpen ? <TrainDialog path={argument} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
