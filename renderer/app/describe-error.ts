// Turns whatever was thrown into what a person can act on: the thing and the reason, the next step, then details.
import { type ErrorCode, errorCodes, errorData } from '../../core/api/errors.ts';

export interface ErrorDescription {
  readonly code: ErrorCode;
  /** The thing and the reason. */
  readonly title: string;
  /** The next step. */
  readonly hint: string;
  readonly path: string | null;
  /** For "Copy details". */
  readonly details: string;
}

/** Aborts are no errors: callers drop them. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || codeOf(error) === 'CANCELLED');
}

export function describeError(error: unknown): ErrorDescription {
  const code = codeOf(error);
  const title = error instanceof Error ? error.message : String(error);
  const data = errorData.safeParse(error instanceof Error && 'data' in error ? error.data : undefined);
  const hint = data.success ? data.data.hint : 'Try again; if it stays, copy the details into a report';
  const path = data.success ? (data.data.path ?? null) : null;
  const detail = data.success ? data.data.detail : error instanceof Error ? error.stack : undefined;
  const details = [`${code}: ${title}`, hint, path, detail].filter(Boolean).join('\n');
  return { code, title, hint, path, details };
}

/** The reason and the next step as one line, for the note of a field. */
export function errorText(error: unknown): string {
  const { title, hint } = describeError(error);
  return `${title}. ${hint}`;
}

function codeOf(error: unknown): ErrorCode {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return errorCodes.find((known) => known === code) ?? 'INTERNAL';
}
