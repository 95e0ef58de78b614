// Rules that bring new checkpoints by themselves: once each, whichever studio sees it first; the newest stay, older ones that a rule
// brought go. What fails is said once and tried again, later each time.
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type CheckpointRule, checkpointRule, type RuleState } from '../../api/checkpoint-budget.ts';
import type { CheckpointList, Opened } from '../../api/checkpoints.ts';
import { CHECKPOINTS_FOLDER } from '../../lib/checkpoints/life-files.ts';
import { dueSteps, outlived } from '../../lib/checkpoints/rule-steps.ts';
import { formatInteger } from '../../lib/format/numbers.ts';
import type { CoreContext } from '../context.ts';
import { withFileLock } from '../files/with-file-lock.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { toStudioError } from '../system-errors.ts';
import { removeLocal, sourceState } from './budget.ts';
import { whileHolding } from './held-lock.ts';
import { listLives } from './life-store.ts';

const LOOK_EVERY_MS = 10_000;
const FIRST_RETRY_MS = 30_000;
const LAST_RETRY_MS = 3_600_000;

const stateFile = z.object({
  done: z.array(z.number()).default([]),
  failures: z
    .array(z.object({ step: z.number(), message: z.string(), times: z.number(), retryMs: z.number() }))
    .default([]),
});
type StateFile = z.infer<typeof stateFile>;

export interface RuleKeeperOptions {
  /** False while its target is not connected: nothing is tried then, and nothing has failed. */
  readonly isReachable: (runId: string) => Promise<boolean>;
  readonly listOf: (runId: string) => Promise<CheckpointList>;
  readonly open: (runId: string, step: number, rule: CheckpointRule, signal: AbortSignal) => Promise<Opened>;
  readonly onChange: () => void;
}

/** Begins a prompt suite on a model, once an earlier one of the same suite has ended. */
export type StartSuite = (suite: string, modelPath: string, signal: AbortSignal) => Promise<unknown>;

export interface RuleKeeper {
  start(): void;
  /** Who runs prompt suites; without it a rule only brings models. */
  useSuites(startSuite: StartSuite): void;
  list(): Promise<RuleState[]>;
  ruleOf(runId: string): Promise<CheckpointRule | null>;
  /** Null takes it away. */
  save(runId: string, rule: CheckpointRule | null): Promise<void>;
  /** One look at every rule now. */
  lookNow(): Promise<void>;
  dispose(): Promise<void>;
}

export function createRuleKeeper(context: CoreContext, options: RuleKeeperOptions): RuleKeeper {
  const closing = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | null = null;
  let startSuite: StartSuite | null = null;
  const root = () => context.workspace.require().path;

  const runRule = async (here: string, runId: string, rule: CheckpointRule): Promise<void> => {
    const { signal } = closing;
    if (!(await options.isReachable(runId))) return;
    const list = await options.listOf(runId);
    for (const step of dueSteps(rule, list.checkpoints)) {
      const state = await readState(here, runId);
      const failure = state.failures.find((one) => one.step === step);
      if (state.done.includes(step) || (failure && failure.retryMs > Date.now())) continue;
      if (signal.aborted || context.workspace.current?.path !== here) return;
      await whileHolding(here, `rule ${runId} ${step}`, { signal, onWaiting: () => undefined }, async () => {
        if ((await readState(here, runId)).done.includes(step)) return;
        try {
          const { modelPath } = await options.open(runId, step, rule, signal);
          if (rule.suite !== null && modelPath !== null) await startSuite?.(rule.suite, modelPath, signal);
          await changeState(here, runId, (before) => ({
            done: [...before.done, step],
            failures: before.failures.filter((one) => one.step !== step),
          }));
        } catch (error) {
          if (!signal.aborted) await noteFailure(here, runId, step, error);
        }
      });
      options.onChange();
    }
    await letGo(here, runId, rule);
  };

  const noteFailure = async (here: string, runId: string, step: number, error: unknown): Promise<void> => {
    const { message, data } = toStudioError(error);
    let isNew = false;
    await changeState(here, runId, (before) => {
      const known = before.failures.find((one) => one.step === step);
      isNew = known?.message !== message;
      const times = (known?.times ?? 0) + 1;
      const retryMs = Date.now() + Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (times - 1));
      const others = before.failures.filter((one) => one.step !== step);
      return { ...before, failures: [{ step, message, times, retryMs }, ...others].slice(0, 50) };
    });
    if (!isNew) return;
    context.notices.post({
      severity: 'warning',
      title: `The rule of ${runId} could not bring step ${formatInteger(step)}`,
      detail: `${message}. ${data.hint}. It is tried again by itself.`,
    });
  };

  const letGo = async (here: string, runId: string, rule: CheckpointRule): Promise<void> => {
    const old = outlived(rule, await listLives(here, runId));
    for (const life of old) {
      // What nobody else has stays: the disk budget says so.
      if ((await sourceState(here, life)) !== 'there') continue;
      await removeLocal(here, [{ runId, step: life.step, what: 'all' }]);
      options.onChange();
    }
  };

  const look = async (): Promise<void> => {
    const here = context.workspace.current?.path ?? null;
    if (here === null) return;
    for (const [runId, rule] of await readRules(here)) {
      if (rule.paused || closing.signal.aborted) continue;
      // A run that is gone or cannot be read does not keep the others from their rules.
      await runRule(here, runId, rule).catch(() => undefined);
    }
  };
  const lookNow = async (): Promise<void> => {
    while (looking !== null) await looking;
    looking = look().finally(() => {
      looking = null;
    });
    await looking;
  };
  const schedule = (): void => {
    clearTimeout(timer);
    if (closing.signal.aborted) return;
    timer = setTimeout(
      () =>
        void lookNow()
          .catch(() => undefined)
          .finally(schedule),
      LOOK_EVERY_MS,
    );
    timer.unref();
  };

  return {
    start: schedule,
    useSuites(start) {
      startSuite = start;
    },
    lookNow,
    ruleOf: async (runId) => (await readRule(root(), runId)) ?? null,
    async list() {
      const here = root();
      const rules = await readRules(here);
      return Promise.all(
        rules.map(async ([runId, rule]) => ({ runId, rule, ...(await readState(here, runId)) })),
      );
    },
    async save(runId, rule) {
      const path = rulePath(root(), runId);
      if (rule === null) await rm(path, { force: true });
      else await writeFileAtomic(path, `${JSON.stringify(rule, null, 2)}\n`);
      options.onChange();
    },
    async dispose() {
      closing.abort();
      clearTimeout(timer);
      await looking?.catch(() => undefined);
    },
  };
}

function rulePath(root: string, runId: string): string {
  return join(root, CHECKPOINTS_FOLDER, runId, 'rule.json');
}

async function readRule(root: string, runId: string): Promise<CheckpointRule | null> {
  try {
    return checkpointRule.parse(JSON.parse(await readFile(rulePath(root, runId), 'utf8')));
  } catch {
    return null;
  }
}

async function readRules(root: string): Promise<readonly (readonly [string, CheckpointRule])[]> {
  const runs = await readdir(join(root, CHECKPOINTS_FOLDER)).catch((): string[] => []);
  const rules = await Promise.all(runs.sort().map(async (run) => [run, await readRule(root, run)] as const));
  return rules.flatMap(([run, rule]) => (rule === null ? [] : [[run, rule] as const]));
}

function statePath(root: string, runId: string): string {
  return join(root, '.studio', 'checkpoint-rules', `${runId}.json`);
}

async function readState(root: string, runId: string): Promise<StateFile> {
  try {
    return stateFile.parse(JSON.parse(await readFile(statePath(root, runId), 'utf8')));
  } catch {
    return { done: [], failures: [] };
  }
}

async function changeState(
  root: string,
  runId: string,
  change: (before: StateFile) => StateFile,
): Promise<void> {
  const path = statePath(root, runId);
  await withFileLock(root, path, async () =>
    writeFileAtomic(path, JSON.stringify(change(await readState(root, runId)))),
  );
}
