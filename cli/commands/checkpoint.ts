// `nesso checkpoint`: the steps a run has saved, pulled here, made into models, verified.
import type { Command } from 'commander';
import type { CheckpointLife } from '../../core/api/checkpoint-life.ts';
import type { Checkpoint, Opened, OpeningEvent } from '../../core/api/checkpoints.ts';
import type { StudioClient } from '../../core/api/contract.ts';
import type { RunId } from '../../core/api/runs.ts';
import { type WeightType, weightTypes } from '../../core/lib/conversion/gguf-metadata.ts';
import { formatCount, formatDiskSize, formatInteger } from '../../core/lib/format/numbers.ts';
import type { CommandContext } from '../command.ts';
import { inWorkspace, type WorkspaceOption, withWorkspaceOption } from '../in-workspace.ts';
import { table } from '../table.ts';
import { registerCheckpointKeep } from './checkpoint-keep.ts';
import { positive, weightType, wholeNumber } from './checkpoint-words.ts';
import { parseRunId } from './run-manage.ts';
import { withQuestions } from './target.ts';

/** A line about progress this often. */
const NOTE_INTERVAL_MS = 2000;

interface PullOptions extends WorkspaceOption {
  readonly step: number;
  readonly limit?: number;
  readonly wait?: true;
  readonly copy?: true;
}

interface OpenOptions extends PullOptions {
  readonly type: WeightType;
  readonly verify: boolean;
  readonly tokenizer?: string;
  readonly pre?: string;
}

export function registerCheckpoint(program: Command, context: CommandContext): void {
  const checkpoint = program
    .command('checkpoint')
    .description('pull the steps a run has saved, make models of them, verify them');
  registerList(checkpoint, context);
  registerPin(checkpoint, context);
  registerCheckpointKeep(checkpoint, context);

  pullOptions(
    checkpoint.command('pull').description('bring the weights of a step here, and nothing else'),
  ).action(
    context.action((id: string, options: PullOptions) =>
      inWorkspace(context, options, async (client) => {
        const run = parseRunId(id);
        await connectFor(client, run, context);
        const stream = await client.checkpoints.pull(requestOf(run, options), { signal: context.signal });
        return report(context, await followed(context, stream));
      }),
    ),
  );

  pullOptions(
    checkpoint
      .command('open')
      .description('pull a step, convert it, verify it: what is done already is skipped'),
  )
    .option('-t, --type <type>', weightTypes.join(', '), weightType, 'q8_0')
    .option('--no-verify', 'without comparing the model with its source')
    .option('--tokenizer <folder>', 'folder of a tokenizer.json, where the weights have none; remembered')
    .option('--pre <name>', 'how llama.cpp cuts text, where the tokenizer is not recognised; remembered')
    .action(
      context.action((id: string, options: OpenOptions) =>
        inWorkspace(context, options, async (client) => {
          const run = parseRunId(id);
          await connectFor(client, run, context);
          const { type, verify, tokenizer = null, pre = null } = options;
          const request = { ...requestOf(run, options), type, verify, tokenizer, preTokenizer: pre };
          const stream = await client.checkpoints.open(request, { signal: context.signal });
          return report(context, await followed(context, stream));
        }),
      ),
    );
}

function pullOptions(command: Command): Command {
  return withWorkspaceOption(command.argument('<run>', 'id of the run'))
    .requiredOption('-s, --step <n>', 'which checkpoint', wholeNumber)
    .option('--limit <megabytes>', 'at most so many megabytes a second', positive)
    .option('--wait', 'until it is whole, instead of refusing one that is still written')
    .option('--copy', 'of a run on this computer: a copy of its own, instead of its files as they are');
}

function requestOf(id: RunId, { step, limit, wait, copy }: PullOptions) {
  return {
    id,
    step,
    how: copy === true ? ('copy' as const) : ('auto' as const),
    bytesPerSecond: limit === undefined ? null : limit * 1_000_000,
    wait: wait === true,
  };
}

/** Logs in where the run's target needs it; what is here already does not. */
export async function connectFor(client: StudioClient, id: RunId, context: CommandContext): Promise<void> {
  const runs = await client.runs.list(undefined, { signal: context.signal });
  const target = runs.find((run) => run.id === id)?.target ?? 'this-computer';
  if (target === 'this-computer') return;
  await withQuestions(client, () =>
    client.targets.connect({ name: target }, { signal: context.signal }),
  ).catch((error: unknown) => {
    context.note(`${target} cannot be reached: ${error instanceof Error ? error.message : String(error)}`);
  });
}

async function followed(context: CommandContext, stream: AsyncIterable<OpeningEvent>): Promise<Opened> {
  let notedMs = 0;
  let shown = '';
  for await (const event of stream) {
    if (event.kind === 'result') return event.result;
    const { stage, share, bytesPerSecond, secondsLeft, note } = event;
    const isNew = `${stage} ${note}` !== shown;
    if (!isNew && performance.now() - notedMs < NOTE_INTERVAL_MS) continue;
    shown = `${stage} ${note}`;
    notedMs = performance.now();
    const parts = [
      stage ?? '',
      share === null ? '' : `${Math.floor(share * 100)} %`,
      bytesPerSecond === null ? '' : `${formatDiskSize(bytesPerSecond)}/s`,
      secondsLeft === null ? '' : `${Math.ceil(secondsLeft)} s left`,
      note ?? '',
    ];
    context.note(parts.filter((part) => part !== '').join(' · '));
  }
  throw new Error('The work ended without a result');
}

function report(context: CommandContext, opened: Opened): 0 | 1 {
  const { life, modelPath, movedBytes, durationMs, stages } = opened;
  const model = life.models.find(({ file }) => modelPath?.endsWith(`/${file}`));
  context.print(opened, () =>
    [
      `Step ${formatInteger(life.step)} of ${life.runName}: ${stages.map(({ stage, how }) => `${stage} ${how}`).join(', ')} in ${(durationMs / 1000).toFixed(1)} s`,
      `${formatDiskSize(movedBytes)} moved${life.pulled === null ? '' : ` of ${formatDiskSize(life.pulled.sizeBytes)} in ${life.pulled.files.length} files`}`,
      ...(modelPath === null ? [] : [modelPath]),
      ...(model?.verified ? [verdictText(model.verified)] : []),
      ...(model?.warnings ?? []).map((warning) => `Warning: ${warning}`),
    ].join('\n'),
  );
  return model?.verified?.verdict === 'different' ? 1 : 0;
}

function verdictText({
  verdict,
  top1,
  reasons,
}: NonNullable<CheckpointLife['models'][number]['verified']>): string {
  const share = top1 === null ? '' : `, ${(top1 * 100).toFixed(1)} % the same first choice`;
  return [`Verified: ${verdict}${share}`, ...reasons.map((reason) => `  ${reason}`)].join('\n');
}

function registerList(checkpoint: Command, context: CommandContext): void {
  withWorkspaceOption(
    checkpoint
      .command('list')
      .description('the steps of a run with what is here of them; without a run what is here of all')
      .argument('[run]'),
  ).action(
    context.action((id: string | undefined, options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        const run = id === undefined ? null : parseRunId(id);
        const lives = await client.checkpoints.lives({ id: run }, { signal: context.signal });
        const list =
          run === null ? null : await client.checkpoints.list({ id: run }, { signal: context.signal });
        context.print({ checkpoints: list?.checkpoints ?? [], lives }, () =>
          listText(list?.checkpoints ?? null, lives),
        );
        return 0;
      }),
    ),
  );
}

function listText(checkpoints: readonly Checkpoint[] | null, lives: readonly CheckpointLife[]): string {
  const own = (step: number) => lives.find((life) => life.step === step);
  const rows =
    checkpoints === null
      ? lives.map((life) => [
          life.runName,
          formatInteger(life.step),
          tokensText(life.tokens),
          '',
          ...hereCells(life),
        ])
      : checkpoints.map(({ step, tokens, problem, sizeBytes }) => [
          '',
          formatInteger(step),
          tokensText(tokens),
          problem ?? (sizeBytes === null ? 'whole' : formatDiskSize(sizeBytes)),
          ...hereCells(own(step)),
        ]);
  return table(['Run', 'Step', 'Tokens', 'There', 'Weights here', 'Models', 'Verified', ''], rows);
}

function tokensText(tokens: number | null): string {
  return tokens === null ? '' : formatCount(tokens);
}

function hereCells(life: CheckpointLife | undefined): readonly string[] {
  if (life === undefined) return ['', '', '', ''];
  const { pulled, models, pinned } = life;
  return [
    pulled === null ? '' : pulled.mode === 'reference' ? 'where it is' : formatDiskSize(pulled.sizeBytes),
    models.map(({ type }) => type).join(', '),
    models.map(({ verified }) => verified?.verdict ?? '–').join(', '),
    pinned ? 'pinned' : '',
  ];
}

function registerPin(checkpoint: Command, context: CommandContext): void {
  withWorkspaceOption(
    checkpoint
      .command('pin')
      .description('keep what is here of a step whatever the disk budget')
      .argument('<run>')
      .requiredOption('-s, --step <n>', 'which checkpoint', wholeNumber)
      .option('--undo', 'let it go again'),
  ).action(
    context.action((id: string, options: WorkspaceOption & { readonly step: number; readonly undo?: true }) =>
      inWorkspace(context, options, async (client) => {
        const { step } = options;
        const pinned = options.undo !== true;
        const life = await client.checkpoints.pin({ id: parseRunId(id), step, pinned });
        context.print(life, `Step ${formatInteger(step)} is ${pinned ? 'kept' : 'kept no longer'}`);
        return 0;
      }),
    ),
  );
}
