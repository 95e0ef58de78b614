// The main action of blind votes: another one.
import { useState } from 'react';
import { useWorkspace } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { NewVoteDialog } from './new-vote-dialog.tsx';

export function VoteAction() {
  const { readOnly } = useWorkspace();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button kind="primary" isDisabled={readOnly} onPress={() => setOpen(true)}>
        New blind vote…
      </Button>
      {isOpen ? <NewVoteDialog onClose={() => setOpen(false)} /> : null}
    </>
  );
}
