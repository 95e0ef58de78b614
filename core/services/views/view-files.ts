// Saved views as files below views/: the files themselves are shared documents; here is which of them have their dataset still.
import type { ListedView } from '../../api/views.ts';
import { parseSavedView, type SavedView, savedViewText } from '../../lib/datasets/saved-view.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { sharedDocuments } from '../files/shared-documents.ts';
import { exists } from '../files/trash.ts';

export const viewFiles = sharedDocuments<SavedView>({
  folder: 'views',
  noun: 'saved view',
  // Fifty filters with five hundred values each stay below.
  maxBytes: 4 * 1024 * 1024,
  parse: parseSavedView,
  text: savedViewText,
});

/** Every .json below views/, by path; what cannot be read says why. */
export async function listViews(root: string, signal?: AbortSignal): Promise<ListedView[]> {
  const listed = await viewFiles.list(root, signal);
  return Promise.all(
    listed.map(async (view) => ({
      ...view,
      hasDataset: view.file !== null && (await isThere(root, view.file.saved.dataset)),
    })),
  );
}

/** A pattern over several files is looked at when it is opened. */
async function isThere(root: string, dataset: string): Promise<boolean> {
  if (/[*?[\]{}]/.test(dataset)) return true;
  const path = await resolveInside(root, dataset).catch(() => null);
  return path !== null && (await exists(path));
}
