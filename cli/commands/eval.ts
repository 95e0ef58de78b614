// `nesso eval`: results of evaluation harnesses. One file a command.
import type { Command } from 'commander';
import type { CommandContext } from '../command.ts';
import { registerEvalCompare } from './eval-compare.ts';
import { registerEvalIfeval } from './eval-ifeval.ts';
import { registerEvalImport } from './eval-import.ts';
import { registerEvalQuestions } from './eval-questions.ts';
import { registerEvalLaunch } from './eval-launch.ts';
import { registerEvalRun } from './eval-run.ts';
import { registerEvalTable } from './eval-table.ts';

export function registerEval(program: Command, context: CommandContext): void {
  const evaluation = program
    .command('eval')
    .description(
      'benchmarks: run them, and read, import, compare and show results of lm-eval, lighteval and others',
    );
  registerEvalImport(evaluation, context);
  registerEvalTable(evaluation, context);
  registerEvalCompare(evaluation, context);
  registerEvalQuestions(evaluation, context);
  registerEvalIfeval(evaluation, context);
  registerEvalRun(evaluation, context);
  registerEvalLaunch(evaluation, context);
}
