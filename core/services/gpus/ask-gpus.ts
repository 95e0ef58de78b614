// One question about the GPUs of a run: on this computer, on a workstation, or through the scheduler of a cluster.
import { execFile } from 'node:child_process';
import { hostname } from 'node:os';
import type { NodeReading } from '../../api/gpus.ts';
import type { Run } from '../../api/runs.ts';
import { type JobReading, jobGpuScript, parseJobReading } from '../../lib/gpu/job-readings.ts';
import { GPU_QUERY, parseGpuLine } from '../../lib/gpu/nvidia-smi.ts';
import { quoteWords } from '../../lib/remote/quote.ts';
import { runInBackground } from '../targets/background-command.ts';
import type { TargetService } from '../targets/service.ts';

/** A driver in trouble answers late or never. */
const LOCAL_TIMEOUT_MS = 10_000;
const JOB_TIMEOUT_MS = 60_000;
/** Between two questions to a computer of one's own. */
const OWN_FLOOR_MS = 5000;
/** A step on every node of a job is no small thing to a scheduler. */
const CLUSTER_FLOOR_MS = 30_000;

export interface GpuAnswer extends JobReading {
  /** The least time to the next question. */
  readonly floorMs: number;
}

/** Never throws for what a computer lacks or a site forbids: that is `problem`. */
export async function askGpus(run: Run, targets: TargetService): Promise<GpuAnswer> {
  if (run.target === 'this-computer') return { ...answerOf(await askHere()), floorMs: OWN_FLOOR_MS };
  const entry = await targets.entryOf(run.target);
  const connection = await targets.connectionOf(run.target);
  const isCluster = entry.kind === 'slurm';
  const floorMs = isCluster ? Math.max(CLUSTER_FLOOR_MS, (entry.pollSeconds ?? 0) * 1000) : OWN_FLOOR_MS;
  const without = (problem: string): GpuAnswer => ({ nodes: [], steps: [], problem, floorMs });
  if (connection.state.kind !== 'connected') return without(`${run.target} is not connected`);
  if (!isCluster) {
    const asked = await connection.run({
      script: `${quoteWords(GPU_QUERY)} 2>&1`,
      timeoutMs: JOB_TIMEOUT_MS,
    });
    return { ...answerOf(nodeOf(run.target, new TextDecoder().decode(asked.stdout))), floorMs };
  }
  if (run.jobId === null) return without('The job is not submitted yet');
  const { stdout } = await runInBackground(connection, jobGpuScript(run.jobId), {
    timeoutMs: JOB_TIMEOUT_MS,
  });
  return { ...parseJobReading(new TextDecoder().decode(stdout)), floorMs };
}

function answerOf(node: NodeReading): JobReading {
  return { nodes: [node], steps: [], problem: null };
}

function nodeOf(node: string, text: string): NodeReading {
  const lines = text.split('\n');
  const gpus = lines.flatMap((line) => parseGpuLine(line) ?? []);
  const said = lines.find((line) => line.trim() !== '') ?? '';
  if (gpus.length > 0) return { node, gpus, problem: null };
  const problem = /not found/.test(said)
    ? 'nvidia-smi is not installed here'
    : said || 'No GPU is visible here';
  return { node, gpus: [], problem };
}

function askHere(): Promise<NodeReading> {
  const [program = '', ...words] = GPU_QUERY;
  return new Promise((resolve) => {
    execFile(program, words, { timeout: LOCAL_TIMEOUT_MS }, (error, stdout, stderr) => {
      if (error && 'code' in error && error.code === 'ENOENT') resolve(nodeOf(hostname(), 'not found'));
      else if (error?.killed) resolve(nodeOf(hostname(), 'nvidia-smi did not answer within 10 seconds'));
      else resolve(nodeOf(hostname(), stdout.trim() === '' ? stderr : stdout));
    });
  });
}
