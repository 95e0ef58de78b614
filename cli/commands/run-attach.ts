// `nesso run attach`: a run that others launched is followed from its folder on a target; nothing there is changed.
import type { Command } from 'commander';
import type { CommandContext } from '../command.ts';
import { inWorkspace, withWorkspaceOption, type WorkspaceOption } from '../in-workspace.ts';
import { withQuestions } from './target.ts';

export function registerRunAttach(run: Command, context: CommandContext): void {
  withWorkspaceOption(
    run
      .command('attach')
      .description('follow a run that was launched elsewhere, from its folder on a target; it is only read')
      .argument('<target>', 'a target of studio.yaml')
      .argument('<path>', 'the folder that the run writes into, or its log; ~/ is your home there')
      .option('-n, --name <name>', 'what to call it here (default: its folder)'),
  ).action(
    context.action(
      async (target: string, path: string, options: WorkspaceOption & { readonly name?: string }) =>
        inWorkspace(context, options, async (client) => {
          const { signal } = context;
          await withQuestions(client, () => client.targets.connect({ name: target }, { signal }));
          const given = options.name === undefined ? {} : { name: options.name };
          const attached = await client.runs.attach({ target, path, ...given }, { signal });
          const owner = attached.attached?.owner ?? 'somebody';
          const job = attached.jobId === null ? 'no job known' : `job ${attached.jobId}`;
          context.print(attached, `${attached.id} · of ${owner} · ${job} · ${attached.folder}`);
          return 0;
        }),
    ),
  );
}
