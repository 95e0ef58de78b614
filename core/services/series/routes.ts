// Routes of series: binds the contract to the services of this folder.
import { api } from '../base.ts';
import type { CoreContext } from '../context.ts';
import { createSeriesService } from './service.ts';

export function seriesRoutes(context: CoreContext) {
  const service = createSeriesService(context);
  return {
    procedures: {
      watch: api.series.watch.handler(async function* ({ input, signal }) {
        yield* service.watch(input.source, signal);
      }),
      columns: api.series.columns.handler(({ input }) => service.columns(input)),
      overview: api.series.overview.handler(({ input, signal }) => service.overview(input, signal)),
      logFiles: api.series.logFiles.handler(({ input }) => service.logFiles(input.source)),
      log: api.series.log.handler(({ input: { source, ...range } }) => service.log(source, range)),
    },
    dispose: () => service.dispose(),
  };
}
