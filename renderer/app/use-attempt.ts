// One act that a person waits for: whether it runs, and what went wrong with it. Where a failure is shown is its user's business.
import { useState } from 'react';

export interface Attempt {
  readonly isBusy: boolean;
  /** What was thrown; null before, and while another attempt runs. */
  readonly failure: unknown;
  /** Forgets the failure: what it was about has changed. */
  forget(): void;
  /** Does nothing while the act runs already. */
  attempt(work: () => Promise<void>): Promise<void>;
}

/** `onFailure` gets what was thrown, for what is said elsewhere. */
export function useAttempt(onFailure?: (error: unknown) => void): Attempt {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  return {
    isBusy,
    failure,
    forget: () => setFailure(null),
    async attempt(work) {
      if (isBusy) return;
      setBusy(true);
      setFailure(null);
      try {
        await work();
      } catch (error) {
        setFailure(error);
        onFailure?.(error);
      } finally {
        setBusy(false);
      }
    },
  };
}
