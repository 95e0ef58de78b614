// Routes of datasets: binds the contract to the services of this folder.
import type { CoreContext } from '../context.ts';
import { api } from '../base.ts';
import { notBuilt } from '../not-built.ts';

export function datasetsRoutes(_context: CoreContext) {
  return {
    procedures: {
      list: api.datasets.list.handler(notBuilt),
      open: api.datasets.open.handler(notBuilt),
      page: api.datasets.page.handler(notBuilt),
      document: api.datasets.document.handler(notBuilt),
      histogram: api.datasets.histogram.handler(notBuilt),
    },
    dispose: async () => {},
  };
}
