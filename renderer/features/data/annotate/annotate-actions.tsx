// The main action while annotating: begin another campaign over this data set.
import { ClipboardPen } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useCommands } from '../../../app/commands.ts';
import type { PaneProps } from '../../../app/feature.ts';
import { useWorkspace } from '../../../app/session.ts';
import { Button } from '../../../ui/button.tsx';
import { NewCampaignDialog } from './new-campaign-dialog.tsx';

export function AnnotateActions({ argument }: PaneProps) {
  const [isOpen, setOpen] = useState(false);
  const { readOnly } = useWorkspace();
  useCommands(
    useMemo(
      () => [
        {
          id: 'data.annotate.new',
          title: 'New campaign…',
          group: 'Annotate',
          icon: ClipboardPen,
          when: () => !readOnly,
          perform: () => setOpen(true),
        },
      ],
      [readOnly],
    ),
  );
  return (
    <>
      <Button kind="primary" isDisabled={readOnly} onPress={() => setOpen(true)}>
        New campaign…
      </Button>
      {isOpen ? <NewCampaignDialog path={argument ?? ''} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
