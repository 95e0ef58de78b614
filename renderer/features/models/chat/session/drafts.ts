// What a person has written and not sent: remembered with the workspace, so that a reload or another view loses nothing.
import { useCallback } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { useWorkspace } from '../../../../app/session.ts';
import { viewMemory } from '../../../../app/view-state.ts';

/** More is kept in the window only: what is remembered is written anew with every pause. */
const MAX_REMEMBERED_CHARACTERS = 200_000;

/** The long ones, until the window is closed. */
const longDrafts = createStore<Readonly<Record<string, string>>>(() => ({}));

/** `key` names the place: a conversation's composer, a turn that is being edited. Null: nothing was begun there. */
export function useDraft(key: string): readonly [string | null, (text: string | null) => void] {
  const { path } = useWorkspace();
  const name = `models.draft.${key}`;
  const longName = `${path}\n${name}`;
  const long = useStore(longDrafts, (drafts) => drafts[longName]);
  const stored = useStore(viewMemory, ({ values }) => values[name]);
  const set = useCallback(
    (text: string | null) => {
      const isLong = text !== null && text.length > MAX_REMEMBERED_CHARACTERS;
      longDrafts.setState(
        ({ [longName]: _old, ...rest }) => (isLong ? { ...rest, [longName]: text } : rest),
        true,
      );
      viewMemory.setState(({ values }) => {
        const { [name]: _old, ...rest } = values;
        return { values: text === null || isLong ? rest : { ...rest, [name]: text } };
      });
    },
    [name, longName],
  );
  return [long ?? (typeof stored === 'string' ? stored : null), set];
}
