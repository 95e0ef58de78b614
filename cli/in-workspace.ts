// Commands that work on a workspace: the option that names it, and a core with it open for the time of the work.
import type { Command } from 'commander';
import type { StudioClient } from '../core/api/contract.ts';
import type { CommandContext, ExitCode } from './command.ts';

export interface WorkspaceOption {
  readonly workspace?: string;
}

/** Adds `-w, --workspace <folder>`. */
export function withWorkspaceOption(command: Command): Command {
  return command.option('-w, --workspace <folder>', 'the workspace (default: around the current folder)');
}

/** Opens the named workspace, or the one around the current folder, and closes core afterwards. */
export async function inWorkspace(
  context: CommandContext,
  options: WorkspaceOption,
  work: (client: StudioClient) => Promise<ExitCode>,
): Promise<ExitCode> {
  await using open = await context.openCore(context.findWorkspace(options.workspace));
  return await work(open.client);
}
