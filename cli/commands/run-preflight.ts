// `nesso run preflight`: what would stop or spoil a run on a target; exit code 1 when something would.
import type { Command } from 'commander';
import type { PreflightFinding } from '../../core/api/runs.ts';
import type { CommandContext } from '../command.ts';
import { inWorkspace } from '../in-workspace.ts';
import { type LaunchOptions, requestOf, withLaunchOptions } from './run-launch.ts';
import { withQuestions } from './target.ts';

const marks: Readonly<Record<PreflightFinding['severity'], string>> = {
  error: 'error  ',
  warning: 'warning',
  info: 'info   ',
};

export function registerRunPreflight(run: Command, context: CommandContext): void {
  withLaunchOptions(
    run
      .command('preflight')
      .description('check a run on a target before it is queued: config, limits of the site, sbatch itself')
      .argument('<recipe>', 'id of the recipe'),
  ).action(
    context.action(async (recipe: string, options: LaunchOptions) =>
      inWorkspace(context, options, async (client) => {
        const request = await requestOf(context, client, recipe, options);
        await withQuestions(client, () =>
          client.targets.connect({ name: request.target }, { signal: context.signal }),
        );
        const { findings } = await client.runs.preflight(request, { signal: context.signal });
        context.print({ findings }, () => findings.map(findingText).join('\n'));
        return findings.some(({ severity }) => severity === 'error') ? 1 : 0;
      }),
    ),
  );
}

function findingText({ severity, source, message, reason }: PreflightFinding): string {
  return `${marks[severity]}  ${source}: ${message}${reason === '' ? '' : `\n         ${reason}`}`;
}
