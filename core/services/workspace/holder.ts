// Which workspace this core has open. Services ask for it per call, so switching needs no restart.
import { StudioError } from '../../api/errors.ts';
import type { WorkspaceInfo } from '../../api/workspace.ts';
import { createSignalBus, type SignalBus } from '../signal-bus.ts';

/** Something happened in the folder of a run. */
export interface RunTouch {
  /** Name of the folder. */
  readonly id: string;
  /** Only what it writes grew. */
  readonly isOutput: boolean;
}

/** An open workspace. `dispose` closes watchers and the presence file; runs go on. */
export interface OpenWorkspace {
  readonly path: string;
  info(): Promise<WorkspaceInfo>;
  /** Changed paths inside the workspace, forward slashes, coalesced. */
  readonly changes: SignalBus<readonly string[]>;
  /** Nothing in it may be written; the studio keeps its own state in memory. */
  readonly readOnly: boolean;
  /** Resolves when changes on disk are being noticed. */
  readonly watching: Promise<void>;
  /** In whose folders something happened, at once and again and again. */
  readonly runs: SignalBus<RunTouch>;
  /** Whether `runs` tells of everything now; else their folders must be looked at. */
  readonly isTold: boolean;
  /** Looks at everything again, whatever was noticed. */
  refresh(): Promise<void>;
  dispose(): Promise<void>;
}

export interface WorkspaceHolder {
  readonly current: OpenWorkspace | null;
  /** Fires after another workspace took over, or none. */
  readonly switched: SignalBus<OpenWorkspace | null>;
  /** The open workspace, or NO_WORKSPACE. */
  require(): OpenWorkspace;
  replace(next: OpenWorkspace | null): Promise<void>;
}

export function createWorkspaceHolder(): WorkspaceHolder {
  let current: OpenWorkspace | null = null;
  const switched = createSignalBus<OpenWorkspace | null>();
  return {
    get current() {
      return current;
    },
    switched,
    require() {
      if (current) return current;
      throw new StudioError('NO_WORKSPACE', 'No workspace is open', {
        hint: 'Open or create a workspace first',
      });
    },
    async replace(next) {
      const previous = current;
      current = next;
      switched.emit(next);
      await previous?.dispose();
    },
  };
}
