// The config view when no config is open: what this is, one action, one sample.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { FileSliders } from 'lucide-react';
import { notifyError } from '../../app/notifications.ts';
import { queryKeys } from '../../app/query-keys.ts';
import { href, navigate } from '../../app/route.ts';
import { useClient, useWorkspace } from '../../app/session.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { fileName } from '../../ui/format.ts';
import { askForNew } from './work/ask-for-config.ts';

export function ConfigsEmpty() {
  const client = useClient();
  const queries = useQueryClient();
  const workspace = useWorkspace();
  const { data } = useQuery({
    queryKey: queryKeys.configs,
    queryFn: ({ signal }) => client.configs.list(undefined, { signal }),
  });
  // A file that no tool is known to read may be anything, also no text at all.
  const configs = data?.filter(({ kind }) => kind !== 'unknown' && kind !== 'studio') ?? [];
  const first = configs.toSorted((left, right) => right.errors - left.errors)[0];
  return (
    <EmptyState
      icon={FileSliders}
      title="Configs are plain YAML files of the tools that read them"
      actions={
        <>
          {first === undefined ? null : (
            <Button kind="primary" onPress={() => navigate(href('configs', first.path))}>
              Open {fileName(first.path)}
            </Button>
          )}
          <Button
            isDisabled={workspace.readOnly}
            onPress={() => void askForNew({ client, queries }).catch(notifyError)}
          >
            New from template…
          </Button>
        </>
      }
    >
      Open one to edit it as text and as a form at once. Every rule it breaks is explained at its line, and
      what it means in parameters, tokens, memory and days is worked out while you type.
    </EmptyState>
  );
}
