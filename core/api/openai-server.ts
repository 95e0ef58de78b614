// Contract of the OpenAI-compatible server: other programs on this computer talk to the models of the workspace.
import { z } from 'zod';
import { procedure } from './procedure.ts';

/** Taken when nobody asks for another one, so that other programs keep their address. */
export const DEFAULT_OPENAI_PORT = 8642;

export const openaiServerState = z.object({
  /** `http://127.0.0.1:8642/v1`; null while it does not run. */
  url: z.string().nullable(),
  port: z.number().nullable(),
  /** What `latest` means now: a path in the workspace; null without a model. */
  latest: z.string().nullable(),
  needsToken: z.boolean(),
  requests: z.number(),
});
export type OpenaiServerState = z.infer<typeof openaiServerState>;

export const openaiServerContract = {
  state: procedure.output(openaiServerState),
  /** On loopback only. Does nothing where it runs already. UNAVAILABLE when the port is taken. */
  start: procedure
    .input(
      z.object({
        /** 0 chooses a free one. */
        port: z.number().int().min(0).max(65_535).default(DEFAULT_OPENAI_PORT),
        /** Programs must send it as key; null lets every program of this computer in. */
        token: z.string().min(8).max(200).nullable().default(null),
      }),
    )
    .output(openaiServerState),
  stop: procedure.output(openaiServerState),
};
