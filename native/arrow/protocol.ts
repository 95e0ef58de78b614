// What the Arrow child and its client say to each other: one conversion a process.
import { z } from 'zod';

export const toChild = z.object({
  path: z.string(),
  /** A Parquet file that does not exist yet. */
  target: z.string(),
  rowGroupRows: z.number().int().min(1),
  /** No further batch is read once there are this many; absent: all. */
  maxRows: z.number().int().min(1).optional(),
});
export type ToChild = z.infer<typeof toChild>;

export const fromChild = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), doneBytes: z.number() }),
  z.object({ kind: z.literal('done'), rows: z.number() }),
  z.object({
    kind: z.literal('failed'),
    reason: z.enum(['damaged', 'large', 'full', 'other']),
    message: z.string(),
  }),
]);
export type FromChild = z.infer<typeof fromChild>;
