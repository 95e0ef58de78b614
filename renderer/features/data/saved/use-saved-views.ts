// Saved views of the workspace, and what can be done with them: save, rename, remove with a way back.
import type { ListedView } from '../../../../core/api/views.ts';
import type { SavedView } from '../../../../core/lib/datasets/saved-view.ts';
import { documentNames } from '../../../app/document-names.ts';
import { href } from '../../../app/route.ts';
import { sharedDocuments } from '../../../app/shared-documents.ts';

const FOLDER = 'views';
export const viewNames = documentNames(FOLDER);
export const viewName = viewNames.nameOf;

const documents = sharedDocuments<SavedView, ListedView>({
  noun: 'View',
  folder: FOLDER,
  names: viewNames,
  hrefOf: viewHref,
  clientOf: (client) => client.views,
});
export const saveView = documents.save;
export const renameView = documents.rename;
export const removeView = documents.remove;

export function useSavedViews(): {
  readonly views: readonly ListedView[] | undefined;
  readonly error: unknown;
} {
  const { listed, error } = documents.useListed();
  return { views: listed, error };
}

export function viewHref(path: string): string {
  return href('data', path);
}
