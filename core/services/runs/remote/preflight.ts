// What would stop or spoil a run, found before it is queued: its config by the rules of the config desk, data, disks and code as they
// lie on the target, its resources by the site's profile, its script by bash and sbatch themselves. Submits nothing.
import type { PreflightFinding } from '../../../api/launches.ts';
import { checkDocument } from '../../../lib/config/check.ts';
import { positiveIntegerAt } from '../../../lib/config/derived/read-values.ts';
import { parseConfig } from '../../../lib/config/document.ts';
import { relativePathFindings } from '../../../lib/preflight/relative-paths.ts';
import { bySeverity } from '../../../lib/preflight/finding.ts';
import { scriptFindings, timeFindings, workspaceFindings } from '../../../lib/preflight/run-findings.ts';
import { siteFindings, workstationFindings } from '../../../lib/preflight/site-checks.ts';
import { slurmSeconds } from '../../../lib/slurm/durations.ts';
import type { BatchResources } from '../../../lib/slurm/resources.ts';
import { earlierSpeed } from '../earlier-speed.ts';
import { gitChanges } from '../../workspace/git-changes.ts';
import { schedulerOf } from './remote-job.ts';
import { lookBeforeLaunch, type PreflightRequest, type ReadConfig } from './preflight-look.ts';

/** sbatch --test-only of a controller that is down. */
const TIMEOUT_MS = 60_000;

/** Errors first. Throws CANCELLED alone: what cannot be looked at is said as a finding. */
export async function preflight(request: PreflightRequest): Promise<PreflightFinding[]> {
  const { root, recipe, resources, profile, config, script, connection, parameters, signal } = request;
  const read = config === null ? null : readConfigOf(config.text, resources);
  const files = recipe.parameters.flatMap(({ name, kind }) =>
    kind === 'file' ? [String(parameters[name] ?? '')].filter((path) => path !== '') : [],
  );
  const hasQueue = schedulerOf(request.target) === 'slurm';
  const looked = connection.state.kind === 'connected' ? await lookBeforeLaunch(request, read) : null;
  return bySeverity([
    ...(read === null ? [] : configFindings(read)),
    // Nanotron's are looked at on the target.
    ...(read === null || read.checked.kind === 'nanotron' || recipe.startIn !== undefined
      ? []
      : relativePathFindings(read.document, request.target.name)),
    ...(looked?.findings ?? []),
    ...(await speedFindings(request, read)),
    ...workspaceFindings(await gitChanges(root, signal), files),
    ...scriptFindings(script.notes, looked?.scriptErrors ?? ''),
    ...(hasQueue ? siteFindings(resources, profile) : workstationFindings(resources, profile)),
    ...(hasQueue ? await schedulerFindings(request) : []),
  ]);
}

function readConfigOf(text: string, resources: BatchResources): ReadConfig {
  const { nodes, gpusPerNode, walltime } = resources;
  const seconds = walltime === null ? null : slurmSeconds(walltime);
  const document = parseConfig(text);
  const checked = checkDocument(document, {
    nodes,
    ...(gpusPerNode === 0 ? {} : { gpusPerNode }),
    ...(seconds === null ? {} : { walltimeHours: seconds / 3600 }),
  });
  return { document, checked };
}

function configFindings({ checked }: ReadConfig): readonly PreflightFinding[] {
  return checked.findings.map(({ severity, message, reason, line }) => ({
    source: 'config',
    severity,
    message,
    reason: reason === undefined ? `Line ${line}` : `Line ${line}: ${reason}`,
  }));
}

/** Trainers of Hugging Face call them like this. */
const intervals = ['checkpoints.checkpoint_interval', 'save_steps'];
const lengths = ['tokens.train_steps', 'max_steps'];

async function speedFindings(
  { root, recipe, resources, config, runs }: PreflightRequest,
  read: ReadConfig | null,
): Promise<readonly PreflightFinding[]> {
  if (read === null || config === null) return [];
  const first = (paths: readonly string[]): number | null =>
    paths.map((path) => positiveIntegerAt(read.document, path.split('.'))).find((value) => value !== null) ??
    null;
  const { walltime } = resources;
  return timeFindings({
    earlier: await earlierSpeed({ root, runs, recipe: recipe.id, configPath: config.path, resources }),
    intervalSteps: first(intervals),
    trainSteps: first(lengths),
    walltimeSeconds: walltime === null ? null : slurmSeconds(walltime),
    goesOn: recipe.resume !== undefined,
  });
}

/** `sbatch --test-only`: the site's own word on the script, and when it would start. */
async function schedulerFindings(request: PreflightRequest): Promise<readonly PreflightFinding[]> {
  const { connection, signal } = request;
  if (connection.state.kind !== 'connected') {
    const reason = 'The target is not connected: data, disks and code were not looked at either';
    return [{ source: 'scheduler', severity: 'info', message: 'sbatch was not asked', reason }];
  }
  // The number of a job that is not submitted yet is no number: sbatch would refuse it.
  const text = request.script.text.replaceAll(/^#SBATCH --(?:dependency|kill-on-invalid-dep)=.*\n/gm, '');
  const input = new TextEncoder().encode(text);
  const { exitCode, stderr } = await connection.run({
    script: `h ${input.length} <&3 | { sbatch --test-only; r=$?; cat > /dev/null; exit "$r"; }`,
    input,
    timeoutMs: TIMEOUT_MS,
    signal,
  });
  const words = stderr
    .split('\n')
    .map((line) => line.replace(/^(?:sbatch: )?(?:error: )?/, '').trim())
    .filter((line) => line !== '');
  return [
    {
      source: 'scheduler',
      severity: exitCode === 0 ? 'info' : 'error',
      message: exitCode === 0 ? 'sbatch accepts the script' : 'sbatch refuses the script',
      reason: words.join(' '),
    },
  ];
}
