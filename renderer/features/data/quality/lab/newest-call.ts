// Runs one kind of request at a time for something that changes faster than it can be answered: while one is on its
// way only the newest next one waits, and an urgent one gives up whatever is under way. Knows nothing of requests.

export interface NewestCall<Input> {
  /** Runs now, or after the one under way; a waiting older one is dropped. */
  request(input: Input): void;
  /** Runs now: what is under way is aborted and what waits is dropped. */
  urgent(input: Input): void;
  /** Aborts everything. */
  cancel(): void;
}

export function createNewestCall<Input, Output>(options: {
  run(input: Input, signal: AbortSignal): Promise<Output>;
  /** Never called for an answer that was given up. */
  onResult(output: Output, input: Input): void;
  onError(error: unknown, input: Input): void;
}): NewestCall<Input> {
  let running: AbortController | null = null;
  let waiting: { readonly input: Input } | null = null;

  async function start(input: Input): Promise<void> {
    const controller = new AbortController();
    running = controller;
    try {
      const output = await options.run(input, controller.signal);
      if (!controller.signal.aborted) options.onResult(output, input);
    } catch (error) {
      if (!controller.signal.aborted) options.onError(error, input);
    }
    if (running !== controller) return;
    running = null;
    const next = waiting;
    waiting = null;
    if (next) await start(next.input);
  }

  function giveUp(): void {
    waiting = null;
    running?.abort();
    running = null;
  }

  return {
    request(input) {
      if (running) waiting = { input };
      else void start(input);
    },
    urgent(input) {
      giveUp();
      void start(input);
    },
    cancel: giveUp,
  };
}
