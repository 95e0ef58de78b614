// The closed list of errors that cross between window, command line and core.
// Every error says what happened in `message` and what to do next in `hint`.
import { z } from 'zod';

export const errorCodes = [
  'NOT_FOUND',
  'INVALID_INPUT',
  'ALREADY_EXISTS',
  'CONFLICT',
  'READ_ONLY',
  'PERMISSION_DENIED',
  'DISK_FULL',
  'CORRUPT_FILE',
  'TOO_LARGE',
  'RUNTIME_DIED',
  'UNAVAILABLE',
  'CANCELLED',
  'NO_WORKSPACE',
  'INTERNAL',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** What travels beside code and message: the next step, the file concerned, and details for "Copy details". */
export const errorData = z.object({
  hint: z.string(),
  path: z.string().optional(),
  detail: z.string().optional(),
});

export type ErrorData = z.infer<typeof errorData>;

export interface StudioErrorOptions {
  readonly hint: string;
  readonly path?: string;
  readonly detail?: string;
  readonly cause?: unknown;
}

/** The only error services throw on purpose. `message` names the thing and the reason; `hint` the next step. */
export class StudioError extends Error {
  readonly code: ErrorCode;
  readonly data: ErrorData;

  constructor(code: ErrorCode, message: string, options: StudioErrorOptions) {
    super(message, { cause: options.cause });
    this.name = 'StudioError';
    this.code = code;
    this.data = {
      hint: options.hint,
      ...(options.path === undefined ? {} : { path: options.path }),
      ...(options.detail === undefined ? {} : { detail: options.detail }),
    };
  }
}

/** The error map every procedure declares; oRPC checks `data` against it on both sides. */
export const errorMap = Object.fromEntries(errorCodes.map((code) => [code, { data: errorData }])) as Record<
  ErrorCode,
  { data: typeof errorData }
>;
