// `nesso run preflight`: what would stop or spoil a run; exit code 1 when something would.
import type { Command } from 'commander';
import type { CommandContext } from '../command.ts';
import { findingText } from '../finding-text.ts';
import { inWorkspace } from '../in-workspace.ts';
import { type LaunchOptions, requestOf, THIS_COMPUTER, withLaunchOptions } from './run-launch.ts';
import { withQuestions } from './target.ts';

export function registerRunPreflight(run: Command, context: CommandContext): void {
  withLaunchOptions(
    run
      .command('preflight')
      .description(
        'check a run before it is launched: config, data, disks, time, code, limits of the site, sbatch itself',
      )
      .argument('<recipe>', 'id of the recipe'),
  ).action(
    context.action(async (recipe: string, options: LaunchOptions) =>
      inWorkspace(context, options, async (client) => {
        const request = await requestOf(context, client, recipe, options);
        if (request.target !== THIS_COMPUTER) {
          await withQuestions(client, () =>
            client.targets.connect({ name: request.target }, { signal: context.signal }),
          );
        }
        const { findings } = await client.runs.preflight(request, { signal: context.signal });
        context.print({ findings }, () => findings.map(findingText).join('\n'));
        return findings.some(({ severity }) => severity === 'error') ? 1 : 0;
      }),
    ),
  );
}
