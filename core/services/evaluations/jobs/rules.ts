// Rules that evaluate new checkpoints on their run's target by themselves: each once, whichever studio of the workspace sees it first.
// What was launched is known from the runs themselves; a note keeps it when a person removes such a run. What fails is said once and
// tried again, later each time.
import { z } from 'zod';
import {
  type EvaluationRule,
  evaluationRule,
  evaluationRuleState,
  type EvaluationRuleState,
} from '../../../api/evaluation-jobs.ts';
import type { CheckpointList } from '../../../api/checkpoints.ts';
import { runId, type Run } from '../../../api/runs.ts';
import { type DueEvaluation, dueEvaluations } from '../../../lib/evaluations/jobs/due.ts';
import { formatInteger } from '../../../lib/format/numbers.ts';
import type { CoreContext } from '../../context.ts';
import { isWaiting } from '../../step-rules/failures.ts';
import { createRuleStore } from '../../step-rules/rule-store.ts';
import { createRuleWatch, type RuleLook, type RuleWatch } from '../../step-rules/rule-watch.ts';

/** A rule over a long past asks for hundreds: a few a look leave room in the queue for others. */
const AT_ONCE = 4;

const store = createRuleStore({
  fileName: 'evaluation-rule.json',
  rule: evaluationRule,
  stateFolder: 'evaluation-rules',
  state: z.object({
    launched: evaluationRuleState.shape.launched.default([]),
    failures: evaluationRuleState.shape.failures.default([]),
  }),
});

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

export interface EvaluationRules extends RuleWatch {
  list(): Promise<EvaluationRuleState[]>;
  /** Null takes it away. */
  save(runId: string, rule: EvaluationRule | null): Promise<void>;
}

export function createEvaluationRules(
  context: CoreContext,
  options: EvaluationRulesOptions,
): EvaluationRules {
  const root = () => context.workspace.require().path;

  const launchedBy = async (here: string, id: string) => {
    const { launched } = await store.stateOf(here, id);
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

  const follow = async (look: RuleLook<EvaluationRule, DueEvaluation>): Promise<void> => {
    const { root: here, rule, signal } = look;
    const id = runId.parse(look.runId);
    if (!(await options.isReachable(id))) return;
    const { checkpoints } = await options.checkpointsOf(id);
    const due = dueEvaluations(rule, checkpoints, await launchedBy(here, id));
    const { failures } = await store.stateOf(here, id);
    for (const one of due.filter((each) => !isWaiting(failures, each)).slice(0, AT_ONCE)) {
      if (!look.goesOn()) return;
      await look.attempt(one, async () => {
        const job = await options.launch(id, one, rule, signal);
        await store.noteDone(here, id, one, (before) => ({
          ...before,
          launched: [{ ...one, job }, ...before.launched.filter(({ job: other }) => other !== job)],
        }));
      });
    }
  };

  return {
    ...createRuleWatch(context, {
      store,
      follow,
      failureTitle: (id, { step, preset }) =>
        `Step ${formatInteger(step)} of ${id} could not be evaluated with ${preset}`,
    }),
    async list() {
      const here = root();
      return Promise.all(
        (await store.readAll(here)).map(async ([id, rule]) => ({
          runId: id,
          rule,
          launched: (await launchedBy(here, id))
            .filter(({ preset }) => rule.presets.includes(preset))
            .toSorted((a, b) => b.step - a.step),
          failures: (await store.stateOf(here, id)).failures,
        })),
      );
    },
    save: (id, rule) => store.save(root(), id, rule),
  };
}
