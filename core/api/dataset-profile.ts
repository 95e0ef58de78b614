// Contract of column profiles: what is in each column of a dataset, or of some of its rows.
import { z } from 'zod';

/** `from` ≤ value < the next edge; the last interval is closed. `edges` has one more element than `counts`. */
export const profileHistogram = z.object({ edges: z.array(z.number()), counts: z.array(z.number()) });
export type ProfileHistogram = z.infer<typeof profileHistogram>;

const spread = {
  min: z.number(),
  max: z.number(),
  mean: z.number(),
  /** At 25, 50 and 75 %: between two values as quantile type 7 has it when `isExact`. */
  quartiles: z.tuple([z.number(), z.number(), z.number()]),
  isExact: z.boolean(),
  histogram: profileHistogram,
};

export const numberFacts = z.object({
  ...spread,
  /** NaN and infinities: counted here, left out of everything else. */
  notFinite: z.number(),
});

/** Of texts in characters (code points), of lists in items. The edges of the histogram grow as 10, 15, 20, 30, 50, 70, 100 … */
export const lengthFacts = z.object({ ...spread, unit: z.enum(['characters', 'items']) });

export const profileValue = z.object({
  value: z.union([z.string(), z.number(), z.boolean()]),
  rows: z.number(),
});

export const columnProfile = z.object({
  name: z.string(),
  /** As DuckDB names it. */
  type: z.string(),
  nulls: z.number(),
  /** Different values; null where nobody asks (lists, objects). */
  distinct: z.object({ count: z.number(), isExact: z.boolean() }).nullable(),
  numbers: numberFacts.nullable(),
  lengths: lengthFacts.nullable(),
  /** First and last of dates and times, as text. */
  range: z.object({ first: z.string(), last: z.string() }).nullable(),
  /** The most frequent values first, of columns with few different ones. True and false of yes-or-no columns. */
  values: z.array(profileValue),
});
export type ColumnProfile = z.infer<typeof columnProfile>;

export const datasetProfile = z.object({
  /** Rows that were looked at. */
  rows: z.number(),
  /** Rows there are: more than `rows` when only the first ones were looked at. */
  totalRows: z.number(),
  columns: z.array(columnProfile),
});
export type DatasetProfile = z.infer<typeof datasetProfile>;

export const profileEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), doneRows: z.number(), totalRows: z.number() }),
  z.object({ kind: z.literal('ready'), profile: datasetProfile }),
]);
export type ProfileEvent = z.infer<typeof profileEvent>;
