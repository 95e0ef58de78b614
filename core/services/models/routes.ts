// Routes of models: binds the contract to the services of this folder.
import { api } from '../base.ts';
import type { CoreContext } from '../context.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { createFingerprints } from './fingerprints.ts';
import { createModelList, inspectModel, readOrigin } from './list-models.ts';

export function modelsRoutes(context: CoreContext) {
  const models = createModelList();
  const fingerprints = createFingerprints();
  const root = () => context.workspace.require().path;
  return {
    procedures: {
      list: api.models.list.handler(({ signal }) => models.list(root(), signal)),
      inspect: api.models.inspect.handler(async ({ input }) => ({
        ...(await inspectModel(await resolveInside(root(), input.path), input.path)),
        origin: await readOrigin(root(), input.path),
      })),
      fingerprint: api.models.fingerprint.handler(async ({ input }) =>
        fingerprints.of(await resolveInside(root(), input.path)),
      ),
    },
    models,
    fingerprints,
    dispose: async () => {},
  };
}
