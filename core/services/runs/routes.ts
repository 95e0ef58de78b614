// Routes of runs: binds the contract to the services of this folder.
import { api } from '../base.ts';
import type { CoreContext } from '../context.ts';
import { createRemoteRuns } from './remote/service.ts';
import type { TargetService } from '../targets/service.ts';
import { createRunRegistry } from './registry.ts';
import { watchRuns } from './run-events.ts';
import { createRunService } from './service.ts';

export function runsRoutes(context: CoreContext, targets: TargetService) {
  const registry = createRunRegistry(context);
  const remote = createRemoteRuns(context, targets, () => registry.list(), {
    onChange: (id, isOutput) => registry.touch(id, isOutput === true),
  });
  const service = createRunService(context, registry, remote);
  return {
    registry,
    service,
    procedures: {
      recipes: api.runs.recipes.handler(() => service.recipes()),
      launch: api.runs.launch.handler(({ input }) => service.launch(input)),
      launchChain: api.runs.launchChain.handler(async ({ input }) => ({
        runs: await service.launchChain(input.steps),
      })),
      script: api.runs.script.handler(({ input }) => service.script(input)),
      jobScript: api.runs.jobScript.handler(({ input }) => service.jobScript(input.id)),
      preflight: api.runs.preflight.handler(async ({ input, signal }) => ({
        findings: await service.preflight(input, signal),
      })),
      checkpoints: api.runs.checkpoints.handler(async ({ input, signal }) => {
        const { folder, checkpoints } = await service.checkpoints(input.id, signal);
        return { folder, checkpoints: [...checkpoints] };
      }),
      resume: api.runs.resume.handler(({ input: { id, ...how }, signal }) =>
        service.resume(id, { ...how, signal }),
      ),
      submitAgain: api.runs.submitAgain.handler(({ input }) => service.submitAgain(input.id)),
      attach: api.runs.attach.handler(({ input, signal }) => service.attach(input, signal)),
      list: api.runs.list.handler(() => {
        context.workspace.require();
        return registry.list();
      }),
      tasks: api.runs.tasks.handler(async ({ input }) => ({ tasks: await service.tasks(input.id) })),
      watch: api.runs.watch.handler(async function* ({ signal }) {
        context.workspace.require();
        yield* watchRuns(context, registry, signal);
      }),
      config: api.runs.config.handler(({ input }) => service.config(input.id)),
      stop: api.runs.stop.handler(async ({ input }) => {
        await service.stop(input.id, input.graceMs);
        return {};
      }),
      requeue: api.runs.requeue.handler(({ input }) => service.requeue(input.id)),
      rename: api.runs.rename.handler(({ input }) => service.rename(input.id, input.name)),
      remove: api.runs.remove.handler(async ({ input }) => ({
        restoreToken: await service.remove(input.id),
      })),
      restore: api.runs.restore.handler(({ input }) => service.restore(input.restoreToken)),
    },
    remote,
    dispose: async () => {
      await remote.dispose();
      await registry.dispose();
    },
  };
}
