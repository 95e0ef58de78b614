// Placeholder for procedures whose service is not written yet. This file goes when the last use of it goes.
import { StudioError } from '../api/errors.ts';

export function notBuilt(): never {
  throw new StudioError('UNAVAILABLE', 'This part is not built yet', { hint: 'Use a newer version' });
}
