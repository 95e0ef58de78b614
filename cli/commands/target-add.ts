// `nesso target hosts|add`: from a host of the ssh configuration to a target of studio.yaml.
import { type Command, InvalidArgumentError } from 'commander';
import type { NewTarget } from '../../core/api/targets.ts';
import type { CommandContext } from '../command.ts';
import { inWorkspace, withWorkspaceOption, type WorkspaceOption } from '../in-workspace.ts';

const kinds: Readonly<Record<string, NewTarget['kind']>> = { slurm: 'slurm', workstation: 'ssh-processes' };

interface AddOptions extends WorkspaceOption {
  readonly name?: string;
  readonly kind: NewTarget['kind'];
  readonly folder?: string;
}

export function registerTargetAdd(target: Command, context: CommandContext): void {
  withWorkspaceOption(
    target.command('hosts').description('hosts of your ssh configuration that a target can be made of'),
  ).action(
    context.action((options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        const hosts = await client.targets.knownHosts(undefined, { signal: context.signal });
        context.print({ hosts }, () =>
          hosts.length === 0 ? 'Your ssh configuration names no host' : hosts.join('\n'),
        );
        return 0;
      }),
    ),
  );
  withWorkspaceOption(
    target
      .command('add')
      .description('write a host of your ssh configuration into studio.yaml as a target')
      .argument('<host>', 'alias, or what you would give to ssh'),
  )
    .option('--name <name>', 'what the target is called (default: as the host)')
    .option('--kind <kind>', `what runs its jobs: ${Object.keys(kinds).join(' or ')}`, kindOf, 'slurm')
    .option('--folder <folder>', 'folder for runs there (default: ~/nesso-runs)')
    .action(
      context.action((host: string, options: AddOptions) =>
        inWorkspace(context, options, async (client) => {
          const { name = host, kind, folder = null } = options;
          const added = await client.targets.add(
            { name, kind, host, folder },
            {
              signal: context.signal,
            },
          );
          context.print(
            added,
            `${added.name} is in studio.yaml. Log in to it: nesso target probe ${added.name}`,
          );
          return 0;
        }),
      ),
    );
}

function kindOf(text: string): NewTarget['kind'] {
  const kind = kinds[text];
  if (kind === undefined) throw new InvalidArgumentError(`Must be ${Object.keys(kinds).join(' or ')}.`);
  return kind;
}
