// What the procedures that all kinds of shared documents have do.
import type { SaveDocumentRequest } from '../../api/shared-documents.ts';
import type { CoreContext } from '../context.ts';
import type { SharedDocuments } from './shared-documents.ts';

interface Asked<Input> {
  readonly input: Input;
}

export function documentHandlers<Document>(context: CoreContext, files: SharedDocuments<Document>) {
  const root = () => context.workspace.require().path;
  return {
    save: ({ input }: Asked<SaveDocumentRequest<Document>>) => files.save(root(), input),
    async rename({ input: { from, to } }: Asked<{ readonly from: string; readonly to: string }>) {
      await files.rename(root(), from, to);
      return {};
    },
    remove: async ({ input }: Asked<{ readonly path: string }>) => ({
      restoreToken: await files.remove(root(), input.path),
    }),
    restore: async ({ input }: Asked<{ readonly restoreToken: string }>) => ({
      path: await files.restore(root(), input.restoreToken),
    }),
  };
}
