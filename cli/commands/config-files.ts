// `nesso config list|templates|new`: the configs of a workspace, and new ones from templates.
import type { Command } from 'commander';
import { StudioError } from '../../core/api/errors.ts';
import type { CommandContext } from '../command.ts';
import { inWorkspace, withWorkspaceOption, type WorkspaceOption } from '../in-workspace.ts';
import { table } from '../table.ts';

export function registerConfigFiles(config: Command, context: CommandContext): void {
  withWorkspaceOption(config.command('list').description('list the configs of the workspace')).action(
    context.action(async (options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        const configs = await client.configs.list(undefined, { signal: context.signal });
        context.print(configs, () =>
          table(
            ['Config', 'Kind', 'Errors', 'Warnings'],
            configs.map((one) => [one.path, one.kind, String(one.errors), String(one.warnings)]),
          ),
        );
        return 0;
      }),
    ),
  );

  config
    .command('templates')
    .description('list what a new config can begin from')
    .action(
      context.action(async () => {
        await using open = await context.openCore();
        const templates = await open.client.configs.templates(undefined, { signal: context.signal });
        context.print(templates, () =>
          table(
            ['Template', 'Kind', 'What it is'],
            templates.map((template) => [template.id, template.kind, template.description]),
          ),
        );
        return 0;
      }),
    );

  withWorkspaceOption(
    config
      .command('new')
      .description('write a new config from a template into the workspace')
      .argument('<template>', 'id of the template')
      .argument('<path>', 'path inside the workspace, such as configs/run-2.yaml'),
  ).action(
    context.action(async (template: string, path: string, options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        const templates = await client.configs.templates(undefined, { signal: context.signal });
        const chosen = templates.find(({ id }) => id === template);
        if (!chosen) {
          const known = templates.map(({ id }) => id).join(', ');
          throw new StudioError('NOT_FOUND', `There is no template ${template}`, { hint: `Known: ${known}` });
        }
        const saved = await client.configs.save({ path, text: chosen.text, baseVersion: null });
        if (saved.kind === 'conflict') {
          throw new StudioError('ALREADY_EXISTS', `${path} exists already`, { hint: 'Choose another path' });
        }
        context.print({ path, template, version: saved.version }, `Wrote ${path} from ${chosen.title}`);
        return 0;
      }),
    ),
  );
}
