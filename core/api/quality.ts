// Contract of the quality lab: what a scored corpus holds, how its scores lie, what thresholds keep, and the recipe made of them.
// Every procedure takes the same `paths` (files, folders or both, one dataset) and `tokens`; the first one builds the score table,
// the rest reuse it. Shares are 0–1, percentages say so in their name.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import {
  filter,
  languageResult,
  operator,
  quantileChoice,
  recipe,
  rule,
  thresholdTable,
  tokenizerUsed,
} from '../lib/quality/recipe.ts';
import { procedure } from './procedure.ts';
import { corpus, headName, heads, language } from './quality-corpus.ts';
import { distribution, headAgreement, tokenLengths } from './quality-distributions.ts';
import { workspacePath } from './workspace.ts';

const bins = z.number().int().min(1).max(1000);

/** A score column. `name` is what every other call takes; `column` where it lies (`metadata.score_x` when nested). */
export const qualityHead = z.object({
  name: headName,
  column: z.string(),
  /** Documents with a number; the rest (null, NaN) never pass a threshold. */
  scored: z.number(),
  missing: z.number(),
  /** Scores that are infinite: they take part in the order like any number. */
  infinite: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});

export const qualityLanguage = z.object({
  language: z.string(),
  documents: z.number(),
  keptDocuments: z.number().nullable(),
  tokens: z.number().nullable(),
});

export const qualityDescription = z.object({
  files: z.array(z.object({ path: z.string(), format: z.string(), rows: z.number(), sizeBytes: z.number() })),
  documents: z.number(),
  textColumn: z.string().nullable(),
  idColumn: z.string().nullable(),
  /** In words: `language + language_script`, `folder name`, or `none`. */
  languageSource: z.string(),
  /** In words, or null when nothing says what FineWeb-2 kept. */
  keptSource: z.string().nullable(),
  filterReasonColumn: z.string().nullable(),
  /** What counts as a token, in words. `estimated` when it is characters divided by 4; `none` when there is no text either. */
  tokens: z.object({
    kind: z.enum(['column', 'tokenizer', 'estimated', 'none']),
    label: z.string(),
    /** The column that every file has, whether it is used or not. */
    column: z.string().nullable(),
    tokenizer: tokenizerUsed.nullable(),
  }),
  heads: z.array(qualityHead),
  languages: z.array(qualityLanguage),
  /** Columns whose scores do not go together: no threshold may be taken over them. `files` are places in `files` above. */
  mixed: z.array(
    z.object({
      column: z.string(),
      /** What differs: the head, or only the embedder under it. */
      by: z.enum(['head', 'embedder']),
      groups: z.array(z.object({ maker: z.string(), files: z.array(z.number()) })),
    }),
  ),
  /** Sentences about what a person should know before trusting the numbers. */
  warnings: z.array(z.string()),
});
export type QualityDescription = z.infer<typeof qualityDescription>;

export const describeEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), doneRows: z.number(), totalRows: z.number() }),
  z.object({ kind: z.literal('ready'), description: qualityDescription }),
]);
export type DescribeEvent = z.infer<typeof describeEvent>;

/** What the sliders and switches say. */
export const filterChoice = z.object({ heads, quantiles: quantileChoice, operator, rule });
export type FilterChoice = z.infer<typeof filterChoice>;

export const headCut = z.object({
  head: headName,
  /** What this head alone would keep. */
  keptDocuments: z.number(),
  keptTokens: z.number().nullable(),
});

export const thresholdResult = z.object({
  thresholds: thresholdTable,
  languages: z.record(z.string(), languageResult),
  /** `tokenChangePercent` of all tokens together. */
  total: languageResult,
  /** Unweighted mean of the languages (Table 2's definition). */
  meanTokenChangePercent: z.number().nullable(),
  cuts: z.array(headCut),
  tokenLabel: z.string(),
  /** Ready for `board`, `samples` and `makeRecipe`. */
  filter,
});
export type ThresholdResult = z.infer<typeof thresholdResult>;

/** `fw2` null: the source has no kept flag. */
export const boardCell = z.object({
  fw2: z.enum(['kept', 'removed']).nullable(),
  jql: z.enum(['kept', 'removed']),
  documents: z.number(),
  tokens: z.number().nullable(),
  /** The most frequent first, at most 30; `reason` null where none is given. */
  reasons: z.array(
    z.object({ reason: z.string().nullable(), documents: z.number(), tokens: z.number().nullable() }),
  ),
});
export type BoardCell = z.infer<typeof boardCell>;

/** Four cells, or two when nothing says what FineWeb-2 kept. Empty cells are there with zeros. */
export const board = z.object({ cells: z.array(boardCell), tokenLabel: z.string() });
export type Board = z.infer<typeof board>;

export const sampleOrder = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('random'), seed: z.number().int() }),
  /** Smallest distance of any head's score to its threshold first. */
  z.object({ kind: z.literal('nearest-to-threshold') }),
  /** Largest difference between two heads' ranks within the language first. */
  z.object({ kind: z.literal('heads-disagree') }),
]);

export const sampleRow = z.object({
  /** As given in `paths`, or below a folder of them: opens with `datasets.document` at `row`. */
  path: z.string(),
  row: z.number(),
  id: z.string().nullable(),
  language: z.string(),
  fw2: z.enum(['kept', 'removed']).nullable(),
  filterReason: z.string().nullable(),
  tokens: z.number().nullable(),
  scores: z.record(z.string(), z.number().nullable()),
  /** Distance to the nearest threshold; null when no head has one. */
  margin: z.number().nullable(),
  /** The first 2,048 characters. */
  preview: z.string(),
  truncated: z.boolean(),
});
export type SampleRow = z.infer<typeof sampleRow>;

export const applyEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), doneRows: z.number(), totalRows: z.number() }),
  z.object({
    kind: z.literal('done'),
    output: z.string(),
    recipePath: z.string(),
    documents: z.number(),
    keptDocuments: z.number(),
    tokens: z.number().nullable(),
    keptTokens: z.number().nullable(),
    tokenLabel: z.string(),
    /** Columns that were added with what only the names of folders and files said. */
    folderColumns: z.array(z.string()),
    sizeBytes: z.number(),
    warnings: z.array(z.string()),
  }),
]);
export type ApplyEvent = z.infer<typeof applyEvent>;

export const savedRecipe = z.object({
  path: workspacePath,
  modifiedMs: z.number(),
  /** Null with a `problem`: the file is not a recipe of this version. */
  recipe: recipe.nullable(),
  problem: z.string().nullable(),
});
export type SavedRecipe = z.infer<typeof savedRecipe>;

export const qualityContract = {
  /** Streams progress while the score table is built once, then what was found. */
  describe: procedure.input(z.object(corpus)).output(eventIterator(describeEvent)),
  /** `range` null: −0.5 to 5.5 when every score lies on that scale, else the range of the scores. */
  distributions: procedure
    .input(
      z.object({
        ...corpus,
        head: headName,
        language,
        bins,
        range: z.tuple([z.number(), z.number()]).nullable().default(null),
      }),
    )
    .output(distribution),
  tokenLengths: procedure
    .input(z.object({ ...corpus, language, bins, scale: z.enum(['linear', 'log']) }))
    .output(tokenLengths),
  agreement: procedure
    .input(z.object({ ...corpus, heads, language, bins: z.number().int().min(1).max(200) }))
    .output(headAgreement),
  /** Exact, and quick enough to follow a slider. */
  thresholds: procedure.input(z.object({ ...corpus, choice: filterChoice })).output(thresholdResult),
  board: procedure.input(z.object({ ...corpus, filter, language })).output(board),
  samples: procedure
    .input(
      z.object({
        ...corpus,
        filter,
        language,
        cell: z.object({ fw2: z.enum(['kept', 'removed']).nullable(), jql: z.enum(['kept', 'removed']) }),
        /** Documents with this filter reason only; null for all. */
        reason: z.string().nullable().default(null),
        order: sampleOrder,
        limit: z.number().int().min(1).max(200),
      }),
    )
    .output(z.object({ rows: z.array(sampleRow) })),
  /** The recipe of a choice, computed exactly; nothing is written. */
  makeRecipe: procedure
    .input(
      z.object({
        ...corpus,
        choice: filterChoice,
        name: z.string().min(1).max(200),
        note: z.string().max(10_000).default(''),
      }),
    )
    .output(recipe),
  /** Writes a new file under filters/ (`overwrite` replaces an old one). */
  saveRecipe: procedure
    .input(z.object({ recipe, path: workspacePath, overwrite: z.boolean().default(false) }))
    .output(z.object({ path: workspacePath })),
  listRecipes: procedure.output(z.array(savedRecipe)),
  /** Streams the kept documents to `output` (.parquet, .jsonl, .jsonl.gz, .jsonl.zst) with the recipe beside it. */
  apply: procedure
    .input(
      z.object({
        recipe,
        ...corpus,
        output: workspacePath,
        overwrite: z.boolean().default(false),
      }),
    )
    .output(eventIterator(applyEvent)),
};
