// Routes of configs: binds the contract to the services of this folder.
import type { CoreContext } from '../context.ts';
import { api } from '../base.ts';
import { notBuilt } from '../not-built.ts';

export function configsRoutes(_context: CoreContext) {
  return {
    procedures: {
      list: api.configs.list.handler(notBuilt),
      read: api.configs.read.handler(notBuilt),
      save: api.configs.save.handler(notBuilt),
      rename: api.configs.rename.handler(notBuilt),
      remove: api.configs.remove.handler(notBuilt),
      restore: api.configs.restore.handler(notBuilt),
      templates: api.configs.templates.handler(notBuilt),
    },
    dispose: async () => {},
  };
}
