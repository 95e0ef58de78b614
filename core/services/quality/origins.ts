// Which heads over which embedder made the scores of a corpus. Scores of two variants lie on two scales: no threshold, no share and
// no rank may be taken over both, so whoever asks for one is told which files do not go together.
import { basename, dirname, relative, sep } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import type { QualityDescription } from '../../api/quality.ts';
import type { Recipe, RecipeHead } from '../../lib/quality/recipe.ts';
import {
  embedderName,
  type Origin,
  type OriginGroup,
  originOf,
  sameEmbedder,
  type ScoredColumn,
  type ScoreOrigin,
} from '../../lib/quality/score-card.ts';
import type { CorpusFile } from './file-plan.ts';

/** Names in one sentence. */
const SHOWN_FILES = 3;
const SHOWN_GROUPS = 3;

export interface ScoredFiles {
  readonly files: readonly CorpusFile[];
  /** One entry a file; null where nothing says how its scores were made. */
  readonly scored: readonly (readonly ScoredColumn[] | null)[];
}

function originIn({ files, scored }: ScoredFiles, column: string): Origin {
  return originOf(
    column,
    files.map(({ leaves }, place) =>
      leaves.some(({ name }) => name === column) ? (scored[place] ?? null) : 'absent',
    ),
  );
}

/** Throws INVALID_INPUT that names the files when the scores of a column were made in several ways. */
export function requireOneOrigin(corpus: ScoredFiles, column: string): void {
  const origin = originIn(corpus, column);
  if (origin.kind !== 'mixed') return;
  throw new StudioError('INVALID_INPUT', mixedText(corpus, column, origin), {
    hint: 'Take the thresholds of each of these apart, or score all files with the same head over the same embedder and variant',
    path: corpus.files[origin.groups[1]?.files[0] ?? 0]?.source.path ?? '',
  });
}

type Mixed = Extract<Origin, { kind: 'mixed' }>;

function mixedText({ files }: ScoredFiles, column: string, { by, groups }: Mixed): string {
  const names = namesOf(files);
  const what = by === 'head' ? 'different heads' : 'vectors of different embedders or variants';
  const parts = groups.slice(0, SHOWN_GROUPS).map((group) => {
    const own = group.files.map((place) => names[place] ?? '');
    return `${listOf(own)} ${makerOf(group, groups)}`;
  });
  const more = groups.length > SHOWN_GROUPS ? `; and ${groups.length - SHOWN_GROUPS} more kinds` : '';
  return `The scores in ${column} come from ${what} and do not go together: ${parts.join('; ')}${more}`;
}

/** What tells this group from the others: the head, the embedder, or both. */
function makerOf({ column }: OriginGroup, groups: readonly OriginGroup[]): string {
  const { head, embedder } = column;
  const [first] = groups;
  const sameHead = groups.every((group) => group.column.head.sha256 === first?.column.head.sha256);
  const sameVectors = groups.every((group) => sameEmbedder(group.column.embedder, column.embedder));
  const headText = `by ${head.file} (${head.sha256.slice(0, 8)})`;
  const hash = embedder.sha256 === null ? '' : ` (${embedder.sha256.slice(0, 8)})`;
  const vectors = `over ${embedderName(embedder)}${hash}`;
  if (sameVectors) return headText;
  return sameHead ? vectors : `${headText} ${vectors}`;
}

/** The columns whose scores were made in several ways, each with its kinds and the places of their files. */
export function mixedOrigins(corpus: ScoredFiles, columns: readonly string[]): QualityDescription['mixed'] {
  return columns.flatMap((column) => {
    const origin = originIn(corpus, column);
    if (origin.kind !== 'mixed') return [];
    const groups = origin.groups.map((group) => ({
      maker: makerOf(group, origin.groups),
      files: [...group.files],
    }));
    return [{ column, by: origin.by, groups }];
  });
}

function listOf(names: readonly string[]): string {
  const more = names.length - SHOWN_FILES;
  return more > 0 ? `${names.slice(0, SHOWN_FILES).join(', ')} and ${more} more files` : names.join(', ');
}

/** Below the folder that all of them share: the files of many languages bear the same name. */
function namesOf(files: readonly CorpusFile[]): readonly string[] {
  const folders = files.map(({ source }) => dirname(source.path).split(sep));
  const [first = []] = folders;
  let depth = 0;
  while (depth < first.length && folders.every((folder) => folder[depth] === first[depth])) depth += 1;
  const shared = first.slice(0, depth).join(sep) || sep;
  return files.map(({ source }) => relative(shared, source.path).split(sep).join('/'));
}

/** One sentence for each column whose scores nothing can be taken from, or not with certainty. */
export function originWarnings(corpus: ScoredFiles, columns: readonly string[]): readonly string[] {
  const names = namesOf(corpus.files);
  return columns.flatMap((column) => {
    const origin = originIn(corpus, column);
    if (origin.kind === 'mixed') return [mixedText(corpus, column, origin)];
    const isPartly = origin.kind === 'unknown' && origin.files.length < scoredFiles(corpus, column);
    if (!isPartly) return [];
    const own = origin.files.map((place) => names[place] ?? '');
    return [
      `Nothing says how ${column} was made in ${listOf(own)}: thresholds hold only if it was as in the other files`,
    ];
  });
}

/**
 * What a new file with documents of all these says about the scores it took over: the columns that were made in one way wherever they
 * are. Null when nothing is known.
 */
export function originOfKept(corpus: ScoredFiles, textColumn: string | null): ScoreOrigin | null {
  const { files, scored } = corpus;
  const names = new Set(scored.flatMap((columns) => (columns ?? []).map(({ column }) => column)));
  const columns = [...names].flatMap((name) => {
    const origin = originIn(corpus, name);
    return origin.kind === 'known' ? [origin.column] : [];
  });
  if (columns.length === 0) return null;
  const [first] = files;
  return {
    format: 'nesso-scores',
    version: 1,
    createdAt: new Date().toISOString(),
    textColumn: textColumn ?? '',
    source: {
      file: files.length === 1 && first ? basename(first.source.path) : `${files.length} files`,
      sizeBytes: files.reduce((sum, { source }) => sum + source.info.sizeBytes, 0),
      rows: files.reduce((sum, { source }) => sum + source.info.rows, 0),
    },
    columns,
  };
}

function scoredFiles({ files }: ScoredFiles, column: string): number {
  return files.filter(({ leaves }) => leaves.some(({ name }) => name === column)).length;
}

/**
 * Heads with the hashes of the files that made their columns, and the embedder they all rest on; null for what is not known of
 * every file. Throws INVALID_INPUT when two files were scored differently.
 */
export function withOrigins(
  heads: readonly RecipeHead[],
  corpus: ScoredFiles,
): Pick<Recipe, 'heads' | 'embedder'> {
  const origins = heads.map(({ column }) => {
    requireOneOrigin(corpus, column);
    const origin = originIn(corpus, column);
    return origin.kind === 'known' ? origin.column : null;
  });
  const [first] = origins;
  const isOne = origins.every(
    (origin) => origin !== null && first && sameEmbedder(origin.embedder, first.embedder),
  );
  return {
    heads: heads.map((head, index) => ({ ...head, sha256: origins[index]?.head.sha256 ?? null })),
    embedder: first && isOne ? { name: embedderName(first.embedder), sha256: first.embedder.sha256 } : null,
  };
}

/**
 * That a recipe's thresholds mean something for these files: each column made in one way, and in the recipe's, as far as both are
 * known. `columns` are those of the recipe's heads in the files. Throws INVALID_INPUT that names a file.
 */
export function requireRecipeOrigins(recipe: Recipe, columns: readonly string[], corpus: ScoredFiles): void {
  for (const [index, { sha256 }] of recipe.heads.entries()) {
    const column = columns[index] ?? '';
    requireOneOrigin(corpus, column);
    const place = corpus.scored.findIndex((own) => own?.some((scored) => scored.column === column));
    const origin = corpus.scored[place]?.find((scored) => scored.column === column);
    if (!origin) continue;
    const otherHead = sha256 !== null && sha256 !== origin.head.sha256;
    const { embedder } = recipe;
    const own = origin.embedder;
    const otherVectors =
      embedder !== null && (embedder.name !== embedderName(own) || embedder.sha256 !== own.sha256);
    if (!otherHead && !otherVectors) continue;
    const name = namesOf(corpus.files)[place] ?? '';
    throw new StudioError(
      'INVALID_INPUT',
      otherHead
        ? `The recipe's thresholds are for another head: ${column} of ${name} was made by ${origin.head.file} (${origin.head.sha256.slice(0, 8)}), not ${sha256.slice(0, 8)}`
        : `The recipe's thresholds are for scores over ${embedder?.name ?? ''}: ${column} of ${name} was made over ${embedderName(own)}`,
      {
        hint: 'Score these documents as those of the recipe were, or make a recipe from their own scores',
        path: corpus.files[place]?.source.path ?? '',
      },
    );
  }
}
