// What a target of studio.yaml says about its jobs, read and written key by key: comments and everything else stay as they are.
import { join } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import type { TargetSettings } from '../../api/targets.ts';
import { applyEdits, removeKey, setValue } from '../../lib/config/edit.ts';
import { parseConfig } from '../../lib/config/document.ts';
import { nodeAt } from '../../lib/config/lookup.ts';
import { stringAt } from '../../lib/config/derived/read-values.ts';
import { readTextFile } from '../files/read-text.ts';
import { withFileLock } from '../files/with-file-lock.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { MAX_STUDIO_FILE_BYTES, type TargetEntry } from './read-targets.ts';

const FILE = 'studio.yaml';

export function settingsOf(entry: TargetEntry): TargetSettings {
  const { folder, partition, account, qos, walltime, pollSeconds, modules, conda, python } = entry;
  const { setup, container, environment } = entry;
  return {
    folder,
    partition,
    account,
    qos,
    walltime,
    pollSeconds,
    modules: [...modules],
    conda,
    python,
    setup,
    container: container === null ? null : { ...container, mounts: [...container.mounts] },
    environment: { ...environment },
  };
}

/** The version of the file the settings are read from. */
export async function studioFileVersion(root: string): Promise<string> {
  return (await readTextFile(join(root, FILE), MAX_STUDIO_FILE_BYTES)).version;
}

export interface SettingsChange {
  readonly name: string;
  readonly before: TargetSettings;
  readonly after: TargetSettings;
  /** Of the file they were read from. */
  readonly version: string;
}

/** Throws CONFLICT when the file changed meanwhile, INVALID_INPUT where it cannot be edited. */
export async function saveSettings(
  root: string,
  { name, before, after, version }: SettingsChange,
): Promise<void> {
  const path = join(root, FILE);
  await withFileLock(root, FILE, async () => {
    const file = await readTextFile(path, MAX_STUDIO_FILE_BYTES);
    if (file.version !== version) {
      throw new StudioError('CONFLICT', 'studio.yaml was changed meanwhile', {
        hint: 'Close this and open the settings again: they show what it says now',
        path: FILE,
      });
    }
    const document = parseConfig(file.text);
    const list = nodeAt(document.root, ['targets']);
    const count = list?.kind === 'list' ? list.items.length : 0;
    const index = Array.from({ length: count }).findIndex(
      (_, place) => stringAt(document, ['targets', place, 'name']) === name,
    );
    if (index < 0)
      throw new StudioError('NOT_FOUND', `There is no target ${name} in studio.yaml`, {
        hint: 'Add it first',
        path: FILE,
      });
    let { text } = file;
    for (const key of Object.keys(after) as (keyof TargetSettings)[]) {
      if (JSON.stringify(before[key]) === JSON.stringify(after[key])) continue;
      text = withKey(text, ['targets', index, key], after[key]);
    }
    if (text !== file.text) await writeFileAtomic(path, text);
  });
}

/** Nothing to say takes the key out. */
function withKey(
  text: string,
  path: readonly (string | number)[],
  value: TargetSettings[keyof TargetSettings],
): string {
  const isThere = nodeAt(parseConfig(text).root, path) !== undefined;
  const isEmpty =
    value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);
  if (isEmpty && !isThere) return text;
  const result = isEmpty ? removeKey(text, path) : setValue(text, path, value);
  if ('edits' in result) return applyEdits(text, result.edits);
  throw new StudioError('INVALID_INPUT', `studio.yaml cannot be changed: ${result.error}`, {
    hint: 'Mend studio.yaml in the Configs view first',
    path: FILE,
  });
}
