// The middle pane when no target is chosen: what a target is, and how to add the first.
import { Server } from 'lucide-react';
import { href, navigate } from '../../app/route.ts';
import { useTargets } from '../../app/target-feed.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Pane, PaneHeader } from '../../ui/pane.tsx';

export function NoTargetChosen() {
  const isEmpty = (useTargets() ?? []).every(({ kind }) => kind === 'local');
  return (
    <Pane header={<PaneHeader title="Targets" />}>
      <EmptyState
        icon={Server}
        title={isEmpty ? 'No cluster yet' : 'Choose a target'}
        actions={
          <>
            <Button
              icon={Server}
              onPress={() => navigate(href('targets', null, { add: 1 }), { replace: true })}
            >
              Add target…
            </Button>
            <Button onPress={() => navigate(href('configs', 'studio.yaml'))}>Open studio.yaml</Button>
          </>
        }
      >
        A target is a computer that runs are sent to: a host of your ssh configuration, a folder there, and
        Slurm. The studio logs in with your own OpenSSH, so jump hosts, agents, hardware keys and codes work
        as in a terminal. Nothing is installed there beyond a folder for each run.
      </EmptyState>
    </Pane>
  );
}
