// `nesso model`: the models of a workspace; what is done with one has a file of its own.
import type { Command } from 'commander';
import { formatCount, formatDiskSize } from '../../core/lib/format/numbers.ts';
import type { CommandContext } from '../command.ts';
import { registerModelCompare } from './model-compare.ts';
import { registerModelConvert } from './model-convert.ts';
import { registerModelQuantizations } from './model-quantizations.ts';
import { registerModelPublish } from './model-publish.ts';
import { registerModelInspect } from './model-inspect.ts';
import { registerModelLikelihood } from './model-likelihood.ts';
import { inWorkspace, withWorkspaceOption, type WorkspaceOption } from '../in-workspace.ts';
import { table } from '../table.ts';

export function registerModel(program: Command, context: CommandContext): void {
  const model = program.command('model').description('look at models, convert and compare them');
  registerModelConvert(model, context);
  registerModelLikelihood(model, context);
  registerModelCompare(model, context);
  registerModelQuantizations(model, context);

  withWorkspaceOption(model.command('list').description('list the models of the workspace')).action(
    context.action(async (options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        const models = await client.models.list(undefined, { signal: context.signal });
        context.print(models, () =>
          table(
            ['Model', 'Parameters', 'Weights', 'Size', 'Verified', 'Problem'],
            models.map((one) => [
              one.path,
              one.parameters === null ? '–' : formatCount(one.parameters),
              one.quantization ?? '–',
              formatDiskSize(one.sizeBytes),
              one.verification?.isCurrent ? one.verification.verdict : '–',
              one.problem ?? '',
            ]),
          ),
        );
        return 0;
      }),
    ),
  );

  registerModelInspect(model, context);
  registerModelPublish(model, context);
}
