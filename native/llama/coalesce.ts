// Joins what is to be said and passes it on at most once per interval; the first piece goes at once.
// A fast model makes hundreds of tokens a second and no window needs that many messages.

export interface Coalescer<Piece> {
  push(piece: Piece): void;
  flush(): void;
}

export function createCoalescer<Piece>(
  intervalMs: number,
  send: (pieces: readonly Piece[]) => void,
): Coalescer<Piece> {
  let held: Piece[] = [];
  let timer: NodeJS.Timeout | undefined;
  let lastSentMs = Number.NEGATIVE_INFINITY;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (held.length === 0) return;
    lastSentMs = performance.now();
    const ready = held;
    held = [];
    send(ready);
  };
  return {
    push(piece) {
      held.push(piece);
      const waitMs = lastSentMs + intervalMs - performance.now();
      if (waitMs <= 0) flush();
      else timer ??= setTimeout(flush, waitMs);
    },
    flush,
  };
}
