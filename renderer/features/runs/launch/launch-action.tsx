// The view's main action: opens the launch dialog, which the route can name too
// (`?launch=train-head`), with parameters of the recipe beside it (`&config=configs/a.yaml`).
import { Link2, Play } from 'lucide-react';
import { useState } from 'react';
import type { PaneProps } from '../../../app/feature.ts';
import { href, navigate } from '../../../app/route.ts';
import { Button } from '../../../ui/button.tsx';
import { AttachDialog } from './attach-dialog.tsx';
import { LaunchDialog } from './launch-dialog.tsx';

export function LaunchAction({ argument, query }: PaneProps) {
  const [isOpen, setOpen] = useState(false);
  const named = query.get('launch');
  const given = Object.fromEntries([...query].filter(([key]) => key !== 'launch'));
  const isAttaching = query.get('attach') !== null;
  const close = () => {
    setOpen(false);
    const config = given['config'];
    // Whoever came from a config and thought better of it is back at it.
    if (config !== undefined) navigate(href('configs', config), { replace: true });
    else if (named !== null) navigate(href('runs', argument), { replace: true });
  };
  return (
    <>
      <Button icon={Link2} onPress={() => navigate(href('runs', argument, { attach: '1' }))}>
        Attach…
      </Button>
      <Button kind="primary" icon={Play} onPress={() => setOpen(true)}>
        Launch…
      </Button>
      {isAttaching ? (
        <AttachDialog
          onClose={() => navigate(href('runs', argument), { replace: true })}
          onAttached={(run) => navigate(href('runs', run.id), { replace: true })}
        />
      ) : null}
      {isOpen || named !== null ? (
        <LaunchDialog
          start={{ recipe: named, parameters: given }}
          onClose={close}
          onLaunched={(run) => {
            setOpen(false);
            navigate(href('runs', run.id));
          }}
        />
      ) : null}
    </>
  );
}
