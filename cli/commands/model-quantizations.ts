// `nesso model quantizations`: the models of the same weights beside each other, measured on this computer.
import { availableParallelism } from 'node:os';
import { relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { StudioError } from '../../core/api/errors.ts';
import { cellText, toMarkdown } from '../../core/lib/figures/figure-table.ts';
import { measuredHow, quantizationFigures } from '../../core/lib/quantizations/quantization-table.ts';
import { type WeightType, weightTypes } from '../../core/lib/conversion/gguf-metadata.ts';
import type { CommandContext } from '../command.ts';
import { inWorkspace, type WorkspaceOption, withWorkspaceOption } from '../in-workspace.ts';
import { table as textTable } from '../table.ts';

interface Options extends WorkspaceOption {
  readonly threads?: string;
  readonly memory?: string;
  readonly repeats: string;
  readonly make?: string;
  readonly source?: string;
  readonly markdown?: true;
}

const MEGABYTE = 1e6;

export function registerModelQuantizations(model: Command, context: CommandContext): void {
  withWorkspaceOption(
    model
      .command('quantizations')
      .description('size, speed, memory and loss of the models of the same weights')
      .argument('<models...>', 'GGUF files of the workspace; with one, all of its weights')
      .option('--threads <number>', 'as on a smaller device')
      .option('--memory <megabytes>', 'refuse models that are estimated to need more')
      .option('--repeats <number>', 'timed answers a model; their median counts', '3')
      .option('--make <types>', `first make these types: ${weightTypes.join(', ')}`)
      .option('--source <folder>', 'weights they are made of, where the model does not say')
      .option('--markdown', 'a table for a paper or a chat'),
  ).action(
    context.action((files: readonly string[], options: Options) =>
      inWorkspace(context, options, async (client) => {
        const root = context.findWorkspace(options.workspace);
        const inside = (path: string) =>
          path.startsWith('/') ? relative(root, resolve(path)).replaceAll('\\', '/') : path;
        const [first = '', ...rest] = files.map(inside);
        const { signal } = context;
        const typesToMake = (options.make ?? '').split(',').filter((one) => one !== '');
        for (const type of typesToMake.map(typeOf)) {
          context.note(`Making ${type}`);
          const source = options.source === undefined ? null : inside(options.source);
          for await (const _ of await client.quantizations.make({ path: first, type, source }, { signal }));
        }
        const group = rest.length > 0 ? null : await client.quantizations.group({ path: first }, { signal });
        const paths = group === null ? [first, ...rest] : group.members.map(({ path }) => path);
        const device = {
          threads: numberOf(options.threads, '--threads', availableParallelism() * 16),
          memoryBytes: megabytes(options.memory),
        };
        const limited = device.threads !== null || device.memoryBytes !== null;
        const events = await client.quantizations.measure(
          {
            paths,
            device: limited ? device : null,
            repeats: numberOf(options.repeats, '--repeats', 20) ?? 3,
          },
          { signal },
        );
        let said = '';
        for await (const event of events) {
          if (event.kind === 'progress') {
            const words = `${event.path ?? ''} ${event.what}`.trim();
            if (words !== said) context.note(words);
            said = words;
            continue;
          }
          const { result } = event;
          const figures = quantizationFigures(result);
          context.print(result, () =>
            [
              options.markdown
                ? toMarkdown(figures)
                : textTable(
                    figures.header,
                    figures.rows.map((row) => row.map((cell, column) => cellText(figures, cell, column))),
                  ),
              '',
              measuredHow(result),
              ...result.rows.flatMap(({ path, problem }) =>
                problem === null ? [] : [`${path}: ${problem}`],
              ),
            ].join('\n'),
          );
          return result.rows.every(({ problem }) => problem !== null) ? 1 : 0;
        }
        return 1;
      }),
    ),
  );
}

function typeOf(name: string): WeightType {
  const type = weightTypes.find((one) => one === name.toLowerCase());
  if (type !== undefined) return type;
  throw new StudioError('INVALID_INPUT', `There is no type ${name}`, {
    hint: `Choose of ${weightTypes.join(', ')}`,
  });
}

function numberOf(text: string | undefined, option: string, most: number): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new StudioError('INVALID_INPUT', `${option} must be a whole number from 1 to ${most}, not ${text}`, {
    hint: 'Add --help for usage',
  });
}

function megabytes(text: string | undefined): number | null {
  const value = numberOf(text, '--memory', 10_000_000);
  return value === null ? null : value * MEGABYTE;
}
