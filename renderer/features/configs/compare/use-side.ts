// The text of one side of a comparison: from the open buffer (unsaved edits included), the file, a template, or a run.
import { useQuery } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import type { ConfigTemplate } from '../../../../core/api/configs.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { useClient } from '../../../app/session.ts';
import { fileName } from '../../../ui/format.ts';
import type { ConfigBuffer } from '../documents/config-buffer.ts';
import { useOpenState } from '../documents/open-buffers.ts';
import type { Side } from './compare-route.ts';

export type SideText =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading'; readonly title: string }
  | { readonly kind: 'failed'; readonly title: string; readonly error: unknown }
  | { readonly kind: 'ready'; readonly title: string; readonly text: string; readonly isUnsaved: boolean };

export function useTemplates(): readonly ConfigTemplate[] {
  const client = useClient();
  const { data } = useQuery({
    queryKey: queryKeys.templates,
    queryFn: ({ signal }) => client.configs.templates(undefined, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data ?? [];
}

export function useSide(side: Side | null): SideText {
  const client = useClient();
  const path = side?.kind === 'config' ? side.path : null;
  const open = useOpenState(path);
  const buffer = open?.kind === 'ready' ? open.buffer : null;
  const live = useBufferText(buffer);
  const file = useQuery({
    queryKey: [...queryKeys.config(path ?? ''), 'text'],
    queryFn: ({ signal }) => client.configs.read({ path: path ?? '' }, { signal }),
    enabled: path !== null && buffer === null,
  });
  const templates = useTemplates();
  const runId = side?.kind === 'run' ? side.id : null;
  const ofRun = useQuery({
    queryKey: [...queryKeys.runs, 'config', runId],
    queryFn: ({ signal }) => (runId === null ? null : client.runs.config({ id: runId }, { signal })),
    enabled: runId !== null,
  });
  if (side === null) return { kind: 'none' };
  if (side.kind === 'template') {
    const template = templates.find(({ id }) => id === side.id);
    if (template !== undefined)
      return { kind: 'ready', title: template.title, text: template.text, isUnsaved: false };
    return templates.length === 0
      ? { kind: 'loading', title: side.id }
      : { kind: 'failed', title: side.id, error: new Error(`There is no template called ${side.id}`) };
  }
  if (side.kind === 'run') {
    if (ofRun.data) return { kind: 'ready', title: side.id, text: ofRun.data.text, isUnsaved: false };
    return ofRun.error === null
      ? { kind: 'loading', title: side.id }
      : { kind: 'failed', title: side.id, error: ofRun.error };
  }
  const title = fileName(side.path);
  if (buffer !== null && live !== null)
    return { kind: 'ready', title, text: live, isUnsaved: buffer.state.getState().dirty };
  if (file.data !== undefined) return { kind: 'ready', title, text: file.data.text, isUnsaved: false };
  return file.error === null ? { kind: 'loading', title } : { kind: 'failed', title, error: file.error };
}

function useBufferText(buffer: ConfigBuffer | null): string | null {
  return useSyncExternalStore(
    (listener) => {
      const subscription = buffer?.model.onDidChangeContent(listener);
      return () => subscription?.dispose();
    },
    () => (buffer === null || buffer.model.isDisposed() ? null : cachedText(buffer)),
  );
}

const texts = new WeakMap<ConfigBuffer, { readonly version: number; readonly text: string }>();

/** Strings of one version are the same string, so nothing is drawn twice. */
function cachedText(buffer: ConfigBuffer): string {
  const version = buffer.model.getVersionId();
  const known = texts.get(buffer);
  if (known?.version === version) return known.text;
  const text = buffer.text();
  texts.set(buffer, { version, text });
  return text;
}
