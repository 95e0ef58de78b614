// `nesso chat`: one answer from a GGUF model anywhere on disk.
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { z } from 'zod';
import {
  type AnswerStatistics,
  type ChatMessage,
  type Sampling,
  sampling,
} from '../../core/api/generation.ts';
import { createChatEngine } from '../../core/services/chat/engine.ts';
import { createSettingsFile } from '../../core/services/system/settings.ts';
import type { CommandContext } from '../command.ts';
import { registerModel } from './model.ts';

interface ChatOptions {
  readonly model: string;
  readonly prompt: string;
  readonly system?: string;
  readonly raw?: true;
  readonly context?: number;
  readonly seed?: Sampling['seed'];
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly minP?: number;
  readonly repeatPenalty?: number;
  readonly maxTokens?: number;
}

export function registerChat(program: Command, context: CommandContext): void {
  registerModel(program, context);
  const { shape } = sampling;
  program
    .command('chat')
    .description('ask a GGUF model; its own chat template is used')
    .requiredOption('-m, --model <file>', 'the model')
    .requiredOption('-p, --prompt <text>', 'what to ask')
    .option('--system <text>', 'system message before the prompt')
    .option('--raw', 'continue the text as it is, without the chat template')
    .option('--context <tokens>', 'context size (default: the model’s own, up to 4096)', wholeNumber)
    .option('--seed <n>', 'makes the answer reproducible', value(shape.seed))
    .option('--temperature <n>', '0 takes the most likely token (default: 0.7)', value(shape.temperature))
    .option('--top-k <n>', 'choose among the k most likely tokens; 0 is all (default: 40)', value(shape.topK))
    .option(
      '--top-p <n>',
      'choose among the most likely tokens up to this share (default: 0.95)',
      value(shape.topP),
    )
    .option(
      '--min-p <n>',
      'leave out tokens below this share of the likeliest (default: 0)',
      value(shape.minP),
    )
    .option('--repeat-penalty <n>', '1 is none (default: 1)', value(shape.repeatPenalty))
    .option('--max-tokens <n>', 'longest answer (default: 256)', value(shape.maxTokens))
    .action(
      context.action(async (options: ChatOptions) => {
        const answer = await ask(context, options);
        const { tokens, promptTokens, timeToFirstTokenMs, tokensPerSecond } = answer.statistics;
        context.note(
          `${tokens} tokens · ${tokensPerSecond.toFixed(1)} tokens/s · first after ${Math.round(timeToFirstTokenMs)} ms · ${answer.stopReason}`,
        );
        context.print(
          {
            text: answer.text,
            tokens,
            promptTokens,
            stopReason: answer.stopReason,
            timeToFirstTokenMs,
            tokensPerSecond,
          },
          answer.text,
        );
        return 0;
      }),
    );
}

interface Answer {
  readonly text: string;
  readonly stopReason: string;
  readonly statistics: AnswerStatistics;
}

async function ask(context: CommandContext, options: ChatOptions): Promise<Answer> {
  const settings = createSettingsFile(context.stateFolder);
  const engine = createChatEngine({ appFolder: context.appFolder, settings: () => settings.read() });
  const messages: ChatMessage[] = [
    ...(options.system === undefined ? [] : [{ role: 'system' as const, text: options.system }]),
    { role: 'user', text: options.prompt },
  ];
  let text = '';
  let end: Omit<Answer, 'text'> | null = null;
  try {
    const request = {
      modelPath: resolve(options.model),
      prompt: options.raw
        ? { kind: 'raw' as const, text: options.prompt }
        : { kind: 'chat' as const, messages },
      // The schema takes the sampling settings out of the options and fills in the rest.
      sampling: sampling.parse(options),
      contextTokens: options.context ?? null,
    };
    for await (const event of engine.generate(request, context.signal)) {
      if (event.kind === 'text') text += event.text;
      if (event.kind === 'done') end = event;
    }
  } finally {
    await engine.dispose();
  }
  if (end === null) throw new Error('the answer ended without its figures');
  return { text, stopReason: end.stopReason, statistics: end.statistics };
}

/** Reads a number and checks it as the contract does. */
function value<T extends z.ZodType>(schema: T) {
  return (text: string): z.output<T> => {
    const result = schema.safeParse(text.trim() === '' ? Number.NaN : Number(text));
    if (result.success) return result.data;
    throw new InvalidArgumentError(result.error.issues[0]?.message ?? 'not a number');
  };
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 16) return number;
  throw new InvalidArgumentError('must be a whole number of at least 16 tokens');
}
