// The server side of the contract: one implementer with the core context, and the one place where
// an error thrown by a service becomes an error of the closed list.
import { implement, ORPCError } from '@orpc/server';
import { contract } from '../api/contract.ts';
import { StudioError } from '../api/errors.ts';
import type { CoreContext } from './context.ts';
import { toStudioError } from './system-errors.ts';

/** Passes ORPCErrors (input validation) through and turns everything else into a typed error. */
function asTransportError(error: unknown): ORPCError<string, unknown> {
  if (error instanceof ORPCError) return error;
  const known = error instanceof StudioError ? error : toStudioError(error);
  return new ORPCError(known.code, { message: known.message, data: known.data, cause: known });
}

/** `api.<noun>.<procedure>.handler(({ input, context, signal }) => …)` */
export const api = implement(contract)
  .$context<CoreContext>()
  .use(async ({ next }) => {
    try {
      const result = await next();
      return result;
    } catch (error) {
      throw asTransportError(error);
    }
  });

/** Wraps a stream so that what it throws half-way is typed like what a call throws. */
export async function* typedStream<T>(source: AsyncIterable<T>): AsyncGenerator<T, void> {
  try {
    yield* source;
  } catch (error) {
    throw asTransportError(error);
  }
}
