// `nesso chat`: one answer from a GGUF model anywhere on disk.
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import {
  type AnswerFormat,
  type AnswerStatistics,
  type ChatMessage,
  generation,
  type Sampling,
  sampling,
  type Token,
  type Tool,
  type ToolCall,
  tool,
} from '../../core/api/generation.ts';
import { StudioError } from '../../core/api/errors.ts';
import { createChatEngine } from '../../core/services/model-runtime/engine.ts';
import { createSettingsFile } from '../../core/services/system/settings.ts';
import type { CommandContext } from '../command.ts';
import { readSmallText } from '../small-text.ts';
import { table } from '../table.ts';
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
  readonly stop?: readonly string[];
  readonly bos: boolean;
  readonly template?: string;
  readonly answerStart?: string;
  readonly tools?: string;
  readonly schema?: string;
  readonly grammar?: string;
  readonly topTokens: number;
  readonly threads?: number;
}

export function registerChat(program: Command, context: CommandContext): void {
  registerModel(program, context);
  const { shape } = sampling;
  const { topTokens } = generation.shape;
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
    .option('--frequency-penalty <n>', '0 is none (default: 0)', value(shape.frequencyPenalty))
    .option('--presence-penalty <n>', '0 is none (default: 0)', value(shape.presencePenalty))
    .option(
      '--penalty-tokens <n>',
      'tokens the penalties look back on (default: 64)',
      value(shape.penaltyTokens),
    )
    .option(
      '--xtc-probability <n>',
      'chance to leave the likeliest tokens out (default: 0)',
      value(shape.xtcProbability),
    )
    .option('--xtc-threshold <n>', 'which tokens count as likely (default: 0.1)', value(shape.xtcThreshold))
    .option(
      '--dry-strength <n>',
      'penalty of repeated sequences; 0 is none (default: 0)',
      value(shape.dryStrength),
    )
    .option('--dry-base <n>', 'how it grows with their length (default: 1.75)', value(shape.dryBase))
    .option(
      '--dry-allowed-length <n>',
      'repeated tokens that cost nothing (default: 2)',
      value(shape.dryAllowedLength),
    )
    .option('--stop <text...>', 'texts before which the answer ends')
    .option('--no-bos', 'with --raw: no begin token before the text')
    .option('--template <file>', 'Jinja template instead of the model’s own')
    .option('--answer-start <text>', 'what the answer begins with')
    .option('--tools <file>', 'JSON list of tools: name, description, parameters')
    .option('--schema <file>', 'JSON schema that the answer must fit')
    .option('--grammar <file>', 'GBNF grammar that the answer must fit')
    .option(
      '--top-tokens <n>',
      'keep each token’s probability and its n likeliest alternatives',
      value(topTokens),
      0,
    )
    .option('--threads <n>', 'threads, as a smaller device has them', value(z.number().int().min(1).max(256)))
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
            ...(options.topTokens > 0 ? { tokenDetails: answer.details } : {}),
            ...(options.tools === undefined ? {} : { toolCalls: answer.toolCalls }),
          },
          () => textOf(answer),
        );
        return 0;
      }),
    );
}

interface Answer {
  readonly text: string;
  readonly details: readonly Token[];
  readonly toolCalls: readonly ToolCall[];
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
  const details: Token[] = [];
  let end: Omit<Answer, 'text' | 'details'> | null = null;
  try {
    const request = {
      modelPath: resolve(options.model),
      prompt: options.raw
        ? { kind: 'raw' as const, text: options.prompt, addBos: options.bos }
        : {
            kind: 'chat' as const,
            messages,
            template: options.template === undefined ? null : await readSmallText(options.template),
            tools: options.tools === undefined ? [] : await readTools(options.tools),
            answerStart: options.answerStart === undefined ? null : { text: options.answerStart },
          },
      // The schema takes the sampling settings out of the options and fills in the rest.
      sampling: sampling.parse({ ...options, stopTexts: options.stop ?? [] }),
      format: await formatOf(options),
      topTokens: options.topTokens,
      device: options.threads === undefined ? null : { threads: options.threads },
      contextTokens: options.context ?? null,
    };
    for await (const event of engine.generate(request, context.signal)) {
      if (event.kind === 'text') {
        text += event.text;
        details.push(...event.tokens);
      }
      if (event.kind === 'done') end = event;
    }
  } finally {
    await engine.dispose();
  }
  if (end === null) throw new Error('the answer ended without its figures');
  const { stopReason, statistics, toolCalls } = end;
  return { text, details, toolCalls, stopReason, statistics };
}

/** The answer; with details a line a token, the alternatives beside it. */
function textOf({ text, details }: Answer): string {
  if (details.length === 0) return text;
  const percent = (logProbability: number) => `${(Math.exp(logProbability) * 100).toFixed(1)} %`;
  const rows = details.map((token) => [
    JSON.stringify(token.text),
    String(token.id),
    percent(token.logProbability),
    token.entropy.toFixed(2),
    token.top.map((one) => `${JSON.stringify(one.text)} ${percent(one.logProbability)}`).join(', '),
  ]);
  return `${text}\n\n${table(['Token', 'Id', 'Probability', 'Entropy, nats', 'Likeliest'], rows)}`;
}

async function readTools(path: string): Promise<Tool[]> {
  const tools = tool.array().safeParse(await readJson(path));
  if (tools.success) return tools.data;
  const [issue] = tools.error.issues;
  throw new StudioError(
    'INVALID_INPUT',
    `${path} is no list of tools: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
    { hint: 'Give a JSON list, each tool with name, description and parameters', path },
  );
}

async function formatOf({ schema, grammar }: ChatOptions): Promise<AnswerFormat | null> {
  if (schema !== undefined) return { kind: 'json-schema', schema: await readJson(schema) };
  if (grammar === undefined) return null;
  const gbnf = await readSmallText(grammar);
  if (gbnf.trim() !== '') return { kind: 'grammar', gbnf };
  throw new StudioError('INVALID_INPUT', `${grammar} is empty, and every answer would fit it`, {
    hint: 'Choose a GBNF grammar with a rule named root, or leave it out',
    path: grammar,
  });
}

async function readJson(path: string): Promise<unknown> {
  const text = await readSmallText(path);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new StudioError('INVALID_INPUT', `${path} is no JSON`, {
      hint: 'Check the file',
      path,
      cause: error,
    });
  }
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
