// The tokenizers of test/fixtures/tokenizers with what the Python library says about the texts there.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { makeTokenizer, type TextTokenizer } from '../../core/lib/tokenizers/text-tokenizer.ts';

export const tokenizerFixtures = join(import.meta.dirname, '..', 'fixtures', 'tokenizers');

const encoding = z.object({
  ids: z.array(z.number()),
  starts: z.array(z.number()),
  ends: z.array(z.number()),
  added: z.array(z.number()),
  decoded: z.string(),
});
export type ExpectedEncoding = z.infer<typeof encoding>;

function json(name: string): unknown {
  return JSON.parse(readFileSync(join(tokenizerFixtures, name), 'utf8'));
}

export const tokenizerTexts = z.record(z.string(), z.string()).parse(json('texts.json'));
const expected = z.record(z.string(), z.record(z.string(), encoding)).parse(json('expected.json'));
export const tokenizerNames = Object.keys(expected);

export function loadFixture(name: string): {
  readonly tokenizer: TextTokenizer;
  readonly expected: Readonly<Record<string, ExpectedEncoding>>;
} {
  const definition = z.looseObject({}).parse(json(`${name}/tokenizer.json`));
  return { tokenizer: makeTokenizer(definition, {}), expected: expected[name] ?? {} };
}
