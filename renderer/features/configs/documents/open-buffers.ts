// The configs that are open in this window, one buffer a path. They outlive the panes that show them, so undo history,
// cursor and unsaved text are still there when one comes back. Knows how to open and close, not how to save.
import { useSyncExternalStore } from 'react';
import { createStore } from 'zustand/vanilla';
import type { StudioClient } from '../../../../core/api/contract.ts';
import { describeError } from '../../../app/describe-error.ts';
import { loadEditor } from '../editor/load-editor.ts';
import { type ConfigBuffer, createConfigBuffer, reconcile, withoutMark } from './config-buffer.ts';
import { MAX_DRAFT_CHARACTERS, readDraft, writeDraft } from './drafts.ts';

export type OpenState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'ready'; readonly buffer: ConfigBuffer };

interface OpenBuffers {
  readonly workspace: string | null;
  readonly byPath: ReadonlyMap<string, OpenState>;
}

const store = createStore<OpenBuffers>(() => ({ workspace: null, byPath: new Map() }));

const DRAFT_DELAY_MS = 250;

/** The state of an open config; undefined when it is not open. */
export function useOpenState(path: string | null): OpenState | undefined {
  return useSyncExternalStore(store.subscribe, () =>
    path === null ? undefined : store.getState().byPath.get(path),
  );
}

export function bufferOf(path: string): ConfigBuffer | null {
  const state = store.getState().byPath.get(path);
  return state?.kind === 'ready' ? state.buffer : null;
}

export function readyBuffers(): readonly ConfigBuffer[] {
  return [...store.getState().byPath.values()].flatMap((state) =>
    state.kind === 'ready' ? [state.buffer] : [],
  );
}

/** Opens a config unless it is open or being opened; a failed opening is tried again. */
export function openBuffer(client: StudioClient, workspace: string, path: string): void {
  if (store.getState().workspace !== workspace) closeAll(workspace);
  const known = store.getState().byPath.get(path);
  if (known !== undefined && known.kind !== 'failed') return;
  setOpen(path, { kind: 'loading' });
  const stillWanted = (): boolean =>
    store.getState().workspace === workspace && store.getState().byPath.get(path)?.kind === 'loading';
  load(client, path).then(
    (buffer) => {
      if (stillWanted()) setOpen(path, { kind: 'ready', buffer });
      else buffer.dispose();
    },
    (error: unknown) => {
      if (stillWanted()) setOpen(path, { kind: 'failed', error });
    },
  );
}

/** Forgets a buffer with its history; unsaved text in it is lost unless the caller saw to it. */
export function closeBuffer(path: string): void {
  const state = store.getState().byPath.get(path);
  if (state === undefined) return;
  if (state.kind === 'ready') state.buffer.dispose();
  const byPath = new Map(store.getState().byPath);
  byPath.delete(path);
  store.setState({ byPath });
}

function closeAll(workspace: string): void {
  for (const buffer of readyBuffers()) buffer.dispose();
  store.setState({ workspace, byPath: new Map() });
}

function setOpen(path: string, state: OpenState): void {
  store.setState(({ byPath }) => ({ byPath: new Map(byPath).set(path, state) }));
}

async function load(client: StudioClient, path: string): Promise<ConfigBuffer> {
  const draft = readDraft(path);
  const [{ monaco }, file] = await Promise.all([
    loadEditor(),
    client.configs.read({ path }).catch((error: unknown) => {
      if (draft !== null && describeError(error).code === 'NOT_FOUND') return null;
      throw error;
    }),
  ]);
  if (draft !== null && file === null) {
    const base = { path, text: draft.baseText, version: draft.baseVersion, modifiedMs: draft.atMs };
    const buffer = createConfigBuffer(monaco, { ...base, readOnly: false }, draft);
    buffer.state.setState({ removed: true });
    keepDraft(buffer);
    return buffer;
  }
  if (file === null) throw new Error(`${path} was not read`);
  if (draft === null || draft.text === withoutMark(file.text)) {
    writeDraft(path, null);
    const buffer = createConfigBuffer(monaco, file, null);
    keepDraft(buffer);
    return buffer;
  }
  const base = { ...file, text: draft.baseText, version: draft.baseVersion };
  const buffer = createConfigBuffer(monaco, base, draft);
  reconcile(buffer, file);
  keepDraft(buffer);
  return buffer;
}

/**
 * Writes unsaved text to the workspace's memory shortly after each edit, and forgets it once it is saved. Leaving the
 * page asks only when the text is too large to be kept that way.
 */
function keepDraft(buffer: ConfigBuffer): void {
  let timer: number | null = null;
  const write = (): void => {
    timer = null;
    if (buffer.model.isDisposed()) return;
    const { text: baseText, version: baseVersion } = buffer.base();
    const text = buffer.text();
    const keep = buffer.state.getState().dirty && text.length + baseText.length <= MAX_DRAFT_CHARACTERS;
    writeDraft(buffer.path, keep ? { text, baseText, baseVersion, atMs: Date.now() } : null);
  };
  const soon = (): void => {
    timer ??= window.setTimeout(write, DRAFT_DELAY_MS);
  };
  const leave = (event: BeforeUnloadEvent): void => {
    write();
    if (buffer.state.getState().dirty && readDraft(buffer.path) === null) event.preventDefault();
  };
  const content = buffer.model.onDidChangeContent(soon);
  window.addEventListener('beforeunload', leave);
  const unsubscribe = buffer.state.subscribe((state, before) => {
    if (state.dirty !== before.dirty) soon();
  });
  buffer.model.onWillDispose(() => {
    content.dispose();
    window.removeEventListener('beforeunload', leave);
    unsubscribe();
    if (timer !== null) window.clearTimeout(timer);
  });
}
