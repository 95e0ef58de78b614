// Published benchmark tables as files of resources/reference/: values as printed, with what is known to be wrong or unclear about
// them. Recomputes the printed means. Pure: the shape of the files.
import { z } from 'zod';

const column = z.object({
  /** As the harness names the task; what the table prints is `label`. */
  task: z.string().min(1),
  label: z.string().min(1),
  metric: z.string().min(1),
  shots: z.number().int().nullable(),
  /** ISO 639-1. */
  language: z.string().length(2),
  /** Of the test set; null where the report does not say and the studio does not know. */
  questions: z.number().int().positive().nullable(),
});

const row = z.object({
  name: z.string().min(1),
  /** Of the training; null for a finished model. */
  step: z.number().int().positive().nullable(),
  /** In the order of the columns; null where the table has no value. */
  values: z.array(z.number().nullable()),
  /** In the order of `means`, as printed. */
  means: z.array(z.number().nullable()),
  flaws: z.array(z.string().min(1)),
});

export const referenceTable = z
  .object({
    /** The name of the file. */
    id: z.string().regex(/^[a-z0-9-]+$/),
    /** `Table 1`. */
    where: z.string().min(1),
    report: z.string().min(1),
    title: z.string().min(1),
    kind: z.enum(['progression', 'leaderboard']),
    /** Digits after the point, as printed. */
    digits: z.number().int().min(1).max(6),
    notes: z.array(z.string().min(1)),
    columns: z.array(column).min(1),
    /** Printed means: which columns they go over; rows without some of these are averaged over what is there. */
    means: z.array(z.object({ label: z.string().min(1), over: z.array(z.number().int().min(0)).min(1) })),
    rows: z.array(row).min(1),
  })
  .refine(({ columns, means, rows }) => {
    const places = means.flatMap(({ over }) => over);
    return (
      rows.every((one) => one.values.length === columns.length && one.means.length === means.length) &&
      places.every((place) => place < columns.length)
    );
  }, 'Rows and means have to fit the columns');
export type ReferenceTable = z.infer<typeof referenceTable>;
export type ReferenceRow = ReferenceTable['rows'][number];

export interface MeanDisagreement {
  readonly row: string;
  readonly mean: string;
  readonly printed: number;
  readonly recomputed: number;
  /** `rounding`: values with more digits than are printed can have that mean. `wrong`: none can. */
  readonly kind: 'rounding' | 'wrong';
}

/** Mean over what is there; null when nothing is. */
export function meanOver({ values }: ReferenceRow, places: readonly number[]): number | null {
  const found = places.flatMap((place) => values[place] ?? []);
  return found.length === 0 ? null : found.reduce((sum, value) => sum + value, 0) / found.length;
}

/** Printed means that are not the mean of the printed values, rounded as the table is. */
export function meanDisagreements(table: ReferenceTable): readonly MeanDisagreement[] {
  const unit = 10 ** -table.digits;
  return table.rows.flatMap((one) =>
    table.means.flatMap(({ label, over }, index) => {
      const printed = one.means[index] ?? null;
      const recomputed = meanOver(one, over);
      if (printed === null || recomputed === null) return [];
      const away = Math.abs(printed - recomputed);
      // A mean at the middle of two roundings may go either way.
      if (away <= unit / 2 + 1e-9) return [];
      // Each value may be off by half a unit, so their mean may, and the printed mean once more.
      const kind = away <= unit + 1e-9 ? ('rounding' as const) : ('wrong' as const);
      return [{ row: one.name, mean: label, printed, recomputed, kind }];
    }),
  );
}

/** Rows whose values are all those of an earlier row: two measurements never agree in every digit. */
export function repeatedRows({
  rows,
}: ReferenceTable): readonly { readonly row: string; readonly same: string }[] {
  return rows.flatMap((one, index) => {
    const text = JSON.stringify(one.values);
    const count = one.values.filter((value) => value !== null).length;
    const first = rows.slice(0, index).find(({ values }) => JSON.stringify(values) === text);
    return first === undefined || count < 2 ? [] : [{ row: one.name, same: first.name }];
  });
}
