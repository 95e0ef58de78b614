// The main action while annotating: begin another campaign over this data set.
import { useState } from 'react';
import type { PaneProps } from '../../../app/feature.ts';
import { useWorkspace } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { NewCampaignDialog } from './new-campaign-dialog.tsx';

export function AnnotateActions({ argument }: PaneProps) {
  const [isOpen, setOpen] = useState(false);
  const { readOnly } = useWorkspace();
  return (
    <>
      <Button kind="primary" isDisabled={readOnly} onPress={() => setOpen(true)}>
        New campaign…
      </Button>
      {isOpen ? <NewCampaignDialog path={argument ?? ''} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
