// What the stages of a checkpoint's life take and leave.
import type { CheckpointLife } from '../../api/checkpoint-life.ts';
import type { Checkpoint, OpenRequest, Stage } from '../../api/checkpoints.ts';
import type { Connection } from '../targets/connection.ts';
import type { OpeningStatus } from './opening-status.ts';
import type { PullOptions } from './pull.ts';
import type { PullSource } from './step-plan.ts';

export interface StageRequest extends Omit<OpenRequest, 'keepGoing' | 'id'> {
  readonly runId: string;
  readonly asked: readonly Stage[];
  readonly byRule: boolean;
}

export interface StageSource extends PullSource {
  /** Where the run works here, for relative paths of its config. */
  readonly workingFolder: string;
  readonly target: string;
  /** Null for a run on this computer. */
  readonly connection: Connection | null;
  /** As it was listed; null when it is not listed any more. */
  readonly listed: Checkpoint | null;
}

export interface StageOptions extends Pick<PullOptions, 'root' | 'signal' | 'limit' | 'sameHere'> {
  readonly status: OpeningStatus;
  readonly onLife: (life: CheckpointLife) => void;
}

export interface StagesDone {
  readonly life: CheckpointLife;
  readonly modelPath: string | null;
  readonly movedBytes: number;
}

/** Writes what a stage changed, on top of what others changed meanwhile. */
export interface Changing {
  readonly change: (how: (before: CheckpointLife) => CheckpointLife) => Promise<CheckpointLife>;
}
