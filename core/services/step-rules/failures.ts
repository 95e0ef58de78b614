// What a rule could not do: said once, tried again, later each time.

const FIRST_RETRY_MS = 30_000;
const LAST_RETRY_MS = 3_600_000;
const KEPT_FAILURES = 50;

/** What a rule asks for. */
export interface Due {
  readonly step: number;
  /** Of rules that ask for several things of a step. */
  readonly preset?: string;
}

export type Failure<Step extends Due> = Step & {
  readonly message: string;
  /** How often it was tried. */
  readonly times: number;
  readonly retryMs: number;
};

export interface Failures<Step extends Due> {
  /** Newest first. */
  readonly failures: Failure<Step>[];
}

export function isWaiting<Step extends Due>(failures: readonly Failure<Step>[], due: Step): boolean {
  return failures.some((failure) => isSame(failure, due) && failure.retryMs > Date.now());
}

export function withoutFailure<Step extends Due>(
  failures: readonly Failure<Step>[],
  due: Step,
): Failure<Step>[] {
  return failures.filter((failure) => !isSame(failure, due));
}

/** `isNew` unless it failed with these words before. */
export function addFailure<Step extends Due>(
  failures: readonly Failure<Step>[],
  due: Step,
  message: string,
): { readonly failures: Failure<Step>[]; readonly isNew: boolean } {
  const known = failures.find((failure) => isSame(failure, due));
  const times = (known?.times ?? 0) + 1;
  const retryMs = Date.now() + Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (times - 1));
  const next = [{ ...due, message, times, retryMs }, ...withoutFailure(failures, due)];
  return { failures: next.slice(0, KEPT_FAILURES), isNew: known?.message !== message };
}

const isSame = (left: Due, right: Due): boolean => left.step === right.step && left.preset === right.preset;
