// The status bar's numbers, and the stream of everything a window shows without having asked for it.
import { statfs } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { Run } from '../../api/runs.ts';
import type { StatusSnapshot, SystemEvent } from '../../api/system.ts';
import type { Target } from '../../api/targets.ts';
import { formatDiskSize } from '../../lib/format/numbers.ts';
import type { CoreContext } from '../context.ts';
import { createSignalBus, streamAfter } from '../signal-bus.ts';
import { childMemoryBytes } from './process-memory.ts';
import { targetStatusOf } from './target-status.ts';

const LOOK_EVERY_MS = 2_000;
/** Sent although nothing changed, so that a window can tell a quiet core from a dead one. */
const SEND_AT_LEAST_EVERY_MS = 5_000;
/** Memory moves all the time; smaller steps are not news. */
const MEMORY_STEP_BYTES = 8 * 1024 * 1024;
const DELIVERY_INTERVAL_MS = 50;

export interface StatusSources {
  /** Runs of the open workspace; empty without one. */
  listRuns(): Promise<readonly Run[]>;
  /** Of the open workspace. */
  listTargets(): Promise<readonly Target[]>;
  /** When the scheduler of a target is asked next. */
  nextQuestionMs(target: string): number | null;
}

export async function takeStatus(context: CoreContext, sources: StatusSources): Promise<StatusSnapshot> {
  const folder = context.workspace.current?.path ?? context.options.stateFolder;
  const [runs, targets, children, disk] = await Promise.all([
    context.workspace.current ? sources.listRuns().catch(() => []) : [],
    context.workspace.current ? sources.listTargets().catch(() => []) : [],
    childMemoryBytes(),
    statfs(folder).catch(() => null),
  ]);
  const newest = Math.max(...runs.map((run) => run.latestPointMs ?? 0), 0);
  const freeBytes = disk ? disk.bavail * disk.bsize : null;
  return {
    targets: [
      {
        name: 'This computer',
        kind: 'local',
        connected: true,
        isConnecting: false,
        detail: `${availableParallelism()} cores${freeBytes === null ? '' : `, ${formatDiskSize(freeBytes)} free`}`,
        sinceMs: null,
        retryMs: null,
        nextCheckMs: null,
        needsPerson: false,
      },
      ...targets
        .filter(({ kind }) => kind !== 'local')
        .map((target) => targetStatusOf(target, sources.nextQuestionMs(target.name))),
    ],
    runningJobs: runs.filter(
      (run) =>
        run.state === 'running' ||
        run.state === 'queued' ||
        run.state === 'starting' ||
        run.state === 'stopping',
    ).length,
    newestPointMs: newest > 0 ? newest : null,
    coreMemoryBytes: process.memoryUsage.rss(),
    childMemoryBytes: children,
    diskFreeBytes: freeBytes,
  };
}

/** Starts with the status and the activities; ends without an error when `signal` aborts. */
export async function* systemEvents(
  context: CoreContext,
  sources: StatusSources,
  signal: AbortSignal | undefined,
): AsyncGenerator<SystemEvent, void> {
  const bus = createSignalBus<SystemEvent>();
  let last: StatusSnapshot | null = null;
  let lastSentMs = Date.now();
  let looking = false;
  const look = async () => {
    if (looking) return;
    looking = true;
    try {
      const next = await takeStatus(context, sources);
      if (last && !differs(last, next) && Date.now() - lastSentMs < SEND_AT_LEAST_EVERY_MS) return;
      last = next;
      lastSentMs = Date.now();
      bus.emit({ kind: 'status', status: next });
    } finally {
      looking = false;
    }
  };
  const now = async (): Promise<readonly SystemEvent[]> => {
    last ??= await takeStatus(context, sources);
    return [
      { kind: 'status', status: last },
      { kind: 'activities', activities: [...context.activities.list()] },
    ];
  };
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_EVERY_MS);
  const stops = [
    () => clearInterval(timer),
    context.activities.bus.subscribe((activities) =>
      bus.emit({ kind: 'activities', activities: [...activities] }),
    ),
    context.notices.bus.subscribe((notice) => bus.emit({ kind: 'notice', notice })),
  ];
  try {
    // It listens while the first status is taken: a notice is told once.
    yield* streamAfter(bus, now, {
      signal,
      keyOf: (event) => (event.kind === 'notice' ? event.notice.id : event.kind),
      intervalMs: DELIVERY_INTERVAL_MS,
    });
  } finally {
    for (const stop of stops) stop();
  }
}

function differs(before: StatusSnapshot, after: StatusSnapshot): boolean {
  const memory =
    Math.abs(before.coreMemoryBytes - after.coreMemoryBytes) +
    Math.abs(before.childMemoryBytes - after.childMemoryBytes);
  return (
    memory > MEMORY_STEP_BYTES ||
    before.runningJobs !== after.runningJobs ||
    before.newestPointMs !== after.newestPointMs ||
    JSON.stringify(before.targets) !== JSON.stringify(after.targets)
  );
}
