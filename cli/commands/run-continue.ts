// `nesso run checkpoints|resume|requeue|fork`: what a run saved, and going on: as the same run, or as a new one.
import { type Command, InvalidArgumentError } from 'commander';
import type { StudioClient } from '../../core/api/contract.ts';
import { StudioError } from '../../core/api/errors.ts';
import type { RunCheckpoint } from '../../core/api/launches.ts';
import type { Run, RunId } from '../../core/api/runs.ts';
import type { CommandContext } from '../command.ts';
import { inWorkspace, withWorkspaceOption, type WorkspaceOption } from '../in-workspace.ts';
import { table } from '../table.ts';
import { type LaunchOptions, requestOf, withLaunchOptions } from './run-launch.ts';
import { parseRunId } from './run-manage.ts';
import { withQuestions } from './target.ts';

export function registerRunContinue(run: Command, context: CommandContext): void {
  withWorkspaceOption(
    run.command('checkpoints').description('list what a run saved on its target').argument('<run>'),
  ).action(
    context.action(async (text: string, options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        const { id } = await connected(context, client, text);
        const found = await client.runs.checkpoints({ id }, { signal: context.signal });
        context.print(found, () => checkpointTable(found.checkpoints));
        return 0;
      }),
    ),
  );

  withWorkspaceOption(
    run
      .command('resume')
      .description('go on with a run that is over, from its newest whole checkpoint: same run, one more job')
      .argument('<run>'),
  )
    .option('--step <number>', 'from the checkpoint of this step', stepNumber)
    .option('--steps <number>', 'new last step: extends the run', stepNumber)
    .option('--time <limit>', 'time limit of the new job, such as 1-00:00:00')
    .action(
      context.action(async (text: string, options: WorkspaceOption & ResumeOptions) =>
        inWorkspace(context, options, async (client) => {
          const { id } = await connected(context, client, text);
          const { step = null, steps = null, time = null } = options;
          const resumed = await client.runs.resume({ id, step, steps, walltime: time });
          const from = resumed.continuations.at(-1)?.step ?? null;
          const where = from === null ? '' : ` · from step ${from}`;
          context.print(resumed, `${resumed.id} · ${resumed.state} · job ${resumed.jobId ?? '–'}${where}`);
          return 0;
        }),
      ),
    );

  withWorkspaceOption(
    run
      .command('requeue')
      .description('have Slurm end the job of a run and start it again: one more attempt of the same run')
      .argument('<run>'),
  ).action(
    context.action(async (text: string, options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        const { id } = await connected(context, client, text);
        const run = await client.runs.requeue({ id });
        context.print(run, `${id} · job ${run.jobId ?? '–'} is back in the queue`);
        return 0;
      }),
    ),
  );

  withLaunchOptions(
    run
      .command('fork')
      .description('a new run from a checkpoint of another one, with the config and parameters you give')
      .argument('<run>', 'id of the run that is forked'),
  )
    .option('--step <number>', 'checkpoint to start from (default: the newest whole one)', stepNumber)
    .action(
      context.action(async (text: string, options: LaunchOptions & ResumeOptions) =>
        inWorkspace(context, options, async (client) => {
          const parent = await connected(context, client, text);
          const { checkpoints } = await client.runs.checkpoints(
            { id: parent.id },
            { signal: context.signal },
          );
          const from = chosen(checkpoints, options.step ?? null);
          const request = await requestOf(context, client, parent.recipe, {
            ...options,
            name: options.name ?? `${parent.name} from ${from.step}`,
          });
          const forked = await client.runs.launch({
            ...request,
            parameters: { ...parent.parameters, ...request.parameters },
            target: parent.target,
            from: { run: parent.id, step: from.step, checkpoint: from.path },
          });
          context.print(
            forked,
            `${forked.id} · ${forked.state} · job ${forked.jobId ?? '–'} · from step ${from.step}`,
          );
          return 0;
        }),
      ),
    );
}

interface ResumeOptions {
  readonly step?: number;
  readonly steps?: number;
  readonly time?: string;
}

async function connected(
  context: CommandContext,
  client: StudioClient,
  text: string,
): Promise<Run & { readonly id: RunId }> {
  const id = parseRunId(text);
  const found = (await client.runs.list(undefined, { signal: context.signal })).find((one) => one.id === id);
  if (found === undefined)
    throw new StudioError('NOT_FOUND', `There is no run ${text}`, { hint: 'nesso run list shows the ids' });
  if (found.target !== 'this-computer') {
    await withQuestions(client, () =>
      client.targets.connect({ name: found.target }, { signal: context.signal }),
    );
  }
  return found;
}

function chosen(checkpoints: readonly RunCheckpoint[], step: number | null): RunCheckpoint {
  const found = checkpoints.find((one) => (step === null ? one.isComplete : one.step === step));
  if (found?.isComplete) return found;
  const whole = checkpoints.filter(({ isComplete }) => isComplete).map((one) => one.step);
  throw new StudioError(
    'INVALID_INPUT',
    step === null ? 'There is no whole checkpoint' : `There is no whole checkpoint of step ${step}`,
    {
      hint:
        whole.length === 0 ? 'Launch a new run instead' : `There are steps ${whole.slice(0, 8).join(', ')}`,
    },
  );
}

function checkpointTable(checkpoints: readonly RunCheckpoint[]): string {
  if (checkpoints.length === 0) return 'No checkpoints yet';
  return table(
    ['Step', 'Whole', 'Optimizer', 'Folder'],
    checkpoints.map(({ step, isComplete, hasOptimizer, path, problem }) => [
      String(step),
      isComplete ? 'yes' : `no: ${problem ?? ''}`,
      hasOptimizer === null ? '–' : hasOptimizer ? 'yes' : 'no',
      path,
    ]),
  );
}

function stepNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Must be a whole number.');
  return Number(text);
}
