// The sessions of this window by conversation, so that the work pane and the inspector share one,
// and an answer goes on while another view is shown.
import type { StudioClient } from '../../../../../core/api/contract.ts';
import { emptyConversation } from '../../../../../core/lib/conversations/new-conversation.ts';
import type { Preset } from '../../../../../core/lib/conversations/presets.ts';
import { describeError } from '../../../../app/describe-error.ts';
import { notify } from '../../../../app/notifications.ts';
import { type ChatSession, createChatSession } from './chat-session.ts';

const sessions = new Map<string, Promise<ChatSession>>();

/** Reads the conversation, or begins it when it was never saved. Another client (reconnected core) keeps sessions. */
export function chatSessionOf(
  client: StudioClient,
  id: string,
  modelPath: string,
  presetOf: (modelPath: string) => Promise<Preset | null>,
): Promise<ChatSession> {
  const known = sessions.get(id);
  const opening = known ?? open(client, id, modelPath, presetOf);
  if (!known) {
    sessions.set(id, opening);
    opening.catch(() => sessions.delete(id));
  }
  return opening.then((session) => {
    // The same conversation with another model: the next answer comes from that one.
    const { conversation, answer } = session.store.getState();
    if (conversation.modelPath !== modelPath && answer === null) {
      if (conversation.turns.length > 0) session.change({ modelPath });
      else session.store.setState({ conversation: { ...conversation, modelPath } });
    }
    return session;
  });
}

const savedListeners = new Set<() => void>();

/** Called when a conversation of this window was written. */
export function onConversationSaved(listener: () => void): () => void {
  savedListeners.add(listener);
  return () => savedListeners.delete(listener);
}

function sayConversationSaved(): void {
  for (const listener of savedListeners) listener();
}

export function forgetChatSession(id: string): void {
  const known = sessions.get(id);
  sessions.delete(id);
  void known?.then((session) => session.close());
}

/** Where a conversation changed on disk and is open here, its session takes the change over. */
export function refreshChatSession(id: string): void {
  void sessions.get(id)?.then((session) => session.refresh().catch(() => {}));
}

async function open(
  client: StudioClient,
  id: string,
  modelPath: string,
  presetOf: (modelPath: string) => Promise<Preset | null>,
): Promise<ChatSession> {
  const onMerged = () =>
    notify({
      severity: 'info',
      title: 'Another window wrote in this conversation too',
      detail: 'Both are kept; where both changed a turn, they stand beside each other as branches',
    });
  const hooks = { onMerged, onSaved: sayConversationSaved };
  try {
    const { conversation, version } = await client.conversations.read({ id });
    return createChatSession(client, conversation, { conversation, version }, hooks);
  } catch (error) {
    if (describeError(error).code !== 'NOT_FOUND') throw error;
    const preset = await presetOf(modelPath).catch(() => null);
    const { name: _name, ...settings } = preset ?? { name: '' };
    const conversation = { ...emptyConversation(id, modelPath, Date.now()), ...settings };
    return createChatSession(client, conversation, null, hooks);
  }
}
