// Joins pieces of text and passes them on at most once per interval; the first piece goes at once.
// A fast model makes hundreds of tokens a second and no window needs that many messages.

export interface Coalescer {
  push(text: string, tokens: number): void;
  flush(): void;
}

export function createCoalescer(intervalMs: number, send: (text: string, tokens: number) => void): Coalescer {
  let text = '';
  let tokens = 0;
  let timer: NodeJS.Timeout | undefined;
  let lastSentMs = Number.NEGATIVE_INFINITY;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (text === '' && tokens === 0) return;
    lastSentMs = performance.now();
    const ready = text;
    const count = tokens;
    text = '';
    tokens = 0;
    send(ready, count);
  };
  return {
    push(piece, count) {
      text += piece;
      tokens += count;
      const waitMs = lastSentMs + intervalMs - performance.now();
      if (waitMs <= 0) flush();
      else timer ??= setTimeout(flush, waitMs);
    },
    flush,
  };
}
