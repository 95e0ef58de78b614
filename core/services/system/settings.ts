// The user's settings: one small JSON file in the state folder, validated on every read.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Settings, settings as settingsSchema } from '../../api/system.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';

export interface SettingsFile {
  read(): Promise<Settings>;
  write(change: Partial<Settings>): Promise<Settings>;
}

/** A damaged settings file counts as empty: defaults are safe and the next write repairs it. */
export function createSettingsFile(stateFolder: string): SettingsFile {
  const path = join(stateFolder, 'settings.json');
  const read = async (): Promise<Settings> => {
    try {
      return settingsSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    } catch {
      return settingsSchema.parse({});
    }
  };
  return {
    read,
    async write(change) {
      const next = settingsSchema.parse({ ...(await read()), ...change });
      await writeFileAtomic(path, `${JSON.stringify(next, null, 2)}\n`);
      return next;
    },
  };
}
