// What can go wrong inside the child, with the reason that services turn into a sentence.
import type { FailureReason } from './protocol.ts';

export class RuntimeFailure extends Error {
  override readonly name = 'RuntimeFailure';
  readonly reason: FailureReason;

  constructor(reason: FailureReason, message: string, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}
