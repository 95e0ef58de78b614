// One more prompt in a suite's text: the rest stays byte for byte, and the result can be read.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addPrompt, type NewPrompt } from '../../../../../core/lib/suites/add-prompt.ts';
import { readSuite } from '../../../../../core/lib/suites/read-suite.ts';

const prompt: NewPrompt = {
  id: 'new-one',
  kind: 'user',
  text: 'Zwei Zeilen:\n"und" # mehr',
  domain: 'facts',
  contains: 'Roma, Rome',
  excludes: '',
  regex: '^\\d+',
  json: false,
  ends: true,
};
const added = (text: string, format: 'yaml' | 'jsonl' = 'yaml'): string => {
  const result = addPrompt(text, format, prompt);
  if (result.kind === 'refused') throw new Error(result.problem);
  return result.text;
};
const lastOf = (text: string, format: 'yaml' | 'jsonl' = 'yaml') => {
  const read = readSuite(text, format, 'x');
  if (read.kind === 'problems') throw new Error(JSON.stringify(read.problems));
  return read.suite.prompts.at(-1);
};

describe('a prompt that is added', () => {
  it('stands last in a shipped suite, and nothing else changes', () => {
    const path = join(import.meta.dirname, '../../../../../resources/sample-workspace/suites/italiano.yaml');
    const text = readFileSync(path, 'utf8');
    const next = added(text);
    expect(next.startsWith(text)).toBe(true);
    expect(lastOf(next)).toMatchObject({
      id: 'new-one',
      domain: 'facts',
      input: { kind: 'chat', messages: [{ role: 'user', text: prompt.text }] },
    });
    expect(lastOf(next)?.checks.slice(0, 3)).toEqual([
      { kind: 'contains', texts: ['Roma', 'Rome'], all: false, ignoreCase: true },
      { kind: 'regex', pattern: '^\\d+', ignoreCase: true },
      { kind: 'ends' },
    ]);
  });

  it('stands before what follows the prompts, at their indent', () => {
    const next = added('prompts:\n- id: a # first\n  user: x\ntitle: T');
    expect(next).toMatch(/^prompts:\n- id: a # first\n {2}user: x\n- id: new-one\n/);
    expect(next.endsWith('title: T')).toBe(true);
    expect(lastOf(next)?.id).toBe('new-one');
  });

  it('is a line of JSONL', () => {
    expect(lastOf(added('{"id":"a","user":"x"}', 'jsonl'), 'jsonl')?.id).toBe('new-one');
  });

  it.each([['prompts: [{ id: a, user: x }]'], ['title: T'], ['prompts: ['], ['']])(
    'is refused for %j',
    (text) => {
      expect(addPrompt(text, 'yaml', prompt).kind).toBe('refused');
    },
  );
});
