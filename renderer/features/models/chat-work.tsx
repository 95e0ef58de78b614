// The middle pane: the conversation with one model.
import { describeError } from '../../app/describe-error.ts';
import type { PaneProps } from '../../app/feature.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { fileName } from '../../ui/format.ts';
import { Pane, PaneHeader } from '../../ui/pane.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ChatPane } from './chat-pane.tsx';
import { useChatSession } from './use-chat-session.ts';

export function ChatWork({ argument, query }: PaneProps) {
  const path = argument ?? '';
  const { session, problem } = useChatSession(path, query);
  if (session) return <ChatPane key={query.get('chat')} session={session} modelPath={path} />;
  return (
    <Pane header={<PaneHeader title={fileName(path)} />}>
      {problem ? <ErrorState {...describeError(problem)} /> : <Skeleton label="Opening the conversation" />}
    </Pane>
  );
}
