// Keeps a buffer's check up to date while it changes, and measures how long an edit takes to reach the numbers.
// Knows buffers and the check runner; what is drawn from a check is not its business.
import type { DeriveOptions } from '../../../../core/lib/config/derived/derived-types.ts';
import type { ConfigBuffer } from '../documents/config-buffer.ts';
import { runCheck } from './check-runner.ts';

/** Takes the edits of one command as one. Not longer: the check is off this thread, and only the newest text waits for it. */
const QUIET_MS = 8;

export const EDIT_MEASURE = 'nesso:edit-to-derived';

/** When the oldest edit that no finished check covers yet was made. */
const oldestEditMs = new WeakMap<ConfigBuffer, number>();

export interface BufferWatch {
  /** Checks again, for example because another GPU was chosen. */
  setOptions(options: DeriveOptions): void;
  /** The check of exactly the current text, awaited. */
  settled(): Promise<void>;
  stop(): void;
}

export function watchBuffer(
  buffer: ConfigBuffer,
  initialOptions: DeriveOptions,
  failed: (error: unknown) => void,
): BufferWatch {
  let options = initialOptions;
  let timer: number | null = null;
  let stopped = false;

  const check = async (): Promise<void> => {
    timer = null;
    const modelVersion = buffer.model.getVersionId();
    try {
      const finished = await runCheck(buffer, buffer.text(), options);
      if (finished === null || stopped) return;
      buffer.state.setState({
        checked: { ...finished.result, modelVersion, durationMs: finished.durationMs },
      });
    } catch (error) {
      if (!stopped) failed(error);
    }
  };
  const soon = (): void => {
    timer ??= window.setTimeout(() => void check(), QUIET_MS);
  };
  const subscription = buffer.model.onDidChangeContent(() => {
    if (buffer.plain) return;
    if (!oldestEditMs.has(buffer)) oldestEditMs.set(buffer, performance.now());
    soon();
  });
  if (!buffer.plain) void check();

  return {
    setOptions: (next) => {
      options = next;
      if (!buffer.plain) soon();
    },
    settled: async () => {
      if (timer !== null) window.clearTimeout(timer);
      await check();
    },
    stop: () => {
      stopped = true;
      subscription.dispose();
      if (timer !== null) window.clearTimeout(timer);
    },
  };
}

/** To be called when the result of a check is in the page: leaves a performance measure for every edit. */
export function measureShown(buffer: ConfigBuffer): void {
  const startedMs = oldestEditMs.get(buffer);
  const checked = buffer.state.getState().checked;
  if (startedMs === undefined || checked === null) return;
  if (checked.modelVersion !== buffer.model.getVersionId()) return;
  oldestEditMs.delete(buffer);
  performance.measure(EDIT_MEASURE, { start: startedMs, end: performance.now() });
}
