// Reads what the window remembers of a workspace when it opens, and writes it back shortly after each change.
// Knows where it is kept (core, .studio/), not what features put into it.
import { useEffect, useState } from 'react';
import { z } from 'zod';
import type { StudioClient } from '../../core/api/contract.ts';
import { useClient, useWorkspace } from './session.ts';
import { emptyMemory, type ViewMemory, viewMemory } from './view-state.ts';

/** Changes are written together after this pause. */
const WRITE_DELAY_MS = 400;

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
  const [readPath, setReadPath] = useState<string | null>(null);

  useEffect(() => {
    const controller = new AbortController();
    const begin = (memory: ViewMemory) => {
      if (controller.signal.aborted) return;
      viewMemory.setState(memory, true);
      setReadPath(path);
    };
    client.workspace.readState(undefined, { signal: controller.signal }).then(
      ({ state }) => begin(parseMemory(state)),
      () => begin(emptyMemory),
    );
    return () => controller.abort();
  }, [client, path]);

  const isRead = readPath === path;
  useEffect(() => (isRead ? keepWriting(client) : undefined), [client, isRead]);
  return isRead;
}

let flush: () => Promise<void> = () => Promise.resolve();

/** Writes what is still waiting. Before another workspace opens: afterwards it would land there. */
export function flushWorkspaceMemory(): Promise<void> {
  return flush();
}

function keepWriting(client: StudioClient): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = async () => {
    clearTimeout(timer);
    timer = undefined;
    try {
      await client.workspace.writeState({ state: { ...viewMemory.getState() } });
    } catch {
      // A layout that is not remembered is no reason to bother anybody.
    }
  };
  flush = () => (timer === undefined ? Promise.resolve() : write());
  const unsubscribe = viewMemory.subscribe(() => {
    clearTimeout(timer);
    timer = setTimeout(() => void write(), WRITE_DELAY_MS);
  });
  const onPageHide = () => void flush();
  window.addEventListener('pagehide', onPageHide);
  return () => {
    unsubscribe();
    clearTimeout(timer);
    flush = () => Promise.resolve();
    window.removeEventListener('pagehide', onPageHide);
  };
}
