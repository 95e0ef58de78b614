// What a training log holds, whatever its format: it grows as bytes are pushed.
import type { ColumnBuffer } from '../series/column-buffer.ts';
import type { LogEvent } from './log-events.ts';

export interface TrainingLog {
  readonly series: ReadonlyMap<string, ColumnBuffer>;
  /** Times of steps and points of earlier attempts, by the names of extra-columns.ts. */
  readonly extra: ReadonlyMap<string, ColumnBuffer>;
  readonly events: readonly LogEvent[];
  /** Lines that look like metrics and could not be read, wholly or in part. */
  readonly skippedLines: number;
  /** Grows when points were replaced: readers start over. */
  readonly generation: number;
  readonly totalSteps: number | null;
  readonly newestStep: number | null;
  /** Unix ms of the newest point where the file has times. */
  readonly newestPointMs: number | null;
  readonly etaText: string | null;
  push(bytes: Uint8Array): void;
  /** Everything there is for now has been pushed. */
  settle(): void;
  /** Nothing will follow: a last line without an end is read with care. */
  end(): void;
}
