// React's view of a chat session: which conversation the route means, its session and its state.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { queryKeys } from '../../../../app/query-keys.ts';
import { href, navigate } from '../../../../app/route.ts';
import { useClient } from '../../../../app/session.ts';
import type { ChatSession } from './chat-session.ts';
import { type ChatState, newId } from './chat-state.ts';
import { defaultPresetOf } from '../inspector/presets.ts';
import { chatSessionOf } from './session-registry.ts';

export interface OpenedSession {
  readonly session: ChatSession | null;
  readonly problem: unknown;
}

/** Without `?chat=` the newest conversation with this model is meant, or a new one; the route then names it. */
export function useChatSession(modelPath: string, query: URLSearchParams): OpenedSession {
  const client = useClient();
  const [opened, setOpened] = useState<OpenedSession>({ session: null, problem: null });
  const named = query.get('chat');
  const conversations = useQuery({
    queryKey: queryKeys.conversations,
    queryFn: () => client.conversations.list(),
    enabled: named === null,
  });
  const known = conversations.data;

  useEffect(() => {
    if (named !== null || !known) return;
    const newest = known
      .filter((conversation) => conversation.modelPath === modelPath && conversation.problem === null)
      .sort((a, b) => b.changedMs - a.changedMs)[0];
    navigate(href('models', modelPath, { chat: newest?.id ?? newId() }), { replace: true });
  }, [named, known, modelPath]);

  useEffect(() => {
    if (named === null) return;
    let current = true;
    setOpened({ session: null, problem: null });
    chatSessionOf(client, named, modelPath, (path) => defaultPresetOf(client, path)).then(
      (session) => current && setOpened({ session, problem: null }),
      (problem: unknown) => current && setOpened({ session: null, problem }),
    );
    return () => {
      current = false;
    };
  }, [client, named, modelPath]);

  return { session: opened.session, problem: opened.problem ?? conversations.error };
}

export function useChatState<Part>(session: ChatSession, select: (state: ChatState) => Part): Part {
  return useStore(session.store, select);
}
