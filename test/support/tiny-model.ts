// The committed model and what PyTorch says of it in fp32: written by resources/sample-model/expected.py.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { repositoryFolder } from './test-core.ts';

export const tinyModelPath = join(
  repositoryFolder,
  'resources/sample-workspace/models/nesso-tiny/nesso-tiny-f16.gguf',
);

const schema = z.object({
  cases: z.array(
    z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('chat'),
        messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), text: z.string() })),
        promptIds: z.array(z.number()),
        text: z.string(),
        tokens: z.number(),
        logProbabilities: z.array(z.number()),
      }),
      z.object({
        kind: z.literal('raw'),
        prompt: z.string(),
        promptIds: z.array(z.number()),
        text: z.string(),
        tokens: z.number(),
        logProbabilities: z.array(z.number()),
      }),
    ]),
  ),
  score: z.object({ text: z.string(), ids: z.array(z.number()), logProbabilities: z.array(z.number()) }),
});

export const expectedTiny = schema.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/nesso-tiny-expected.json'), 'utf8')),
);
