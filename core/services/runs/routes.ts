// Routes of runs: binds the contract to the services of this folder.
import type { CoreContext } from '../context.ts';
import { api } from '../base.ts';
import { notBuilt } from '../not-built.ts';

export function runsRoutes(_context: CoreContext) {
  return {
    procedures: {
      recipes: api.runs.recipes.handler(notBuilt),
      launch: api.runs.launch.handler(notBuilt),
      list: api.runs.list.handler(notBuilt),
      watch: api.runs.watch.handler(notBuilt),
      stop: api.runs.stop.handler(notBuilt),
      rename: api.runs.rename.handler(notBuilt),
      remove: api.runs.remove.handler(notBuilt),
      restore: api.runs.restore.handler(notBuilt),
    },
    dispose: async () => {},
  };
}
