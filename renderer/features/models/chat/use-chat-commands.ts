// What the keyboard and the palette can do with the conversation on screen.
import { useMemo } from 'react';
import { shownPath } from '../../../../core/lib/conversations/tree.ts';
import { type Command, useCommands } from '../../../app/commands.ts';
import type { ChatSession } from './session/chat-session.ts';
import type { TokenLook } from './tokens/token-look.ts';

export function useChatCommands({
  session,
  look,
  setLook,
  showsPrompt,
  setShowsPrompt,
}: {
  readonly session: ChatSession;
  readonly look: TokenLook;
  readonly setLook: (look: TokenLook) => void;
  readonly showsPrompt: boolean;
  readonly setShowsPrompt: (shows: boolean) => void;
}): void {
  useCommands(
    useMemo((): readonly Command[] => {
      const group = 'Models';
      const lastAnswer = () =>
        shownPath(session.store.getState().conversation).findLast(({ role }) => role === 'assistant') ?? null;
      const isIdle = () => session.store.getState().answer === null;
      return [
        {
          id: 'models.tokens',
          title: look.isOn ? 'Show answers as text' : 'Show tokens and their probabilities',
          group,
          keys: 'T',
          perform: () => setLook({ ...look, isOn: !look.isOn }),
        },
        {
          id: 'models.prompt',
          title: showsPrompt ? 'Show the conversation' : 'Show what the model sees',
          group,
          keys: 'P',
          perform: () => setShowsPrompt(!showsPrompt),
        },
        {
          id: 'models.regenerate',
          title: 'Regenerate the last answer',
          group,
          keys: 'Alt+R',
          when: () => isIdle() && lastAnswer() !== null,
          perform: () => session.regenerate(lastAnswer()?.id ?? ''),
        },
        {
          id: 'models.continue',
          title: 'Continue the last answer',
          group,
          keys: 'Alt+C',
          when: () => isIdle() && lastAnswer() !== null,
          perform: () => session.continueAnswer(lastAnswer()?.id ?? ''),
        },
        ...([-1, 1] as const).map(
          (by): Command => ({
            id: `models.branch${by}`,
            title: by < 0 ? 'Show the branch before' : 'Show the branch after',
            group,
            keys: by < 0 ? '[' : ']',
            when: () => isIdle() && lastAnswer() !== null,
            perform: () => session.showBeside(lastAnswer()?.id ?? '', by),
          }),
        ),
      ];
    }, [session, look, setLook, showsPrompt, setShowsPrompt]),
  );
}
