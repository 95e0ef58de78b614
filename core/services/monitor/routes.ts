// Routes of the monitor: binds the contract to the services of this folder.
import { StudioError } from '../../api/errors.ts';
import type { Run } from '../../api/runs.ts';
import { isOver } from '../../lib/runs/run-state.ts';
import { api } from '../base.ts';
import type { CoreContext } from '../context.ts';
import type { RunRegistry } from '../runs/registry.ts';
import { createMonitorService } from './service.ts';

export function monitorRoutes(context: CoreContext, registry: RunRegistry) {
  const service = createMonitorService(context);
  const runOf = async (id: string): Promise<Run> => {
    const run = await registry.read(id);
    if (run) return run;
    throw new StudioError('NOT_FOUND', `There is no run “${id}” in this workspace`, {
      hint: 'Refresh the list',
    });
  };
  return {
    procedures: {
      facts: api.monitor.facts.handler(({ input }) => service.facts(input.id)),
      numbers: api.monitor.numbers.handler(async ({ input, signal }) => {
        const run = await runOf(input.id);
        return service.numbers(run.id, !isOver(run.state), signal);
      }),
      setBytesPerToken: api.monitor.setBytesPerToken.handler(({ input }) =>
        service.setBytesPerToken(input.id, input.value),
      ),
    },
    dispose: async () => {},
  };
}
