// Contract of conversion: a checkpoint or a Hugging Face folder as a model that can be chatted with or published.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { weightTypes } from '../lib/conversion/gguf-metadata.ts';
import { procedure } from './procedure.ts';
import { workspacePath } from './workspace.ts';

/** What was written. */
export const converted = z.object({
  /** A file for GGUF, else a folder. */
  output: z.string(),
  architecture: z.string(),
  tensors: z.number(),
  /** Each weight once. */
  parameters: z.number(),
  sizeBytes: z.number(),
  durationMs: z.number(),
  /** Over names, types and values of the weights that were read: the same for every sharding of them. */
  sourceSha256: z.string(),
  warnings: z.array(z.string()),
});
export type Converted = z.infer<typeof converted>;

export const conversionEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), share: z.number() }),
  z.object({ kind: z.literal('result'), result: converted }),
]);
export type ConversionEvent = z.infer<typeof conversionEvent>;

export const conversionContract = {
  /** Ends with `result`. ALREADY_EXISTS, CORRUPT_FILE, INVALID_INPUT with a choice, DISK_FULL. */
  convert: procedure
    .input(
      z.object({
        /** Folder of weights in the workspace. */
        source: workspacePath,
        output: workspacePath,
        format: z.enum(['gguf', 'huggingface']).default('gguf'),
        type: z.enum(weightTypes).default('f16'),
        tokenizer: workspacePath.nullable().default(null),
        preTokenizer: z.string().nullable().default(null),
        name: z.string().max(200).nullable().default(null),
        replace: z.boolean().default(false),
      }),
    )
    .output(eventIterator(conversionEvent)),
};
