// `nesso replay`: one conversation through every checkpoint of a run, with the token at which each parts from the newest.
import type { Command } from 'commander';
import { StudioError } from '../../core/api/errors.ts';
import type { ReplayGrid } from '../../core/api/replay.ts';
import { formatInteger } from '../../core/lib/format/numbers.ts';
import { markSigns, markText } from '../../core/lib/replay/marks.ts';
import { scriptOfConversation } from '../../core/lib/replay/script-of-conversation.ts';
import type { CommandContext } from '../command.ts';
import { inWorkspace, type WorkspaceOption, withWorkspaceOption } from '../in-workspace.ts';
import { table } from '../table.ts';

interface Options extends WorkspaceOption {
  readonly run: string;
  readonly type?: string;
  readonly seed?: string;
  readonly kept?: true;
  readonly open?: true;
  readonly reference?: string;
}

export function registerReplay(program: Command, context: CommandContext): void {
  withWorkspaceOption(
    program
      .command('replay')
      .description(
        'one conversation through every checkpoint of a run; answers are kept and never made twice',
      )
      .argument('<chat>', 'id of the conversation: the name of its file in chats/')
      .requiredOption('--run <id>', 'the run')
      .option('--type <type>', 'of each step this type, such as q8_0 (default: the largest)')
      .option('--seed <number>', 'sample as the conversation does, with this seed (default: greedy)')
      .option('--kept', 'ask each turn after the answers of the conversation, not the own ones')
      .option('--reference <step>', 'compare with this step (default: the newest)')
      .option('--open', 'first pull and convert checkpoints that are no models here'),
  ).action(
    context.action((chat: string, options: Options) =>
      inWorkspace(context, options, async (client) => {
        const { signal } = context;
        const { conversation } = await client.conversations.read({ id: chat }, { signal });
        const seed = wholeNumber(options.seed, '--seed');
        const script = scriptOfConversation(conversation, {
          before: options.kept ? 'kept' : 'own',
          sampler: seed === null ? 'greedy' : 'seeded',
          seed: seed ?? 0,
        });
        if (script === null) {
          throw new StudioError('INVALID_INPUT', `Nothing was asked in the conversation ${chat}`, {
            hint: 'Choose a conversation with a message of a person',
          });
        }
        const own = seed === null ? script.sampling : { ...script.sampling, seed };
        const request = {
          script: { ...script, sampling: own },
          runId: options.run,
          type: options.type?.toLowerCase() ?? null,
          reference: wholeNumber(options.reference, '--reference'),
          open: options.open ?? false,
        };
        let grid: ReplayGrid | null = null;
        for await (const event of await client.replay.run(request, { signal })) {
          if (event.kind === 'result') grid = event.result;
          else context.note(event.note ?? `${event.done} of ${event.total} answers`);
        }
        if (grid === null || grid.steps.length === 0) {
          throw new StudioError('NOT_FOUND', `No model here is a step of the run ${options.run}`, {
            hint: 'Pull and convert its checkpoints first, or add --open',
          });
        }
        const shown = grid;
        context.print(shown, () =>
          gridText(
            shown,
            script.turns.map(({ question }) => question),
          ),
        );
        return shown.steps.some(({ problem }) => problem !== null) ? 1 : 0;
      }),
    ),
  );
}

function gridText({ steps, reference }: ReplayGrid, questions: readonly string[]): string {
  const rows = steps.map(({ step, tokens, cells, problem, modelPath }) => [
    formatInteger(step),
    tokens === null ? '–' : formatInteger(tokens),
    ...cells.map((cell) => (cell === null ? '·' : `${markSigns[cell.mark.kind]} ${markText(cell.mark)}`)),
    problem ?? (modelPath === null ? 'no model here' : ''),
  ]);
  return [
    table(['Step', 'Tokens seen', ...questions.map((_, index) => `Turn ${index + 1}`), ''], rows),
    '',
    ...questions.map((question, index) => `Turn ${index + 1}: ${question.replaceAll(/\s+/g, ' ')}`),
    ...(reference === null ? [] : [`Compared with step ${formatInteger(reference)}`]),
  ].join('\n');
}

function wholeNumber(text: string | undefined, option: string): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new StudioError('INVALID_INPUT', `${option} must be a whole number, not ${text}`, {
    hint: 'Add --help for usage',
  });
}
