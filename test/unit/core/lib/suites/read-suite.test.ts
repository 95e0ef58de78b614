// Suites out of files: what is read, and what is said about files that are wrong, with lines.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSuite, type ReadSuite } from '../../../../../core/lib/suites/read-suite.ts';
import { messagesOf } from '../../../../../core/lib/suites/suite.ts';

const shipped = join(import.meta.dirname, '../../../../../resources/sample-workspace/suites');
const yaml = (text: string) => readSuite(text, 'yaml', 'x');
const problemsOf = (read: ReadSuite) =>
  read.kind === 'problems' ? read.problems.map(({ line, message }) => `${line}: ${message}`) : [];
const suiteOf = (read: ReadSuite) => {
  if (read.kind === 'suite') return read.suite;
  throw new Error(JSON.stringify(read.problems));
};

describe('shipped examples', () => {
  it.each(['italiano', 'english'])('%s has at least 25 varied prompts', (name) => {
    const suite = suiteOf(yaml(readFileSync(join(shipped, `${name}.yaml`), 'utf8')));
    expect(suite.prompts.length).toBeGreaterThanOrEqual(25);
    const kinds = new Set(suite.prompts.flatMap(({ checks }) => checks.map(({ kind }) => kind)));
    expect([...kinds]).toEqual(
      expect.arrayContaining(['contains', 'regex', 'jsonSchema', 'language', 'length', 'repetition', 'ends']),
    );
    expect(suite.prompts.some(({ input }) => input.kind === 'raw')).toBe(true);
    expect(suite.samplers.map(({ id }) => id)).toEqual(['greedy', 't 0.7 seed 1']);
  });
});

describe('a suite', () => {
  it('puts the checks of the suite behind those of the prompt and the system prompt before its messages', () => {
    const suite = suiteOf(
      yaml(
        [
          'systemPrompt: Be brief.',
          'checks: [notEmpty]',
          'prompts:',
          '  - { id: a, user: Hi, checks: [{ contains: hello }] }',
          '  - { id: b, system: Own., user: Hi }',
          '  - { id: 3, text: "Once", maxTokens: 5, stop: "\\n" }',
        ].join('\n'),
      ),
    );
    expect(suite.title).toBe('x');
    expect(suite.prompts[0]?.checks.map(({ kind }) => kind)).toEqual(['contains', 'notEmpty']);
    expect(
      suite.prompts.map((prompt) => messagesOf(suite, prompt).map(({ role, text }) => `${role} ${text}`)),
    ).toEqual([['system Be brief.', 'user Hi'], ['system Own.', 'user Hi'], ['user Once']]);
    expect(suite.prompts[2]).toMatchObject({ id: '3', maxTokens: 5, stopTexts: ['\n'] });
  });

  it('makes one sampler a seed', () => {
    const suite = suiteOf(
      yaml('samplers: [greedy, { temperature: 0.5, seeds: [3, 4] }]\nprompts: [{ id: a, user: Hi }]'),
    );
    expect(suite.samplers.map(({ id, seed }) => [id, seed])).toEqual([
      ['greedy', null],
      ['t 0.5 seed 3', 3],
      ['t 0.5 seed 4', 4],
    ]);
  });

  it('comes as lines of JSON, with a first line about the suite and messages as OpenAI writes them', () => {
    const suite = suiteOf(
      readSuite(
        '{"title":"T","language":"it"}\n\n{"id":"a","messages":[{"role":"user","content":"Ciao"}],"checks":["ends"]}\n',
        'jsonl',
        'x',
      ),
    );
    expect(suite).toMatchObject({ title: 'T', language: 'it' });
    expect(suite.prompts[0]?.input).toEqual({ kind: 'chat', messages: [{ role: 'user', text: 'Ciao' }] });
  });
});

describe('a file that is wrong', () => {
  it('names every problem with its line', () => {
    const read = yaml(
      [
        'title: T',
        'prompts:',
        '  - id: a',
        '    user: Hi',
        '    checks:',
        '      - regex: "("',
        '      - contain: x',
        '  - id: a',
        '    user: Hi',
        '    text: too',
        '  - id: "bad id"',
        '    user: Hi',
        '    checks: [{ length: { min: 5, max: 2 } }]',
      ].join('\n'),
    );
    const problems = problemsOf(read);
    expect(problems).toHaveLength(5);
    expect(problems[0]).toMatch(/^6: Check 1 of prompt 1: regex is no regular expression/);
    expect(problems[1]).toMatch(/^7: Check 2 of prompt 1: there is no check contain/);
    expect(problems[2]).toMatch(/^8: Two prompts have the id a: number 1 and number 2/);
    expect(problems[3]).toMatch(/^8: Prompt a needs exactly one of/);
    expect(problems[4]).toMatch(/^13: Check 1 of prompt 3: length: min 5 is above max 2/);
  });

  it('refuses ids that no link can hold', () => {
    expect(problemsOf(yaml('prompts: [{ id: "bad id", user: Hi }]'))).toEqual([
      '1: prompts.0.id: must be letters, digits, - _ or . and at most 80 characters',
    ]);
  });

  it.each([
    ['nothing', '', /empty or a list/],
    ['no prompts', 'title: T\nprompts: []', /has no prompts/],
    ['no YAML', 'title: [', /./],
    ['an unknown field', 'tittle: T\nprompts: [{ id: a, user: b }]', /tittle/],
    ['a number for a prompt', 'prompts: [1]', /Prompt 1/],
    ['a sampler twice', 'samplers: [greedy, greedy]\nprompts: [{ id: a, user: b }]', /the same: greedy/],
    ['binary', '\u0000\u0001\u0002', /./],
  ])('with %s is refused in words', (_, text, words) => {
    const problems = problemsOf(yaml(text));
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]).toMatch(words);
  });

  it('does not unfold a bomb of aliases', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...['b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => {
        const before = String.fromCharCode(name.charCodeAt(0) - 1);
        return `${name}: &${name} [${`*${before},`.repeat(9)}]`;
      }),
    ].join('\n');
    const started = performance.now();
    expect(problemsOf(yaml(bomb)).length).toBeGreaterThan(0);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('names the lines of broken JSON', () => {
    expect(problemsOf(readSuite('{"id":"a","user":"x"}\n{oops\n', 'jsonl', 'x'))).toEqual([
      '2: This line is not JSON',
    ]);
  });

  it('says each problem at most fifty times', () => {
    const lines = Array.from({ length: 400 }, () => '  - { id: a, user: x }').join('\n');
    expect(problemsOf(yaml(`prompts:\n${lines}`))).toHaveLength(50);
  });
});
