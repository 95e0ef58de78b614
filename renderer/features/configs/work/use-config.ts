// Opens the config a route names and keeps it alive: checked while it changes, in step with the disk.
// Knows buffers, checks and core; draws nothing.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { DeriveOptions } from '../../../../core/lib/config/derived/derived-types.ts';
import { describeError } from '../../../app/describe-error.ts';
import { notifyError } from '../../../app/notifications.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient, useWorkspace } from '../../../app/session.ts';
import { type BufferWatch, measureShown, watchBuffer } from '../check/watch-buffer.ts';
import type { ConfigBuffer } from '../documents/config-buffer.ts';
import { type OpenState, openBuffer, readyBuffers, useOpenState } from '../documents/open-buffers.ts';
import { followDisk } from '../documents/save.ts';
import { assignSchemas } from '../editor/assign-schemas.ts';
import { loadEditor } from '../editor/load-editor.ts';

/** The open state of a config, opening it when needed. */
export function useConfig(path: string): OpenState {
  const client = useClient();
  const workspace = useWorkspace();
  const state = useOpenState(path);
  useEffect(() => openBuffer(client, workspace.path, path), [client, workspace.path, path]);
  return state ?? { kind: 'loading' };
}

/** Checks a buffer while it is shown; every edit leaves a performance measure when its numbers are in the page. */
export function useChecks(buffer: ConfigBuffer, options: DeriveOptions): void {
  const watch = useRef<BufferWatch | null>(null);
  const firstOptions = useRef(options);
  useEffect(() => {
    const started = watchBuffer(buffer, firstOptions.current, notifyError);
    watch.current = started;
    return () => started.stop();
  }, [buffer]);
  useEffect(() => {
    if (firstOptions.current === options) return;
    firstOptions.current = options;
    watch.current?.setOptions(options);
  }, [options]);
  const checked = useStore(buffer.state, (state) => state.checked);
  useLayoutEffect(() => {
    if (checked !== null) measureShown(buffer);
  }, [buffer, checked]);
  const kind = checked?.kind;
  useEffect(() => {
    if (kind === undefined) return;
    loadEditor().then((loaded) => assignSchemas(loaded, readyBuffers()), notifyError);
  }, [kind, buffer]);
}

/** Follows what other programs do to the file: the shell makes the query stale when the file changes. */
export function useDisk(buffer: ConfigBuffer): void {
  const client = useClient();
  const { data, dataUpdatedAt, error } = useQuery({
    queryKey: queryKeys.config(buffer.path),
    queryFn: async ({ signal }) => {
      const startedMs = performance.now();
      return { file: await client.configs.read({ path: buffer.path }, { signal }), startedMs };
    },
    staleTime: 0,
  });
  const isGone = error !== null && describeError(error).code === 'NOT_FOUND';
  useEffect(() => {
    if (isGone && !buffer.model.isDisposed()) buffer.state.setState({ removed: true });
  }, [buffer, isGone]);
  useEffect(() => {
    if (data !== undefined) followDisk(buffer, data);
  }, [buffer, data, dataUpdatedAt]);
}
