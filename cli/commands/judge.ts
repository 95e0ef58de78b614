// `nesso judge`: documents judged by a language model behind an OpenAI-compatible server, resumed after any end.
import { type Command } from 'commander';
import type { CommandContext } from '../command.ts';
import { registerJudgeRead } from './judge-read.ts';
import { registerJudgeRun } from './judge-run.ts';

export function registerJudge(program: Command, context: CommandContext): void {
  const judge = program
    .command('judge')
    .description('let a language model score documents, and read what it said');
  registerJudgeRun(judge, context);
  registerJudgeRead(judge, context);
}
