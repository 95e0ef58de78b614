// `nesso eval launch`: benchmarks of a checkpoint on the target of its run, or of a model there; `presets` lists the sets of tasks.
import { type Command, InvalidArgumentError } from 'commander';
import type { EvaluationCost, EvaluationPlan } from '../../core/api/evaluation-jobs.ts';
import { StudioError } from '../../core/api/errors.ts';
import { formatCount, formatHours, formatInteger } from '../../core/lib/format/numbers.ts';
import type { CommandContext } from '../command.ts';
import { inWorkspace, type WorkspaceOption, withWorkspaceOption } from '../in-workspace.ts';
import { table } from '../table.ts';
import { parseRunId } from './run-manage.ts';
import { withQuestions } from './target.ts';

interface LaunchOptions extends WorkspaceOption {
  readonly run?: string;
  readonly step?: number;
  readonly target?: string;
  readonly model?: string;
  readonly parameters?: number;
  readonly preset?: string;
  readonly tasks?: string;
  readonly gpus: number;
  readonly members: number;
  readonly batch: number;
  readonly limit?: number;
  readonly time?: string;
  readonly checkout?: string;
  readonly tokenizer?: string;
  readonly again?: true;
  readonly dryRun?: true;
}

function whole(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It takes a whole number');
  return Number(text);
}

function size(text: string): number {
  const found = /^(\d+(?:\.\d+)?)([MB])?$/i.exec(text);
  const value =
    Number(found?.[1]) * { m: 1e6, b: 1e9, '': 1 }[(found?.[2] ?? '').toLowerCase() as 'm' | 'b' | ''];
  if (!(value > 0)) throw new InvalidArgumentError('Write a number such as 400M');
  return value;
}

export function registerEvalLaunch(evaluation: Command, context: CommandContext): void {
  withWorkspaceOption(
    evaluation
      .command('presets')
      .description('list the sets of tasks that can be evaluated with on a target'),
  ).action(
    context.action((options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        const { presets } = await client.evaluationJobs.presets(undefined, { signal: context.signal });
        context.print({ presets }, () =>
          table(
            ['Set', 'Recipe', 'Tasks'],
            presets.map(({ id, recipe, tasks }) => [id, recipe, tasks.join(', ')]),
          ),
        );
        return 0;
      }),
    ),
  );

  withWorkspaceOption(
    evaluation
      .command('launch')
      .description('evaluate a checkpoint on the target of its run; results come here by themselves')
      .option('--run <id>', 'the run whose checkpoint is evaluated, with --step')
      .option('--step <number>', 'its step', whole)
      .option('-t, --target <name>', 'a target, for a model that lies there, with --model')
      .option('--model <folder>', 'a folder of the target, or a name on the Hub')
      .option('--parameters <number>', 'of that model, for the estimate: 400M', size)
      .option('--preset <name>', 'a set of tasks: nesso eval presets')
      .option('--tasks <list>', 'instead: names for lm-eval, as m_mmlu_it@5,ifeval+chat')
      .option('--gpus <number>', 'copies of the model in one job', whole, 1)
      .option('--members <number>', 'jobs of an array that share the tasks', whole, 1)
      .option('--batch <number>', 'questions at a time', whole, 16)
      .option('--limit <number>', 'questions of each task; results of a part are no benchmark', whole)
      .option('--time <limit>', 'time limit of each job, such as 04:00:00')
      .option('--checkout <folder>', 'Nanotron on the target, to convert with')
      .option('--tokenizer <name>', 'tokenizer of the converted model')
      .option('--again', 'although the same evaluation was launched before')
      .option('--dry-run', 'only say what it would do and cost'),
  ).action(
    context.action((options: LaunchOptions) =>
      inWorkspace(context, options, async (client) => {
        const { signal } = context;
        const request = requestOf(options);
        const target =
          request.subject.kind === 'model' ? request.subject.target : await targetOfRun(request.subject.run);
        if (target !== null)
          await withQuestions(client, () => client.targets.connect({ name: target }, { signal }));
        const plan = await client.evaluationJobs.plan(request, { signal });
        if (options.dryRun === true) {
          context.print(plan, () => planText(plan));
          return 0;
        }
        context.note(planText(plan));
        const launched = await client.evaluationJobs.launch(
          { ...request, again: options.again === true },
          { signal },
        );
        const { job, conversion, wasThere } = launched;
        context.print(launched, () =>
          [
            ...(conversion === null ? [] : [`${conversion.id} · converts the checkpoint first`]),
            `${job.id} · ${job.state}${wasThere ? ' · launched before; --again launches another one' : ''}`,
          ].join('\n'),
        );
        return 0;

        async function targetOfRun(id: string): Promise<string | null> {
          const runs = await client.runs.list(undefined, { signal });
          const found = runs.find((run) => run.id === id)?.target ?? 'this-computer';
          return found === 'this-computer' ? null : found;
        }
      }),
    ),
  );
}

function requestOf(options: LaunchOptions) {
  const { run, step, target, model, preset = null, tasks = '' } = options;
  const refuse = (message: string, hint: string): never => {
    throw new StudioError('INVALID_INPUT', message, { hint });
  };
  if ((preset === null) === (tasks === ''))
    refuse('Name one set of tasks, or tasks', 'Give --preset (nesso eval presets) or --tasks');
  const isCheckpoint = run !== undefined && step !== undefined && model === undefined && target === undefined;
  const isModel = run === undefined && step === undefined && model !== undefined && target !== undefined;
  if (!isCheckpoint && !isModel)
    refuse('Name a checkpoint, or a model', 'Give --run and --step, or --target and --model');
  return {
    subject: isCheckpoint
      ? ({ kind: 'checkpoint', run: parseRunId(run), step } as const)
      : ({
          kind: 'model',
          target: target ?? '',
          model: model ?? '',
          parameters: options.parameters ?? null,
        } as const),
    preset,
    tasks,
    gpus: options.gpus,
    members: options.members,
    batch: options.batch,
    limit: options.limit ?? null,
    walltime: options.time ?? null,
    checkout: options.checkout ?? null,
    tokenizer: options.tokenizer ?? null,
  };
}

function planText(plan: EvaluationPlan): string {
  const { name, target, model, conversion, earlier, estimate } = plan;
  return [
    `${name} on ${target}`,
    `Model: ${model}${conversion === null ? '' : ` (converted with ${conversion.checkout}: ${conversion.state})`}`,
    ...earlier.map(({ id, state }) => `The same was launched before: ${id}, ${state}`),
    table(
      ['Task', 'Questions', 'Passes', 'Tokens read', 'On one GPU'],
      estimate.tasks.map(({ name: task, questions, passes, readTokens, seconds, counted }) => [
        task,
        `${counted ? '' : '~'}${formatInteger(questions)}`,
        formatInteger(passes),
        formatCount(readTokens),
        `${Math.round(seconds / 60)} min`,
      ]),
    ),
    costText(estimate),
    ...estimate.assumptions.map((text) => `  ${text}`),
  ].join('\n');
}

function costText({ gpuHours, low, high, wallSeconds, unknown }: EvaluationCost): string {
  const left = unknown.length === 0 ? '' : `; not counted: ${unknown.join(', ')}`;
  if (gpuHours === null || low === null || high === null || wallSeconds === null)
    return `What it will cost is not known${left}`;
  return `About ${gpuHours.toFixed(2)} GPU hours (${low.toFixed(2)} to ${high.toFixed(2)}), ${formatHours(wallSeconds / 3600)} of the clock after the queue${left}`;
}
