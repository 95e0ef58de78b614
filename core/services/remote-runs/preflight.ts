// What would stop or spoil a run, found before it is queued: its config by the rules of the config desk, its resources by the site's
// profile, its script by sbatch itself. Submits nothing.
import type { PreflightFinding } from '../../api/runs.ts';
import type { SiteProfile } from '../../api/targets.ts';
import { checkDocument } from '../../lib/config/check.ts';
import { parseConfig } from '../../lib/config/document.ts';
import { siteFindings, workstationFindings } from '../../lib/preflight/site-checks.ts';
import { checkParameters, type ParameterValues } from '../../lib/recipes/command-line.ts';
import type { RecipeFile } from '../../lib/recipes/recipe-file.ts';
import { slurmSeconds } from '../../lib/slurm/durations.ts';
import type { Scheduler } from '../../lib/slurm/launch-lines.ts';
import type { BatchResources } from '../../lib/slurm/resources.ts';
import { readConfig } from '../runs/launch.ts';
import type { Connection } from '../targets/connection.ts';

const TIMEOUT_MS = 60_000;

export interface PreflightRequest {
  readonly root: string;
  readonly recipe: RecipeFile;
  readonly parameters: ParameterValues;
  /** Those of the target filled in. */
  readonly resources: BatchResources;
  readonly scheduler: Scheduler;
  readonly script: string;
  readonly profile: SiteProfile | null;
  readonly connection: Connection;
  readonly signal?: AbortSignal | undefined;
}

/** Throws INVALID_INPUT for what cannot be a launch at all: a parameter out of its range, a config that is not there. */
export async function preflight(request: PreflightRequest): Promise<PreflightFinding[]> {
  const { recipe, resources, profile } = request;
  const parameters = checkParameters(recipe, request.parameters);
  const config = await readConfig(request.root, recipe, parameters);
  return [
    ...(config === null ? [] : configFindings(config.text, resources)),
    ...(request.scheduler === 'slurm'
      ? siteFindings(resources, profile)
      : workstationFindings(resources, profile)),
    ...(request.scheduler === 'slurm' ? await schedulerFindings(request) : []),
  ];
}

function configFindings(text: string, resources: BatchResources): readonly PreflightFinding[] {
  const { nodes, gpusPerNode, walltime } = resources;
  const seconds = walltime === null ? null : slurmSeconds(walltime);
  const { findings } = checkDocument(parseConfig(text), {
    nodes,
    ...(gpusPerNode === 0 ? {} : { gpusPerNode }),
    ...(seconds === null ? {} : { walltimeHours: seconds / 3600 }),
  });
  return findings.map(({ severity, message, reason, line }) => ({
    source: 'config',
    severity,
    message,
    reason: reason === undefined ? `Line ${line}` : `Line ${line}: ${reason}`,
  }));
}

/** `sbatch --test-only`: the site's own word on the script, and when it would start. */
async function schedulerFindings(request: PreflightRequest): Promise<readonly PreflightFinding[]> {
  const { connection, script, signal } = request;
  if (connection.state.kind !== 'connected') {
    const reason = 'The target is not connected';
    return [{ source: 'scheduler', severity: 'info', message: 'sbatch was not asked', reason }];
  }
  const input = new TextEncoder().encode(script);
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
    exitCode === 0
      ? {
          source: 'scheduler',
          severity: 'info',
          message: 'sbatch accepts the script',
          reason: words.join(' '),
        }
      : {
          source: 'scheduler',
          severity: 'error',
          message: 'sbatch refuses the script',
          reason: words.join(' '),
        },
  ];
}
