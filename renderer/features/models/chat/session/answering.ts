// Runs one answer of a chat session: asks core, feeds what comes to the screen, and makes a turn of it whatever happens.
import type { StoreApi } from 'zustand/vanilla';
import type { StudioClient } from '../../../../../core/api/contract.ts';
import type { Conversation, TokenColumns, Turn } from '../../../../../core/api/conversations.ts';
import type { GenerationEvent, PromptToken } from '../../../../../core/api/generation.ts';
import { checkAnswer } from '../../../../../core/lib/conversations/check-answer.ts';
import { promptFor } from '../../../../../core/lib/conversations/prompt.ts';
import { noTokens, textBefore, withForced } from '../../../../../core/lib/conversations/token-columns.ts';
import { addTurns, changeTurn, pathTo } from '../../../../../core/lib/conversations/tree.ts';
import { isAbort } from '../../../../app/describe-error.ts';
import { createAnswerFeed } from './answer-feed.ts';
import { type ChatState, newId, type StartedAnswer } from './chat-state.ts';

export interface AnswerPlan {
  /** The turn that is answered; null where nothing stands before the answer. */
  readonly parentId: string | null;
  readonly start: StartedAnswer | null;
  /** The answer that goes on; null makes a new turn. */
  readonly replaces: string | null;
}

export interface Answering {
  run(plan: AnswerPlan): Promise<void>;
  stop(): void;
  /** A text with its tokens, where tokens are kept. */
  startOf(text: string): Promise<StartedAnswer>;
  /** The answer up to `place`, then a token of the list or a text a person typed. */
  forcedStart(
    tokens: TokenColumns,
    text: string,
    place: number,
    forced: string | { readonly id: number; readonly text: string },
  ): Promise<StartedAnswer | null>;
}

export function createAnswering({
  client,
  store,
  set,
  save,
}: {
  readonly client: StudioClient;
  readonly store: StoreApi<ChatState>;
  readonly set: (conversation: Conversation, rest?: Partial<Omit<ChatState, 'conversation'>>) => void;
  readonly save: () => Promise<void>;
}): Answering {
  let controller: AbortController | null = null;
  const conversation = () => store.getState().conversation;

  const tokenized = async (text: string): Promise<readonly PromptToken[]> => {
    const { modelPath } = conversation();
    if (modelPath === null) return [];
    return (await client.chat.tokenize({ modelPath, text, addBos: false })).tokens;
  };

  async function run({ parentId, start, replaces }: AnswerPlan): Promise<void> {
    const asked = conversation();
    const { modelPath } = asked;
    if (controller || modelPath === null) return;
    const own = new AbortController();
    controller = own;
    const { signal } = own;
    const feed = createAnswerFeed(start ?? { text: '', tokens: null });
    store.setState({ answer: { parentId, phase: { kind: 'loading', fraction: 0 }, feed }, problem: null });
    const before = parentId === null ? [] : pathTo(asked, parentId);
    let ending: Partial<Turn> = {};
    let problem: unknown = null;
    // Beside the answer: which weights wrote it is said by the header of their file.
    const weights = client.models.fingerprint({ path: modelPath }).then(
      (found) => found.weightsSha256,
      () => null,
    );
    try {
      const events = await client.chat.answer(
        {
          modelPath,
          contextTokens: asked.contextTokens,
          prompt: promptFor(
            asked,
            before,
            start ? { text: start.text, tokens: start.tokens?.ids ?? null } : null,
          ),
          sampling: asked.sampling,
          format: asked.answerFormat,
          topTokens: asked.topTokens,
          device: asked.threads === null ? null : { threads: asked.threads, memoryBytes: null },
        },
        { signal },
      );
      for await (const event of events) {
        if (event.kind === 'text') {
          feed.append(event.text, event.tokens, event.count);
          if (store.getState().answer?.phase.kind !== 'writing') enter({ kind: 'writing' });
        } else if (event.kind === 'done') {
          if (event.endToken) feed.end(event.endToken);
          ending = endingOf(event, feed.text, asked);
        } else if (event.kind === 'loading') enter({ kind: 'loading', fraction: event.fraction });
        else enter({ kind: 'reading', tokens: event.tokens, reusedTokens: event.reusedTokens });
      }
    } catch (error) {
      // What was written before Stop, or before the process died, stays: it is what people look at.
      if (signal.aborted || isAbort(error)) ending = { stopReason: 'stopped' };
      else {
        problem = error;
        ending = { stopReason: 'failed' };
      }
    }
    const hasTokens = feed.tokens.ids.length > 0;
    const weightsSha256 = await weights;
    const made: Partial<Turn> = {
      text: feed.text,
      ...(hasTokens ? { tokens: feed.tokens } : {}),
      modelPath,
      ...(weightsSha256 === null ? {} : { weightsSha256 }),
      sampling: asked.sampling,
      ...ending,
    };
    controller = null;
    const isEmpty = feed.text === '' && !hasTokens && ending.toolCalls === undefined;
    // A finished answer takes the place of the one being written in the same moment, or both would show.
    const rest = { answer: null, problem };
    if (replaces !== null)
      set(changeTurn(conversation(), replaces, feed.count === 0 && isFailed(ending) ? {} : made), rest);
    else if (isEmpty && isFailed(ending)) store.setState(rest);
    else
      set(
        addTurns(conversation(), [
          { id: newId(), parentId, role: 'assistant', createdMs: Date.now(), ...made, text: feed.text },
        ]),
        rest,
      );
    await save();
  }

  const enter = (phase: NonNullable<ChatState['answer']>['phase']) =>
    store.setState(({ answer }) => (answer ? { answer: { ...answer, phase } } : {}));

  return {
    run,
    stop: () => controller?.abort(),
    async startOf(text) {
      if (conversation().topTokens === 0) return { text, tokens: null };
      try {
        return { text, tokens: withForced(noTokens, 0, await tokenized(text)) };
      } catch {
        // The answer itself will say why the model cannot be asked.
        return { text, tokens: null };
      }
    },
    async forcedStart(tokens, text, place, forced) {
      try {
        const added = typeof forced === 'string' ? await tokenized(forced) : [{ ...forced, special: false }];
        if (added.length === 0) return null;
        const columns = withForced(tokens, place, added);
        return {
          text: textBefore(tokens, text, place) + added.map((one) => one.text).join(''),
          tokens: columns,
        };
      } catch (error) {
        store.setState({ problem: error });
        return null;
      }
    },
  };
}

function isFailed(ending: Partial<Turn>): boolean {
  return ending.stopReason === 'failed' || ending.stopReason === 'stopped';
}

function endingOf(
  event: Extract<GenerationEvent, { kind: 'done' }>,
  text: string,
  asked: Conversation,
): Partial<Turn> {
  const { toolCalls, statistics, stopReason } = event;
  const check = stopReason === 'stopped' ? null : checkAnswer(text, toolCalls, asked);
  return {
    stopReason,
    statistics,
    ...(toolCalls.length > 0 ? { toolCalls } : {}),
    ...(check ? { check } : {}),
  };
}
