// Rules that evaluate new checkpoints on their run's target by themselves: each once, whichever studio of the workspace sees it first.
// What was launched is known from the runs themselves; a note keeps it when a person removes such a run. What fails is said once and
// tried again, later each time.
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type EvaluationRule, evaluationRule, type EvaluationRuleState } from '../../api/evaluation-jobs.ts';
import type { CheckpointList } from '../../api/checkpoints.ts';
import { runId, type Run } from '../../api/runs.ts';
import { CHECKPOINTS_FOLDER } from '../../lib/checkpoints/life-files.ts';
import { type DueEvaluation, dueEvaluations } from '../../lib/evaluation-jobs/due.ts';
import { formatInteger } from '../../lib/format/numbers.ts';
import type { CoreContext } from '../context.ts';
import { withFileLock } from '../files/with-file-lock.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { toStudioError } from '../system-errors.ts';

const LOOK_EVERY_MS = 10_000;
const FIRST_RETRY_MS = 30_000;
const LAST_RETRY_MS = 3_600_000;
/** A rule over a long past asks for hundreds: a few a look leave room in the queue for others. */
const AT_ONCE = 4;
const KEPT_FAILURES = 50;

const stateFile = z.object({
  launched: z.array(z.object({ step: z.number(), preset: z.string(), job: z.string() })).default([]),
  failures: z
    .array(
      z.object({
        step: z.number(),
        preset: z.string(),
        message: z.string(),
        times: z.number(),
        retryMs: z.number(),
      }),
    )
    .default([]),
});
type StateFile = z.infer<typeof stateFile>;

export interface EvaluationRulesOptions {
  /** False while its target is not connected: nothing is tried then, and nothing has failed. */
  readonly isReachable: (runId: string) => Promise<boolean>;
  readonly checkpointsOf: (runId: string) => Promise<CheckpointList>;
  readonly listRuns: () => Promise<readonly Run[]>;
  /** Launches it unless it was launched before; answers with the run. */
  readonly launch: (
    runId: Run['id'],
    due: DueEvaluation,
    rule: EvaluationRule,
    signal: AbortSignal,
  ) => Promise<string>;
}

export interface EvaluationRules {
  start(): void;
  list(): Promise<EvaluationRuleState[]>;
  /** Null takes it away. */
  save(runId: string, rule: EvaluationRule | null): Promise<void>;
  /** One look at every rule now. */
  lookNow(): Promise<void>;
  dispose(): Promise<void>;
}

export function createEvaluationRules(
  context: CoreContext,
  options: EvaluationRulesOptions,
): EvaluationRules {
  const closing = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | null = null;
  const root = () => context.workspace.require().path;

  const launchedBy = async (here: string, id: string) => {
    const { launched } = await readState(here, id);
    const own = (await options.listRuns()).flatMap(({ id: job, evaluates, parameters }) =>
      evaluates?.run === id &&
      evaluates.step !== null &&
      evaluates.preset !== null &&
      String(parameters['limit'] ?? '') === ''
        ? [{ step: evaluates.step, preset: evaluates.preset, job: String(job) }]
        : [],
    );
    const there = new Set(own.map(({ job }) => job));
    return [...own, ...launched.filter(({ job }) => !there.has(job))];
  };

  const runRule = async (here: string, id: Run['id'], rule: EvaluationRule): Promise<void> => {
    const { signal } = closing;
    if (!(await options.isReachable(id))) return;
    const { checkpoints } = await options.checkpointsOf(id);
    const due = dueEvaluations(rule, checkpoints, await launchedBy(here, id));
    const { failures } = await readState(here, id);
    const waits = (one: DueEvaluation) =>
      failures.some(
        ({ step, preset, retryMs }) => step === one.step && preset === one.preset && retryMs > Date.now(),
      );
    for (const one of due.filter((each) => !waits(each)).slice(0, AT_ONCE)) {
      if (signal.aborted || context.workspace.current?.path !== here) return;
      try {
        const job = await options.launch(id, one, rule, signal);
        await changeState(here, id, (before) => ({
          launched: [{ ...one, job }, ...before.launched.filter(({ job: other }) => other !== job)],
          failures: before.failures.filter((failure) => !isSame(failure, one)),
        }));
      } catch (error) {
        if (!signal.aborted) await noteFailure(here, id, one, error);
      }
    }
  };

  const noteFailure = async (here: string, id: string, due: DueEvaluation, error: unknown): Promise<void> => {
    const { message, data } = toStudioError(error);
    let isNew = false;
    await changeState(here, id, (before) => {
      const known = before.failures.find((one) => isSame(one, due));
      isNew = known?.message !== message;
      const times = (known?.times ?? 0) + 1;
      const retryMs = Date.now() + Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (times - 1));
      const others = before.failures.filter((one) => !isSame(one, due));
      return {
        ...before,
        failures: [{ ...due, message, times, retryMs }, ...others].slice(0, KEPT_FAILURES),
      };
    });
    if (!isNew) return;
    context.notices.post({
      severity: 'warning',
      title: `Step ${formatInteger(due.step)} of ${id} could not be evaluated with ${due.preset}`,
      detail: `${message}. ${data.hint}. It is tried again by itself.`,
    });
  };

  const look = async (): Promise<void> => {
    const here = context.workspace.current?.path ?? null;
    if (here === null) return;
    for (const [id, rule] of await readRules(here)) {
      if (rule.paused || closing.signal.aborted) continue;
      // A run that is gone or cannot be read does not keep the others from their rules.
      await runRule(here, id, rule).catch(() => undefined);
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
    lookNow,
    async list() {
      const here = root();
      return Promise.all(
        (await readRules(here)).map(async ([id, rule]) => ({
          runId: id,
          rule,
          launched: (await launchedBy(here, id))
            .filter(({ preset }) => rule.presets.includes(preset))
            .toSorted((a, b) => b.step - a.step),
          failures: (await readState(here, id)).failures,
        })),
      );
    },
    async save(id, rule) {
      const path = rulePath(root(), id);
      if (rule === null) await rm(path, { force: true });
      else await writeFileAtomic(path, `${JSON.stringify(rule, null, 2)}\n`);
    },
    async dispose() {
      closing.abort();
      clearTimeout(timer);
      await looking?.catch(() => undefined);
    },
  };
}

const isSame = (left: DueEvaluation, right: DueEvaluation): boolean =>
  left.step === right.step && left.preset === right.preset;

function rulePath(root: string, id: string): string {
  return join(root, CHECKPOINTS_FOLDER, id, 'evaluation-rule.json');
}

async function readRules(root: string): Promise<readonly (readonly [Run['id'], EvaluationRule])[]> {
  const names = await readdir(join(root, CHECKPOINTS_FOLDER)).catch((): string[] => []);
  const found = await Promise.all(
    names.sort().map(async (name) => {
      const id = runId.safeParse(name);
      const text = await readFile(rulePath(root, name), 'utf8').catch(() => null);
      if (!id.success || text === null) return [];
      const rule = evaluationRule.safeParse(jsonOf(text));
      return rule.success ? [[id.data, rule.data] as const] : [];
    }),
  );
  return found.flat();
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function statePath(root: string, id: string): string {
  return join(root, '.studio', 'evaluation-rules', `${id}.json`);
}

async function readState(root: string, id: string): Promise<StateFile> {
  const text = await readFile(statePath(root, id), 'utf8').catch(() => '{}');
  return stateFile.safeParse(jsonOf(text)).data ?? { launched: [], failures: [] };
}

async function changeState(
  root: string,
  id: string,
  change: (before: StateFile) => StateFile,
): Promise<void> {
  const path = statePath(root, id);
  await withFileLock(root, path, async () =>
    writeFileAtomic(path, JSON.stringify(change(await readState(root, id)))),
  );
}
