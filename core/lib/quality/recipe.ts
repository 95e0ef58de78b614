// A filter recipe: which documents a set of heads keeps. A plain JSON file in git that a cluster job applies again.
// Knows nothing about where it is stored or what reads the documents.
import { z } from 'zod';

/** More heads than anyone trains; each costs one column in memory. */
export const MAX_HEADS = 32;
/** FineWeb-2 has 1,868 language–script pairs. */
const MAX_LANGUAGES = 4096;

const share = z.number().min(0).max(1);
const name = z.string().min(1).max(200);
const byName = <T extends z.ZodType>(value: T) =>
  z.record(name, value).refine((map) => Object.keys(map).length <= MAX_LANGUAGES, 'has too many entries');

/** `gte` keeps a document exactly at the threshold (JQL's code), `gt` removes it ("above" in the paper's text). */
export const operator = z.enum(['gte', 'gt']);

/** How many heads must let a document pass. `at-least` with more heads than there are keeps nothing, so it is refused. */
export const rule = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  z.object({ kind: z.literal('any') }),
  z.object({ kind: z.literal('at-least'), heads: z.number().int().min(1).max(MAX_HEADS) }),
]);
export type Rule = z.infer<typeof rule>;

/** The most particular share wins: language and head, then language, then head, then `overall`. 0.7 cuts 70 %. */
export const quantileChoice = z.object({
  overall: share,
  perLanguage: byName(share).default({}),
  perHead: byName(share).default({}),
  perLanguageAndHead: byName(byName(share)).default({}),
});
export type QuantileChoice = z.infer<typeof quantileChoice>;

/** language → head → threshold; null where the head gave no finite threshold in that language: nothing passes it. */
export const thresholdTable = byName(byName(z.number().nullable()));

/** A head is named by people and found in the data as a column; nested columns are written `metadata.score_x`. */
export const recipeHead = z.object({
  name,
  column: z.string().min(1).max(500),
  /** SHA-256 of the head's file, when it is known. */
  sha256: z.string().nullable().default(null),
});
export type RecipeHead = z.infer<typeof recipeHead>;

/** What decides about one document. */
export const filter = z.object({
  heads: z.array(recipeHead).min(1).max(MAX_HEADS),
  thresholds: thresholdTable,
  operator,
  rule,
});
export type Filter = z.infer<typeof filter>;

export const languageResult = z.object({
  documents: z.number(),
  keptDocuments: z.number(),
  /** Null when the documents have neither a token column nor a text. */
  tokens: z.number().nullable(),
  keptTokens: z.number().nullable(),
  /** What FineWeb-2's own filters kept; null when the source has no kept flag. */
  fw2Documents: z.number().nullable(),
  fw2Tokens: z.number().nullable(),
  /** 100 · (keptTokens / fw2Tokens − 1); null without a kept flag, or when FineWeb-2 kept no token. */
  tokenChangePercent: z.number().nullable(),
});
export type LanguageResult = z.infer<typeof languageResult>;

/** Which tokenizer counted: its name, and its tokenizer.json as sha256sum prints it. */
export const tokenizerUsed = z.object({ name: z.string(), sha256: z.string() });

export const recipe = filter.extend({
  format: z.literal('nesso-filter'),
  version: z.literal(1),
  name: z.string().min(1).max(200),
  note: z.string().max(10_000).default(''),
  /** ISO 8601, UTC. */
  createdAt: z.string(),
  quantile: z.object({
    /** Type 7 of Hyndman and Fan, `linear` in NumPy. */
    method: z.literal('type-7'),
    choice: quantileChoice,
  }),
  /** Thresholds were taken over every document of a language, those that FineWeb-2 removed included. */
  population: z.object({ kind: z.literal('all-documents'), documents: byName(z.number().int().min(0)) }),
  /** Which embeddings the scores rest on, when it is known. Variants must never be mixed. */
  embedder: z.object({ name: z.string(), sha256: z.string().nullable() }).nullable().default(null),
  source: z.object({
    files: z.array(z.object({ path: z.string(), sizeBytes: z.number(), rows: z.number() })),
    /** Where the language came from, e.g. `language + language_script`. */
    language: z.string(),
    /** What counted as a token: never left out. */
    tokens: z.string(),
    /** Null when a column counted them, or nothing did. */
    tokenizer: tokenizerUsed.nullable().default(null),
    /** Where FineWeb-2's decision came from, or null. */
    kept: z.string().nullable(),
  }),
  result: z.object({
    languages: byName(languageResult),
    total: languageResult,
    /** Unweighted mean over languages (Table 2 of the paper). */
    meanTokenChangePercent: z.number().nullable(),
  }),
});
export type Recipe = z.infer<typeof recipe>;

/** How many heads of `heads` must pass. Null when the rule asks for more than there are. */
export function neededHeads(chosen: Rule, heads: number): number | null {
  if (chosen.kind === 'all') return heads;
  if (chosen.kind === 'any') return 1;
  return chosen.heads <= heads ? chosen.heads : null;
}

/** Share to cut for one head in one language. */
export function shareFor(choice: QuantileChoice, language: string, head: string): number {
  return (
    own(choice.perLanguageAndHead[language], head) ??
    own(choice.perLanguage, language) ??
    own(choice.perHead, head) ??
    choice.overall
  );
}

/** Names come from data: `constructor` must not find what every object has. */
function own<T>(map: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined;
}
