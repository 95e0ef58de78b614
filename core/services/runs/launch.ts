// Starts a job on this computer: makes the run's folder, writes down what is launched, starts the supervisor.
import { mkdir, stat } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import type { PreflightFinding } from '../../api/launches.ts';
import { startSupervisor } from '../../../native/runner/client.ts';
import {
  buildCommand,
  checkParameters,
  filler,
  type ParameterValues,
  textOfParts,
} from '../../lib/recipes/command-line.ts';
import type { RecipeFile } from '../../lib/recipes/recipe-file.ts';
import type { ExitFile, RunRecord } from '../../lib/runs/run-files.ts';
import { isWritable, readTextFile } from '../files/read-text.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { exists } from '../files/trash.ts';
import { withFileLock } from '../files/with-file-lock.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { readGitHead } from '../workspace/git-branch.ts';
import { personName } from '../workspace/person-name.ts';
import { makeFolder } from '../files/make-folder.ts';
import { PROGRAMS, readPrograms } from './programs.ts';

/** A config is kept in run.json as text; more than this is data. */
const MAX_CONFIG_BYTES = 4 * 1024 * 1024;
const MAX_SAME_NAME = 1000;

export interface LaunchRequest {
  readonly root: string;
  readonly appFolder: string;
  readonly recipe: RecipeFile;
  readonly name: string;
  readonly parameters: ParameterValues;
  readonly overridden?: readonly PreflightFinding[] | undefined;
}

/** Returns the new run's id. INVALID_INPUT for bad parameters or missing files, READ_ONLY, DISK_FULL. */
export async function launchRun(request: LaunchRequest): Promise<string> {
  const { root, recipe } = request;
  if (!(await isWritable(root))) {
    throw new StudioError('READ_ONLY', 'Runs write into the workspace, and this one is read-only', {
      hint: 'Open a copy of the workspace that you may write to',
      path: root,
    });
  }
  const parameters = checkParameters(recipe, request.parameters);
  const files = await resolveFiles(root, recipe, parameters);
  const config = await readConfig(root, recipe, parameters);
  // Everything that can be refused was refused by now: no half folder is left behind.
  const programs = await readPrograms(request.appFolder, root, recipe);
  const { id, folder } = await makeRunFolder(root, request.name);
  const places = {
    run: folder,
    workspace: root,
    programs: join(folder, PROGRAMS),
    app: request.appFolder,
    node: process.execPath,
    fileOf: (path: string) => files.get(path) ?? path,
    targetPathOf: (path: string) => path.replace(/^~(?=\/|$)/, homedir()),
  };
  const command = buildCommand(recipe, parameters, places);
  const fill = filler(recipe, parameters, places);
  for (const { name, bytes } of programs) {
    await makeFolder(places.programs);
    await writeFileAtomic(join(places.programs, name), bytes);
  }
  const createdMs = Date.now();
  const record: RunRecord = {
    format: 1,
    id,
    name: request.name.trim(),
    recipe: recipe.id,
    target: 'this-computer',
    createdMs,
    parameters,
    command: [...command],
    workingFolder: recipe.workingFolder === 'run' ? folder : root,
    environment: {
      ...Object.fromEntries(
        Object.entries(recipe.environment).map(([name, text]) => [name, textOfParts(fill(text))]),
      ),
      NESSO_RUN_FOLDER: folder,
      NESSO_METRICS: join(folder, 'metrics.jsonl'),
      // Python buffers 8 kB otherwise, and the log would lag behind by minutes.
      PYTHONUNBUFFERED: '1',
    },
    config,
    git: await readGitHead(root),
    mainMetrics: recipe.metrics.main,
    exitCodes: recipe.exitCodes,
    host: hostname(),
    history: [{ state: 'starting', atMs: createdMs }],
    end: null,
    remote: null,
    isScriptEdited: false,
    after: null,
    parent: null,
    continuations: [],
    evaluates: null,
    brings: [],
    overridden: await whoOverrode(root, request.overridden),
  };
  await writeFileAtomic(join(folder, 'run.json'), `${JSON.stringify(record, null, 2)}\n`);
  startSupervisor(request.appFolder, folder, () => void noteFailedStart(root, id).catch(() => {}));
  return id;
}

/**
 * A supervisor that ended without leaving anything could not be started at all (a damaged installation). Under the lock of
 * run.json, as a removal is: a run that was removed meanwhile has left nothing either, and must not come back.
 */
async function noteFailedStart(root: string, id: string): Promise<void> {
  const folder = join(root, 'runs', id);
  const record = join(folder, 'run.json');
  await withFileLock(root, record, async () => {
    if (!(await exists(record))) return;
    for (const name of ['process.json', 'exit.json']) if (await exists(join(folder, name))) return;
    const error = 'The supervisor program of the studio could not be started; install the studio again';
    const exit: ExitFile = { exitCode: null, signal: null, endedMs: Date.now(), error };
    await writeFileAtomic(join(folder, 'exit.json'), JSON.stringify(exit));
  });
}

/** What is kept of findings that a person launched in spite of. */
export async function whoOverrode(
  root: string,
  findings: readonly PreflightFinding[] | undefined,
): Promise<RunRecord['overridden']> {
  const heeded = (findings ?? []).filter(({ severity }) => severity !== 'info');
  if (heeded.length === 0) return null;
  return { by: await personName(root), atMs: Date.now(), findings: heeded };
}

async function resolveFiles(
  root: string,
  recipe: RecipeFile,
  parameters: ParameterValues,
): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const parameter of recipe.parameters) {
    const path = String(parameters[parameter.name] ?? '');
    if (parameter.kind !== 'file' || path === '') continue;
    const real = await resolveInside(root, path);
    await readable(real, `${parameter.label}: ${path}`);
    files.set(path, real);
  }
  return files;
}

async function readable(path: string, shown: string): Promise<void> {
  if ((await stat(path).catch(() => null))?.isFile()) return;
  throw new StudioError('INVALID_INPUT', `${shown} is not a file of this workspace`, {
    hint: 'Choose a file that is there',
    path,
  });
}

/** The config that a parameter names, as it is now; null when none does. */
export async function readConfig(
  root: string,
  recipe: RecipeFile,
  parameters: ParameterValues,
): Promise<RunRecord['config']> {
  if (recipe.config === undefined) return null;
  const path = String(parameters[recipe.config] ?? '');
  if (path === '') return null;
  const { text, version } = await readTextFile(await resolveInside(root, path), MAX_CONFIG_BYTES);
  return { path, version, text };
}

/** `runs/<slug>-<date>` with a number where that is taken; the folder is made. */
export async function makeRunFolder(root: string, name: string): Promise<{ id: string; folder: string }> {
  const runs = join(root, 'runs');
  await makeFolder(runs);
  const slug = slugOf(name);
  const date = new Date().toISOString().slice(0, 10);
  for (let count = 1; count <= MAX_SAME_NAME; count += 1) {
    const id = count === 1 ? `${slug}-${date}` : `${slug}-${date}-${count}`;
    try {
      await mkdir(join(runs, id));
      return { id, folder: join(await resolveInside(root, 'runs'), id) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  throw new StudioError('ALREADY_EXISTS', 'A thousand runs of today have this name', {
    hint: 'Choose another name',
  });
}

/** `Zagreus: prova n°1` → `zagreus-prova-n-1`; accents fall off, and a name without letters becomes `run`. */
export function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '');
  return slug === '' ? 'run' : slug;
}
