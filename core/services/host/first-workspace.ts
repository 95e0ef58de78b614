// Which workspace a host opens when it starts. Never fails: a studio without a workspace shows the picker.
import type { StudioClient } from '../../api/contract.ts';

export type FirstWorkspace = { readonly path: string } | { readonly first: 'sample' | 'recent' };

/** Opens the folder named, the one used last, or the sample. Returns what was in the way, or null. */
export async function openFirstWorkspace(
  client: StudioClient,
  wanted: FirstWorkspace,
): Promise<Error | null> {
  try {
    if ('path' in wanted) {
      await client.workspace.open({ path: wanted.path });
      return null;
    }
    const recent =
      wanted.first === 'recent' ? (await client.workspace.recent()).find((entry) => entry.exists) : undefined;
    if (recent) await client.workspace.open({ path: recent.path });
    else await client.workspace.openSample();
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
