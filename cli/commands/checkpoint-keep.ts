// `nesso checkpoint budget|remove|restore|rules`: what is here of checkpoints, what may go, and what comes by itself.
import type { Command } from 'commander';
import type { LocalCheckpoint, LocalCheckpoints, RuleState } from '../../core/api/checkpoint-budget.ts';
import { runId } from '../../core/api/runs.ts';
import type { WeightType } from '../../core/lib/conversion/gguf-metadata.ts';
import { formatDiskSize, formatInteger } from '../../core/lib/format/numbers.ts';
import type { CommandContext } from '../command.ts';
import { inWorkspace, type WorkspaceOption, withWorkspaceOption } from '../in-workspace.ts';
import { table } from '../table.ts';
import { weightType, wholeNumber } from './checkpoint-words.ts';
import { parseRunId } from './run-manage.ts';

export function registerCheckpointKeep(checkpoint: Command, context: CommandContext): void {
  registerBudget(checkpoint, context);
  registerRemove(checkpoint, context);
  registerRules(checkpoint, context);
}

function registerBudget(checkpoint: Command, context: CommandContext): void {
  withWorkspaceOption(
    checkpoint
      .command('budget')
      .description('what checkpoints take on this disk, and what of it may go')
      .option('--free', 'remove what may go')
      .option('--now', 'free at once what was removed, instead of after ten minutes'),
  ).action(
    context.action((options: WorkspaceOption & { readonly free?: true; readonly now?: true }) =>
      inWorkspace(context, options, async (client) => {
        const local = await client.checkpoints.local(undefined, { signal: context.signal });
        const items = local.items.flatMap(({ life, proposal }) =>
          proposal === null ? [] : [{ id: runId.parse(life.runId), step: life.step, what: proposal.what }],
        );
        const removed = options.free && items.length > 0 ? await client.checkpoints.remove({ items }) : null;
        const freed = options.now ? await client.checkpoints.freeNow() : null;
        context.print({ ...local, removed, freed }, () =>
          [
            budgetText(local),
            ...(removed === null ? [] : [removedText(removed.bytes, removed.tokens)]),
            ...(freed === null ? [] : [`${formatDiskSize(freed.bytes)} freed`]),
          ].join('\n\n'),
        );
        return 0;
      }),
    ),
  );
}

function budgetText({ items, totalBytes, limitBytes, freeBytes, trashBytes }: LocalCheckpoints): string {
  return [
    `${formatDiskSize(totalBytes)} of a budget of ${formatDiskSize(limitBytes)}, ${formatDiskSize(freeBytes)} free on the disk${trashBytes === 0 ? '' : `, ${formatDiskSize(trashBytes)} removed and not freed yet`}`,
    table(['Run', 'Step', 'Weights', 'Models', 'Verified', 'There', 'May go'], items.map(budgetRow)),
  ].join('\n');
}

function budgetRow({ life, weightsBytes, modelsBytes, source, proposal, kept }: LocalCheckpoint) {
  const verdicts = life.models.map(({ verified }) => verified?.verdict ?? '–');
  return [
    life.runName,
    formatInteger(life.step),
    life.pulled?.mode === 'reference' ? 'where they are' : formatDiskSize(weightsBytes),
    formatDiskSize(modelsBytes),
    verdicts.join(', '),
    source,
    proposal === null
      ? `no: ${kept ?? ''}`
      : `${proposal.what}, ${formatDiskSize(proposal.bytes)}: ${proposal.reason}`,
  ];
}

function removedText(bytes: number, tokens: readonly string[]): string {
  return `${formatDiskSize(bytes)} removed, free in ten minutes; until then nesso checkpoint restore ${tokens.join(' ')}`;
}

function registerRemove(checkpoint: Command, context: CommandContext): void {
  withWorkspaceOption(
    checkpoint
      .command('remove')
      .description('remove what is here of a step; its run keeps it')
      .argument('<run>')
      .requiredOption('-s, --step <n>', 'which checkpoint', wholeNumber)
      .option('--weights', 'only the pulled weights')
      .option('--models', 'only the models made of it'),
  ).action(
    context.action(
      (
        id: string,
        options: WorkspaceOption & { readonly step: number; readonly weights?: true; readonly models?: true },
      ) =>
        inWorkspace(context, options, async (client) => {
          const what = options.weights ? 'weights' : options.models ? 'models' : 'all';
          const removed = await client.checkpoints.remove({
            items: [{ id: parseRunId(id), step: options.step, what }],
          });
          context.print(removed, () =>
            removed.tokens.length === 0
              ? 'Nothing of it is here'
              : removedText(removed.bytes, removed.tokens),
          );
          return removed.tokens.length === 0 ? 1 : 0;
        }),
    ),
  );
  withWorkspaceOption(
    checkpoint
      .command('restore')
      .description('take back what was removed')
      .argument('<tokens...>', 'what remove printed'),
  ).action(
    context.action((tokens: string[], options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        await client.checkpoints.restore({ tokens });
        context.print({ restored: tokens.length }, 'It is back');
        return 0;
      }),
    ),
  );
}

interface RuleOptions extends WorkspaceOption {
  readonly every?: number;
  readonly keep?: number;
  readonly type?: WeightType;
  readonly verify?: boolean;
  readonly suite?: string;
  readonly pause?: true;
  readonly resume?: true;
  readonly remove?: true;
}

function registerRules(checkpoint: Command, context: CommandContext): void {
  withWorkspaceOption(
    checkpoint
      .command('rules')
      .description('which new checkpoints come by themselves; with a run its rule is written')
      .argument('[run]')
      .option('--every <steps>', 'steps that are multiples of this', wholeNumber)
      .option('--keep <n>', 'how many of the newest stay (default: 5)', wholeNumber)
      .option('-t, --type <type>', 'type of the weights (default: q8_0)', weightType)
      .option('--verify', 'verify each model (default)')
      .option('--no-verify', 'without verifying')
      .option('--suite <name>', 'a prompt suite to run on each; an empty name for none')
      .option('--pause', 'do nothing until it goes on')
      .option('--resume', 'go on')
      .option('--remove', 'take the rule away'),
  ).action(
    context.action((id: string | undefined, options: RuleOptions) =>
      inWorkspace(context, options, async (client) => {
        if (id !== undefined) {
          const run = parseRunId(id);
          const known = (await client.checkpoints.rules()).find((one) => one.runId === run)?.rule ?? null;
          const every = options.every ?? known?.every;
          if (options.remove) await client.checkpoints.saveRule({ id: run, rule: null });
          else if (every !== undefined) {
            const rule = {
              every,
              keep: options.keep ?? known?.keep ?? 5,
              type: options.type ?? known?.type ?? ('q8_0' as const),
              verify: options.verify ?? known?.verify ?? true,
              suite: options.suite === undefined ? (known?.suite ?? null) : options.suite || null,
              paused: options.pause === true || (options.resume !== true && (known?.paused ?? false)),
            };
            await client.checkpoints.saveRule({ id: run, rule });
          } else if (known === null) {
            context.note(`There is no rule for ${run} yet: --every STEPS makes one`);
          }
        }
        const rules = await client.checkpoints.rules(undefined, { signal: context.signal });
        const shown = id === undefined ? rules : rules.filter((one) => one.runId === id);
        context.print({ rules: shown }, () => rulesText(shown));
        return 0;
      }),
    ),
  );
}

function rulesText(rules: readonly RuleState[]): string {
  if (rules.length === 0) return 'No rules';
  return table(
    ['Run', 'Every', 'Keep', 'Type', 'Verify', 'Suite', 'State', 'Brought', 'Problem'],
    rules.map(({ runId: id, rule, done, failures }) => [
      id,
      formatInteger(rule.every),
      String(rule.keep),
      rule.type,
      rule.verify ? 'yes' : 'no',
      rule.suite ?? '',
      rule.paused ? 'paused' : 'while a studio is open',
      done.map(formatInteger).slice(-5).join(', '),
      failures.map(({ step, message }) => `step ${formatInteger(step)}: ${message}`).join('; '),
    ]),
  );
}
