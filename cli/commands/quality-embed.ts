// `nesso quality embed`: labelled documents as an embedding set, what heads are trained from.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { embedSet, type EmbeddedSet } from '../../core/services/embedders/embed-set.ts';
import type { CommandContext } from '../command.ts';
import {
  type EmbedderOptions,
  noteProgress,
  openChosen,
  wholeNumber,
  withEmbedderOptions,
} from '../embedder-options.ts';
import { openLab } from '../quality-lab.ts';
import { shownPath } from '../shown-path.ts';

interface EmbedOptions extends EmbedderOptions {
  readonly labelColumn: string;
  readonly textColumn?: string;
  readonly idColumn?: string;
  readonly languageColumn?: string;
  readonly dimensions?: number;
  readonly output: string;
}

export function registerQualityEmbed(quality: Command, context: CommandContext): void {
  const command = quality
    .command('embed <file>')
    .description('labelled documents as vectors, to train a head from: one .safetensors file')
    .requiredOption('--label-column <name>', 'the column with the labels, as numbers')
    .requiredOption('-o, --output <file>', 'the .safetensors file to write; replaced when it exists');
  withEmbedderOptions(command)
    .option('--dimensions <count>', 'values a document of the built-in embedder (default: 512)', wholeNumber)
    .option('--text-column <name>', 'the column to embed, where it is not called text or content')
    .option('--id-column <name>', 'rows with the same id are one document (default: id or document_id)')
    .option('--language-column <name>', 'the language of each document (default: language)')
    .action(
      context.action(async (file: string, options: EmbedOptions) => {
        await using lab = openLab(context);
        await using embedder = await openChosen(context, options, options.dimensions ?? null);
        const made = await embedSet({
          path: resolve(file),
          labelColumn: options.labelColumn,
          textColumn: options.textColumn ?? null,
          idColumn: options.idColumn ?? null,
          languageColumn: options.languageColumn ?? null,
          output: resolve(options.output),
          overwrite: true,
          embedder,
          engine: lab.engine,
          library: lab.library,
          nameOf: shownPath,
          signal: context.signal,
          onProgress: noteProgress(context),
        });
        context.print(made, () => madeText(made));
        return undefined;
      }),
    );
}

function madeText(made: EmbeddedSet): string {
  const { documents, distinctDocuments, languages, embedder, columns } = made;
  return [
    `${documents.toLocaleString('en')} vectors of ${distinctDocuments.toLocaleString('en')} documents in ${languages.length} languages written to ${made.output}`,
    `Embedder: ${embedder.id} ${embedder.variant}, over the column ${columns.text}, labels from ${columns.label}`,
    ...made.warnings,
  ].join('\n');
}
