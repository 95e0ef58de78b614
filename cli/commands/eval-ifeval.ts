// `nesso eval ifeval`: do answers follow their instructions, by IFEval's rules.
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { IfevalLanguage } from '../../core/lib/evaluations/ifeval/counting.ts';
import { checkIfeval, type IfevalOutcome } from '../../core/services/evaluations/ifeval/check-ifeval.ts';
import type { CommandContext } from '../command.ts';
import { fourDigits, problemLines, withError } from '../evaluation-text.ts';
import { table } from '../table.ts';

export function registerEvalIfeval(evaluation: Command, context: CommandContext): void {
  evaluation
    .command('ifeval')
    .description('check answers by the rules of IFEval: strict and loose, by prompt and by instruction')
    .argument('<answers>', 'samples_ifeval_….jsonl of lm-eval, or lines with prompt and response')
    .option('--prompts <file>', 'the rows of the benchmark, where the answers do not hold them')
    .addOption(
      new Option('--language <code>', 'of the prompts').choices(['en', 'it']).default('en' as IfevalLanguage),
    )
    .action(
      context.action(
        async (
          answers: string,
          options: { readonly prompts?: string; readonly language: IfevalLanguage },
        ) => {
          const outcome = await checkIfeval(
            {
              answers: resolve(answers),
              prompts: options.prompts === undefined ? null : resolve(options.prompts),
              language: options.language,
            },
            context.signal,
          );
          context.print(outcome, () => ifevalText(outcome));
          return 0;
        },
      ),
    );
}

function ifevalText({ scores, problems }: IfevalOutcome): string {
  const share = (part: number, whole: number) => `${part} of ${whole}`;
  return [
    `${scores.prompts} answers with ${scores.instructions} instructions`,
    table(
      ['', 'Strict', 'Loose'],
      [
        [
          'Prompts',
          withError(scores.prompt_level_strict_acc, scores.prompt_level_strict_acc_stderr),
          withError(scores.prompt_level_loose_acc, scores.prompt_level_loose_acc_stderr),
        ],
        ['Instructions', fourDigits(scores.inst_level_strict_acc), fourDigits(scores.inst_level_loose_acc)],
      ],
    ),
    '',
    table(
      ['Instruction', 'Strict', 'Loose'],
      scores.kinds.map(({ id, count, strict, loose }) => [id, share(strict, count), share(loose, count)]),
    ),
    ...problemLines(problems),
  ].join('\n');
}
