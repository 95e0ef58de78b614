// What the conversion child tells core.
import { z } from 'zod';
import { errorCodes, errorData } from '../../api/errors.ts';
import { converted } from '../../api/conversion.ts';

export const fromConversionChild = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), share: z.number() }),
  z.object({ kind: z.literal('done'), converted }),
  z.object({ kind: z.literal('failed'), code: z.enum(errorCodes), message: z.string(), data: errorData }),
]);
export type FromConversionChild = z.infer<typeof fromConversionChild>;
