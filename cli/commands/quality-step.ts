// `nesso quality filter-step`: the Python files that apply a recipe on a cluster, put where the job is.
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { writeFileAtomic } from '../../core/services/files/write-atomic.ts';
import type { CommandContext } from '../command.ts';
import { shownPath } from '../shown-path.ts';

const FILES = ['nesso_recipe.py', 'nesso_origin.py', 'nesso_filter.py'] as const;

export function registerQualityStep(quality: Command, context: CommandContext): void {
  quality
    .command('filter-step')
    .description('write the Python files that keep on a cluster what a recipe keeps here')
    .requiredOption('-o, --output <folder>', 'made when it is not there; older versions in it are replaced')
    .action(
      context.action(async (options: { readonly output: string }) => {
        const folder = resolve(options.output);
        await mkdir(folder, { recursive: true });
        for (const name of FILES) {
          const text = await readFile(join(context.appFolder, 'resources', 'filter-step', name), 'utf8');
          await writeFileAtomic(join(folder, name), text);
        }
        const files = FILES.map((name) => shownPath(join(folder, name)));
        context.print({ files }, () =>
          [
            `Written: ${files.join(', ')}`,
            'Alone: python3 nesso_recipe.py RECIPE FILE.jsonl; in datatrove: NessoFilter("RECIPE") after the reader',
          ].join('\n'),
        );
        return undefined;
      }),
    );
}
