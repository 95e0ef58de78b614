// What a caller of core sees when something fails: a StudioError of the closed list, or an AbortError.
// Knows how the RPC library and the transports word their failures.
import { ORPCError } from '@orpc/client';
import { type ErrorCode, errorCodes, errorData, StudioError } from '../api/errors.ts';

const known: ReadonlySet<string> = new Set(errorCodes);

/** Any thrown value → StudioError, or a DOMException named AbortError when the caller's signal aborted. */
export function toClientError(error: unknown, signal?: AbortSignal): StudioError | DOMException {
  if (signal?.aborted || isAbort(error)) return new DOMException('Cancelled', 'AbortError');
  if (error instanceof StudioError) return error;
  if (error instanceof ORPCError) return fromTransport(error);
  return new StudioError('INTERNAL', 'Something in the studio failed that should not', {
    hint: 'Copy the details and report them; nothing was changed',
    detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
    cause: error,
  });
}

/** True for what `toClientError` made of an aborted call; nothing has to be shown then. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** The answer to calls made while there is no connection, or whose connection closed under them. */
export function connectionLost(cause?: unknown): StudioError {
  return new StudioError('UNAVAILABLE', 'The connection to the studio core was lost', {
    hint: 'It is being restored; try again in a moment',
    cause,
  });
}

function fromTransport(error: ORPCError<string, unknown>): StudioError | DOMException {
  if (error.code === 'CANCELLED') return new DOMException('Cancelled', 'AbortError');
  const data = errorData.safeParse(error.data);
  if (known.has(error.code) && data.success) {
    return new StudioError(error.code as ErrorCode, error.message, {
      ...definedOnly(data.data),
      cause: error,
    });
  }
  if (error.code === 'BAD_REQUEST') {
    return new StudioError('INVALID_INPUT', 'The request was not understood', {
      hint: 'Check the values and try again',
      detail: `${error.message} ${JSON.stringify(error.data ?? {})}`,
      cause: error,
    });
  }
  const notServed = error.status === 404 && error.code === 'NOT_FOUND';
  return new StudioError(notServed ? 'UNAVAILABLE' : 'INTERNAL', error.message, {
    hint: notServed
      ? 'Reload: the window and core are different versions'
      : 'Copy the details and report them; nothing was changed',
    detail: `${error.code} ${JSON.stringify(error.data ?? {})}`,
    cause: error,
  });
}

function definedOnly(data: { hint: string; path?: string | undefined; detail?: string | undefined }) {
  return {
    hint: data.hint,
    ...(data.path === undefined ? {} : { path: data.path }),
    ...(data.detail === undefined ? {} : { detail: data.detail }),
  };
}
