// `nesso quality`: thresholds over scores, the documents they keep, how raters agree and how good predictions are.
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { FilterChoice } from '../../core/api/quality.ts';
import type { CorpusTokens } from '../../core/api/quality-corpus.ts';
import { folderColumnLines } from '../../core/lib/quality/recognise-columns.ts';
import type { Rule } from '../../core/lib/quality/recipe.ts';
import { applyRecipe } from '../../core/services/quality/apply-recipe.ts';
import type { RowProgress } from '../../core/services/progress-events.ts';
import type { Corpus } from '../../core/services/quality/corpus.ts';
import { corpusWarnings } from '../../core/services/quality/describe.ts';
import type { QualityLab } from '../../core/services/quality/lab.ts';
import { makeRecipe } from '../../core/services/quality/make-recipe.ts';
import { readRecipe, saveRecipe } from '../../core/services/quality/recipe-files.ts';
import { computeThresholds } from '../../core/services/quality/thresholds.ts';
import type { CommandContext } from '../command.ts';
import { openLab } from '../quality-lab.ts';
import { shownPath } from '../shown-path.ts';
import { thresholdText } from '../threshold-text.ts';
import { registerQualityBench } from './quality-bench.ts';
import { registerQualityEmbed } from './quality-embed.ts';
import { registerQualityReports } from './quality-reports.ts';
import { registerQualityScore } from './quality-score.ts';
import { registerQualityStep } from './quality-step.ts';

interface TokenOptions {
  readonly tokens?: CorpusTokens;
  readonly tokenizer?: string;
}

interface ThresholdOptions extends TokenOptions {
  readonly heads: readonly string[];
  readonly quantile: number;
  readonly rule: Rule;
  readonly operator: 'gte' | 'gt';
  readonly output?: string;
}

export function registerQuality(program: Command, context: CommandContext): void {
  const quality = program
    .command('quality')
    .description('choose documents by their scores, judge raters and heads');

  quality
    .command('threshold <files...>')
    .description('thresholds per language and head at a quantile, and what they keep')
    .requiredOption('--heads <names>', 'score columns, separated by commas', headList)
    .requiredOption('--quantile <share>', 'share each head cuts off, 0 to 1', shareOf)
    .option('--rule <rule>', 'all, any, or how many heads must pass', ruleOf, { kind: 'all' } satisfies Rule)
    .option('--operator <operator>', 'gte keeps a score at the threshold, gt does not', operatorOf, 'gte')
    .option('--tokens <kind>', 'column or estimate, instead of what the files offer', tokensOf)
    .option('--tokenizer <path>', 'count tokens with this tokenizer.json, or the one in this folder')
    .option('-o, --output <recipe>', 'write the filter recipe here')
    .action(
      context.action(async (files: readonly string[], options: ThresholdOptions) => {
        await using lab = openLab(context);
        const choice: FilterChoice = {
          heads: [...new Set(options.heads)],
          quantiles: { overall: options.quantile, perLanguage: {}, perHead: {}, perLanguageAndHead: {} },
          operator: options.operator,
          rule: options.rule,
        };
        const corpus = await openCorpus(context, lab, files, {
          heads: choice.heads,
          tokens: tokensFrom(options),
        });
        const asking = { engine: lab.engine, signal: context.signal };
        const recipe = await makeRecipe(
          corpus,
          { choice, name: `quantile ${options.quantile}`, note: '', nameOf: shownPath },
          asking,
        );
        // What each head keeps is shown to people only.
        const cuts = context.json ? [] : (await computeThresholds(corpus, choice, asking)).cuts;
        if (options.output !== undefined) await saveRecipe(resolve(options.output), recipe, true);
        const { languages, total, meanTokenChangePercent } = recipe.result;
        context.print({ thresholds: recipe.thresholds, languages, total, meanTokenChangePercent }, () =>
          [thresholdText(recipe, cuts), ...corpusWarnings(corpus)].join('\n'),
        );
        return undefined;
      }),
    );

  quality
    .command('apply <recipe> <files...>')
    .description('write the documents a recipe keeps, with the recipe beside them')
    .requiredOption(
      '-o, --output <file>',
      '.parquet, .jsonl, .jsonl.gz or .jsonl.zst; replaced when it exists',
    )
    .option('--tokens <kind>', 'column or estimate, instead of what the files offer', tokensOf)
    .option('--tokenizer <path>', 'count tokens with this tokenizer.json, or the one in this folder')
    .action(
      context.action(
        async (
          recipePath: string,
          files: readonly string[],
          options: TokenOptions & { readonly output: string },
        ) => {
          await using lab = openLab(context);
          const applied = await applyRecipe({
            recipe: await readRecipe(resolve(recipePath)),
            paths: files.map((file) => resolve(file)),
            output: resolve(options.output),
            overwrite: true,
            engine: lab.engine,
            library: lab.library,
            counter: lab.counter,
            tokens: tokensFrom(options),
            nameOf: shownPath,
            signal: context.signal,
            onProgress: noteProgress(context),
          });
          context.print(applied, () =>
            [
              `${share(applied.keptDocuments, applied.documents)} documents, ${share(applied.keptTokens, applied.tokens)} tokens kept`,
              `Tokens: ${applied.tokenLabel}`,
              `Written to ${applied.output}, the recipe to ${applied.recipePath}`,
              ...folderColumnLines(applied.folderColumns),
              ...applied.warnings,
            ].join('\n'),
          );
          return undefined;
        },
      ),
    );

  registerQualityEmbed(quality, context);
  registerQualityScore(quality, context);
  registerQualityStep(quality, context);
  registerQualityReports(quality, context);
  registerQualityBench(quality, context);
}

function openCorpus(
  context: CommandContext,
  lab: QualityLab,
  files: readonly string[],
  wanted: { readonly heads: readonly string[]; readonly tokens: CorpusTokens },
): Promise<Corpus> {
  return lab.corpora.open({
    paths: files.map((file) => resolve(file)),
    ...wanted,
    signal: context.signal,
    onProgress: noteProgress(context),
  });
}

/** One line every tenth of the way. */
function noteProgress(context: CommandContext): (progress: RowProgress) => void {
  let noted = 0;
  return ({ doneRows, totalRows }) => {
    const tenth = totalRows === 0 ? 0 : Math.floor((10 * doneRows) / totalRows);
    if (tenth <= noted) return;
    noted = tenth;
    context.note(`${doneRows.toLocaleString('en')} of ${totalRows.toLocaleString('en')} documents`);
  };
}

function share(part: number | null, whole: number | null): string {
  if (part === null || whole === null) return 'no count of';
  return `${part.toLocaleString('en')} of ${whole.toLocaleString('en')}`;
}

function headList(text: string): readonly string[] {
  const heads = text.split(',').map((head) => head.trim());
  if (heads.every((head) => head !== '')) return heads;
  throw new InvalidArgumentError('It must be names of columns, separated by commas.');
}

function shareOf(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('It must be a share from 0 to 1, for example 0.7.');
}

function ruleOf(text: string): Rule {
  if (text === 'all' || text === 'any') return { kind: text };
  const heads = Number(text);
  if (Number.isInteger(heads) && heads >= 1) return { kind: 'at-least', heads };
  throw new InvalidArgumentError('It must be all, any, or a whole number of heads.');
}

function tokensOf(text: string): CorpusTokens {
  if (text === 'column' || text === 'estimate') return { kind: text };
  throw new InvalidArgumentError('It must be column or estimate; --tokenizer counts.');
}

function tokensFrom({ tokens, tokenizer }: TokenOptions): CorpusTokens {
  if (tokenizer !== undefined) return { kind: 'tokenizer', path: resolve(tokenizer) };
  return tokens ?? { kind: 'found' };
}

function operatorOf(text: string): 'gte' | 'gt' {
  if (text === 'gte' || text === 'gt') return text;
  throw new InvalidArgumentError('It must be gte or gt.');
}
