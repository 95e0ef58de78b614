// `nesso quality score`: documents through an embedder and several heads, into a new Parquet file with a column a head.
import { basename, extname, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { HeadRequest } from '../../core/services/scoring/head-sources.ts';
import { folderColumnLines } from '../../core/lib/quality/recognise-columns.ts';
import { type Scored, scoreFile } from '../../core/services/scoring/score-file.ts';
import type { CommandContext } from '../command.ts';
import { type EmbedderOptions, noteProgress, openChosen, withEmbedderOptions } from '../embedder-options.ts';
import { shownPath } from '../shown-path.ts';
import { table } from '../table.ts';
import { openLab } from '../quality-lab.ts';

interface ScoreOptions extends EmbedderOptions {
  readonly heads: readonly HeadRequest[];
  readonly textColumn?: string;
  readonly output: string;
}

export function registerQualityScore(quality: Command, context: CommandContext): void {
  const command = quality
    .command('score <file>')
    .description('score documents with heads: a new Parquet file with a column score_<head> each')
    .requiredOption(
      '--heads <files>',
      'heads as .safetensors or .ckpt, separated by commas; NAME=FILE names its column',
      headList,
    )
    .requiredOption('-o, --output <file>', 'the .parquet file to write; replaced when it exists');
  withEmbedderOptions(command)
    .option('--text-column <name>', 'the column to score, where it is not called text or content')
    .action(
      context.action(async (file: string, options: ScoreOptions) => {
        await using lab = openLab(context);
        const scored = await scoreFile({
          path: resolve(file),
          heads: options.heads,
          textColumn: options.textColumn ?? null,
          output: resolve(options.output),
          openEmbedder: options.embedder === 'builtin' ? null : () => openChosen(context, options),
          appFolder: context.appFolder,
          engine: lab.engine,
          library: lab.library,
          nameOf: shownPath,
          signal: context.signal,
          onProgress: noteProgress(context),
        });
        context.print(scored, () => scoredText(scored));
        return undefined;
      }),
    );
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
    ...folderColumnLines(scored.folderColumns),
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
