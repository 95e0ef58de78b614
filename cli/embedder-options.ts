// The options with which commands name an embedder, and the embedder they open. The cache lies in the workspace around the
// current folder, or in the state folder.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { EmbedProgress } from '../core/services/embedders/embed-rows.ts';
import { type EmbedderChoice, openEmbedder } from '../core/services/embedders/open-embedder.ts';
import type { TextEmbedder } from '../core/services/embedders/text-embedder.ts';
import type { CommandContext } from './command.ts';

export interface EmbedderOptions {
  readonly embedder: string;
  readonly variant?: string;
  readonly maxLength?: number;
  readonly threads?: number;
}

/** Adds `--embedder`, `--variant`, `--max-length` and `--threads`. */
export function withEmbedderOptions(command: Command): Command {
  return withModelOptions(
    command.option(
      '--embedder <folder>',
      'a folder with an ONNX embedding model, or builtin: hashed n-grams',
      'builtin',
    ),
  );
}

/** Adds `--variant`, `--max-length` and `--threads`. */
export function withModelOptions(command: Command): Command {
  return command
    .option('--variant <name>', 'which file of the model: fp32, fp16, int8, … (default: the most exact)')
    .option(
      '--max-length <tokens>',
      'tokens of a document that are read (default: 8192 or the model’s)',
      wholeNumber,
    )
    .option('--threads <count>', 'processor threads of the model (default: one a core)', wholeNumber);
}

export function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('It must be a whole number above 0.');
}

/** `dimensions` is for the built-in embedder. */
export function choiceOf(options: EmbedderOptions, dimensions: number | null = null): EmbedderChoice {
  if (options.embedder === 'builtin') return { kind: 'builtin', dimensions };
  return {
    kind: 'model',
    folder: resolve(options.embedder),
    variant: options.variant ?? null,
    maxLength: options.maxLength ?? null,
  };
}

export function openChosen(
  context: CommandContext,
  options: EmbedderOptions,
  dimensions: number | null = null,
) {
  return openEmbedder({
    choice: choiceOf(options, dimensions),
    appFolder: context.appFolder,
    cacheRoot: cacheRootOf(context),
    threads: options.threads,
    signal: context.signal,
  }) satisfies Promise<TextEmbedder>;
}

export function cacheRootOf(context: CommandContext): string {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'studio.yaml'))) return folder;
    if (dirname(folder) === folder) return context.stateFolder;
  }
}

/** A line about the progress this often. */
const NOTE_INTERVAL_MS = 5000;

export function noteProgress(context: CommandContext): (progress: EmbedProgress) => void {
  let notedMs = performance.now();
  return ({ doneRows, totalRows, documentsPerMinute, tokensPerSecond, remainingMs }) => {
    if (performance.now() - notedMs < NOTE_INTERVAL_MS) return;
    notedMs = performance.now();
    const count = (value: number): string => value.toLocaleString('en');
    const parts = [
      `${count(doneRows)} of ${count(totalRows)} documents`,
      `${count(documentsPerMinute)} documents/minute`,
      ...(tokensPerSecond > 0 ? [`${count(tokensPerSecond)} tokens/s`] : []),
      ...(remainingMs === null ? [] : [`${count(Math.ceil(remainingMs / 60_000))} min left`]),
    ];
    context.note(parts.join(', '));
  };
}
