// The server side of the contract: one implementer with the core context, and the one place where
// an error thrown by a service becomes an error of the closed list.
import { mapEventIterator } from '@orpc/client';
import { implement, ORPCError, os } from '@orpc/server';
import { contract } from '../api/contract.ts';
import { StudioError } from '../api/errors.ts';
import type { CoreContext } from './context.ts';
import { toStudioError } from './system-errors.ts';
import { requireFolder } from './workspace/require-folder.ts';

/** Turns what a service, a stream or input validation throws into an error of the closed list. */
function asTransportError(error: unknown): ORPCError<string, unknown> {
  if (error instanceof ORPCError) {
    return error.code === 'BAD_REQUEST' ? asTransportError(invalidInput(error)) : error;
  }
  const known = error instanceof StudioError ? error : toStudioError(error);
  return new ORPCError(known.code, { message: known.message, data: known.data, cause: known });
}

/** Makes whatever a procedure or its stream throws an error of the closed list. */
export const typedErrors = os.middleware(async ({ next }) => {
  try {
    const result = await next();
    if (!isStream(result.output)) return result;
    return { ...result, output: typeErrors(result.output) };
  } catch (error) {
    throw asTransportError(error);
  }
});

/** What a person asks when the folder is gone: how the studio is, and another workspace. */
const WITHOUT_FOLDER: ReadonlySet<string | undefined> = new Set(['system', 'workspace']);

const withFolder = os.$context<CoreContext>().middleware(async ({ context, path, next }) => {
  const { current } = context.workspace;
  if (current !== null && !WITHOUT_FOLDER.has(path[0])) await requireFolder(current);
  return next();
});

/** `api.<noun>.<procedure>.handler(({ input, context, signal }) => …)` */
export const api = implement(contract).$context<CoreContext>().use(typedErrors).use(withFolder);

/** What a stream throws half-way is typed like what a call throws. Closing it closes its source. */
function typeErrors(source: AsyncIterator<unknown>) {
  return mapEventIterator(source, {
    value: async (value) => value,
    error: async (error) => asTransportError(error),
  });
}

function isStream(value: unknown): value is AsyncIterator<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value && 'next' in value;
}

function invalidInput(error: ORPCError<string, unknown>): StudioError {
  const { issues } = (error.data ?? {}) as {
    issues?: readonly { message: string; path?: readonly unknown[] }[];
  };
  const first = issues?.[0];
  const where = first?.path?.map(String).join('.') || 'the request';
  return new StudioError('INVALID_INPUT', first ? `${where}: ${first.message}` : error.message, {
    hint: 'Change this value and try again',
    cause: error,
  });
}
