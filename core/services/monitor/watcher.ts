// Watches over every live run of the open workspace, window or none. What it finds is kept in the run's folder, told once, and may stop
// a run where a person made that a rule.
import type { FindingKind } from '../../api/findings.ts';
import type { WatchEvent, WatchReport } from '../../api/monitor.ts';
import type { Run, RunEvent } from '../../api/runs.ts';
import { isOver } from '../../lib/runs/run-state.ts';
import type { WatchFile } from '../../lib/watchdog/watch-file.ts';
import type { CheckpointService } from '../checkpoints/service.ts';
import type { CoreContext } from '../context.ts';
import { createSignalBus, type SignalBus } from '../signal-bus.ts';
import { changeWatchFile, readWatchFile } from '../runs/watch-files.ts';
import { watchRun, type WatchedRun } from './watched-run.ts';

/** A finding is told within this time after its line is here. */
const LOOK_EVERY_MS = 2_000;
/** Without a live run nothing is urgent. */
const IDLE_LOOK_EVERY_MS = 10_000;
/** After a first run was heard of. */
const SOON_MS = 500;
const CHECKPOINTS_EVERY_MS = 30_000;
/** Of a run that wrote nothing new; what only the clock can tell is a matter of minutes. */
const CLOCK_EVERY_MS = 6_000;
/** Longer between two looks means that this computer slept. */
const SLEPT_AFTER_MS = 30_000;
/** Runs that ended while nobody watched are looked at once, unless they are older than this. */
const LOOK_BACK_MS = 7 * 24 * 3_600_000;
/** Of those so many in one look. */
const LOOK_BACK_RUNS = 5;

export interface RunWatcherOptions {
  /** What is heard of runs while somebody looks at them: a new one is watched at once. */
  readonly heard: SignalBus<RunEvent>;
  readonly listRuns: () => Promise<readonly Run[]>;
  readonly stopRun: (id: string, graceMs: number) => Promise<void>;
  readonly checkpoints: CheckpointService;
}

export interface RunWatcher {
  readonly changes: SignalBus<WatchEvent>;
  /** Begins to look; nothing happens before. */
  start(): void;
  lookNow(): Promise<void>;
  report(id: string): Promise<WatchReport>;
  /** Those about which something is known. */
  reports(): Promise<WatchReport[]>;
  change(id: string, change: (before: WatchFile) => WatchFile): Promise<WatchReport>;
  /** Its thresholds are others now: everything is looked at again with them. Null for all runs. */
  startOver(id: string | null): void;
  dispose(): Promise<void>;
}

interface Watched {
  readonly run: WatchedRun;
  readonly sinceMs: number;
  version: number;
  /** Everything that was written before it was watched has been read. */
  isCaughtUp: boolean;
  checkpointsMs: number;
  clockMs: number;
  /** As it was at the last look: the same object as long as none of its files changed. */
  seen: Run | null;
}

export function createRunWatcher(
  context: CoreContext,
  { heard, listRuns, stopRun, checkpoints }: RunWatcherOptions,
): RunWatcher {
  const changes = createSignalBus<WatchEvent>();
  const closing = new AbortController();
  let watched = new Map<string, Watched>();
  /** Over, and nothing is left to look at. */
  let settled = new Set<string>();
  let root: string | null = null;
  let looking: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isStarted = false;
  let lookedMs = Date.now();
  let awakeSinceMs = Date.now();
  let stopListening = () => {};
  /** A look was asked for that did not begin yet. */
  let isSoon = false;

  const rootNow = () => context.workspace.require().path;
  const reportOf = (id: string, file: WatchFile): WatchReport => ({
    id: id as WatchReport['id'],
    findings: file.findings,
    muted: file.muted,
    thresholds: file.thresholds,
    stopRule: file.stopRule,
    stopped: file.stopped,
  });

  /** Writes what was found, and says what is new in it. */
  const save = async (here: string, run: Run, entry: Watched, isComplete: boolean): Promise<void> => {
    const findings = entry.run.findings.map((finding) => ({ ...finding }));
    let isNewIds = new Set<string>();
    const file = await changeWatchFile(here, run.id, (before) => {
      const known = new Map(before.findings.map((finding) => [finding.id, finding]));
      isNewIds = new Set(findings.filter(({ id }) => !known.has(id)).map(({ id }) => id));
      return {
        ...before,
        isComplete,
        findings: findings.map((finding) => ({
          ...finding,
          acknowledgedMs: known.get(finding.id)?.acknowledgedMs ?? null,
        })),
      };
    });
    changes.emit({ kind: 'changed', report: reportOf(run.id, file) });
    const news = file.findings.filter(({ id, kind }) => isNewIds.has(id) && !file.muted.includes(kind));
    if (news.length === 0) return;
    if (!entry.isCaughtUp) {
      const open = news.filter((finding) => !finding.isOver);
      const told = open[0] ?? news[0];
      if (told === undefined || isOver(run.state)) return;
      await obeyRule(here, run, file, open);
      const others = news.length === 1 ? '' : ` and ${news.length - 1} more while nobody watched`;
      context.notices.post({
        severity: told.severity,
        title: `${run.name}: ${told.title}${others}`,
        detail: told.explanation,
      });
      return;
    }
    for (const finding of news) {
      const { severity, title, explanation, advice } = finding;
      context.notices.post({ severity, title: `${run.name}: ${title}`, detail: `${explanation} ${advice}` });
    }
    await obeyRule(here, run, file, news);
  };

  const obeyRule = async (
    here: string,
    run: Run,
    file: WatchFile,
    news: readonly { readonly id: string; readonly kind: FindingKind; readonly title: string }[],
  ): Promise<void> => {
    const reason = news.find(({ kind }) => file.stopRule?.kinds.includes(kind));
    if (file.stopRule === null || reason === undefined || file.stopped !== null || run.state !== 'running')
      return;
    const stopped = { atMs: Date.now(), finding: reason.id };
    const after = await changeWatchFile(here, run.id, (before) => ({ ...before, stopped }));
    changes.emit({ kind: 'changed', report: reportOf(run.id, after) });
    try {
      await stopRun(run.id, file.stopRule.graceSeconds * 1000);
      context.notices.post({
        severity: 'warning',
        title: `${run.name} is being stopped by its rule`,
        detail: `${reason.title}. It has ${file.stopRule.graceSeconds} seconds to end by itself.`,
      });
    } catch (error) {
      await changeWatchFile(here, run.id, (before) => ({ ...before, stopped: null }));
      const detail = error instanceof Error ? error.message : String(error);
      context.notices.post({
        severity: 'error',
        title: `${run.name} could not be stopped by its rule`,
        detail,
      });
    }
  };

  const lookAtRun = async (here: string, run: Run, nowMs: number): Promise<void> => {
    const over = isOver(run.state);
    let entry = watched.get(run.id);
    if (!entry) {
      const file = await readWatchFile(here, run.id);
      if (over && file.isComplete) {
        settled.add(run.id);
        return;
      }
      const watchedRun = await watchRun(context, here, run.id, file);
      entry = {
        run: watchedRun,
        sinceMs: nowMs,
        version: 0,
        isCaughtUp: false,
        checkpointsMs: 0,
        clockMs: 0,
        seen: null,
      };
      watched.set(run.id, entry);
    }
    const isNew = entry.seen !== run;
    if (isNew) await entry.run.readOn(closing.signal);
    entry.seen = run;
    if (!over && run.state === 'running' && (isNew || nowMs - entry.clockMs >= CLOCK_EVERY_MS)) {
      entry.clockMs = nowMs;
      const isDue = nowMs - entry.checkpointsMs >= CHECKPOINTS_EVERY_MS;
      if (isDue) entry.checkpointsMs = nowMs;
      const list = isDue ? await checkpoints.list(run.id, closing.signal).catch(() => null) : null;
      await entry.run.lookAtClock(run, {
        nowMs,
        seenSinceMs: run.target === 'this-computer' ? awakeSinceMs : Math.max(awakeSinceMs, entry.sinceMs),
        checkpoints: list,
      });
    }
    if (over) entry.run.finish();
    if (entry.run.version !== entry.version || over) {
      entry.version = entry.run.version;
      // A workspace that cannot be written to is watched all the same; it only forgets.
      await save(here, run, entry, over).catch(() => undefined);
    }
    entry.isCaughtUp = true;
    if (!over) return;
    watched.delete(run.id);
    settled.add(run.id);
  };

  const look = async (): Promise<void> => {
    isSoon = false;
    const here = context.workspace.current?.path ?? null;
    const nowMs = Date.now();
    if (nowMs - lookedMs > SLEPT_AFTER_MS) awakeSinceMs = nowMs;
    lookedMs = nowMs;
    if (here !== root) {
      root = here;
      watched = new Map();
      settled = new Set();
    }
    if (here === null) return;
    const runs = await listRuns();
    let lookedBack = 0;
    for (const run of runs) {
      if (closing.signal.aborted || context.workspace.current?.path !== here) return;
      if (isOver(run.state) && !watched.has(run.id)) {
        const isOld = nowMs - (run.end?.endedMs ?? 0) > LOOK_BACK_MS;
        if (settled.has(run.id) || isOld || lookedBack >= LOOK_BACK_RUNS) continue;
        lookedBack += 1;
      }
      // One run that cannot be read must not keep the others from being watched.
      await lookAtRun(here, run, nowMs).catch(() => undefined);
    }
  };
  const lookNow = async (): Promise<void> => {
    while (looking) await looking;
    looking = look().finally(() => {
      looking = null;
    });
    await looking;
  };
  const schedule = (waitMs = watched.size > 0 ? LOOK_EVERY_MS : IDLE_LOOK_EVERY_MS) => {
    clearTimeout(timer);
    if (closing.signal.aborted) return;
    timer = setTimeout(
      () =>
        void lookNow()
          .catch(() => undefined)
          .finally(() => schedule()),
      waitMs,
    );
    timer.unref();
  };

  return {
    changes,
    start() {
      if (isStarted) return;
      isStarted = true;
      schedule();
      stopListening = heard.subscribe((event) => {
        if (event.kind !== 'changed' || isOver(event.run.state) || watched.has(event.run.id)) return;
        // Once: a run that is heard of more often than that would put the look off for ever.
        if (watched.size > 0 || looking !== null || isSoon) return;
        isSoon = true;
        schedule(SOON_MS);
      });
    },
    lookNow,
    report: async (id) => reportOf(id, await readWatchFile(rootNow(), id)),
    async reports() {
      const here = rootNow();
      const files = await Promise.all(
        (await listRuns()).map(async ({ id }) => reportOf(id, await readWatchFile(here, id))),
      );
      return files.filter(
        ({ findings, muted, stopRule, stopped }) =>
          findings.length > 0 || muted.length > 0 || stopRule !== null || stopped !== null,
      );
    },
    async change(id, change) {
      const report = reportOf(id, await changeWatchFile(rootNow(), id, change));
      changes.emit({ kind: 'changed', report });
      return report;
    },
    startOver(id) {
      if (id === null) watched.clear();
      else watched.delete(id);
    },
    async dispose() {
      closing.abort();
      stopListening();
      clearTimeout(timer);
      await looking?.catch(() => undefined);
    },
  };
}
