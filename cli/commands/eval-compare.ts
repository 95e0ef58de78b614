// `nesso eval compare`: did the second do better than the first, task by task.
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { StudioError } from '../../core/api/errors.ts';
import { type ResultComparison, SIGNIFICANCE } from '../../core/lib/evaluations/compare-results.ts';
import { mainResults } from '../../core/lib/evaluations/main-results.ts';
import {
  compareEvaluations,
  type FileComparison,
} from '../../core/services/evaluations/progress/compare-files.ts';
import { type FoundResult, readEvaluations } from '../../core/services/evaluations/results/read-files.ts';
import type { CommandContext } from '../command.ts';
import { fourDigits, problemLines, pText } from '../evaluation-text.ts';
import { openLab } from '../quality-lab.ts';
import { table } from '../table.ts';

interface CompareOptions {
  readonly resamples: number;
  readonly seed: number;
  readonly allMetrics?: true;
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It takes a whole number');
  return Number(text);
}

export function registerEvalCompare(evaluation: Command, context: CommandContext): void {
  evaluation
    .command('compare')
    .description(
      'is the second better than the first: a paired test where the answers were kept, standard errors otherwise',
    )
    .argument('<first>', 'results of one model: a file or a folder')
    .argument('<second>', 'results of the other')
    .option('--resamples <number>', 'draws of the bootstrap', whole, 2000)
    .option('--seed <number>', 'of the draws', whole, 1)
    .option('--all-metrics', 'every metric of a task, not only the one that reports quote')
    .action(
      context.action(async (first: string, second: string, options: CompareOptions) => {
        const { signal } = context;
        const [a, b] = [
          await readEvaluations([resolve(first)], { signal }),
          await readEvaluations([resolve(second)], { signal }),
        ];
        for (const [path, { results, problems }] of [
          [first, a],
          [second, b],
        ] as const) {
          if (results.length > 0) continue;
          throw new StudioError(
            'INVALID_INPUT',
            `No results could be read: ${problems[0]?.text ?? 'there are none'}`,
            {
              hint: 'Name a results file of lm-eval or lighteval, or a folder that holds one',
              path,
            },
          );
        }
        const pick =
          options.allMetrics === true
            ? (results: readonly FoundResult[]) => results
            : mainResults<FoundResult>;
        let lab: ReturnType<typeof openLab> | null = null;
        let compared: FileComparison;
        try {
          compared = await compareEvaluations(pick(a.results), pick(b.results), options, {
            openEngine: () => (lab ??= openLab(context)),
            signal,
            parts: [...a.results, ...b.results],
          });
        } finally {
          await (lab as ReturnType<typeof openLab> | null)?.[Symbol.asyncDispose]();
        }
        const problems = [...a.problems, ...b.problems, ...compared.problems];
        context.print({ ...compared, problems }, () =>
          [comparisonText(compared), ...problemLines(problems)].join('\n'),
        );
        return compared.comparisons.length === 0 ? 1 : 0;
      }),
    );
}

function comparisonText({ comparisons, onlyFirst, onlySecond }: FileComparison): string {
  const [one] = comparisons;
  if (one === undefined) return 'No task is in both';
  const tested = comparisons.filter(({ test }) => test.kind !== 'none').length;
  const rows = comparisons.map((comparison) => [
    `${comparison.task} (${comparison.metric}${comparison.filter === 'none' ? '' : `, ${comparison.filter}`})`,
    fourDigits(comparison.first.value),
    fourDigits(comparison.second.value),
    `${comparison.difference > 0 ? '+' : ''}${fourDigits(comparison.difference)}`,
    testText(comparison),
    comparison.adjustedP === null ? '' : pText(comparison.adjustedP),
    comparison.verdict,
  ]);
  const settings = comparisons.flatMap((comparison) =>
    comparison.settings.map(({ sentence }) => `  ${comparison.task}: ${sentence}`),
  );
  return [
    `${one.first.model} → ${one.second.model}`,
    table(['Task', 'First', 'Second', 'Difference', 'Test', 'Corrected', 'Second is'], rows),
    ...(settings.length === 0 ? [] : ['', ...new Set(settings)]),
    ...(tested > 1
      ? ['', `Corrected for several tasks after Holm; a difference is called one below ${SIGNIFICANCE}`]
      : []),
    ...(onlyFirst.length > 0 ? [`Only in the first: ${onlyFirst.join(', ')}`] : []),
    ...(onlySecond.length > 0 ? [`Only in the second: ${onlySecond.join(', ')}`] : []),
  ].join('\n');
}

function testText({ test }: ResultComparison): string {
  if (test.kind === 'none') return test.reason;
  if (test.kind === 'unpaired') return `standard errors, z = ${test.z.toFixed(2)}, ${pText(test.p)}`;
  const { mcNemar, bootstrap, questions } = test;
  const interval =
    bootstrap === null ? '' : `, 95 % ${fourDigits(bootstrap.low)} to ${fourDigits(bootstrap.high)}`;
  return mcNemar === null
    ? `bootstrap of ${questions} questions, ${pText(test.p)}${interval}`
    : `McNemar on ${questions} questions, ${mcNemar.onlySecond} won, ${mcNemar.onlyFirst} lost, ${pText(test.p)}${interval}`;
}
