// One conversation while it is on screen, outside React: its tree, the answer being written, what went wrong.
// A stream updates only its feed; finished turns go into the tree and to disk.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { StudioClient } from '../../../../../core/api/contract.ts';
import type { Conversation, Turn } from '../../../../../core/api/conversations.ts';
import type { ToolCall } from '../../../../../core/api/generation.ts';
import { openCalls } from '../../../../../core/lib/conversations/check-answer.ts';
import {
  NEW_TITLE,
  titleFrom,
  withoutTokenDetail,
} from '../../../../../core/lib/conversations/new-conversation.ts';
import { withoutEnd } from '../../../../../core/lib/conversations/token-columns.ts';
import {
  addTurns,
  changeTurn,
  editTurn,
  pathTo,
  removeBranch,
  showBeside,
  shownPath,
  showTurn,
  turnById,
} from '../../../../../core/lib/conversations/tree.ts';
import { type AnswerPlan, createAnswering } from './answering.ts';
import { type ChatState, newId } from './chat-state.ts';
import { createConversationSaver, type Saved } from './conversation-saver.ts';

export type ConversationChange = Partial<
  Omit<Conversation, 'format' | 'id' | 'turns' | 'chosen' | 'createdMs' | 'changedMs'>
>;

export interface ChatSession {
  readonly store: StoreApi<ChatState>;
  /** Adds what a person wrote at the end of the shown branch and answers; `start` is how the answer has to begin. */
  send(text: string, start?: string): Promise<void>;
  /** Another answer beside this one. */
  regenerate(turnId: string): Promise<void>;
  /** Answers the last turn of the shown branch, after a failure or when nothing answered it yet. */
  answer(): Promise<void>;
  /** Goes on where an answer stopped. */
  continueAnswer(turnId: string): Promise<void>;
  /** A branch that is the same up to `place` and has other tokens there; it goes on from them. */
  forceTokens(
    turnId: string,
    place: number,
    forced: string | { readonly id: number; readonly text: string },
  ): Promise<void>;
  stop(): void;
  change(change: ConversationChange): void;
  /** The text in place: what follows stays. */
  edit(turnId: string, text: string): void;
  /** The text as a branch beside the old one; what a person wrote is answered. */
  editAsBranch(turnId: string, text: string): Promise<void>;
  /** Arguments of a call as a person wants them. */
  editCall(turnId: string, callId: string, argumentsText: string): void;
  /** The answer of a tool; the model goes on when no call is open any more. */
  answerCall(turnId: string, call: ToolCall, text: string): Promise<void>;
  showBeside(turnId: string, by: number): void;
  show(turnId: string): void;
  /** Removes a turn and what follows; the result brings it back. */
  remove(turnId: string): (() => void) | null;
  dropTokenDetail(keep: number): Promise<void>;
  save(): Promise<void>;
  /** Another window may have written. */
  refresh(): Promise<void>;
  /** Nothing is written any more. */
  close(): void;
}

/** Answers of tools in a row without a person: more is a model going around in circles. */
const MAX_MOCK_ROUNDS = 8;

export function createChatSession(
  client: StudioClient,
  initial: Conversation,
  saved: Saved | null,
  { onMerged, onSaved }: { readonly onMerged: () => void; readonly onSaved: () => void },
): ChatSession {
  const store = createStore<ChatState>(() => ({
    conversation: initial,
    answer: null,
    problem: null,
    saveProblem: null,
  }));
  const conversation = () => store.getState().conversation;
  const set = (next: Conversation, rest: Partial<Omit<ChatState, 'conversation'>> = {}) => {
    if (next === conversation()) store.setState(rest);
    else store.setState({ ...rest, conversation: { ...next, changedMs: Date.now() } });
  };
  const saver = createConversationSaver({
    client,
    saved,
    current: conversation,
    onMerged: (merged, hadOwnChanges) => {
      store.setState({ conversation: merged });
      if (hadOwnChanges) onMerged();
    },
    onSaved,
    onProblem: (saveProblem) => {
      if (store.getState().saveProblem !== saveProblem) store.setState({ saveProblem });
    },
  });
  const answering = createAnswering({ client, store, set, save: () => saver.save() });
  const isBusy = () => store.getState().answer !== null;

  const append = (turn: Omit<Turn, 'id' | 'parentId' | 'createdMs'>, parentId: string | null) => {
    const id = newId();
    const at = conversation();
    const named =
      at.turns.length === 0 && at.title === NEW_TITLE ? { ...at, title: titleFrom(turn.text) } : at;
    set(addTurns(named, [{ ...turn, id, parentId, createdMs: Date.now() }]), { problem: null });
    return id;
  };
  const answerAfter = async (parentId: string | null, plan: Partial<AnswerPlan> = {}) => {
    await answering.run({ parentId, start: null, replaces: null, ...plan });
    for (let round = 0; round < MAX_MOCK_ROUNDS && answerFromMocks(); round += 1)
      await answering.run({ parentId: lastShown(), start: null, replaces: null });
  };
  const lastShown = () => shownPath(conversation()).at(-1)?.id ?? null;
  /** True when every open call had an answer without asking. */
  const answerFromMocks = (): boolean => {
    const { mockAnswers } = conversation();
    const calls = openCalls(shownPath(conversation()));
    if (isBusy() || store.getState().problem !== null || calls.length === 0) return false;
    if (!calls.every(({ name }) => Object.hasOwn(mockAnswers, name))) return false;
    for (const call of calls)
      append(
        { role: 'tool', text: mockAnswers[call.name] ?? '', toolCallId: call.id, toolName: call.name },
        lastShown(),
      );
    return true;
  };

  return {
    store,
    async send(text, start = '') {
      if (isBusy() || text.trim() === '') return;
      const parentId = append({ role: 'user', text }, lastShown());
      await answerAfter(parentId, start === '' ? {} : { start: await answering.startOf(start) });
    },
    async regenerate(turnId) {
      const turn = turnById(conversation(), turnId);
      if (isBusy() || !turn) return;
      await answerAfter(turn.role === 'assistant' ? turn.parentId : turn.id);
    },
    async answer() {
      if (!isBusy()) await answerAfter(lastShown());
    },
    async continueAnswer(turnId) {
      const turn = turnById(conversation(), turnId);
      if (isBusy() || turn?.role !== 'assistant') return;
      const start = turn.tokens
        ? { text: turn.text, tokens: withoutEnd(turn.tokens) }
        : await answering.startOf(turn.text);
      await answerAfter(turn.parentId, { start, replaces: turnId });
    },
    async forceTokens(turnId, place, forced) {
      const turn = turnById(conversation(), turnId);
      if (isBusy() || !turn?.tokens) return;
      const start = await answering.forcedStart(turn.tokens, turn.text, place, forced);
      if (start) await answerAfter(turn.parentId, { start });
    },
    stop: () => answering.stop(),
    change(change) {
      set({ ...conversation(), ...change });
      saver.saveSoon();
    },
    edit(turnId, text) {
      set(editTurn(conversation(), turnId, text));
      void saver.save();
    },
    async editAsBranch(turnId, text) {
      const turn = turnById(conversation(), turnId);
      if (isBusy() || !turn) return;
      const { toolCallId, toolName } = turn;
      const id = append(
        {
          role: turn.role,
          text,
          edited: true,
          ...(toolCallId === undefined ? {} : { toolCallId }),
          ...(toolName === undefined ? {} : { toolName }),
        },
        turn.parentId,
      );
      if (turn.role === 'assistant') await saver.save();
      else await answerAfter(id);
    },
    editCall(turnId, callId, argumentsText) {
      const calls = turnById(conversation(), turnId)?.toolCalls ?? [];
      const toolCalls = calls.map((call) =>
        call.id === callId ? { ...call, arguments: argumentsText } : call,
      );
      set(changeTurn(conversation(), turnId, { toolCalls, edited: true }));
      void saver.save();
    },
    async answerCall(turnId, call, text) {
      if (isBusy()) return;
      const path = shownPath(conversation());
      const parentId = path.some(({ id }) => id === turnId) ? (path.at(-1)?.id ?? turnId) : turnId;
      append({ role: 'tool', text, toolCallId: call.id, toolName: call.name }, parentId);
      await saver.save();
      if (openCalls(shownPath(conversation())).length === 0) await answerAfter(lastShown());
    },
    showBeside(turnId, by) {
      if (isBusy()) return;
      set(showBeside(conversation(), turnId, by));
      saver.saveSoon();
    },
    show(turnId) {
      if (isBusy() || pathTo(conversation(), turnId).length === 0) return;
      set(showTurn(conversation(), turnId));
      saver.saveSoon();
    },
    remove(turnId) {
      if (isBusy()) return null;
      const { conversation: without, removed } = removeBranch(conversation(), turnId);
      if (removed.length === 0) return null;
      const { chosen } = conversation();
      set(without, { problem: null });
      void saver.save();
      return () => {
        const known = new Set(conversation().turns.map(({ id }) => id));
        const back = addTurns(
          conversation(),
          removed.filter(({ id }) => !known.has(id)),
        );
        set({ ...back, chosen: { ...back.chosen, ...chosen } });
        void saver.save();
      };
    },
    async dropTokenDetail(keep) {
      set({ ...conversation(), turns: withoutTokenDetail(conversation().turns, keep) });
      await saver.save();
    },
    save: () => saver.save(),
    refresh: () => (isBusy() ? Promise.resolve() : saver.refresh()),
    close() {
      answering.stop();
      saver.stop();
    },
  };
}
