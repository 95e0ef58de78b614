// Contract of saved views: views of datasets as small files in `views/` of the workspace.
import { z } from 'zod';
import { savedView } from '../lib/datasets/saved-view.ts';
import { procedure } from './procedure.ts';
import { sharedDocument } from './shared-documents.ts';

const { listed, procedures } = sharedDocument(savedView);

/** `hasDataset`: false when the dataset is not in the workspace any more. */
export const listedView = listed.extend({ hasDataset: z.boolean() });
export type ListedView = z.infer<typeof listedView>;
export type ViewFile = NonNullable<ListedView['file']>;

export const viewsContract = {
  /** By path. */
  list: procedure.output(z.array(listedView)),
  ...procedures,
};
