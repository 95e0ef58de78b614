// The GPUs and processes of a running job, asked for through its scheduler: a step beside the job runs nvidia-smi on each of its
// nodes, sstat tells of its processes. Slurm 20.11 (where --overlap began) to 24.05.
import { PART } from '../remote/answer-parts.ts';
import { GPU_QUERY, type GpuReading, parseGpuLine } from './nvidia-smi.ts';
import { quoteWord, quoteWords } from '../remote/quote.ts';

/** A step that is not started in this time is given up: its node is busy or gone. */
const STEP_SECONDS = 20;
/** A job on more nodes shows the first of them. */
export const MAX_NODES = 32;

export interface NodeReading {
  readonly node: string;
  readonly gpus: readonly GpuReading[];
  /** Why there are none. */
  readonly problem: string | null;
}

export interface StepReading {
  /** `7.0`, `7.batch`. */
  readonly step: string;
  readonly tasks: number | null;
  readonly averageCpuSeconds: number | null;
  readonly maxMemoryBytes: number | null;
}

export interface JobReading {
  readonly nodes: readonly NodeReading[];
  readonly steps: readonly StepReading[];
  /** Why the scheduler did not let anyone look; null when it did. */
  readonly problem: string | null;
}

/** POSIX sh for a login node. */
export function jobGpuScript(jobId: string): string {
  const job = quoteWord(jobId);
  const inside = `printf 'node %s\\n' "\${SLURMD_NODENAME:-$(hostname)}"; ${quoteWords(GPU_QUERY)} 2>&1 || echo "failed $?"`;
  return [
    `n=$(squeue -h -j ${job} -t RUNNING -o %D 2>/dev/null | head -n 1)`,
    `[ -n "$n" ] || { printf '${PART}state\\nnot running\\n'; exit 0; }`,
    `[ "$n" -le ${MAX_NODES} ] || n=${MAX_NODES}`,
    `printf '${PART}gpus\\n'`,
    // -l puts the number of the task before its lines: nodes answer at the same time.
    `timeout ${STEP_SECONDS} srun --overlap --jobid=${job} -N "$n" -n "$n" --ntasks-per-node=1 -l sh -c ${quoteWord(inside)} 2>&1; c=$?`,
    `printf '\\n${PART}srun\\n%s\\n' "$c"`,
    `printf '\\n${PART}steps\\n'`,
    `timeout ${STEP_SECONDS} sstat -a -n -P -j ${job} --format=JobID,NTasks,AveCPU,MaxRSS 2>&1`,
    'exit 0',
  ].join('\n');
}

export function parseJobReading(answer: string): JobReading {
  const part = (name: string): string => {
    const start = answer.indexOf(`${PART}${name}\n`);
    if (start < 0) return '';
    const from = start + PART.length + name.length + 1;
    const end = answer.indexOf(PART, from);
    return answer.slice(from, end < 0 ? undefined : end);
  };
  if (part('state').trim() !== '') {
    return { nodes: [], steps: [], problem: 'The job is not running yet, or no longer' };
  }
  const { nodes, others } = nodesOf(part('gpus'));
  const code = Number(part('srun').trim());
  const failed = code !== 0 && nodes.every(({ gpus }) => gpus.length === 0);
  return { nodes, steps: stepsOf(part('steps')), problem: failed ? problemOf(code, others) : null };
}

function nodesOf(text: string): { nodes: readonly NodeReading[]; others: readonly string[] } {
  const tasks = new Map<string, string[]>();
  const others: string[] = [];
  for (const line of text.split('\n')) {
    const labelled = /^\s*(\d+): ?(.*)$/.exec(line);
    if (!labelled) {
      if (line.trim() !== '') others.push(line.trim());
      continue;
    }
    const [, task = '', said = ''] = labelled;
    tasks.set(task, [...(tasks.get(task) ?? []), said]);
  }
  const nodes = [...tasks.values()].map((lines): NodeReading => {
    const node = lines.find((line) => line.startsWith('node '))?.slice(5) ?? 'unknown node';
    const gpus = lines.flatMap((line) => parseGpuLine(line) ?? []);
    const said = lines.find((line) => !/^(?:node |failed )/.test(line) && line.trim() !== '') ?? null;
    return { node, gpus, problem: gpus.length > 0 ? null : missingText(said) };
  });
  return { nodes: nodes.sort((a, b) => a.node.localeCompare(b.node, 'en', { numeric: true })), others };
}

function missingText(said: string | null): string {
  if (said === null) return 'No GPU is visible to the job here';
  return /not found/.test(said) ? 'nvidia-smi is not installed here' : said;
}

function problemOf(code: number, said: readonly string[]): string {
  if (code === 124) return `The node did not start a step within ${STEP_SECONDS} seconds`;
  const reason = said.find((line) => /^srun: (?:error|fatal)/.test(line)) ?? said[0];
  const words = reason?.replace(/^srun: (?:error|fatal): /, '') ?? `srun ended with ${code}`;
  return `The cluster does not let anyone look into the job: ${words}`;
}

function stepsOf(text: string): readonly StepReading[] {
  return text.split('\n').flatMap((line): StepReading[] => {
    const [step = '', tasks = '', cpu = '', memory = ''] = line.trim().split('|');
    if (!/^\d+(?:[_+]\d+)?\.\S+$/.test(step) || step.endsWith('.extern')) return [];
    return [
      {
        step,
        tasks: /^\d+$/.test(tasks) ? Number(tasks) : null,
        averageCpuSeconds: clockSeconds(cpu),
        maxMemoryBytes: memoryBytes(memory),
      },
    ];
  });
}

/** `00:01.500`, `01:02:03`, `1-02:03:04`. */
function clockSeconds(text: string): number | null {
  const match = /^(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)$/.exec(text);
  if (!match) return null;
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = match;
  return Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

/** `123456K`, `1.50G`, `0`. */
function memoryBytes(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)([KMGTP]?)$/.exec(text);
  if (!match) return null;
  return Math.round(Number(match[1]) * 1024 ** ' KMGTP'.indexOf(match[2] === '' ? ' ' : (match[2] ?? ' ')));
}
