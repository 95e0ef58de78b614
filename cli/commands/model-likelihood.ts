// `nesso model likelihood`: bits per byte of texts, shares of minimal pairs, and where two models differ on a text.
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { StudioError } from '../../core/api/errors.ts';
import type { ComparedText } from '../../core/api/likelihood.ts';
import {
  type BitsGroup,
  groupsOf,
  type PairGroup,
  pairGroupsOf,
  type ScoredText,
} from '../../core/lib/likelihood/bits.ts';
import { formatInteger, formatShare } from '../../core/lib/format/numbers.ts';
import { type ChatEngine, createChatEngine } from '../../core/services/model-runtime/engine.ts';
import { compareOn, scorePairs, scoreText, type Scoring } from '../../core/services/likelihood/measure.ts';
import {
  heldOutTexts,
  pairsOfFile,
  shippedPairs,
  type Texts,
  textsOfFile,
} from '../../core/services/likelihood/sources.ts';
import { createSettingsFile } from '../../core/services/system/settings.ts';
import type { CommandContext } from '../command.ts';
import { openLab } from '../quality-lab.ts';
import { table } from '../table.ts';

interface Options {
  readonly pairs?: true;
  readonly against?: string;
  readonly context?: number;
  readonly limit: number;
}

const DEFAULT_LIMIT = 200;
/** Stretches of a comparison that are printed. */
const SHOWN = 15;

function whole(least: number) {
  return (text: string): number => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= least) return number;
    throw new InvalidArgumentError(`must be a whole number of at least ${least}`);
  };
}

export function registerModelLikelihood(model: Command, context: CommandContext): void {
  model
    .command('likelihood')
    .description(
      'bits per byte of texts (the shipped held-out ones without a file), or pairs, or a comparison',
    )
    .argument('<model>', 'a GGUF file')
    .argument('[files...]', 'text, or anything that opens as a dataset')
    .option(
      '--pairs',
      'sentences of which one is right: files of lines {"right", "wrong"}, or the shipped ones',
    )
    .option('--against <model>', 'where this other model finds the same text more or less likely')
    .option('--context <tokens>', 'window of tokens (default: the model’s own, up to 4096)', whole(16))
    .option('--limit <n>', 'documents of each file', whole(1), DEFAULT_LIMIT)
    .action(
      context.action(async (file: string, files: readonly string[], options: Options) => {
        const settings = createSettingsFile(context.stateFolder);
        const engine = createChatEngine({ appFolder: context.appFolder, settings: () => settings.read() });
        try {
          const scoring: Scoring = {
            engine,
            modelPath: resolve(file),
            contextTokens: options.context ?? null,
            signal: context.signal,
          };
          if (options.pairs) await printPairs(context, scoring, files);
          else if (options.against !== undefined) await printComparison(context, scoring, { files, options });
          else await printBits(context, scoring, { files, options });
          return undefined;
        } finally {
          await (engine satisfies ChatEngine).dispose();
        }
      }),
    );
}

interface Asked {
  readonly files: readonly string[];
  readonly options: Options;
}

async function readAll(context: CommandContext, { files, options }: Asked): Promise<readonly Texts[]> {
  if (files.length === 0) return [await heldOutTexts(context.appFolder)];
  await using lab = openLab(context);
  const all: Texts[] = [];
  for (const file of files) all.push(await textsOfFile(resolve(file), options.limit, lab, context.signal));
  return all;
}

async function printBits(context: CommandContext, scoring: Scoring, asked: Asked): Promise<void> {
  const sets = await readAll(context, asked);
  const scored: ScoredText[] = [];
  for (const { title, texts } of sets) {
    for (const [index, text] of texts.entries()) {
      scored.push(await scoreText(scoring, text));
      if (index % 50 === 49) context.note(`${index + 1} of ${texts.length} · ${title}`);
    }
  }
  const groups = groupsOf(scored);
  const left = sets.reduce((sum, one) => sum + (one.left ?? 0), 0);
  context.print({ model: scoring.modelPath, groups, documents: scored, leftDocuments: left }, () =>
    [
      bitsTable(groups),
      ...(left === 0
        ? []
        : [`Sample of ${scored.length}: ${formatInteger(left)} more documents were left out`]),
    ].join('\n'),
  );
}

function bitsTable(groups: readonly BitsGroup[]): string {
  return table(
    ['Language', 'Domain', 'Texts', 'Bytes', 'Tokens', 'Bits per byte', '±'],
    groups.map((group) => [
      group.language ?? 'all',
      group.domain ?? '',
      formatInteger(group.documents),
      formatInteger(group.bytes),
      formatInteger(group.tokens),
      group.bitsPerByte.toFixed(4),
      group.standardError === null ? '' : group.standardError.toFixed(4),
    ]),
  );
}

async function printPairs(
  context: CommandContext,
  scoring: Scoring,
  files: readonly string[],
): Promise<void> {
  const pairs =
    files.length === 0
      ? await shippedPairs(context.appFolder)
      : (await Promise.all(files.map((file) => pairsOfFile(resolve(file))))).flat();
  const judged = await scorePairs(scoring, pairs);
  const groups = pairGroupsOf(judged);
  context.print({ model: scoring.modelPath, groups, pairs: judged }, () => pairTable(groups));
}

function pairTable(groups: readonly PairGroup[]): string {
  return table(
    ['Language', 'Phenomenon', 'Pairs', 'Right', 'Share', '±'],
    groups.map((group) => [
      group.language ?? 'all',
      group.phenomenon ?? '',
      String(group.pairs),
      String(group.correct),
      formatShare(group.share),
      formatShare(group.standardError),
    ]),
  );
}

async function printComparison(context: CommandContext, scoring: Scoring, asked: Asked): Promise<void> {
  const sets = await readAll(context, asked);
  const other = resolve(asked.options.against ?? '');
  const all: (ComparedText & { readonly id: string })[] = [];
  for (const { texts } of sets) {
    for (const text of texts) all.push({ id: text.id, ...(await compareOn(scoring, other, text.text)) });
  }
  if (all.length === 0) {
    throw new StudioError('INVALID_INPUT', 'There is no text to compare on', {
      hint: 'Name a file with text',
    });
  }
  context.print({ a: scoring.modelPath, b: other, texts: all }, () => {
    const moved = all
      .flatMap(({ id, stretches }) =>
        stretches.flatMap(({ text, a, b }) =>
          a === null || b === null ? [] : [{ id, text, by: b - a, a, b }],
        ),
      )
      .sort((x, y) => Math.abs(y.by) - Math.abs(x.by))
      .slice(0, SHOWN);
    const bytes = all.reduce((sum, one) => sum + one.bytes, 0);
    const mean = (of: 'bitsA' | 'bitsB') => all.reduce((sum, one) => sum + one[of] * one.bytes, 0) / bytes;
    return [
      `Bits per byte: ${mean('bitsA').toFixed(4)}, against ${mean('bitsB').toFixed(4)}`,
      '',
      table(
        ['Text', 'Stretch', 'ln p', 'Against', 'Difference'],
        moved.map(({ id, text, a, b, by }) => [
          id,
          JSON.stringify(text),
          a.toFixed(3),
          b.toFixed(3),
          by.toFixed(3),
        ]),
      ),
    ].join('\n');
  });
}
