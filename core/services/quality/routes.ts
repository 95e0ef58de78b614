// Routes of the quality lab: binds the contract to the services of this folder.
import { StudioError } from '../../api/errors.ts';
import { api } from '../base.ts';
import type { CoreContext } from '../context.ts';

function notReady(): never {
  throw new StudioError('UNAVAILABLE', 'The quality lab is being built', { hint: 'Use a newer version' });
}

export function qualityRoutes(_context: CoreContext) {
  return {
    procedures: {
      describe: api.quality.describe.handler(notReady),
      distributions: api.quality.distributions.handler(notReady),
      tokenLengths: api.quality.tokenLengths.handler(notReady),
      agreement: api.quality.agreement.handler(notReady),
      thresholds: api.quality.thresholds.handler(notReady),
      board: api.quality.board.handler(notReady),
      samples: api.quality.samples.handler(notReady),
      makeRecipe: api.quality.makeRecipe.handler(notReady),
      saveRecipe: api.quality.saveRecipe.handler(notReady),
      listRecipes: api.quality.listRecipes.handler(notReady),
      apply: api.quality.apply.handler(notReady),
    },
    dispose: async () => undefined,
  };
}
