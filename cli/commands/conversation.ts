// `nesso conversation`: the conversations of a workspace, which are plain files of it.
import type { Command } from 'commander';
import type { CommandContext } from '../command.ts';
import { inWorkspace, withWorkspaceOption, type WorkspaceOption } from '../in-workspace.ts';
import { table } from '../table.ts';

export function registerConversation(program: Command, context: CommandContext): void {
  const conversation = program.command('conversation').description('read the conversations of a workspace');

  withWorkspaceOption(conversation.command('list').description('list them, newest first')).action(
    context.action(async (options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        const list = await client.chat.listConversations(undefined, { signal: context.signal });
        const newest = list.toSorted((a, b) => b.changedMs - a.changedMs);
        context.print(newest, () =>
          table(
            ['Conversation', 'Model', 'Title'],
            newest.map((one) => [one.id, one.modelPath ?? '–', one.title]),
          ),
        );
        return 0;
      }),
    ),
  );

  withWorkspaceOption(conversation.command('show').description('print one').argument('<id>')).action(
    context.action(async (id: string, options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        const found = await client.chat.readConversation({ id }, { signal: context.signal });
        context.print(found, () => found.messages.map(({ role, text }) => `${role}: ${text}`).join('\n\n'));
        return 0;
      }),
    ),
  );

  withWorkspaceOption(
    conversation.command('remove').description('move one to the trash of the workspace').argument('<id>'),
  ).action(
    context.action(async (id: string, options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        const removed = await client.chat.removeConversation({ id });
        context.print({ id, ...removed }, `Removed ${id}`);
        return 0;
      }),
    ),
  );
}
