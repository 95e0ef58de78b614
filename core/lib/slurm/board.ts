// What a whole cluster is doing, as one question to Slurm and its answer: nodes by partition with their free GPUs, and the queue of
// everybody. Formats as Slurm 20.11 to 24.05 print them.
import type { BoardJob, BoardPartition } from '../../api/targets.ts';
import { FIELD, PART } from '../remote/answer-parts.ts';
import { parseQueue, type QueuedJob, queueScript } from './queue.ts';
import { gpusOf } from './site-profile.ts';

/** One row a node and partition; a suffix instead of a width, so that nothing is cut. */
const nodeColumns = ['Partition', 'StateCompact', 'CPUsState', 'Gres', 'GresUsed'];

/** States in which a node takes no new job, as sinfo abbreviates them. Signs after: `*` no answer, `~` and `#` asleep but to be woken. */
const unusable = /^(down|drain|drng|fail|failg|maint|resv|unk|boot|comp|plnd|inval|pow)|[*!%$@^-]$/;

export interface BoardAnswer {
  readonly partitions: readonly BoardPartition[];
  readonly jobs: readonly BoardJob[];
}

/** POSIX sh; ends with another code than 0 when Slurm does not answer. */
export function boardScript(): string {
  const format = nodeColumns.map((column) => `${column}:${FIELD}`).join(',');
  return [
    `n=$(LC_ALL=C sinfo -h -N -O '${format}') || exit 1`,
    `printf '\\n${PART}who\\n%s\\n' "$(id -un)"`,
    // Slurm writes times in the zone of the cluster, without saying which.
    `printf '\\n${PART}clock\\n%s\\n' "$(date +%s) $(date +%Y-%m-%dT%H:%M:%S)"`,
    `printf '\\n${PART}nodes\\n%s\\n' "$n"`,
    `printf '\\n${PART}queue\\n'`,
    queueScript({ isLiveOnly: true }),
  ].join('\n');
}

export function parseBoard(answer: string): BoardAnswer {
  const part = (name: string): string => {
    const start = answer.indexOf(`\n${PART}${name}\n`);
    if (start < 0) return '';
    const from = start + name.length + 3;
    const end = answer.indexOf(`\n${PART}`, from);
    return answer.slice(from, end < 0 ? undefined : end);
  };
  const me = part('who').trim();
  const offsetMs = clockOffset(part('clock').trim());
  const queue = parseQueue(part('queue'));
  const jobs = queue.map((job) => boardJob(job, me, offsetMs));
  return {
    // sinfo lists nodes in no order: every answer would move the rows.
    partitions: partitionsOf(part('nodes'), queue).toSorted(
      (a, b) => Number(b.isDefault) - Number(a.isDefault) || a.name.localeCompare(b.name, 'en'),
    ),
    jobs: [...jobs.filter(({ isMine }) => isMine), ...jobs.filter(({ isMine }) => !isMine)],
  };
}

/** What is to be added to a time of the cluster read as UTC. */
function clockOffset(text: string): number | null {
  const [seconds = '', local = ''] = text.split(' ');
  const asUtcMs = Date.parse(`${local}Z`);
  return /^\d+$/.test(seconds) && Number.isFinite(asUtcMs) ? Number(seconds) * 1000 - asUtcMs : null;
}

function boardJob(job: QueuedJob, me: string, offsetMs: number | null): BoardJob {
  const startMs = job.startTime === null ? Number.NaN : Date.parse(`${job.startTime}Z`);
  return {
    id: job.arrayTask === null ? job.id : `${job.id}_${job.arrayTask}`,
    name: job.name,
    user: job.user,
    isMine: job.user === me && me !== '',
    state: job.state,
    reason: job.reason,
    partition: job.partition,
    nodes: job.nodes,
    gpus: sumOf(Object.values(gpusOf(plainGres(job.gres)))) * job.nodes,
    elapsedSeconds: job.elapsedSeconds,
    limitSeconds: job.limitSeconds,
    startMs: offsetMs === null || Number.isNaN(startMs) ? null : startMs + offsetMs,
  };
}

interface Counted {
  isDefault: boolean;
  total: number;
  idle: number;
  busy: number;
  unusable: number;
  cpus: number;
  freeCpus: number;
  readonly gpus: Map<string, { total: number; free: number }>;
}

function partitionsOf(text: string, queue: readonly QueuedJob[]): readonly BoardPartition[] {
  const counted = new Map<string, Counted>();
  for (const line of text.split('\n')) {
    const fields = line.split(FIELD);
    if (fields.length <= nodeColumns.length) continue;
    const [label = '', state = '', cpuStates = '', gres = '', gresUsed = ''] = fields;
    const name = label.replace(/\*$/, '');
    const partition = counted.get(name) ?? newCount(label.endsWith('*'));
    counted.set(name, partition);
    countNode(partition, { state, cpuStates, gres, gresUsed });
  }
  return [...counted].map(([name, { isDefault, total, idle, busy, cpus, freeCpus, gpus, ...rest }]) => {
    // A job that waits may name several partitions: whichever has room first.
    const here = queue.filter(({ partition }) => partition.split(',').includes(name));
    return {
      name,
      isDefault,
      nodes: { total, idle, busy, unusable: rest.unusable },
      cpus: { total: cpus, free: freeCpus },
      gpus: [...gpus].map(([type, count]) => ({ type, ...count })),
      running: here.filter(({ state }) => state !== 'PENDING').length,
      waiting: here.filter(({ state }) => state === 'PENDING').length,
    };
  });
}

function newCount(isDefault: boolean): Counted {
  return { isDefault, total: 0, idle: 0, busy: 0, unusable: 0, cpus: 0, freeCpus: 0, gpus: new Map() };
}

interface NodeRow {
  readonly state: string;
  /** Allocated/idle/other/total. */
  readonly cpuStates: string;
  readonly gres: string;
  readonly gresUsed: string;
}

function countNode(partition: Counted, { state, cpuStates, gres, gresUsed }: NodeRow): void {
  const isUsable = !unusable.test(state);
  const [, idleCpus = 0, , cpus = 0] = cpuStates.split('/').map(Number);
  partition.total += 1;
  if (!isUsable) partition.unusable += 1;
  else if (state.startsWith('idle')) partition.idle += 1;
  else partition.busy += 1;
  partition.cpus += finite(cpus);
  if (isUsable) partition.freeCpus += finite(idleCpus);
  const used = gpusOf(plainGres(gresUsed));
  for (const [type, total] of Object.entries(gpusOf(plainGres(gres)))) {
    const known = partition.gpus.get(type) ?? { total: 0, free: 0 };
    known.total += total;
    if (isUsable) known.free += Math.max(0, total - (used[type] ?? 0));
    partition.gpus.set(type, known);
  }
}

/** `gpu:(null):2(IDX:0-1)` and `gres:gpu:2` are both two GPUs without a type. */
function plainGres(gres: string): string {
  return gres
    .replaceAll(':(null)', '')
    .replaceAll(/(^|,)gres[:/]/g, '$1')
    .replaceAll(/\((IDX|S|CNT):[^)]*\)/g, '');
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
