// Reads what the window remembers of a workspace when it opens, and writes what changes shortly afterwards; what other windows on the
// workspace remember is left alone.
// Knows where it is kept (core, .studio/), not what features put into it.
import { useEffect, useState } from 'react';
import { z } from 'zod';
import type { StudioClient } from '../../core/api/contract.ts';
import { stateChanges } from '../../core/lib/window-state/changes.ts';
import { describeError } from './describe-error.ts';
import { notify } from './notifications.ts';
import { useClient, useWorkspace } from './session.ts';
import { emptyMemory, holdsText, type ViewMemory, viewMemory } from './view-state.ts';

/** Changes are written together after this pause. */
const WRITE_DELAY_MS = 400;
/** What could not be written is tried again after this. */
const RETRY_MS = 3000;

const paneMemory = z.object({
  listWidthPx: z.number().positive().optional(),
  inspectorWidthPx: z.number().positive().optional(),
  listFolded: z.boolean().optional(),
  inspectorFolded: z.boolean().optional(),
});

const storedMemory = z.object({
  lastHash: z.string().nullable().catch(null),
  hashes: z.record(z.string(), z.string()).catch({}),
  panes: z.record(z.string(), paneMemory).catch({}),
  values: z.record(z.string(), z.unknown()).catch({}),
});

/** What does not parse counts as not remembered. */
export function parseMemory(state: unknown): ViewMemory {
  const parsed = storedMemory.safeParse(state);
  // Optional keys are absent after JSON, never undefined.
  return parsed.success ? (parsed.data as ViewMemory) : emptyMemory;
}

/** True once the memory of the open workspace is in place. A failed read starts fresh. */
export function useWorkspaceMemory(): boolean {
  const client = useClient();
  const { path } = useWorkspace();
  const [read, setRead] = useState<{ readonly path: string; readonly memory: ViewMemory } | null>(null);

  useEffect(() => {
    const controller = new AbortController();
    const begin = (memory: ViewMemory) => {
      if (controller.signal.aborted) return;
      viewMemory.setState(memory, true);
      setRead({ path, memory });
    };
    client.workspace.readState(undefined, { signal: controller.signal }).then(
      ({ state }) => begin(parseMemory(state)),
      () => begin(emptyMemory),
    );
    return () => controller.abort();
  }, [client, path]);

  const memory = read?.path === path ? read.memory : null;
  useEffect(() => (memory ? keepWriting(client, path, memory) : undefined), [client, path, memory]);
  return memory !== null;
}

let flush: () => Promise<void> = () => Promise.resolve();

/** Writes what is still waiting. Before another workspace opens: afterwards it would be refused. */
export function flushWorkspaceMemory(): Promise<void> {
  return flush();
}

/** `read`: what core has. */
function keepWriting(client: StudioClient, workspace: string, read: ViewMemory): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** What core said last that it has. */
  let told = read;
  let turn = 0;
  let toldTurn = 0;
  let isRefused = false;
  let isOver = false;
  const plan = (delayMs: number): void => {
    clearTimeout(timer);
    timer = isOver ? undefined : setTimeout(() => void write(), delayMs);
  };
  const write = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    turn += 1;
    const own = turn;
    const now = viewMemory.getState();
    const changes = stateChanges({ ...told }, { ...now });
    if (changes.length === 0) return;
    try {
      await client.workspace.changeState({
        workspace,
        changes: changes.map(({ path, value }) => ({ path: [...path], value })),
      });
      isRefused = false;
      if (own < toldTurn) return;
      toldTurn = own;
      told = now;
    } catch (error) {
      if (!isRefused && !isOver) isRefused = tellRefusal(error, now);
      // Another workspace is open: the window is about to follow.
      if (timer === undefined && describeError(error).code !== 'NO_WORKSPACE') plan(RETRY_MS);
    }
  };
  flush = () => (timer === undefined ? Promise.resolve() : write());
  const unsubscribe = viewMemory.subscribe(() => plan(WRITE_DELAY_MS));
  const onPageHide = () => void flush();
  window.addEventListener('pagehide', onPageHide);
  return () => {
    isOver = true;
    unsubscribe();
    clearTimeout(timer);
    flush = () => Promise.resolve();
    window.removeEventListener('pagehide', onPageHide);
  };
}

/** A layout that is not remembered is no reason to bother anybody; text is. Says whether it was told. */
function tellRefusal(error: unknown, memory: ViewMemory): boolean {
  const { code, title } = describeError(error);
  // A lost connection has its own banner.
  if (code === 'UNAVAILABLE' || code === 'NO_WORKSPACE' || !holdsText(memory)) return false;
  notify({
    severity: 'warning',
    title: 'What is not saved yet is kept in this window only',
    detail: `${title}. It is tried again by itself; save, or leave this window open until then`,
  });
  return true;
}
