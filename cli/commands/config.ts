// `nesso config`: check, change and compare config files anywhere on disk.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { CommandContext } from '../command.ts';
import { registerConfigCheck } from './config-check.ts';
import { registerConfigFiles } from './config-files.ts';
import { registerConfigDiff } from './config-diff.ts';
import { setConfigValue } from './config-set.ts';

export function registerConfig(program: Command, context: CommandContext): void {
  const config = program.command('config').description('check, change and compare config files');
  registerConfigCheck(config, context);
  registerConfigDiff(config, context);
  registerConfigFiles(config, context);

  config
    .command('set')
    .description('change one value in place; every other character of the file stays')
    .argument('<file>')
    .argument('<key>', 'key path, such as optimizer.learning_rate_scheduler.learning_rate')
    .argument('<value>', 'the value as YAML: 3, 3.0e-4, true, null, [1, 2], text')
    .action(
      context.action(async (file: string, key: string, value: string) => {
        const result = await setConfigValue(resolve(file), key, value);
        context.print(result, () =>
          result.changed
            ? `${result.key}: ${result.before ?? '(not set)'} → ${result.after} (line ${result.line})`
            : `${result.key} is ${result.after} already`,
        );
        return 0;
      }),
    );
}
