// Routes of series: binds the contract to the services of this folder.
import type { CoreContext } from '../context.ts';
import { api } from '../base.ts';
import { notBuilt } from '../not-built.ts';

export function seriesRoutes(_context: CoreContext) {
  return {
    procedures: {
      watch: api.series.watch.handler(notBuilt),
      columns: api.series.columns.handler(notBuilt),
      log: api.series.log.handler(notBuilt),
    },
    dispose: async () => {},
  };
}
