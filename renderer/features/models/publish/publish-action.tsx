// The action of a Hugging Face folder that sends it to the hub.
import { useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { useWorkspace } from '../../../app/session.ts';
import { PublishDialog } from './publish-dialog.tsx';

export function PublishAction({ path }: { readonly path: string }) {
  const [isOpen, setOpen] = useState(false);
  const { readOnly } = useWorkspace();
  return (
    <>
      <Button isDisabled={readOnly} onPress={() => setOpen(true)}>
        Publish…
      </Button>
      {isOpen ? <PublishDialog path={path} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
