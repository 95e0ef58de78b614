// The middle pane: the conversation with one model. A file that was refused can be read about, not chatted with.
import { useQuery } from '@tanstack/react-query';
import { describeError } from '../../../app/describe-error.ts';
import type { PaneProps } from '../../../app/feature.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Pane, PaneHeader } from '../../../ui/pane.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { useModelTitle } from '../use-model-title.ts';
import { ChatPane } from './chat-pane.tsx';
import { useChatSession } from './session/use-chat-session.ts';

export function ChatWork({ argument, query }: PaneProps) {
  const path = argument ?? '';
  const client = useClient();
  const titleOf = useModelTitle();
  const model = useQuery({ queryKey: queryKeys.model(path), queryFn: () => client.models.inspect({ path }) });
  const { session, problem } = useChatSession(path, query);
  if (session) {
    const refusal = isRefusal(model.error) ? model.error : null;
    return (
      <ChatPane key={query.get('chat')} session={session} modelPath={path} query={query} refusal={refusal} />
    );
  }
  return (
    <Pane header={<PaneHeader title={titleOf(path)} />}>
      {problem ? <ErrorState {...describeError(problem)} /> : <Skeleton label="Opening the conversation" />}
    </Pane>
  );
}

/** The file itself is the problem; a lost connection, for one, is not. */
function isRefusal(error: unknown): boolean {
  return error !== null && ['CORRUPT_FILE', 'NOT_FOUND', 'INVALID_INPUT'].includes(describeError(error).code);
}
