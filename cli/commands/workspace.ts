// `nesso workspace`: make a workspace, look into one, list the recent ones.
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { formatDiskSize } from '../../core/lib/format/numbers.ts';
import type { CommandContext } from '../command.ts';
import { table } from '../table.ts';

export function registerWorkspace(program: Command, context: CommandContext): void {
  const workspace = program.command('workspace').description('create and inspect workspaces');

  workspace
    .command('create')
    .description('make a folder with studio.yaml and the usual sub-folders')
    .argument('<folder>')
    .option('-n, --name <name>', 'name of the workspace (default: the folder)')
    .action(
      context.action(async (folder: string, options: { name?: string }) => {
        await using open = await context.openCore();
        const path = resolve(folder);
        const info = await open.client.workspace.create({ path, name: options.name ?? basename(path) });
        context.print(info, `${info.name} · ${info.path}`);
        return 0;
      }),
    );

  workspace
    .command('files')
    .description('list the files the studio knows, with their kind')
    .argument('[folder]', 'the workspace (default: around the current folder)')
    .action(
      context.action(async (folder: string | undefined) => {
        await using open = await context.openCore(context.findWorkspace(folder));
        const result = await open.client.workspace.files(undefined, { signal: context.signal });
        context.print(result, () =>
          table(
            ['Kind', 'Size', 'Path'],
            result.files.map((file) => [file.kind, formatDiskSize(file.sizeBytes), file.path]),
          ),
        );
        return 0;
      }),
    );

  workspace
    .command('recent')
    .description('list the workspaces opened last')
    .action(
      context.action(async () => {
        await using open = await context.openCore();
        const recent = await open.client.workspace.recent(undefined, { signal: context.signal });
        context.print(recent, () =>
          recent.length === 0
            ? 'None yet'
            : table(
                ['Name', 'Path'],
                recent.map((entry) => [entry.name, entry.path]),
              ),
        );
        return 0;
      }),
    );
}
