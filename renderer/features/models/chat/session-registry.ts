// The sessions of this window by conversation, so that the work pane and the inspector share one,
// and an answer goes on while another view is shown.
import type { StudioClient } from '../../../../core/api/contract.ts';
import { type ChatSession, createChatSession, emptyConversation } from './chat-session.ts';

const sessions = new Map<string, Promise<ChatSession>>();

/** Reads the conversation, or begins it when it was never saved. Another client (reconnected core) keeps sessions. */
export function chatSessionOf(client: StudioClient, id: string, modelPath: string): Promise<ChatSession> {
  const known = sessions.get(id);
  if (known) return known;
  const opening = open(client, id, modelPath);
  sessions.set(id, opening);
  opening.catch(() => sessions.delete(id));
  return opening;
}

export function forgetChatSession(id: string): void {
  sessions.delete(id);
}

async function open(client: StudioClient, id: string, modelPath: string): Promise<ChatSession> {
  const saved = await client.chat.listConversations();
  const exists = saved.some((conversation) => conversation.id === id);
  const conversation = exists ? await client.chat.readConversation({ id }) : emptyConversation(id, modelPath);
  return createChatSession(client, { ...conversation, modelPath });
}
