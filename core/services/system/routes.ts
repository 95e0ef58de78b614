// Routes of system: binds the contract to the services of this folder.
import type { CoreContext } from '../context.ts';
import { api } from '../base.ts';
import { notBuilt } from '../not-built.ts';

export function systemRoutes(_context: CoreContext) {
  return {
    procedures: {
      doctor: api.system.doctor.handler(notBuilt),
      events: api.system.events.handler(notBuilt),
      cancelActivity: api.system.cancelActivity.handler(notBuilt),
      readSettings: api.system.readSettings.handler(notBuilt),
      writeSettings: api.system.writeSettings.handler(notBuilt),
    },
    dispose: async () => {},
  };
}
