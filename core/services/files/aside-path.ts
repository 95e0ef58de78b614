// Where a file is written before it is whole and gets its name: hidden beside it, so that a rename is all that is left to do.
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';

/** What such files are called. Listings leave them out, and those of a killed process are swept away. */
export const temporaryName = /^\.[0-9a-f]{12}\.tmp$/;

/** Another one at each call, in the folder of `path`. */
export function asidePath(path: string): string {
  return join(dirname(path), `.${randomBytes(6).toString('hex')}.tmp`);
}
