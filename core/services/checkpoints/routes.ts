// Routes of checkpoints: binds the contract to the services of this folder.
import { api } from '../base.ts';
import type { CheckpointService } from './service.ts';

export function checkpointsRoutes(service: CheckpointService) {
  return {
    procedures: {
      list: api.checkpoints.list.handler(({ input, signal }) => service.list(input.id, signal)),
    },
    dispose: async () => {},
  };
}
