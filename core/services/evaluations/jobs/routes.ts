// Routes of evaluations on a target: binds the contract to the services of this folder.
import type { Run } from '../../../api/runs.ts';
import { api } from '../../base.ts';
import type { CheckpointService } from '../../checkpoints/service.ts';
import type { CoreContext } from '../../context.ts';
import { readRecord } from '../../runs/run-facts.ts';
import type { RunService } from '../../runs/service.ts';
import type { TargetService } from '../../targets/service.ts';
import { launchEvaluation, type LaunchPlaces } from './launch.ts';
import { planEvaluation } from './plan.ts';
import { readPresets } from './read-presets.ts';
import { createEvaluationRules } from './rules.ts';

export interface EvaluationJobsOptions {
  readonly checkpoints: CheckpointService;
  readonly targets: TargetService;
  readonly runs: RunService;
  readonly listRuns: () => Promise<readonly Run[]>;
}

export function evaluationJobsRoutes(context: CoreContext, options: EvaluationJobsOptions) {
  const root = () => context.workspace.require().path;
  const places: LaunchPlaces = { context, ...options };
  const rules = createEvaluationRules(context, {
    async isReachable(id) {
      const { remote, target } = await readRecord(root(), id);
      return remote !== null && (await options.targets.connectionOf(target)).state.kind === 'connected';
    },
    async checkpointsOf(id) {
      const list = await options.checkpoints.list(id);
      if (list.lookedMs !== null) return list;
      const { target } = await readRecord(root(), id);
      await options.checkpoints.askTarget(await options.targets.connectionOf(target), [id]);
      return options.checkpoints.list(id);
    },
    listRuns: options.listRuns,
    async launch(run, { step, preset }, { gpus, members, batch, walltime }, signal) {
      const request = {
        subject: { kind: 'checkpoint', run, step } as const,
        preset,
        tasks: '',
        gpus,
        members,
        batch,
        limit: null,
        walltime,
        checkout: null,
        tokenizer: null,
      };
      const { job } = await launchEvaluation(places, request, { again: false, byRule: true, signal });
      return job.id;
    },
  });
  if (context.options.host === 'serve' || context.options.host === 'electron') rules.start();
  return {
    procedures: {
      presets: api.evaluationJobs.presets.handler(async () => ({
        presets: [
          ...(await readPresets(context.options.appFolder, context.workspace.current?.path ?? null)).presets,
        ],
      })),
      plan: api.evaluationJobs.plan.handler(async ({ input }) => (await planEvaluation(places, input)).shown),
      launch: api.evaluationJobs.launch.handler(({ input: { again, ...request }, signal }) =>
        launchEvaluation(places, request, { again, signal }),
      ),
      rules: api.evaluationJobs.rules.handler(() => rules.list()),
      saveRule: api.evaluationJobs.saveRule.handler(async ({ input }) => {
        await rules.save(input.id, input.rule);
        if (input.rule !== null) void rules.lookNow().catch(() => undefined);
        return {};
      }),
    },
    rules,
    dispose: () => rules.dispose(),
  };
}
