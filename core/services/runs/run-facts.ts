// The facts of one run: its config as it was launched, the job's resources, the GPUs and what a person said.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import type { RunFacts } from '../../api/run-facts.ts';
import type { Settings } from '../../api/system.ts';
import { findGpuType, GPU_TYPES, type GpuType } from '../../lib/config/derived/gpus.ts';
import { NO_FACTS, readFacts } from '../../lib/derived/read-facts.ts';
import { type RunRecord, runRecord } from '../../lib/runs/run-files.ts';
import { slurmSeconds } from '../../lib/slurm/durations.ts';
import { readWatchFile } from './watch-files.ts';

/** NOT_FOUND when there is no such run, CORRUPT_FILE when run.json cannot be read. */
export async function readRecord(root: string, id: string): Promise<RunRecord> {
  const path = join(root, 'runs', id, 'run.json');
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) {
    throw new StudioError('NOT_FOUND', `There is no run “${id}” in this workspace`, {
      hint: 'nesso run list shows the ids',
    });
  }
  try {
    return runRecord.parse(JSON.parse(text));
  } catch (cause) {
    throw new StudioError('CORRUPT_FILE', `run.json of ${id} cannot be read`, {
      hint: 'Restore it from git; log and metrics in the folder are still there',
      path,
      cause,
    });
  }
}

export async function factsOf(root: string, record: RunRecord, settings: Settings): Promise<RunFacts> {
  const resources = record.remote?.resources ?? null;
  const jobGpus = resources === null ? 0 : resources.nodes * resources.gpusPerNode;
  const known =
    record.config === null
      ? { ...NO_FACTS, reasons: { tool: 'it was launched without a config' } }
      : readFacts(record.config.text, { gpus: jobGpus > 0 ? jobGpus : null });
  const { bytesPerToken } = await readWatchFile(root, record.id);
  const walltime = resources?.walltime ?? null;
  return {
    ...known,
    gpu: gpuOf(resources?.gpuType ?? null, settings, (known.gpus ?? jobGpus) > 0),
    gpus: known.gpus ?? (jobGpus > 0 ? jobGpus : null),
    checkpointFolder: outputOption(record.command) ?? known.checkpointFolder,
    bytesPerToken: bytesPerToken === null ? null : { value: bytesPerToken, source: 'given by a person' },
    limitSeconds: walltime === null ? null : slurmSeconds(walltime),
  };
}

function gpuOf(asked: string | null, settings: Settings, hasGpus: boolean): RunFacts['gpu'] {
  const named = (type: GpuType, source: string) => ({ name: type.name, peakFlops: type.peakFlops, source });
  // A scheduler's own word for a type is short: `a100`.
  const short = asked?.toLowerCase() ?? '';
  const type =
    asked === null ? null : (findGpuType(asked) ?? GPU_TYPES.find(({ id }) => id.startsWith(short)) ?? null);
  if (type !== null) return named(type, 'the resources of the job');
  const chosen = hasGpus ? findGpuType(settings.gpuType) : null;
  return chosen === null ? null : named(chosen, 'the settings of the studio');
}

/** `--output_dir X` and `--output_dir=X` come before what the config says. */
function outputOption(command: readonly string[]): string | null {
  for (const [index, word] of command.entries()) {
    if (word === '--output_dir') return command[index + 1] ?? null;
    if (word.startsWith('--output_dir=')) return word.slice('--output_dir='.length);
  }
  return null;
}
