// Errors as OpenAI's interface writes them, so that its clients show them.
import { StudioError, type ErrorCode } from '../../api/errors.ts';
import { toStudioError } from '../system-errors.ts';

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
  readonly parameter: string | null;

  constructor(
    status: number,
    message: string,
    {
      type = 'invalid_request_error',
      code = null,
      parameter = null,
    }: Partial<Pick<ApiError, 'type' | 'code' | 'parameter'>> = {},
  ) {
    super(message);
    this.status = status;
    this.type = type;
    this.code = code;
    this.parameter = parameter;
  }

  get body(): unknown {
    return { error: { message: this.message, type: this.type, param: this.parameter, code: this.code } };
  }
}

const statuses: Partial<Record<ErrorCode, readonly [number, string | null]>> = {
  NOT_FOUND: [404, 'model_not_found'],
  INVALID_INPUT: [400, null],
  TOO_LARGE: [400, 'context_length_exceeded'],
  CORRUPT_FILE: [400, 'model_not_usable'],
  NO_WORKSPACE: [503, 'no_workspace'],
  UNAVAILABLE: [503, 'not_enough_memory'],
  CANCELLED: [499, 'cancelled'],
};

export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const known = error instanceof StudioError ? error : toStudioError(error);
  const [status, code] = statuses[known.code] ?? [500, known.code.toLowerCase()];
  const type = status >= 500 ? 'server_error' : 'invalid_request_error';
  return new ApiError(status, `${known.message}. ${known.data.hint}`, { type, code });
}
