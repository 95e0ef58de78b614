// A cap on bytes a second, shared by whoever spends from it.

export interface RateLimit {
  /** Notes bytes that came; returns how many milliseconds to hold on before more may come. */
  spend(bytes: number): number;
}

/** Null limits nothing. At most a fifth of a second is saved up, so that a pause is not followed by a burst. */
export function createRateLimit(bytesPerSecond: () => number | null): RateLimit {
  let freeAtMs = 0;
  return {
    spend(bytes) {
      const limit = bytesPerSecond();
      if (limit === null) return 0;
      const nowMs = performance.now();
      freeAtMs = Math.max(freeAtMs, nowMs - 200) + (bytes / limit) * 1000;
      return Math.max(0, freeAtMs - nowMs);
    },
  };
}
