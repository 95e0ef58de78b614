// Waits measured with the clock of a computer, which a person or a time server may put back.

/** Whether `spanMs` have passed since `sinceMs`. A moment that lies ahead was before the clock was put back: it is long ago. */
export function hasPassed(sinceMs: number, spanMs: number, nowMs: number): boolean {
  return nowMs - sinceMs >= spanMs || nowMs < sinceMs;
}
