// A router with one procedure for each thing a transport must get right, and a record of what it saw.
import { setTimeout as sleep } from 'node:timers/promises';
import { type ContractRouterClient, eventIterator, oc } from '@orpc/contract';
import { implement } from '@orpc/server';
import { z } from 'zod';
import { errorMap, StudioError } from '../../../core/api/errors.ts';
import { typedErrors } from '../../../core/services/base.ts';

const procedure = oc.errors(errorMap);

const smallContract = {
  echo: procedure.input(z.object({ text: z.string().max(1_000_000) })).output(z.object({ text: z.string() })),
  fail: procedure.output(z.object({})),
  crash: procedure.output(z.object({})),
  hang: procedure.output(z.object({})),
  count: procedure
    .input(z.object({ to: z.number(), failAt: z.number().optional() }))
    .output(eventIterator(z.number())),
  endless: procedure.output(eventIterator(z.number())),
  numbers: procedure
    .input(z.object({ sizeBytes: z.number() }))
    .output(z.object({ data: z.instanceof(Blob) })),
};

export type SmallClient = ContractRouterClient<typeof smallContract>;

export interface Record {
  started: number;
  aborted: number;
  finished: number;
  /** Of calls that hang. */
  reason: unknown;
}

export function createSmallRouter() {
  const record: Record = { started: 0, aborted: 0, finished: 0, reason: null };
  const small = implement(smallContract).use(typedErrors);
  const router = small.router({
    echo: small.echo.handler(({ input }) => input),
    fail: small.fail.handler(() => {
      throw new StudioError('CONFLICT', 'The file changed', { hint: 'Read it again', path: 'a.yaml' });
    }),
    crash: small.crash.handler(() => {
      throw new TypeError('undefined is not a function');
    }),
    hang: small.hang.handler(async ({ signal }) => {
      record.started += 1;
      await new Promise((_, reject) => {
        signal?.addEventListener('abort', () => {
          record.aborted += 1;
          record.reason = signal.reason;
          reject(new DOMException('stopped', 'AbortError'));
        });
      });
      return {};
    }),
    count: small.count.handler(async function* ({ input }) {
      try {
        for (let value = 0; value < input.to; value += 1) {
          if (value === input.failAt) throw new StudioError('DISK_FULL', 'No space', { hint: 'Free some' });
          yield value;
        }
      } finally {
        record.finished += 1;
      }
    }),
    endless: small.endless.handler(async function* ({ signal }) {
      record.started += 1;
      try {
        for (let value = 0; ; value += 1) {
          if (signal?.aborted) record.aborted += 1;
          if (signal?.aborted) return;
          yield value;
          await sleep(2);
        }
      } finally {
        record.finished += 1;
      }
    }),
    numbers: small.numbers.handler(({ input }) => {
      const values = new Float64Array(input.sizeBytes / 8);
      for (let index = 0; index < values.length; index += 1) values[index] = index * 0.5;
      return { data: new Blob([values]) };
    }),
  });
  return { router, record };
}
