// Routes of configs: binds the contract to the services of this folder.
import { api } from '../base.ts';
import type { CoreContext } from '../context.ts';
import { readConfig, removeConfig, renameConfig, restoreConfig, saveConfig } from './config-files.ts';
import { createConfigSummaries } from './summaries.ts';
import { readTemplates } from './templates.ts';

export function configsRoutes(context: CoreContext) {
  const summaries = createConfigSummaries();
  const root = () => context.workspace.require().path;
  return {
    procedures: {
      list: api.configs.list.handler(({ signal }) => summaries.list(root(), signal)),
      read: api.configs.read.handler(({ input }) => readConfig(root(), input.path)),
      save: api.configs.save.handler(({ input }) => saveConfig(root(), input)),
      rename: api.configs.rename.handler(async ({ input }) => {
        await renameConfig(root(), input.from, input.to);
        return {};
      }),
      remove: api.configs.remove.handler(async ({ input }) => ({
        restoreToken: await removeConfig(root(), input.path),
      })),
      restore: api.configs.restore.handler(async ({ input }) => ({
        path: await restoreConfig(root(), input.restoreToken),
      })),
      templates: api.configs.templates.handler(() => readTemplates(context.options.appFolder)),
    },
    dispose: async () => {},
  };
}
