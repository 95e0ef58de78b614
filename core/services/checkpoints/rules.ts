// Rules that bring new checkpoints by themselves: once each, whichever studio sees it first; the newest stay, older ones that a rule
// brought go. What fails is said once and tried again, later each time.
import { z } from 'zod';
import {
  type CheckpointRule,
  checkpointRule,
  ruleState,
  type RuleState,
} from '../../api/checkpoint-budget.ts';
import type { CheckpointList, Opened } from '../../api/checkpoints.ts';
import { dueSteps, outlived } from '../../lib/checkpoints/rule-steps.ts';
import { formatInteger } from '../../lib/format/numbers.ts';
import type { CoreContext } from '../context.ts';
import { type Due, isWaiting } from '../step-rules/failures.ts';
import { createRuleStore } from '../step-rules/rule-store.ts';
import { createRuleWatch, type RuleLook, type RuleWatch } from '../step-rules/rule-watch.ts';
import { removeLocal, sourceState } from './budget.ts';
import { whileHolding } from '../files/held-lock.ts';
import { listLives } from './life-store.ts';

const store = createRuleStore({
  fileName: 'rule.json',
  rule: checkpointRule,
  stateFolder: 'checkpoint-rules',
  state: z.object({
    done: ruleState.shape.done.default([]),
    failures: ruleState.shape.failures.default([]),
  }),
});

export interface RuleKeeperOptions {
  /** False while its target is not connected: nothing is tried then, and nothing has failed. */
  readonly isReachable: (runId: string) => Promise<boolean>;
  readonly listOf: (runId: string) => Promise<CheckpointList>;
  readonly open: (runId: string, step: number, rule: CheckpointRule, signal: AbortSignal) => Promise<Opened>;
  readonly onChange: () => void;
}

/** Begins a prompt suite on a model, once an earlier one of the same suite has ended. */
export type StartSuite = (suite: string, modelPath: string, signal: AbortSignal) => Promise<unknown>;

export interface RuleKeeper extends RuleWatch {
  /** Who runs prompt suites; without it a rule only brings models. */
  useSuites(startSuite: StartSuite): void;
  list(): Promise<RuleState[]>;
  ruleOf(runId: string): Promise<CheckpointRule | null>;
  /** Null takes it away. */
  save(runId: string, rule: CheckpointRule | null): Promise<void>;
}

export function createRuleKeeper(context: CoreContext, options: RuleKeeperOptions): RuleKeeper {
  let startSuite: StartSuite | null = null;
  const root = () => context.workspace.require().path;

  const bring = async ({ root: here, runId, rule, signal }: Look, step: number): Promise<void> => {
    const { modelPath } = await options.open(runId, step, rule, signal);
    if (rule.suite !== null && modelPath !== null) await startSuite?.(rule.suite, modelPath, signal);
    await store.noteDone(here, runId, { step }, (before) => ({ ...before, done: [...before.done, step] }));
  };

  const follow = async (look: Look): Promise<void> => {
    const { root: here, runId, rule, signal } = look;
    if (!(await options.isReachable(runId))) return;
    const list = await options.listOf(runId);
    for (const step of dueSteps(rule, list.checkpoints)) {
      const { done, failures } = await store.stateOf(here, runId);
      if (done.includes(step) || isWaiting(failures, { step })) continue;
      if (!look.goesOn()) return;
      await whileHolding(here, `rule ${runId} ${step}`, { signal, onWaiting: () => undefined }, async () => {
        if ((await store.stateOf(here, runId)).done.includes(step)) return;
        await look.attempt({ step }, () => bring(look, step));
      });
      options.onChange();
    }
    await letGo(look);
  };

  const letGo = async ({ root: here, runId, rule }: Look): Promise<void> => {
    const old = outlived(rule, await listLives(here, runId));
    for (const life of old) {
      // What nobody else has stays: the disk budget says so.
      if ((await sourceState(here, life)) !== 'there') continue;
      await removeLocal(here, [{ runId, step: life.step, what: 'all' }]);
      options.onChange();
    }
  };

  const watch = createRuleWatch(context, {
    store,
    follow,
    failureTitle: (runId, { step }) => `The rule of ${runId} could not bring step ${formatInteger(step)}`,
  });
  return {
    ...watch,
    useSuites(start) {
      startSuite = start;
    },
    ruleOf: (runId) => store.read(root(), runId),
    async list() {
      const here = root();
      const rules = await store.readAll(here);
      return Promise.all(
        rules.map(async ([runId, rule]) => ({ runId, rule, ...(await store.stateOf(here, runId)) })),
      );
    },
    async save(runId, rule) {
      await store.save(root(), runId, rule);
      options.onChange();
    },
  };
}

type Look = RuleLook<CheckpointRule, Due>;
