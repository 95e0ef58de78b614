// The replies of the child to one request, as something to wait for. Knows neither processes nor models.
import type { FailureReason, FromChild } from './protocol.ts';

export type Reply = Exclude<FromChild, { kind: 'ready' | 'memory' }>;

/** `died`: the process ended by itself or was killed. Everything else is the child's own report. */
export class LlamaFailure extends Error {
  override readonly name = 'LlamaFailure';
  readonly reason: FailureReason | 'died';

  constructor(reason: FailureReason | 'died', message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Replies to one request, in order, ended by a failure or by the reader. */
export class Inbox {
  private readonly replies: Reply[] = [];
  private failure: LlamaFailure | null = null;
  private wake: (() => void) | null = null;

  push(reply: Reply): void {
    this.replies.push(reply);
    this.wake?.();
  }

  fail(failure: LlamaFailure): void {
    this.failure = failure;
    this.wake?.();
  }

  async next(): Promise<Reply> {
    for (;;) {
      const reply = this.replies.shift();
      if (reply?.kind === 'failed') throw new LlamaFailure(reply.reason, reply.detail);
      if (reply !== undefined) return reply;
      if (this.failure) throw this.failure;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      this.wake = null;
    }
  }
}

/** Waits until the child is no longer at work on the request. */
export async function untilDone(inbox: Inbox): Promise<void> {
  try {
    for (;;) {
      const { kind } = await inbox.next();
      if (kind === 'done' || kind === 'end') return;
    }
  } catch {
    // The child died or failed: it is not generating any more, and the next call will find out.
  }
}
