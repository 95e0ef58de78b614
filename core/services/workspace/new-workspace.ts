// Makes workspaces: an empty one with the usual folders, and the personal copy of the sample.
// Never overwrites a file that is there.
import { cp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import { exists } from '../files/trash.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { newStudioFile } from './studio-file.ts';
import { makeFolder } from '../files/make-folder.ts';

const folders = ['configs', 'data', 'filters', 'runs', 'models', 'evals', 'annotations', 'recipes'];

/** Makes `path` (absolute) a workspace; an existing folder keeps its files. ALREADY_EXISTS when it is one. */
export async function createWorkspaceFolder(path: string, name: string): Promise<void> {
  if (await exists(join(path, 'studio.yaml'))) {
    throw new StudioError('ALREADY_EXISTS', 'This folder is a workspace already', {
      hint: 'Open it instead, or choose another folder',
      path,
    });
  }
  await makeFolder(path);
  for (const folder of folders) await makeFolder(join(path, folder));
  await ignoreStudioFolder(path);
  // Last: a folder counts as a workspace only once everything else is there.
  await writeFileAtomic(join(path, 'studio.yaml'), newStudioFile(name.trim()));
}

async function ignoreStudioFolder(path: string): Promise<void> {
  const file = join(path, '.gitignore');
  const text = await readFile(file, 'utf8').catch(() => '');
  if (/^\/?\.studio\/?$/m.test(text)) return;
  const separator = text === '' || text.endsWith('\n') ? '' : '\n';
  await writeFileAtomic(file, `${text}${separator}.studio/\n`);
}

/** Where the personal copy of the sample is, whether or not it exists yet. */
export function samplePathOf(stateFolder: string): string {
  return join(stateFolder, 'sample-workspace');
}

/** Copies the sample on first use; later it stays as the person left it. Returns its path. */
export async function ensureSample(appFolder: string, stateFolder: string): Promise<string> {
  const target = samplePathOf(stateFolder);
  if (await exists(target)) return target;
  const source = join(appFolder, 'resources', 'sample-workspace');
  if (!(await exists(source))) {
    throw new StudioError('UNAVAILABLE', 'The sample workspace is missing from this installation', {
      hint: 'Install the studio again, or create a workspace of your own',
      path: source,
    });
  }
  // Copied aside and renamed, so that a kill half-way leaves no half sample.
  const aside = `${target}.${process.pid}.tmp`;
  await makeFolder(stateFolder);
  try {
    await cp(source, aside, { recursive: true });
    await ignoreStudioFolder(aside);
    await rename(aside, target).catch(async (error: unknown) => {
      if (!(await exists(target))) throw error;
    });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return target;
}
