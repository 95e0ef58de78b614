// How many requests may be under way: at most so many, fewer while the server says it is busy, more again as it answers.

export interface Throttle {
  /** Requests allowed now. */
  readonly limit: number;
  /** Waits for a place; release it when the answer is there. Throws what `signal` was aborted with. */
  enter(signal: AbortSignal): Promise<() => void>;
  /** The server is busy: half as many, and none at all before `waitMs` are over. */
  busy(waitMs: number): void;
  /** An answer came: after as many as there are places, one place more. */
  answered(): void;
}

export function createThrottle(most: number): Throttle {
  let limit = most;
  let active = 0;
  let answers = 0;
  let notBeforeMs = 0;
  const waiting: (() => void)[] = [];
  const admit = (): void => {
    while (active < limit && performance.now() >= notBeforeMs) {
      const next = waiting.shift();
      if (next === undefined) return;
      active += 1;
      next();
    }
  };
  return {
    get limit() {
      return limit;
    },
    enter(signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason as Error);
          return;
        }
        const leave = (): void => {
          active -= 1;
          admit();
        };
        const place = (): void => {
          signal.removeEventListener('abort', give);
          resolve(leave);
        };
        const give = (): void => {
          const at = waiting.indexOf(place);
          if (at >= 0) waiting.splice(at, 1);
          reject(signal.reason as Error);
        };
        signal.addEventListener('abort', give, { once: true });
        waiting.push(place);
        admit();
      });
    },
    busy(waitMs) {
      // Those that were sent together are turned away together: that is one sign, not many.
      if (performance.now() >= notBeforeMs) limit = Math.max(1, Math.floor(limit / 2));
      answers = 0;
      notBeforeMs = Math.max(notBeforeMs, performance.now() + waitMs);
      // A timer may fire a little early.
      setTimeout(admit, notBeforeMs - performance.now() + 2);
    },
    answered() {
      answers += 1;
      if (answers < limit || limit >= most) return;
      answers = 0;
      limit += 1;
      admit();
    },
  };
}
