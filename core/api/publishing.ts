// Contract of publishing: a folder of weights on the Hugging Face hub, with a person's own token.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { procedure } from './procedure.ts';
import { workspacePath } from './workspace.ts';

/** `owner/name`, as the hub allows it. */
export const hubRepository = z
  .string()
  .regex(/^\w[\w.-]{0,95}\/\w[\w.-]{0,95}$/, 'Write owner/name, such as my-team/my-model');

export const publishPlan = z.object({
  files: z.array(z.object({ path: z.string(), sizeBytes: z.number() })),
  totalBytes: z.number(),
  /** Files of the folder that are none of a published model. */
  leftOut: z.array(z.string()),
  /** What a reader of the hub will miss: a licence, a language, a tokenizer. */
  warnings: z.array(z.string()),
  /** Whether this computer knows a token (HF_TOKEN, or `hf auth login`). */
  hasToken: z.boolean(),
});
export type PublishPlan = z.infer<typeof publishPlan>;

export const published = z.object({
  repository: z.string(),
  url: z.string(),
  /** The commit on the hub. */
  commit: z.string(),
  /** Bytes that were sent; what the hub had already was not. */
  sentBytes: z.number(),
  files: z.number(),
});
export type Published = z.infer<typeof published>;

export const publishEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), share: z.number() }),
  z.object({ kind: z.literal('result'), result: published }),
]);

export const publishingContract = {
  /** What would be sent. Nothing is. INVALID_INPUT for a folder that is no published layout. */
  plan: procedure.input(z.object({ path: workspacePath })).output(publishPlan),
  /** Ends with `result`. PERMISSION_DENIED for the token, UNAVAILABLE for the hub; asked again, it goes on after the files that arrived. */
  publish: procedure
    .input(
      z.object({
        path: workspacePath,
        repository: hubRepository,
        /** Of a repository that is made now; one that exists stays as it is. */
        visibility: z.enum(['private', 'public']).default('private'),
        /** Null for the one this computer knows. */
        token: z.string().max(500).nullable().default(null),
        message: z.string().max(300).nullable().default(null),
      }),
    )
    .output(eventIterator(publishEvent)),
};
