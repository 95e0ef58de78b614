// Creating, renaming, duplicating and deleting configs, with what goes along: open buffers, drafts, route, undo.
// Knows core's calls and the open buffers; dialogs are elsewhere.
import type { QueryClient } from '@tanstack/react-query';
import type { StudioClient } from '../../../../core/api/contract.ts';
import { StudioError } from '../../../../core/api/errors.ts';
import { notify, notifyError } from '../../../app/notifications.ts';
import { queryKeys } from '../../../app/query-keys.ts';
import { currentRoute, href, navigate } from '../../../app/route.ts';
import { fileName } from '../../../ui/format.ts';
import { renameDraft, writeDraft } from '../documents/drafts.ts';
import { bufferOf, closeBuffer } from '../documents/open-buffers.ts';

export interface FileActions {
  readonly client: StudioClient;
  readonly queries: QueryClient;
}

/** Makes a new file and opens it; ALREADY_EXISTS when the name is taken. */
export async function createConfig(
  { client, queries }: FileActions,
  path: string,
  text: string,
): Promise<void> {
  const result = await client.configs.save({ path, text, baseVersion: null });
  if (result.kind === 'conflict') {
    throw new StudioError('ALREADY_EXISTS', `${fileName(path)} exists already`, {
      hint: 'Choose another name',
      path,
    });
  }
  await queries.invalidateQueries({ queryKey: queryKeys.configs });
  navigate(href('configs', path));
}

/** Unsaved text moves along as a draft. */
export async function renameConfig(
  { client, queries }: FileActions,
  from: string,
  to: string,
): Promise<void> {
  await client.configs.rename({ from, to });
  const buffer = bufferOf(from);
  if (buffer?.state.getState().dirty) {
    const { text: baseText, version: baseVersion } = buffer.base();
    writeDraft(from, { text: buffer.text(), baseText, baseVersion, atMs: Date.now() });
  }
  closeBuffer(from);
  renameDraft(from, to);
  await queries.invalidateQueries({ queryKey: queryKeys.configs });
  navigate(href('configs', to), { replace: true });
}

/** Moves a config to the workspace's trash; the notice brings it back. */
export async function deleteConfig(actions: FileActions, path: string): Promise<void> {
  const { client, queries } = actions;
  const { restoreToken } = await client.configs.remove({ path });
  closeBuffer(path);
  if (currentRoute()?.argument === path) navigate(href('configs'), { replace: true });
  await queries.invalidateQueries({ queryKey: queryKeys.configs });
  notify({
    severity: 'info',
    title: `${fileName(path)} deleted`,
    detail: 'It lies in the trash of the workspace',
    action: {
      label: 'Undo',
      perform: async () => {
        try {
          const restored = await client.configs.restore({ restoreToken });
          await queries.invalidateQueries({ queryKey: queryKeys.configs });
          navigate(href('configs', restored.path));
        } catch (error) {
          notifyError(error);
        }
      },
    },
  });
}
