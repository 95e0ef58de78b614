// Routes of system: binds the contract to the services of this folder.
import { api } from '../base.ts';
import type { CoreContext } from '../context.ts';
import { emptyCache, readCache, workspaceCacheFolder } from '../cache/cache-folder.ts';
import { examine } from './doctor.ts';
import { type StatusSources, systemEvents } from './status.ts';

export function systemRoutes(context: CoreContext, sources: StatusSources) {
  return {
    procedures: {
      doctor: api.system.doctor.handler(({ signal }) =>
        examine(context.options, context.workspace.current?.path ?? context.options.stateFolder, signal),
      ),
      events: api.system.events.handler(({ signal }) => systemEvents(context, sources, signal)),
      cancelActivity: api.system.cancelActivity.handler(({ input }) => {
        context.activities.cancel(input.id);
        return {};
      }),
      readCache: api.system.readCache.handler(async ({ signal }) => {
        const parts = await readCache(workspaceCacheFolder(context.workspace.require().path), signal);
        return { parts: [...parts], sizeBytes: parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
      }),
      emptyCache: api.system.emptyCache.handler(async ({ signal }) => ({
        freedBytes: await emptyCache(workspaceCacheFolder(context.workspace.require().path), signal),
      })),
      readSettings: api.system.readSettings.handler(() => context.settings.read()),
      writeSettings: api.system.writeSettings.handler(({ input }) =>
        context.settings.write(definedOnly(input)),
      ),
    },
    dispose: async () => {},
  };
}

/** Leaves out what was not sent, so that it does not erase what is set. */
function definedOnly<T extends object>(input: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as never;
}
