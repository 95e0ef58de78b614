// Where score columns come from: which head over which embedder. Stands beside the scored file as JSON, and in its own metadata.
// Knows nothing about where it is stored.
import { z } from 'zod';
import { MAX_HEADS } from './recipe.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

export const scoredColumn = z.object({
  column: z.string().min(1).max(500),
  head: z.object({
    name: z.string().min(1).max(200),
    file: z.string(),
    /** Of the head's file, as sha256sum prints it. */
    sha256: hash,
    inputs: z.number().int().positive(),
    hidden: z.number().int().positive(),
  }),
  embedder: z.object({
    id: z.string(),
    /** Vectors of two variants give scores that must not be compared. */
    variant: z.string(),
    dimensions: z.number().int().positive(),
    sha256: hash.nullable(),
    /** Commit of the model on the hub, where it is known; the hash of the weights is what tells models apart. */
    revision: z.string().max(100).nullish(),
  }),
});
export type ScoredColumn = z.infer<typeof scoredColumn>;

const file = z.object({ file: z.string(), sizeBytes: z.number(), rows: z.number() });

/** What the Parquet file says about itself, under the key `nesso_scores`. */
export const scoreOrigin = z.object({
  format: z.literal('nesso-scores'),
  version: z.literal(1),
  /** ISO 8601, UTC. */
  createdAt: z.string(),
  textColumn: z.string(),
  source: file,
  /** Columns that an earlier run added to the source are still listed; a file scored again and again stays small. */
  columns: z.array(scoredColumn).max(32 * MAX_HEADS),
});
export type ScoreOrigin = z.infer<typeof scoreOrigin>;

/** The same beside the file, which must still be the one described. */
export const scoreCard = scoreOrigin.extend({ output: file });
export type ScoreCard = z.infer<typeof scoreCard>;

/** `scored.parquet` → `scored.scores.json`. */
export function scoreCardPath(output: string): string {
  return `${output.replace(/\.parquet$/i, '')}.scores.json`;
}

/** Column a head writes. */
export function scoreColumn(head: string): string {
  return `score_${head}`;
}

/** Key of the origin in the metadata of a scored Parquet file. */
export const ORIGIN_KEY = 'nesso_scores';

/** Files of a corpus, by their place in it, whose scores were made in one way. */
export interface OriginGroup {
  readonly column: ScoredColumn;
  readonly files: readonly number[];
}

export type Origin =
  | { readonly kind: 'known'; readonly column: ScoredColumn }
  /** `files`: nothing is known about these; about the others, if there are any, that they go together. */
  | { readonly kind: 'unknown'; readonly files: readonly number[] }
  /** The files of one corpus were scored differently: by other heads, or over vectors that must not be compared. */
  | {
      readonly kind: 'mixed';
      readonly by: 'head' | 'embedder';
      /** In the order of their first file; at least two. */
      readonly groups: readonly OriginGroup[];
    };

/**
 * One entry a file: what is known of its columns, null for nothing, `absent` for a file without this column. All files must agree on
 * where `column` comes from.
 */
export function originOf(
  column: string,
  files: readonly (readonly ScoredColumn[] | 'absent' | null)[],
): Origin {
  const groups: { column: ScoredColumn; files: number[] }[] = [];
  const unknown: number[] = [];
  for (const [place, columns] of files.entries()) {
    if (columns === 'absent') continue;
    const found = columns?.find((own) => own.column === column);
    const group = found && groups.find((known) => sameOrigin(known.column, found));
    if (group) group.files.push(place);
    else if (found) groups.push({ column: found, files: [place] });
    else unknown.push(place);
  }
  const [first] = groups;
  if (groups.length > 1) {
    const sameHead = groups.every((group) => group.column.head.sha256 === first?.column.head.sha256);
    return { kind: 'mixed', by: sameHead ? 'embedder' : 'head', groups };
  }
  return first && unknown.length === 0
    ? { kind: 'known', column: first.column }
    : { kind: 'unknown', files: unknown };
}

export function sameEmbedder(a: ScoredColumn['embedder'], b: ScoredColumn['embedder']): boolean {
  return a.id === b.id && a.variant === b.variant && a.sha256 === b.sha256;
}

function sameOrigin(a: ScoredColumn, b: ScoredColumn): boolean {
  return a.head.sha256 === b.head.sha256 && sameEmbedder(a.embedder, b.embedder);
}

/** How a recipe names an embedder: vectors of two variants are two embedders. */
export function embedderName({ id, variant }: ScoredColumn['embedder']): string {
  return `${id} ${variant}`;
}
