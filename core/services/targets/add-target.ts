// Adds a target to studio.yaml as a person would: at the end of its list, comments and everything else left as they are.
import { join } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import type { NewTarget } from '../../api/targets.ts';
import { applyEdits, insertListItem } from '../../lib/config/edit.ts';
import { parseConfig } from '../../lib/config/document.ts';
import { nodeAt } from '../../lib/config/lookup.ts';
import { readTextFile } from '../files/read-text.ts';
import { withFileLock } from '../files/with-file-lock.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { MAX_STUDIO_FILE_BYTES, readTargets } from './read-targets.ts';

/** `root` is the workspace. Throws ALREADY_EXISTS, INVALID_INPUT where studio.yaml cannot be edited. */
export async function addTarget(root: string, target: NewTarget): Promise<void> {
  const path = join(root, 'studio.yaml');
  await withFileLock(root, 'studio.yaml', async () => {
    const text = await readTextFile(path, MAX_STUDIO_FILE_BYTES).then(
      (file) => file.text,
      (error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
        throw error;
      },
    );
    const { targets } = await readTargets(root);
    if (targets.some(({ name }) => name === target.name) || target.name === 'this-computer') {
      throw new StudioError('ALREADY_EXISTS', `There is a target called ${target.name} already`, {
        hint: 'Choose another name',
        path: 'studio.yaml',
      });
    }
    const list = nodeAt(parseConfig(text).root, ['targets']);
    const index = list?.kind === 'list' ? list.items.length : 0;
    const { name, kind, host, folder } = target;
    const result = insertListItem(text, ['targets'], index, {
      name,
      kind,
      host,
      ...(folder === null ? {} : { folder }),
    });
    if ('error' in result) {
      throw new StudioError('INVALID_INPUT', `studio.yaml cannot be changed: ${result.error}`, {
        hint: 'Mend studio.yaml in the Configs view, then add the target again',
        path: 'studio.yaml',
      });
    }
    await writeFileAtomic(path, applyEdits(text, result.edits));
  });
}
