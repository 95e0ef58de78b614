// Texts of tokenized files on the command line: token children for the time of one command, and only where they are needed.
import { resolve } from 'node:path';
import type { DatasetInfo } from '../core/api/dataset-shape.ts';
import type { DatasetSource } from '../core/services/datasets/source.ts';
import { datasetCacheFolder } from '../core/services/datasets/cache-folder.ts';
import type { DatasetEngine } from '../core/services/datasets/engine.ts';
import { createTokenSearch, type TokenSearch } from '../core/services/datasets/tokenized/search-tokens.ts';
import {
  createTokenRows,
  type FillOptions,
  type TokenRows,
} from '../core/services/datasets/tokenized/token-rows.ts';
import { startTokenWorkers } from '../core/services/tokenizers/routes.ts';
import type { CommandContext } from './command.ts';

const SHOWN_FINDINGS = 10;

/** Null when the dataset has no tokenized file. */
export async function withTexts<T>(
  context: CommandContext,
  source: DatasetSource,
  tokenizer: string | undefined,
  work: (texts: TokenRows, options: FillOptions) => Promise<T>,
): Promise<T | null> {
  if (source.files.every(({ tokens }) => tokens === undefined)) return null;
  const workers = startTokenWorkers(context.appFolder);
  try {
    const texts = createTokenRows({ workers, root: () => process.cwd(), known: async () => [] });
    const path = tokenizer === undefined ? null : resolve(tokenizer);
    return await work(texts, { tokenizer: path, signal: context.signal });
  } finally {
    await workers.dispose();
  }
}

/** Finds words in the decoded documents and shows them; for datasets without tokenized files as good as nothing. */
export interface TokenTools extends AsyncDisposable {
  readonly search: TokenSearch;
  readonly texts: TokenRows;
  readonly options: FillOptions;
}

/** The children start when something is decoded, and end with the tools. */
export function openTokenTools(
  context: CommandContext,
  engine: DatasetEngine,
  tokenizer: string | undefined,
): TokenTools {
  const workers = startTokenWorkers(context.appFolder);
  const texts = createTokenRows({ workers, root: () => process.cwd(), known: async () => [] });
  return {
    texts,
    search: createTokenSearch({
      engine,
      workers,
      cacheFolder: () => datasetCacheFolder(null, context.stateFolder),
      tokenizerOf: (source, file, work) => texts.tokenizerOf(source, file.firstRow, work),
    }),
    options: { tokenizer: tokenizer === undefined ? null : resolve(tokenizer), signal: context.signal },
    [Symbol.asyncDispose]: () => workers.dispose(),
  };
}

export function tokensNote(tokens: DatasetInfo['tokens']): readonly string[] {
  if (tokens === undefined) return [];
  const { named, findings, moreFindings } = tokens;
  const size = tokens.bytesPerToken === null ? '' : ` of ${tokens.bytesPerToken} bytes`;
  const more = Math.max(0, findings.length - SHOWN_FINDINGS) + moreFindings;
  return [
    `${tokens.tokens.toLocaleString('en')} tokens${size}, tokenizer ${named ?? 'unknown'}`,
    ...findings.slice(0, SHOWN_FINDINGS).map((finding) => `! ${finding}`),
    ...(more > 0 ? [`! ${more} more`] : []),
  ];
}
