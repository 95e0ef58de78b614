// `nesso model`: what a GGUF file says about itself, without loading it; conversion is model-convert.ts.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { formatCount, formatDiskSize, formatInteger } from '../../core/lib/format/numbers.ts';
import { inspectModel } from '../../core/services/models/list-models.ts';
import type { CommandContext } from '../command.ts';
import { registerModelCompare } from './model-compare.ts';
import { registerModelConvert } from './model-convert.ts';
import { inWorkspace, withWorkspaceOption, type WorkspaceOption } from '../in-workspace.ts';
import { table } from '../table.ts';

export function registerModel(program: Command, context: CommandContext): void {
  const model = program.command('model').description('look at models, convert and compare them');
  registerModelConvert(model, context);
  registerModelCompare(model, context);

  withWorkspaceOption(model.command('list').description('list the models of the workspace')).action(
    context.action(async (options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        const models = await client.models.list(undefined, { signal: context.signal });
        context.print(models, () =>
          table(
            ['Model', 'Parameters', 'Weights', 'Size', 'Problem'],
            models.map((one) => [
              one.path,
              one.parameters === null ? '–' : formatCount(one.parameters),
              one.quantization ?? '–',
              formatDiskSize(one.sizeBytes),
              one.problem ?? '',
            ]),
          ),
        );
        return 0;
      }),
    ),
  );

  model
    .command('inspect')
    .description('check the header of a GGUF file and show what it says')
    .argument('<file>')
    .option('--tensors', 'list every tensor')
    .action(
      context.action(async (file: string, options: { readonly tensors?: true }) => {
        const path = resolve(file);
        const detail = await inspectModel(path, path);
        context.print(detail, () =>
          [
            detail.name,
            `${detail.architecture} · ${formatCount(detail.parameters ?? 0)} parameters · ${detail.quantization} · ${formatDiskSize(detail.sizeBytes)}`,
            `Context ${formatInteger(detail.contextLength ?? 0)} tokens · ${detail.hasChatTemplate ? 'chat template' : 'no chat template'} · ${detail.tensors.length} tensors`,
            '',
            table(
              ['Key', 'Value'],
              detail.metadata.map(({ key, value }) => [key, oneLine(value)]),
            ),
            ...(options.tensors
              ? [
                  '',
                  table(
                    ['Tensor', 'Shape', 'Type'],
                    detail.tensors.map((t) => [t.name, t.shape.join(' × '), t.type]),
                  ),
                ]
              : []),
          ].join('\n'),
        );
        return 0;
      }),
    );
}

/** Templates have many lines; a table cell has one. */
function oneLine(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ');
  return flat.length > 80 ? `${flat.slice(0, 80)}…` : flat;
}
