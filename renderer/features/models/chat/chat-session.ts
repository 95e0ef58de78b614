// One conversation while it is on screen, outside React: its turns, the answer being written, what went wrong.
// Streams update only `answer`; finished turns go into the conversation and to disk.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Conversation } from '../../../../core/api/chat.ts';
import type { StudioClient } from '../../../../core/api/contract.ts';
import {
  type ChatMessage,
  type GenerationEvent,
  sampling as samplingSchema,
} from '../../../../core/api/generation.ts';
import { isAbort } from '../../../app/describe-error.ts';
import { notifyError } from '../../../app/notifications.ts';

/** The answer being written now. */
export type Answer =
  | { readonly kind: 'loading'; readonly fraction: number }
  | { readonly kind: 'writing'; readonly text: string; readonly tokens: number };

export interface ChatState {
  readonly conversation: Conversation;
  readonly answer: Answer | null;
  readonly problem: unknown;
}

export interface ChatSession {
  readonly store: StoreApi<ChatState>;
  send(text: string): Promise<void>;
  /** Answers the last user turn again; the old answer is replaced. */
  regenerate(): Promise<void>;
  /** Takes back everything from turn `index` on and returns its text for the composer. */
  rewind(index: number): string;
  stop(): void;
  change(change: Partial<Pick<Conversation, 'sampling' | 'systemPrompt' | 'mode' | 'title'>>): void;
}

type Turn = Conversation['messages'][number];

export function newConversationId(): string {
  return crypto.randomUUID();
}

export function emptyConversation(id: string, modelPath: string): Conversation {
  const nowMs = Date.now();
  return {
    id,
    title: 'New conversation',
    modelPath,
    systemPrompt: '',
    mode: 'chat',
    sampling: samplingSchema.parse({}),
    messages: [],
    createdMs: nowMs,
    changedMs: nowMs,
  };
}

export function createChatSession(client: StudioClient, initial: Conversation): ChatSession {
  const store = createStore<ChatState>(() => ({ conversation: initial, answer: null, problem: null }));
  let controller: AbortController | null = null;

  const edit = (change: Partial<Conversation>, rest: Partial<Omit<ChatState, 'conversation'>> = {}) =>
    store.setState(({ conversation }) => ({
      ...rest,
      conversation: { ...conversation, ...change, changedMs: Date.now() },
    }));
  const save = () => client.chat.saveConversation(store.getState().conversation).then(() => {}, notifyError);

  async function answer(): Promise<void> {
    const { conversation } = store.getState();
    if (controller || conversation.modelPath === null) return;
    const own = new AbortController();
    controller = own;
    const { signal } = own;
    store.setState({ answer: { kind: 'loading', fraction: 0 }, problem: null });
    let text = '';
    try {
      const events = await client.chat.answer(
        {
          modelPath: conversation.modelPath,
          prompt:
            conversation.mode === 'raw'
              ? { kind: 'raw', text: conversation.messages.map((turn) => turn.text).join('') }
              : { kind: 'chat', messages: withSystemPrompt(conversation) },
          sampling: conversation.sampling,
        },
        { signal },
      );
      for await (const event of events) {
        if (event.kind === 'text') text += event.text;
        take(event, text);
      }
    } catch (error) {
      if (signal.aborted || isAbort(error)) keepPartial(text);
      else store.setState({ problem: error });
    } finally {
      // After the last event the next message may be under way already.
      if (controller === own) {
        controller = null;
        store.setState({ answer: null });
      }
      await save();
    }
  }

  function take(event: GenerationEvent, text: string): void {
    if (event.kind === 'loading') store.setState({ answer: event });
    else if (event.kind === 'text')
      store.setState({ answer: { kind: 'writing', text, tokens: event.count } });
    else if (event.kind === 'done') {
      controller = null;
      append({ role: 'assistant', text, statistics: event.statistics, stopReason: event.stopReason });
    }
  }

  /** What was written before Stop stays: people stop because they have read enough. */
  function keepPartial(text: string): void {
    if (text !== '') append({ role: 'assistant', text, stopReason: 'stopped' });
  }

  function append(turn: Turn): void {
    const { conversation } = store.getState();
    const title = conversation.messages.length === 0 ? titleFrom(turn.text) : conversation.title;
    // A finished answer takes the place of the one being written in the same moment, or both would show.
    edit(
      { messages: [...conversation.messages, turn], title },
      turn.role === 'assistant' ? { answer: null } : {},
    );
  }

  return {
    store,
    async send(text) {
      if (controller || text.trim() === '') return;
      append({ role: 'user', text });
      await answer();
    },
    async regenerate() {
      const { messages } = store.getState().conversation;
      const last = messages.findLastIndex((turn) => turn.role === 'user');
      if (controller || last < 0) return;
      edit({ messages: messages.slice(0, last + 1) });
      await answer();
    },
    rewind(index) {
      const { messages } = store.getState().conversation;
      edit({ messages: messages.slice(0, index) });
      void save();
      return messages[index]?.text ?? '';
    },
    stop: () => controller?.abort(),
    change(change) {
      edit(change);
      if (store.getState().conversation.messages.length > 0) void save();
    },
  };
}

function withSystemPrompt(conversation: Conversation): ChatMessage[] {
  const turns = conversation.messages.map(({ role, text }) => ({ role, text }));
  const prompt = conversation.systemPrompt.trim();
  return prompt === '' ? turns : [{ role: 'system', text: prompt }, ...turns];
}

const TITLE_CHARACTERS = 48;

function titleFrom(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  return line.length > TITLE_CHARACTERS ? `${line.slice(0, TITLE_CHARACTERS)}…` : line;
}
