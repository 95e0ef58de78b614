// Score cards as files: looked for beside a scored file, believed only while they describe that very file.
import { readFile, stat } from 'node:fs/promises';
import { StudioError } from '../../api/errors.ts';
import type { RecipeHead, Recipe } from '../../lib/quality/recipe.ts';
import {
  originOf,
  sameEmbedder,
  scoreCard,
  type ScoreCard,
  scoreCardPath,
} from '../../lib/quality/score-card.ts';
import type { DatasetSource } from '../datasets/source.ts';

/** A card of a thousand columns is about 0.5 MB. */
const MAX_CARD_BYTES = 4_194_304;

/** Null when there is none, or when the data file was replaced since. */
export async function readScoreCard(source: DatasetSource): Promise<ScoreCard | null> {
  const path = scoreCardPath(source.path);
  const size = await stat(path).then(
    (info) => (info.isFile() ? info.size : null),
    () => null,
  );
  if (size === null || size > MAX_CARD_BYTES) return null;
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return null;
  }
  const parsed = scoreCard.safeParse(value);
  if (!parsed.success) return null;
  const { sizeBytes, rows } = parsed.data.output;
  return sizeBytes === source.info.sizeBytes && rows === source.info.rows ? parsed.data : null;
}

const mixedText = (column: string, by: 'head' | 'embedder'): string =>
  by === 'head'
    ? `The column ${column} was made by different heads in these files`
    : `The column ${column} was made over vectors of different embedders or variants in these files`;

/** One sentence for each column whose scores must not share a quantile; what `withOrigins` would refuse. */
export async function mixedOrigins(
  columns: readonly string[],
  sources: readonly DatasetSource[],
): Promise<readonly string[]> {
  const cards = await Promise.all(sources.map(readScoreCard));
  const known = cards.map((card) => card?.columns ?? null);
  return columns.flatMap((column) => {
    const origin = originOf(column, known);
    return origin.kind === 'mixed'
      ? [`${mixedText(column, origin.by)}: no threshold holds for all of them`]
      : [];
  });
}

/**
 * Heads with the hashes of the files that made their columns, and the embedder they all rest on; null for what is not known of
 * every file. Throws INVALID_INPUT when two files were scored by different heads: their scores do not share a quantile.
 */
export async function withOrigins(
  heads: readonly RecipeHead[],
  sources: readonly DatasetSource[],
): Promise<Pick<Recipe, 'heads' | 'embedder'>> {
  const cards = await Promise.all(sources.map(readScoreCard));
  const columns = cards.map((card) => card?.columns ?? null);
  const origins = heads.map((head) => {
    const origin = originOf(head.column, columns);
    if (origin.kind === 'mixed') {
      throw new StudioError('INVALID_INPUT', mixedText(head.column, origin.by), {
        hint: 'Score all files with the same head over the same embedder, or take their thresholds apart',
        ...(sources[0] === undefined ? {} : { path: sources[0].path }),
      });
    }
    return origin.kind === 'known' ? origin.column : null;
  });
  const [first] = origins;
  const embedder =
    first && origins.every((origin) => origin !== null && sameEmbedder(origin, first))
      ? first.embedder
      : null;
  return {
    heads: heads.map((head, index) => ({ ...head, sha256: origins[index]?.head.sha256 ?? null })),
    embedder:
      embedder === null ? null : { name: `${embedder.id} ${embedder.variant}`, sha256: embedder.sha256 },
  };
}
