// What would stop or spoil a run on this computer: its config, its program, the disk, what is not committed. Starts nothing.
import { access, constants, statfs } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import type { PreflightFinding } from '../../api/launches.ts';
import { checkConfig } from '../../lib/config/check.ts';
import { formatDiskSize } from '../../lib/format/numbers.ts';
import { bySeverity, findingsOf } from '../../lib/preflight/finding.ts';
import { workspaceFindings } from '../../lib/preflight/run-findings.ts';
import { buildCommand, checkParameters, type ParameterValues } from '../../lib/recipes/command-line.ts';
import type { RecipeFile } from '../../lib/recipes/recipe-file.ts';
import { gitChanges } from '../workspace/git-changes.ts';
import { readConfig } from './launch.ts';

/** Log, metrics and a small model fit; with less a run ends in the middle of a write. */
const NEARLY_FULL_BYTES = 1024 ** 3;

export interface LocalPreflightRequest {
  readonly root: string;
  readonly appFolder: string;
  readonly recipe: RecipeFile;
  readonly parameters: ParameterValues;
  readonly signal?: AbortSignal | undefined;
}

/** Errors first. Throws INVALID_INPUT for what cannot be a launch at all: a parameter out of its range, a config that is not there. */
export async function preflightHere(request: LocalPreflightRequest): Promise<PreflightFinding[]> {
  const { root, recipe, signal } = request;
  if (!recipe.targets.includes('this-computer')) {
    throw new StudioError('INVALID_INPUT', `${recipe.title} runs on clusters only`, {
      hint: 'Choose a target, or another recipe',
    });
  }
  const parameters = checkParameters(recipe, request.parameters);
  const config = await readConfig(root, recipe, parameters);
  const files = recipe.parameters.flatMap(({ name, kind }) =>
    kind === 'file' ? [String(parameters[name] ?? '')].filter((path) => path !== '') : [],
  );
  const isYaml = config !== null && /\.ya?ml$/i.test(config.path);
  return bySeverity([
    ...(config !== null && isYaml ? configFindings(config.text) : []),
    ...(await programFindings(request, parameters)),
    ...(await diskFindings(root)),
    ...workspaceFindings(await gitChanges(root, signal), files),
  ]);
}

function configFindings(text: string): readonly PreflightFinding[] {
  const checked = checkConfig(text);
  return checked.findings.map(({ severity, message, reason, line }) => ({
    source: 'config',
    severity,
    message,
    reason: reason === undefined ? `Line ${line}` : `Line ${line}: ${reason}`,
  }));
}

async function programFindings(
  { root, appFolder, recipe }: LocalPreflightRequest,
  parameters: ParameterValues,
): Promise<readonly PreflightFinding[]> {
  const say = findingsOf('code');
  const [program = ''] = buildCommand(recipe, parameters, {
    run: root,
    workspace: root,
    programs: root,
    app: appFolder,
    node: process.execPath,
    fileOf: (path) => join(root, path),
    targetPathOf: (path) => path.replace(/^~(?=\/|$)/, homedir()),
  });
  if (await isFound(program, root)) return [];
  return [say('error', `There is no program ${program}`, 'Install it, or name it by its whole path')];
}

async function isFound(program: string, root: string): Promise<boolean> {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const places = isAbsolute(program)
    ? [program]
    : program.includes('/')
      ? [join(root, program)]
      : folders.map((folder) => join(folder, program));
  const endings = process.platform === 'win32' ? ['', '.exe', '.cmd', '.bat'] : [''];
  for (const place of places.flatMap((one) => endings.map((ending) => `${one}${ending}`))) {
    const isThere = await access(place, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return true;
  }
  return false;
}

async function diskFindings(root: string): Promise<readonly PreflightFinding[]> {
  const say = findingsOf('disk');
  const disk = await statfs(root).catch(() => null);
  if (disk === null) return [];
  const free = disk.bavail * disk.bsize;
  if (free >= NEARLY_FULL_BYTES) return [];
  return [
    say(
      'error',
      `${formatDiskSize(free)} are free on the workspace’s disk`,
      'A run whose disk is full ends in the middle of a write; free some space first',
    ),
  ];
}
