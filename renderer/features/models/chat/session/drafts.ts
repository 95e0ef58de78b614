// What a person has written and not sent: remembered with the workspace, so that a reload or another view loses nothing.
import { useCallback } from 'react';
import { useStore } from 'zustand';
import { viewMemory } from '../../../../app/view-state.ts';

/** More is kept in the window only. */
const MAX_REMEMBERED_CHARACTERS = 200_000;

/** `key` names the place: a conversation's composer, a turn that is being edited. Null: nothing was begun there. */
export function useDraft(key: string): readonly [string | null, (text: string | null) => void] {
  const name = `models.draft.${key}`;
  const stored = useStore(viewMemory, ({ values }) => values[name]);
  const set = useCallback(
    (text: string | null) =>
      viewMemory.setState(({ values }) => {
        const { [name]: _old, ...rest } = values;
        return {
          values: text === null || text.length > MAX_REMEMBERED_CHARACTERS ? rest : { ...rest, [name]: text },
        };
      }),
    [name],
  );
  return [typeof stored === 'string' ? stored : null, set];
}
