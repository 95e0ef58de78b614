// Kinds of things that happen in a training log besides numbers. Every event carries its line for the reader.

export type FailureCause =
  | 'gpu-memory'
  | 'host-memory'
  | 'nccl'
  | 'nccl-timeout'
  | 'config'
  | 'assertion'
  | 'module-missing'
  | 'file-missing'
  | 'time-limit'
  | 'cancelled'
  | 'node-failure'
  | 'preempted'
  | 'not-finite'
  | 'checkpoint-write';

export type LogEventDetail =
  /** Saving began; Nanotron prints no line when it is done: the next iteration proves it. */
  | { readonly kind: 'checkpoint'; readonly path: string }
  | { readonly kind: 'parameters'; readonly parameters: number }
  /** MiB as printed, of the GPU that printed it. */
  | {
      readonly kind: 'memory';
      readonly usedMib: number;
      readonly peakMib: number;
      readonly reservedMib: number;
    }
  /** The start line's numbers by their printed names: mbs, sequence_length, train_steps, … */
  | { readonly kind: 'start'; readonly values: ReadonlyMap<string, number> }
  | { readonly kind: 'resumed'; readonly from: string }
  | { readonly kind: 'finished'; readonly text: string }
  /** Steps began again from an earlier one; `dropped` points after it were replaced. */
  | { readonly kind: 'restart'; readonly tag: string; readonly toStep: number; readonly dropped: number }
  | { readonly kind: 'failure'; readonly cause: FailureCause; readonly text: string };

export type LogEvent = LogEventDetail & {
  /** 1-based number of the line among non-empty lines. */
  readonly line: number;
  /** Newest step before it, if any. */
  readonly step: number | null;
};
