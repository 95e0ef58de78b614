// Where the user's settings, recent workspaces, tokens and the sample workspace are kept.
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export interface StateFolderInput {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/** NESSO_STATE_FOLDER, else the convention of the system (XDG, Application Support, AppData). */
export function stateFolderOf({ platform, environment, home }: StateFolderInput): string {
  const chosen = environment.NESSO_STATE_FOLDER;
  if (chosen) return resolve(chosen);
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Nesso Studio');
  if (platform === 'win32')
    return join(environment.APPDATA ?? join(home, 'AppData', 'Roaming'), 'Nesso Studio');
  return join(environment.XDG_STATE_HOME || join(home, '.local', 'state'), 'nesso-studio');
}

/** The state folder of this user, made (only for them) when it is missing. */
export function openStateFolder(): string {
  const folder = stateFolderOf({ platform: process.platform, environment: process.env, home: homedir() });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
