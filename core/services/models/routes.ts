// Routes of models: binds the contract to the services of this folder.
import type { CoreContext } from '../context.ts';
import { api } from '../base.ts';
import { notBuilt } from '../not-built.ts';

export function modelsRoutes(_context: CoreContext) {
  return {
    procedures: {
      list: api.models.list.handler(notBuilt),
      inspect: api.models.inspect.handler(notBuilt),
    },
    dispose: async () => {},
  };
}
