// What lies on the target of a run that is to be queued, asked in one round trip: data, disks, checkout, packages, what bash says of the
// script. As findings.
import { basename } from 'node:path';
import type { JobScript, PreflightFinding } from '../../../api/launches.ts';
import type { Run } from '../../../api/runs.ts';
import type { SiteProfile } from '../../../api/targets.ts';
import type { CheckResult } from '../../../lib/config/check.ts';
import { readNanotronSettings } from '../../../lib/config/derived/nanotron-settings.ts';
import { stringAt } from '../../../lib/config/derived/read-values.ts';
import type { ConfigDocument } from '../../../lib/config/types.ts';
import { formatDiskSize, formatInteger } from '../../../lib/format/numbers.ts';
import { type Making, needFindings } from '../../../lib/preflight/chain-findings.ts';
import { dataFindings, dataFoldersOf } from '../../../lib/preflight/data-findings.ts';
import { packageFindings, type PackageQuestion } from '../../../lib/preflight/package-look.ts';
import { codeFindings, diskFindings } from '../../../lib/preflight/run-findings.ts';
import {
  type LookAnswer,
  type LookRequest,
  lookScript,
  parseLook,
} from '../../../lib/preflight/target-look.ts';
import { filler, type ParameterValues } from '../../../lib/recipes/command-line.ts';
import type { RecipeFile } from '../../../lib/recipes/recipe-file.ts';
import type { RunRecord } from '../../../lib/runs/run-files.ts';
import { environmentLines } from '../../../lib/slurm/batch-script.ts';
import { shellWord } from '../../../lib/slurm/launch-lines.ts';
import { quoteWord, remotePath } from '../../../lib/remote/quote.ts';
import type { BatchResources } from '../../../lib/slurm/resources.ts';
import { readPrograms } from '../programs.ts';
import { runInBackground } from '../../targets/background-command.ts';
import type { Connection } from '../../targets/connection.ts';
import type { TargetEntry } from '../../targets/read-targets.ts';
import { jobFor } from './remote-job.ts';
import { INPUTS } from './travelling-files.ts';

/** A cold parallel file system lists thousands of token files slowly. */
const LOOK_TIMEOUT_MS = 120_000;

export interface PreflightRequest {
  readonly root: string;
  readonly appFolder: string;
  readonly recipe: RecipeFile;
  /** As they will be launched. */
  readonly parameters: ParameterValues;
  readonly config: RunRecord['config'];
  readonly target: TargetEntry;
  /** What the script asks for. */
  readonly resources: BatchResources;
  readonly script: JobScript;
  readonly profile: SiteProfile | null;
  readonly connection: Connection;
  /** What earlier runs of the chain will have written, as they word it. */
  readonly makings: readonly Making[];
  /** Newest first. */
  readonly runs: readonly Run[];
  readonly signal?: AbortSignal | undefined;
}

/** The run’s config, and what the config desk says of it. */
export interface ReadConfig {
  readonly document: ConfigDocument;
  readonly checked: CheckResult;
}

export interface Looked {
  readonly findings: readonly PreflightFinding[];
  readonly scriptErrors: string;
}

/** Everything that lies on the target, in one round trip. */
export async function lookBeforeLaunch(request: PreflightRequest, read: ReadConfig | null): Promise<Looked> {
  const question = await questionOf(request, read);
  const { exitCode, stdout, stderr } = await runInBackground(
    request.connection,
    lookScript(question.wanted),
    { timeoutMs: LOOK_TIMEOUT_MS, signal: request.signal },
  );
  if (exitCode !== 0) {
    const reason = stderr.trim() === '' ? `The shell there ended with ${exitCode}` : stderr.trim();
    return {
      findings: [
        { source: 'site', severity: 'warning', message: 'The target could not be looked at', reason },
      ],
      scriptErrors: '',
    };
  }
  const answer = parseLook(question.wanted, new TextDecoder().decode(stdout));
  return { scriptErrors: answer.scriptErrors, findings: findingsOf(request, read, question, answer) };
}

type Question = Awaited<ReturnType<typeof questionOf>>;

async function questionOf(request: PreflightRequest, read: ReadConfig | null) {
  const { recipe, parameters, script, target } = request;
  const settings =
    read !== null && read.checked.kind === 'nanotron' ? readNanotronSettings(read.document) : null;
  const folders = settings === null ? [] : dataFoldersOf(settings);
  const runFolder = target.folder ?? '~/nesso-runs';
  const saved =
    settings === null || read === null ? null : stringAt(read.document, ['checkpoints', 'checkpoints_path']);
  const checkoutPath = recipe.checkout === undefined ? null : String(parameters[recipe.checkout] ?? '');
  const needs = recipe.needs.flatMap(({ parameter, what }) => {
    const path = String(parameters[parameter] ?? '').trim();
    const label = recipe.parameters.find(({ name }) => name === parameter)?.label ?? parameter;
    return path === '' ? [] : [{ label, what, path }];
  });
  const wanted: LookRequest = {
    dataFolders: folders.map(quoteWord),
    paths: [...needs, ...request.makings].map(({ path }) => remotePath(path)),
    disks: [
      remotePath(runFolder),
      saved !== null && saved.startsWith('/') ? quoteWord(saved) : remotePath(runFolder),
    ],
    checkout: checkoutPath === null || checkoutPath === '' ? null : remotePath(checkoutPath),
    program: await programOf(request),
    packages: packagesOf(request),
    script: script.text,
  };
  return { wanted, settings, folders, checkoutPath, needs };
}

function findingsOf(
  { target, makings: expected }: PreflightRequest,
  read: ReadConfig | null,
  { wanted, settings, folders, checkoutPath, needs }: Question,
  answer: LookAnswer,
): readonly PreflightFinding[] {
  const makings = expected.map((one, index) => ({
    ...one,
    path: answer.paths[needs.length + index]?.path ?? one.path,
  }));
  const needed = needs.map(({ path, ...need }, index) => ({
    ...need,
    path: answer.paths[index]?.path ?? path,
    // A relative one would begin at the run's folder, which is new.
    isThere: /^[/~$]/.test(path) && answer.paths[index]?.isThere === true,
  }));
  const found = new Map(
    folders.flatMap((path, index) => {
      const folder = answer.dataFolders[index];
      return folder ? [[path, folder] as const] : [];
    }),
  );
  const { checkpoints = null, globalBatchSequences = null } = read?.checked.derived ?? {};
  return [
    ...(settings === null || read === null
      ? []
      : dataFindings({ document: read.document, settings, globalBatchSequences, makings, found })),
    ...needFindings(needed, makings),
    ...spaceFindings(answer.disks, checkpoints),
    ...codeFindings(checkoutPath, answer.checkout, answer.program),
    ...(wanted.packages == null ? [] : packageFindings(wanted.packages, answer.packages, target.name)),
  ];
}

function spaceFindings(
  [runDisk = null, savedDisk = null]: LookAnswer['disks'],
  checkpoints: NonNullable<CheckResult['derived']>['checkpoints'],
): readonly PreflightFinding[] {
  return diskFindings([
    { disk: runDisk, what: 'the run', neededBytes: null, figure: '' },
    {
      disk: savedDisk,
      what: 'the checkpoints',
      neededBytes: checkpoints?.totalBytes ?? null,
      figure:
        checkpoints === null
          ? ''
          : `${formatInteger(checkpoints.count)} checkpoints of ${formatDiskSize(checkpoints.sizeBytes)} with the optimizer`,
    },
  ]);
}

/** The recipe's own look at the target. */
async function programOf(request: PreflightRequest): Promise<LookRequest['program']> {
  const { recipe, parameters, config, root, appFolder, target } = request;
  const { preflight: own } = recipe;
  if (own === undefined) return null;
  const programs = await readPrograms(appFolder, root, recipe);
  const program = programs.find(({ name }) => name === basename(own.program));
  if (program === undefined) return null;
  const fill = filler(recipe, parameters, {
    run: '.',
    programs: '.',
    workspace: '',
    app: '',
    node: '',
    fileOf: (path) => `${INPUTS}/${basename(path)}`,
  });
  const { python } = target;
  return {
    text: new TextDecoder().decode(program.bytes),
    config: config === null ? null : { name: basename(config.path), text: config.text },
    words: own.arguments.map((argument) => shellWord(fill(argument))),
    pythonFolder: python?.includes('/') ? remotePath(python.slice(0, python.lastIndexOf('/'))) : null,
  };
}

/** What the command starts with, and what it imports. Null for a container, whose inside is not looked at. */
function packagesOf({ recipe, parameters, target, resources }: PreflightRequest): PackageQuestion | null {
  if (target.container !== null) return null;
  const [first] = recipe.command;
  const named = typeof first === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(first) ? [first] : [];
  const programs = recipe.launcher === 'torchrun' ? ['torchrun'] : named;
  if (programs.length === 0 && recipe.packages.length === 0) return null;
  const job = jobFor(
    { recipe: { ...recipe, prologue: [] }, name: '', parameters, target, resources },
    parameters,
    '',
  );
  return { lines: environmentLines(job.surroundings, job.launch), packages: recipe.packages, programs };
}
