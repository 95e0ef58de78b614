// What the judging commands share: options that describe a question, and the places where it is answered.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { StudioError } from '../core/api/errors.ts';
import { wholeDataset } from '../core/lib/datasets/view.ts';
import { judgeSampling, type JudgeTemplate } from '../core/lib/judges/judge-template.ts';
import { judgeEffort, type JudgeApi, MAX_CONCURRENCY } from '../core/lib/judges/judgement.ts';
import type { ParseRule } from '../core/lib/judges/parse-score.ts';
import { datasetCacheFolder } from '../core/services/datasets/cache-folder.ts';
import {
  judgeCacheFolder,
  type JudgingPlaces,
  type JudgingRequest,
} from '../core/services/judges/prepare.ts';
import { judgeOf, readJudgeAt, readJudgeFile } from '../core/services/judges/template-files.ts';
import type { CommandContext } from './command.ts';
import type { OpenLab } from './quality-lab.ts';
import { shownPath } from './shown-path.ts';

export interface QuestionOptions {
  readonly judge: string;
  readonly endpoint?: string;
  readonly model?: string;
  readonly api: JudgeApi;
  readonly samples?: number;
  readonly sample?: number;
  readonly seed: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly maxTokens?: number;
  readonly context?: number;
  readonly requestSeed?: number;
  readonly rule: ParseRule;
  readonly tokenizer?: string;
  readonly textColumn?: string;
  readonly priceIn?: number;
  readonly priceOut?: number;
}

export interface EffortOptions {
  readonly concurrency: number;
  readonly timeout: number;
  readonly retries: number;
  readonly stopInvalid?: number;
  readonly keyEnv?: string;
}

export function withQuestion(command: Command): Command {
  return command
    .requiredOption('--judge <judge>', 'a judge by name (educational, adult-content, …) or a .yaml file')
    .option('--samples <n>', 'generations of one document', whole(1))
    .option('--sample <n>', 'judge so many documents, drawn by --seed; without it all', whole(1))
    .option('--seed <n>', 'of the draw', whole(0), 0)
    .option('--temperature <t>', 'of the sampling', number)
    .option('--top-p <p>', 'of the sampling', number)
    .option('--max-tokens <n>', 'tokens of one answer at most', whole(1))
    .option('--context <n>', 'tokens the model reads and writes together', whole(64))
    .option('--request-seed <n>', 'sent to the server', whole(0))
    .option('--tokenizer <path>', 'a tokenizer.json to count tokens with; without it they are estimated')
    .option('--text-column <name>', 'the column to judge, where it is not called text or content')
    .option('--price-in <amount>', 'per million tokens of prompts', number)
    .option('--price-out <amount>', 'per million tokens of answers', number)
    .addOption(withRule());
}

export const withRule = (): Option =>
  new Option('--rule <rule>', 'exact: whole numbers on the scale only (JQL); round-and-clamp: any number')
    .choices(['exact', 'round-and-clamp'])
    .default('exact');

export function withEffort(command: Command): Command {
  return command
    .option('--concurrency <n>', 'requests at the same time at most', whole(1, MAX_CONCURRENCY), 8)
    .option('--timeout <seconds>', 'of one request', number, 120)
    .option('--retries <n>', 'of a request that may pass another time', whole(0, 20), 5)
    .option(
      '--stop-invalid <share>',
      'stop when a larger share of documents has no valid score, 0 to 1',
      number,
    )
    .option('--key-env <name>', 'environment variable that holds the key of the server');
}

export const effortOf = (options: EffortOptions) =>
  checked(() =>
    judgeEffort.parse({
      concurrency: options.concurrency,
      timeoutSeconds: options.timeout,
      retries: options.retries,
      stopAboveInvalid: options.stopInvalid ?? null,
    }),
  );

/** Throws INVALID_INPUT when the variable is named but not set. The key itself is in no message. */
export function keyOf({ keyEnv }: EffortOptions): string | null {
  if (keyEnv === undefined) return null;
  const key = process.env[keyEnv];
  if (key !== undefined && key.trim() !== '') return key;
  throw new StudioError('INVALID_INPUT', `The environment variable ${keyEnv} is not set`, {
    hint: `Set it to the key of the server, or leave --key-env out`,
  });
}

export async function judgeFor(
  context: CommandContext,
  options: QuestionOptions,
): Promise<{ name: string; judge: JudgeTemplate }> {
  const isPath = /[\\/]|\.ya?ml$/i.test(options.judge);
  const file = isPath
    ? await readJudgeAt(resolve(options.judge))
    : await readJudgeFile(options.judge, { workspace: workspaceAround(), appFolder: context.appFolder });
  const judge = judgeOf(file);
  const { samples, temperature, topP, maxTokens, context: window, requestSeed } = options;
  const sampling = checked(() =>
    judgeSampling.parse({
      ...judge.sampling,
      ...(samples === undefined ? {} : { samples }),
      ...(temperature === undefined ? {} : { temperature }),
      ...(topP === undefined ? {} : { top_p: topP }),
      ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
      ...(window === undefined ? {} : { context: window }),
      ...(requestSeed === undefined ? {} : { seed: requestSeed }),
    }),
  );
  return { name: file.name, judge: { ...judge, sampling } };
}

export async function requestOf(
  context: CommandContext,
  file: string,
  options: QuestionOptions,
): Promise<Omit<JudgingRequest, 'effort' | 'keyName'>> {
  const { name, judge } = await judgeFor(context, options);
  const { priceIn, priceOut, sample, seed } = options;
  return {
    source: resolve(file),
    textColumn: options.textColumn ?? null,
    judgeName: name,
    judge,
    rule: options.rule,
    // An estimate asks no server.
    endpoint: {
      baseUrl: options.endpoint ?? 'http://localhost',
      api: options.api,
      model: options.model ?? 'none',
    },
    selection: sample === undefined ? { kind: 'all' } : { kind: 'sample', documents: sample, seed },
    view: wholeDataset,
    tokenizer: options.tokenizer === undefined ? null : resolve(options.tokenizer),
    price:
      priceIn === undefined && priceOut === undefined ? null : { input: priceIn ?? 0, output: priceOut ?? 0 },
  };
}

export function judgingPlaces(context: CommandContext, lab: OpenLab): JudgingPlaces {
  return {
    engine: lab.engine,
    library: lab.library,
    workers: lab.workers,
    cacheFolder: async () => judgeCacheFolder(await datasetCacheFolder(null, context.stateFolder)),
    nameOf: shownPath,
    resolve: (name) => Promise.resolve(resolve(name)),
  };
}

function workspaceAround(): string | null {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'studio.yaml'))) return folder;
    if (dirname(folder) === folder) return null;
  }
}

/** What a schema refuses in the words of a command line. */
function checked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    const issues = (error as { issues?: readonly { path: readonly PropertyKey[]; message: string }[] })
      .issues;
    const first = issues?.[0];
    throw new StudioError(
      'INVALID_INPUT',
      `${first?.path.join('.') ?? 'An option'}: ${first?.message ?? 'is wrong'}`,
      {
        hint: 'Change this option',
        cause: error,
      },
    );
  }
}

export function whole(lowest: number, highest = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= lowest && value <= highest) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${lowest}.`);
  };
}

export function number(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError('It must be a number from 0.');
}
