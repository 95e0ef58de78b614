// Unsaved text, kept with the workspace's memory so that it survives a reload, a crash or a kill.
// Knows paths and texts; putting a draft back is the buffer's business.
import { useMemo } from 'react';
import { z } from 'zod';
import { useStore } from 'zustand';
import { viewMemory } from '../../../app/view-state.ts';

const draftSchema = z.object({
  text: z.string(),
  /** What the text was based on, whole: a merge needs it when the file changed meanwhile. */
  baseText: z.string(),
  baseVersion: z.string(),
  atMs: z.number(),
});
export type Draft = z.infer<typeof draftSchema>;

const KEY = 'configs.drafts';
/** The memory of a workspace is one small file; larger texts are not kept in it, and saving is the way to keep them. */
export const MAX_DRAFT_CHARACTERS = 400_000;

function allDrafts(): Readonly<Record<string, unknown>> {
  const stored = viewMemory.getState().values[KEY];
  const parsed = z.record(z.string(), z.unknown()).safeParse(stored);
  return parsed.success ? parsed.data : {};
}

export function readDraft(path: string): Draft | null {
  const parsed = draftSchema.safeParse(allDrafts()[path]);
  return parsed.success ? parsed.data : null;
}

/** Paths of all texts that are not saved, sorted. */
export function useDraftPaths(): readonly string[] {
  const stored = useStore(viewMemory, ({ values }) => values[KEY]);
  return useMemo(() => {
    const paths = typeof stored === 'object' && stored !== null ? Object.keys(stored) : [];
    return paths.filter((path) => readDraft(path) !== null).sort();
  }, [stored]);
}

/** Null forgets the draft. */
export function writeDraft(path: string, draft: Draft | null): void {
  const drafts = allDrafts();
  if (draft === null && !(path in drafts)) return;
  const { [path]: _previous, ...others } = drafts;
  const next = draft === null ? others : { ...others, [path]: draft };
  viewMemory.setState(({ values }) => ({ values: { ...values, [KEY]: next } }));
}

/** Moves a draft with its file. */
export function renameDraft(from: string, to: string): void {
  const draft = readDraft(from);
  if (draft === null) return;
  writeDraft(from, null);
  writeDraft(to, draft);
}
