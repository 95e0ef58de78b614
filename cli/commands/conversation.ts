// `nesso conversation`: the conversations of a workspace, which are plain files of it.
import type { Command } from 'commander';
import { conversationMarkdown } from '../../core/lib/conversations/markdown.ts';
import type { CommandContext } from '../command.ts';
import { inWorkspace, withWorkspaceOption, type WorkspaceOption } from '../in-workspace.ts';
import { table } from '../table.ts';

export function registerConversation(program: Command, context: CommandContext): void {
  const conversation = program.command('conversation').description('read the conversations of a workspace');

  withWorkspaceOption(conversation.command('list').description('list them, newest first')).action(
    context.action(async (options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        const list = await client.conversations.list(undefined, { signal: context.signal });
        context.print(list, () =>
          table(
            ['Conversation', 'Turns', 'Model', 'Title'],
            list.map((one) => [one.id, String(one.turns), one.modelPath ?? '–', one.problem ?? one.title]),
          ),
        );
        return 0;
      }),
    ),
  );

  withWorkspaceOption(
    conversation
      .command('show')
      .description('print the branch of one that is shown; with --json all branches, with every token')
      .argument('<id>'),
  ).action(
    context.action(async (id: string, options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        const found = await client.conversations.read({ id }, { signal: context.signal });
        context.print(found.conversation, () => conversationMarkdown(found.conversation).trimEnd());
        return 0;
      }),
    ),
  );

  withWorkspaceOption(
    conversation
      .command('search')
      .description('find a text in titles and turns, whatever the case and the accents')
      .argument('<text>'),
  ).action(
    context.action(async (text: string, options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        const found = await client.conversations.search({ text }, { signal: context.signal });
        if (!found.isComplete) context.note(`the first ${found.hits.length} places`);
        context.print(found, () =>
          table(
            ['Conversation', 'Where', 'Text'],
            found.hits.map((hit) => [
              hit.id,
              hit.role,
              `${hit.before}${hit.match}${hit.after}`.replaceAll(/\s+/g, ' '),
            ]),
          ),
        );
        return 0;
      }),
    ),
  );

  withWorkspaceOption(
    conversation.command('remove').description('move one to the trash of the workspace').argument('<id>'),
  ).action(
    context.action(async (id: string, options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        const removed = await client.conversations.remove({ id });
        context.print({ id, ...removed }, `Removed ${id}`);
        return 0;
      }),
    ),
  );
}
