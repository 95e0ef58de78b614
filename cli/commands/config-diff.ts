// `nesso config diff`: two configs against each other, key by key and in words.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { compareConfigs, type ConfigComparison } from '../../core/lib/config/compare/compare.ts';
import { printKeyPath } from '../../core/lib/config/lookup.ts';
import { MAX_CONFIG_BYTES } from '../../core/services/configs/config-files.ts';
import { readTextFile } from '../../core/services/files/read-text.ts';
import type { CommandContext } from '../command.ts';

export function registerConfigDiff(config: Command, context: CommandContext): void {
  config
    .command('diff')
    .description('compare two configs by meaning; 1 when they differ')
    .argument('<before>')
    .argument('<after>')
    .action(
      context.action(async (before: string, after: string) => {
        const [left, right] = await Promise.all(
          [before, after].map((file) => readTextFile(resolve(file), MAX_CONFIG_BYTES)),
        );
        const comparison = compareConfigs(left?.text ?? '', right?.text ?? '');
        const changes = comparison.changes.map((change) => ({ ...change, path: printKeyPath(change.path) }));
        context.print({ ...comparison, changes }, () => textOf(comparison));
        return changes.length > 0 ? 1 : 0;
      }),
    );
}

function textOf({ changes, summary }: ConfigComparison): string {
  const lines = changes.map((change) => {
    const key = printKeyPath(change.path);
    switch (change.kind) {
      case 'added':
        return `+ ${key}: ${change.after.text}`;
      case 'removed':
        return `- ${key}: ${change.before.text}`;
      case 'changed':
        return `~ ${key}: ${change.before.text} → ${change.after.text}`;
    }
  });
  return [summary, '', ...lines].join('\n');
}
