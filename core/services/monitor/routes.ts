// Routes of the monitor: binds the contract to the services of this folder.
import { StudioError } from '../../api/errors.ts';
import type { WatchEvent } from '../../api/monitor.ts';
import type { Run } from '../../api/runs.ts';
import { isOver } from '../../lib/runs/run-state.ts';
import { api } from '../base.ts';
import type { CheckpointService } from '../checkpoints/service.ts';
import type { CoreContext } from '../context.ts';
import type { RunRegistry } from '../runs/registry.ts';
import { createSignalBus, streamAfter } from '../signal-bus.ts';
import { createMonitorService } from './service.ts';
import { changeWorkspaceThresholds, definedOnly, thresholdsOf } from './thresholds.ts';
import { createRunWatcher, type RunWatcher } from './watcher.ts';

/** At most so often to one window. */
const DELIVERY_INTERVAL_MS = 200;

export interface MonitorSources {
  readonly registry: RunRegistry;
  readonly checkpoints: CheckpointService;
  readonly stopRun: (id: string, graceMs: number) => Promise<void>;
}

export function monitorRoutes(context: CoreContext, { registry, checkpoints, stopRun }: MonitorSources) {
  const service = createMonitorService(context);
  const watcher = createRunWatcher(context, {
    heard: registry.changes,
    listRuns: () => registry.recent(),
    stopRun,
    checkpoints,
  });
  // A command of the shell is over before a look would be; it watches only where that is what it was asked for.
  if (context.options.host !== 'cli') watcher.start();

  const runOf = async (id: string): Promise<Run> => {
    const run = await registry.read(id);
    if (run) return run;
    throw new StudioError('NOT_FOUND', `There is no run “${id}” in this workspace`, {
      hint: 'Refresh the list',
    });
  };
  const root = () => context.workspace.require().path;

  return {
    watcher,
    procedures: {
      facts: api.monitor.facts.handler(({ input }) => service.facts(input.id)),
      numbers: api.monitor.numbers.handler(async ({ input, signal }) => {
        const run = await runOf(input.id);
        return service.numbers(run.id, !isOver(run.state), signal);
      }),
      setBytesPerToken: api.monitor.setBytesPerToken.handler(({ input }) =>
        service.setBytesPerToken(input.id, input.value),
      ),
      watch: api.monitor.watch.handler(async function* ({ signal }) {
        context.workspace.require();
        watcher.start();
        yield* watchReports(context, watcher, signal);
      }),
      report: api.monitor.report.handler(async ({ input }) => {
        const { id } = await runOf(input.id);
        // Nobody has looked before in the core of a command.
        if (context.options.host === 'cli') await watcher.lookNow();
        return watcher.report(id);
      }),
      acknowledge: api.monitor.acknowledge.handler(async ({ input }) => {
        const { id } = await runOf(input.id);
        const acknowledgedMs = input.isAcknowledged ? Date.now() : null;
        return watcher.change(id, (before) => {
          if (!before.findings.some((finding) => finding.id === input.finding)) {
            throw new StudioError('NOT_FOUND', `There is no finding “${input.finding}” of this run`, {
              hint: 'Refresh the list',
            });
          }
          const findings = before.findings.map((finding) =>
            finding.id === input.finding ? { ...finding, acknowledgedMs } : finding,
          );
          return { ...before, findings };
        });
      }),
      mute: api.monitor.mute.handler(async ({ input: { id, kind, isMuted } }) =>
        watcher.change((await runOf(id)).id, (before) => {
          const others = before.muted.filter((muted) => muted !== kind);
          return { ...before, muted: isMuted ? [...others, kind] : others };
        }),
      ),
      setThresholds: api.monitor.setThresholds.handler(async ({ input }) => {
        const { id } = await runOf(input.id);
        const thresholds = definedOnly(input.thresholds);
        const report = await watcher.change(id, (before) => ({ ...before, thresholds }));
        watcher.startOver(id);
        return report;
      }),
      setStopRule: api.monitor.setStopRule.handler(async ({ input }) =>
        watcher.change((await runOf(input.id)).id, (before) => ({ ...before, stopRule: input.rule })),
      ),
      workspaceThresholds: api.monitor.workspaceThresholds.handler(() => thresholdsOf(root())),
      setWorkspaceThresholds: api.monitor.setWorkspaceThresholds.handler(async ({ input }) => {
        const after = await changeWorkspaceThresholds(root(), input);
        watcher.startOver(null);
        return after;
      }),
    },
    dispose: () => watcher.dispose(),
  };
}

/** A snapshot, then every change; another snapshot after each switch of workspace. */
async function* watchReports(
  context: CoreContext,
  watcher: RunWatcher,
  signal: AbortSignal | undefined,
): AsyncGenerator<WatchEvent, void> {
  const bus = createSignalBus<WatchEvent>();
  const snapshot = async (): Promise<WatchEvent> => ({
    kind: 'snapshot',
    reports: context.workspace.current ? await watcher.reports().catch(() => []) : [],
  });
  const unsubscribe = [
    watcher.changes.subscribe((event) => bus.emit(event)),
    context.workspace.switched.subscribe(() => void snapshot().then((event) => bus.emit(event))),
  ];
  try {
    yield* streamAfter(bus, async () => [await snapshot()], {
      signal,
      keyOf: (event) => (event.kind === 'snapshot' ? 'snapshot' : `run ${event.report.id}`),
      intervalMs: DELIVERY_INTERVAL_MS,
    });
  } finally {
    for (const stop of unsubscribe) stop();
  }
}
