// The view's main action: opens the dialog for a new target, which the route can name too (`?add=1`).
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { PaneProps } from '../../app/feature.ts';
import { href, navigate } from '../../app/route.ts';
import { Button } from '../../ui/button.tsx';
import { AddTargetDialog } from './add-target-dialog.tsx';
import { useConnectTarget } from './use-connect-target.ts';

export function AddTargetAction({ argument, query }: PaneProps) {
  const [isOpen, setOpen] = useState(false);
  const { connect } = useConnectTarget();
  const isNamed = query.has('add');
  const close = () => {
    setOpen(false);
    if (isNamed) navigate(href('targets', argument), { replace: true });
  };
  return (
    <>
      <Button kind="primary" icon={Plus} onPress={() => setOpen(true)}>
        Add target…
      </Button>
      {isOpen || isNamed ? (
        <AddTargetDialog
          onClose={close}
          onAdded={(name) => {
            setOpen(false);
            navigate(href('targets', name));
            void connect(name);
          }}
        />
      ) : null}
    </>
  );
}
