// `nesso quality score`: documents through an embedder and several heads, into a new Parquet file with a column a head.
import { basename, extname, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { HeadRequest } from '../../core/services/scoring/head-sources.ts';
import type { ScoreProgress } from '../../core/services/scoring/score-rows.ts';
import { type Scored, scoreFile } from '../../core/services/scoring/score-file.ts';
import type { CommandContext } from '../command.ts';
import { shownPath } from '../shown-path.ts';
import { table } from '../table.ts';
import { openLab } from '../quality-lab.ts';

/** A line about the progress this often. */
const NOTE_INTERVAL_MS = 5000;

interface ScoreOptions {
  readonly embedder: 'builtin';
  readonly heads: readonly HeadRequest[];
  readonly textColumn?: string;
  readonly output: string;
}

export function registerQualityScore(quality: Command, context: CommandContext): void {
  quality
    .command('score <file>')
    .description('score documents with heads: a new Parquet file with a column score_<head> each')
    .requiredOption(
      '--heads <files>',
      'heads as .safetensors or .ckpt, separated by commas; NAME=FILE names its column',
      headList,
    )
    .requiredOption('-o, --output <file>', 'the .parquet file to write; replaced when it exists')
    .option(
      '--embedder <name>',
      'only builtin exists today: hashed n-grams, for heads that were trained over them',
      embedderOf,
      'builtin' as const,
    )
    .option('--text-column <name>', 'the column to score, where it is not called text or content')
    .action(
      context.action(async (file: string, options: ScoreOptions) => {
        await using lab = openLab(context);
        const scored = await scoreFile({
          path: resolve(file),
          heads: options.heads,
          textColumn: options.textColumn ?? null,
          output: resolve(options.output),
          engine: lab.engine,
          library: lab.library,
          nameOf: shownPath,
          signal: context.signal,
          onProgress: noteRate(context),
        });
        context.print(scored, () => scoredText(scored));
        return undefined;
      }),
    );
}

function noteRate(context: CommandContext): (progress: ScoreProgress) => void {
  let notedMs = performance.now();
  return ({ doneRows, totalRows, documentsPerMinute }) => {
    if (performance.now() - notedMs < NOTE_INTERVAL_MS) return;
    notedMs = performance.now();
    const counts = `${doneRows.toLocaleString('en')} of ${totalRows.toLocaleString('en')} documents`;
    context.note(`${counts}, ${documentsPerMinute.toLocaleString('en')} documents/minute`);
  };
}

function scoredText(scored: Scored): string {
  const shown = (value: number | null): string => value?.toFixed(4) ?? '–';
  return [
    `${scored.scoredDocuments.toLocaleString('en')} of ${scored.documents.toLocaleString('en')} documents scored, ${scored.documentsPerMinute.toLocaleString('en')} documents/minute`,
    table(
      ['column', 'mean', 'lowest', 'highest', 'SHA-256 of the head'],
      scored.columns.map(({ column, mean, low, high, sha256 }) => [
        column,
        shown(mean),
        shown(low),
        shown(high),
        sha256.slice(0, 16),
      ]),
    ),
    `Embedder: ${scored.embedder.id} ${scored.embedder.variant}, over the column ${scored.textColumn}`,
    `Written to ${scored.output}, where the scores come from to ${scored.cardPath}`,
    ...scored.warnings,
  ].join('\n');
}

/** `a.safetensors,gemma=edu.ckpt`: a head is named after its file unless it is given a name. */
function headList(text: string): readonly HeadRequest[] {
  return text.split(',').map((part) => {
    const [, name, file] = /^\s*(?:([^=/\\]+)=)?(.+?)\s*$/.exec(part) ?? [];
    if (file === undefined) throw new InvalidArgumentError('It must be files of heads, separated by commas.');
    return { name: name?.trim() || basename(file, extname(file)), path: resolve(file) };
  });
}

function embedderOf(text: string): 'builtin' {
  if (text === 'builtin') return text;
  throw new InvalidArgumentError('Only builtin exists today; models from a folder do not yet.');
}
