// The middle pane when no model is chosen: what opens here, and the sample.
import { useQuery } from '@tanstack/react-query';
import { MessagesSquare } from 'lucide-react';
import { queryKeys } from '../../app/query-keys.ts';
import { href, navigate } from '../../app/route.ts';
import { useClient } from '../../app/session.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';

export function NoModelChosen() {
  const client = useClient();
  const models = useQuery({ queryKey: queryKeys.models, queryFn: () => client.models.list() });
  const usable = models.data?.find((model) => model.problem === null);
  return (
    <EmptyState
      icon={MessagesSquare}
      title="Talk to what was trained"
      actions={
        usable ? (
          <Button kind="primary" onPress={() => navigate(href('models', usable.path))}>
            {`Chat with ${usable.name}`}
          </Button>
        ) : null
      }
    >
      GGUF files in the models folder of the workspace are loaded on this computer, in a process of their own,
      and answer token by token. Nothing leaves the machine.
    </EmptyState>
  );
}
