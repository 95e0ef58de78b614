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

export type Origin =
  | { readonly kind: 'known'; readonly column: ScoredColumn }
  | { readonly kind: 'unknown' }
  /** The files of one corpus were scored differently: by other heads, or over vectors that must not be compared. */
  | { readonly kind: 'mixed'; readonly by: 'head' | 'embedder' };

/** One `columns` list a file, null where nothing is known about it. All files must agree on where `column` comes from. */
export function originOf(column: string, files: readonly (readonly ScoredColumn[] | null)[]): Origin {
  const found = files.map((columns) => columns?.find((own) => own.column === column) ?? null);
  const known = found.filter((own) => own !== null);
  const [first] = known;
  if (!first) return { kind: 'unknown' };
  if (!known.every((own) => own.head.sha256 === first.head.sha256)) return { kind: 'mixed', by: 'head' };
  if (!known.every((own) => sameEmbedder(own, first))) return { kind: 'mixed', by: 'embedder' };
  return known.length === files.length ? { kind: 'known', column: first } : { kind: 'unknown' };
}

export function sameEmbedder(a: ScoredColumn, b: ScoredColumn): boolean {
  return (
    a.embedder.id === b.embedder.id &&
    a.embedder.variant === b.embedder.variant &&
    a.embedder.sha256 === b.embedder.sha256
  );
}
