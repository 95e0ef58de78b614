// `nesso quality bench`: judges and heads against people, language by language, with the figures of the JQL paper as tables.
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { benchMarkdown } from '../../core/lib/judge-bench/bench-markdown.ts';
import { compare, readBench } from '../../core/services/judge-bench/compare.ts';
import { createHeadLookup } from '../../core/services/judge-bench/head-facts.ts';
import type { CommandContext } from '../command.ts';
import { openLab } from '../quality-lab.ts';

interface BenchOptions {
  readonly predictions: readonly string[];
  readonly truthColumn?: string;
  readonly resamples: number;
  readonly seed: number;
  readonly heads?: string;
  readonly campaign?: boolean;
}

const list = (text: string): readonly string[] => text.split(',').filter((part) => part !== '');

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It takes a whole number');
  return Number(text);
}

export function registerQualityBench(quality: Command, context: CommandContext): void {
  quality
    .command('bench <truth>')
    .description(
      'judges and heads against people: Spearman by language with averages, F1, confusion, invalid shares, head regimes',
    )
    .requiredOption(
      '--predictions <files>',
      'files with scores or folders of judgements, separated by commas; the truth may be among them',
      list,
    )
    .option('--truth-column <column>', 'the column with people’s scores')
    .option('--campaign', 'the truth is the name of an annotation campaign of the workspace')
    .option(
      '--heads <folder>',
      'where cards of heads (head.json) are looked for; the current folder by default',
    )
    .option('--resamples <number>', 'draws of the bootstrap intervals, 0 for none', whole, 1000)
    .option('--seed <number>', 'of the draws', whole, 1)
    .action(
      context.action(async (truth: string, options: BenchOptions) => {
        await using lab = openLab(context);
        const { signal } = context;
        const data = await readBench(
          {
            truth: options.campaign
              ? { kind: 'campaign', root: context.findWorkspace(undefined), name: truth }
              : { kind: 'file', path: resolve(truth), column: options.truthColumn ?? null },
            predictions: options.predictions.map((path) => resolve(path)),
            headOf: createHeadLookup(resolve(options.heads ?? '.'), signal),
          },
          { ...lab, signal },
        );
        const report = await compare(data, { resamples: options.resamples, seed: options.seed, signal });
        context.print(report, () => benchMarkdown(report));
        return undefined;
      }),
    );
}
