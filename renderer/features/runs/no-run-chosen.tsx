// The middle pane when no run is chosen: what runs are, and how to start the first one; or the checkpoints of all of them that are
// on this computer.
import { LineChart } from 'lucide-react';
import { href, navigate, useRoute } from '../../app/route.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { LocalCheckpoints } from '../checkpoints/index.tsx';

export function NoRunChosen() {
  const route = useRoute();
  if (route?.query.get('checkpoints') === 'local') return <LocalCheckpoints />;
  return (
    <EmptyState
      icon={LineChart}
      title="Runs and their curves"
      actions={
        <Button kind="primary" onPress={() => navigate(href('runs', null, { launch: 'train-head' }))}>
          Launch the sample training…
        </Button>
      }
    >
      A run is one launch of a recipe. Its log and metrics are files of the workspace, so it goes on when the
      studio closes and is found again. Any training log in the workspace opens here too, with its curves.
    </EmptyState>
  );
}
