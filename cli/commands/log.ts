// `nesso log series`: the curves of any training log or metrics file, as columns.
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { readSeriesFile } from '../../core/services/series/read-file.ts';
import type { CommandContext } from '../command.ts';
import { table } from '../table.ts';

export function registerLog(program: Command, context: CommandContext): void {
  const log = program.command('log').description('read training logs');

  log
    .command('series')
    .description('the curves in a log: Nanotron, Hugging Face Trainer, or JSON lines')
    .argument('<file>')
    .action(
      context.action(async (file: string) => {
        const path = resolve(file);
        const { series, skippedLines } = await readSeriesFile(path, context.signal);
        // JSON has no NaN and no infinity: such values are null there.
        context.print({ series, skippedLines }, () => {
          const rows = Object.entries(series).map(([tag, { step, value }]) => [
            tag,
            String(step.length),
            String(step[0] ?? '–'),
            String(step.at(-1) ?? '–'),
            String(value.at(-1) ?? '–'),
          ]);
          if (rows.length === 0) return `${basename(path)} holds no metrics`;
          const skipped =
            skippedLines > 0 ? `\n\n${skippedLines} lines could not be read and were skipped` : '';
          return table(['Series', 'Points', 'First step', 'Last step', 'Last value'], rows) + skipped;
        });
        return 0;
      }),
    );
}
