// Small files that people share through git, as the window has them: listed, saved, renamed, removed with a way back.
import { type QueryClient, useQuery } from '@tanstack/react-query';
import type { StudioClient } from '../../core/api/contract.ts';
import type { SaveDocumentRequest, SaveDocumentResult } from '../../core/api/shared-documents.ts';
import type { DocumentNames } from './document-names.ts';
import { notify } from './notifications.ts';
import { filesKey } from './query-keys.ts';
import { navigate } from './route.ts';
import { useClient } from './session.ts';

export interface DocumentKind<Saved, Listed> {
  /** "View": begins the title of notices. */
  readonly noun: string;
  /** First folder of their paths. */
  readonly folder: string;
  readonly names: DocumentNames;
  readonly hrefOf: (path: string) => string;
  readonly clientOf: (client: StudioClient) => DocumentClient<Saved, Listed>;
}

/** What every kind has in the contract. */
interface DocumentClient<Saved, Listed> {
  list(input: undefined, options: { readonly signal: AbortSignal }): Promise<readonly Listed[]>;
  save(request: SaveDocumentRequest<Saved>): Promise<SaveDocumentResult<Saved>>;
  rename(input: { readonly from: string; readonly to: string }): Promise<unknown>;
  remove(input: { readonly path: string }): Promise<{ readonly restoreToken: string }>;
  restore(input: { readonly restoreToken: string }): Promise<{ readonly path: string }>;
}

export interface DocumentTools {
  readonly client: StudioClient;
  readonly queries: QueryClient;
}

export function sharedDocuments<Saved, Listed>(kind: DocumentKind<Saved, Listed>) {
  const { noun, names, hrefOf, clientOf } = kind;
  const queryKey = [...filesKey, kind.folder] as const;
  return {
    useListed(): { readonly listed: readonly Listed[] | undefined; readonly error: unknown } {
      const client = clientOf(useClient());
      const { data, error } = useQuery({
        queryKey,
        queryFn: ({ signal }) => client.list(undefined, { signal }),
      });
      return { listed: data, error };
    },
    async save(
      { client, queries }: DocumentTools,
      request: SaveDocumentRequest<Saved>,
    ): Promise<SaveDocumentResult<Saved>> {
      const result = await clientOf(client).save(request);
      await queries.invalidateQueries({ queryKey });
      return result;
    },
    async rename({ client, queries }: DocumentTools, from: string, to: string): Promise<void> {
      await clientOf(client).rename({ from, to });
      await queries.invalidateQueries({ queryKey });
    },
    /** Says so, with a way back. */
    async remove({ client, queries }: DocumentTools, path: string): Promise<void> {
      const { restoreToken } = await clientOf(client).remove({ path });
      await queries.invalidateQueries({ queryKey });
      notify({
        severity: 'info',
        title: `${noun} ${names.nameOf(path)} removed`,
        detail: path,
        action: {
          label: 'Undo',
          perform: async () => {
            const restored = await clientOf(client).restore({ restoreToken });
            await queries.invalidateQueries({ queryKey });
            navigate(hrefOf(restored.path));
          },
        },
      });
    },
  };
}
