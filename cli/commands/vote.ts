// `nesso vote`: blind votes between two models. Voting itself is done in the window; made, prepared and evaluated here too.
import { basename, extname } from 'node:path';
import type { Command } from 'commander';
import type { StudioClient } from '../../core/api/contract.ts';
import { StudioError } from '../../core/api/errors.ts';
import { sampling } from '../../core/api/generation.ts';
import type { NewVoteSide, VoteSummary } from '../../core/api/votes.ts';
import { toCsv, toMarkdown } from '../../core/lib/figures/figure-table.ts';
import { voteChoicesTable, voteSummaryTable } from '../../core/lib/votes/vote-table.ts';
import { votePromptsOf } from '../../core/lib/votes/vote-prompts.ts';
import type { CommandContext } from '../command.ts';
import { inWorkspace, type WorkspaceOption, withWorkspaceOption } from '../in-workspace.ts';
import { readSmallText } from '../small-text.ts';
import { table } from '../table.ts';

interface CreateOptions extends WorkspaceOption {
  readonly prompts: string;
  readonly seed: string;
  readonly temperature: string;
  readonly maxTokens: string;
  readonly system: string;
  readonly raw?: true;
  readonly title?: string;
}

interface ResultOptions extends WorkspaceOption {
  readonly format: string;
}

export function registerVote(program: Command, context: CommandContext): void {
  const vote = program.command('vote').description('blind votes: which of two models answers better');

  withWorkspaceOption(vote.command('list').description('the votes of the workspace')).action(
    context.action((options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        const votes = await client.votes.list(undefined, { signal: context.signal });
        context.print(votes, () =>
          table(
            ['Vote', 'Left or right', 'Items', 'Voters', 'State'],
            votes.map((one) =>
              one.kind === 'problem'
                ? [one.vote, '', '', '', one.problem]
                : [
                    one.vote,
                    one.sides.map(({ label }) => label).join(' · '),
                    String(one.progress.items),
                    String(one.progress.voters.length),
                    stateText(one),
                  ],
            ),
          ),
        );
        return 0;
      }),
    ),
  );

  withWorkspaceOption(
    vote
      .command('create')
      .description('two models answer the prompts of a file; the answers are made at once')
      .argument('<name>', 'lower-case name of the folder below votes/')
      .argument('<model-a>', 'GGUF file of the workspace')
      .argument('<model-b>')
      .requiredOption('--prompts <file>', 'one prompt a line, or JSON lines with "prompt" and "id"')
      .option('--seed <number>', 'decides who stands left, and the samples', '1')
      .option('--temperature <number>', '0 takes the most likely token', '0')
      .option('--max-tokens <number>', 'longest answer', '256')
      .option('--system <text>', 'system prompt', '')
      .option('--raw', 'no chat template: both go on with the text')
      .option('--title <text>', 'shown in place of the name'),
  ).action(
    context.action((name: string, modelA: string, modelB: string, options: CreateOptions) =>
      inWorkspace(context, options, async (client) => {
        const prompts = votePromptsOf(await readSmallText(options.prompts));
        const seed = numberOf(options.seed, '--seed');
        const side = (modelPath: string): NewVoteSide => ({
          label: basename(modelPath, extname(modelPath)),
          modelPath,
          mode: options.raw ? 'raw' : 'chat',
          sampling: sampling.parse({
            temperature: numberOf(options.temperature, '--temperature'),
            maxTokens: numberOf(options.maxTokens, '--max-tokens'),
            seed,
          }),
          systemPrompt: options.system,
          template: null,
        });
        await client.votes.create(
          {
            vote: name,
            name: options.title ?? name,
            seed,
            source: null,
            sides: [side(modelA), side(modelB)],
            prompts: [...prompts],
          },
          { signal: context.signal },
        );
        return prepare(client, name, context);
      }),
    ),
  );

  withWorkspaceOption(
    vote
      .command('prepare <name>')
      .description('make the answers that are missing; goes on where it was stopped'),
  ).action(
    context.action((name: string, options: WorkspaceOption) =>
      inWorkspace(context, options, (client) => prepare(client, name, context)),
    ),
  );

  withWorkspaceOption(
    vote
      .command('unblind <name>')
      .description('end the blindness and the voting, for good')
      .requiredOption('--by <person>', 'who ends it'),
  ).action(
    context.action((name: string, options: WorkspaceOption & { readonly by: string }) =>
      inWorkspace(context, options, async (client) => {
        const summary = await client.votes.unblind({ vote: name, voter: options.by });
        context.print(summary, () => `${name} is not blind any more: nesso vote result ${name}`);
        return 0;
      }),
    ),
  );

  withWorkspaceOption(
    vote
      .command('result <name>')
      .description('who won, with the sign test, once the vote is not blind any more')
      .option('--format <format>', 'text, markdown, csv (every choice)', 'text'),
  ).action(
    context.action((name: string, options: ResultOptions) =>
      inWorkspace(context, options, async (client) => {
        const summary = await client.votes.read({ vote: name });
        const result = await client.votes.result({ vote: name });
        const labels = [summary.sides[0].label, summary.sides[1].label] as const;
        context.print({ ...summary, result }, () => {
          if (options.format === 'csv') return toCsv(voteChoicesTable(result, labels));
          const { agreement, sameAnswers, left, decided } = result;
          return [
            toMarkdown(voteSummaryTable(result, labels)),
            '',
            `${sameAnswers} prompts with the same answer from both were not asked.`,
            `The left answer was preferred ${left} of ${decided} times.`,
            ...agreement.pairs.map(
              (pair) => `${pair.left} and ${pair.right} agree on ${pair.same} of ${pair.items} items.`,
            ),
          ].join('\n');
        });
        return 0;
      }),
    ),
  );
}

async function prepare(client: StudioClient, name: string, context: CommandContext): Promise<0> {
  for await (const event of await client.votes.prepare({ vote: name }, { signal: context.signal })) {
    if (event.kind === 'progress') context.note(`${event.done} of ${event.total} answers`);
    else {
      const { result } = event;
      context.print(result, () => `${name}: ${stateText(result)}`);
    }
  }
  return 0;
}

function stateText({ progress, unblinded }: VoteSummary): string {
  const { items, ready, same, waiting } = progress;
  if (unblinded !== null) return `ended by ${unblinded.by}`;
  if (waiting > 0) return `${waiting} of ${items} wait for answers`;
  return `${ready} to vote on${same > 0 ? `, ${same} with the same answer` : ''}`;
}

function numberOf(text: string, option: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new StudioError('INVALID_INPUT', `${option} must be a number, not ${text}`, {
    hint: 'Add --help for usage',
  });
}
