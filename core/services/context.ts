// What every service receives: where the studio's own files are, and the shared pieces of one core.
// Knows nothing about transports or hosts.
import type { ActivityLog } from './system/activities.ts';
import type { NoticeBoard } from './system/notices.ts';
import type { SettingsFile } from './system/settings.ts';
import type { WorkspaceHolder } from './workspace/holder.ts';

/** What a host (Electron's utility process, `nesso serve`, the command line, a test) tells core at start. */
export interface CoreOptions {
  /** Folder that holds `out/` and `resources/`: the repository, or the packaged app. */
  readonly appFolder: string;
  /** Per-user folder for settings, recent workspaces and the sample workspace. */
  readonly stateFolder: string;
  readonly version: string;
  readonly host: 'electron' | 'serve' | 'cli' | 'test';
}

export interface CoreContext {
  readonly options: CoreOptions;
  readonly workspace: WorkspaceHolder;
  readonly settings: SettingsFile;
  readonly activities: ActivityLog;
  readonly notices: NoticeBoard;
}
