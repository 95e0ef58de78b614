// What is going on with one checkpoint, told as it changes: stages, bytes, rate, time left.
import type { Opening, Stage } from '../../api/checkpoints.ts';

/** The rate is that of the last seconds, so that it follows the line and not the past. */
const RATE_WINDOW_MS = 4_000;

export interface OpeningStatus {
  readonly now: Opening;
  begin(stage: Stage): void;
  end(how: 'done' | 'skipped'): void;
  share(share: number): void;
  bytes(progress: { doneBytes: number; totalBytes: number; movedBytes: number; note: string | null }): void;
  note(note: string | null): void;
  fail(error: { code: string; message: string; hint: string }): void;
}

export function createOpeningStatus(
  about: Pick<Opening, 'runId' | 'step' | 'asked'>,
  onChange: (now: Opening) => void,
): OpeningStatus {
  let beganMs = performance.now();
  let samples: { readonly atMs: number; readonly bytes: number }[] = [];
  let now: Opening = {
    ...about,
    done: [],
    stage: null,
    share: null,
    doneBytes: 0,
    totalBytes: 0,
    bytesPerSecond: null,
    secondsLeft: null,
    note: null,
    error: null,
  };
  const become = (change: Partial<Opening>): void => {
    now = { ...now, ...change };
    onChange(now);
  };
  return {
    get now() {
      return now;
    },
    begin(stage) {
      beganMs = performance.now();
      samples = [];
      become({ stage, share: null, bytesPerSecond: null, secondsLeft: null, note: null, error: null });
    },
    end(how) {
      const { stage } = now;
      if (stage === null) return;
      const durationMs = Math.round(performance.now() - beganMs);
      become({
        stage: null,
        done: [...now.done, { stage, how, durationMs }],
        share: null,
        bytesPerSecond: null,
        secondsLeft: null,
        note: null,
      });
    },
    share: (share) => become({ share, secondsLeft: leftOf(share, performance.now() - beganMs) }),
    bytes({ doneBytes, totalBytes, movedBytes, note }) {
      const atMs = performance.now();
      samples = [...samples.filter((one) => atMs - one.atMs < RATE_WINDOW_MS), { atMs, bytes: movedBytes }];
      const [first] = samples;
      const seconds = first === undefined ? 0 : (atMs - first.atMs) / 1000;
      const bytesPerSecond =
        first && seconds > 0.3 ? (movedBytes - first.bytes) / seconds : now.bytesPerSecond;
      const secondsLeft =
        bytesPerSecond !== null && bytesPerSecond > 0 ? (totalBytes - doneBytes) / bytesPerSecond : null;
      const share = totalBytes === 0 ? null : doneBytes / totalBytes;
      become({ share, doneBytes, totalBytes, bytesPerSecond, secondsLeft, note });
    },
    note: (note) => become({ note }),
    fail: (error) => become({ error, note: null, bytesPerSecond: null, secondsLeft: null }),
  };
}

/** Too early to say before a tenth of a second and a twentieth of the way. */
function leftOf(share: number, elapsedMs: number): number | null {
  return share < 0.05 || elapsedMs < 100 ? null : ((1 - share) / share) * (elapsedMs / 1000);
}
