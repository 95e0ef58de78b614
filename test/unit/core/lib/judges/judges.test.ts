import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { estimateJudging } from '../../../../../core/lib/judges/judge-estimate.ts';
import { importPrompt } from '../../../../../core/lib/judges/import-prompt.ts';
import {
  collapseWhitespace,
  estimatedPrompt,
  promptBuilder,
} from '../../../../../core/lib/judges/judge-prompt.ts';
import {
  judgeTemplate,
  type JudgeTemplate,
  judgeText,
  parseJudge,
} from '../../../../../core/lib/judges/judge-template.ts';
import {
  aggregateLine,
  type JudgementLine,
  parseJudgementLine,
  reparseLine,
} from '../../../../../core/lib/judges/judgement-line.ts';
import { createTally } from '../../../../../core/lib/judges/judgement-tally.ts';
import { scoreParser } from '../../../../../core/lib/judges/parse-score.ts';
import { estimatedMeter } from '../../../../../core/lib/judges/token-meter.ts';
import { cutText } from '../../../../../core/lib/tokenizers/cut-text.ts';

const shipped = join(import.meta.dirname, '../../../../../resources/judges');
const judge = (change: object = {}): JudgeTemplate =>
  judgeTemplate.parse({
    title: 'T',
    label: 'Educational score:',
    prompt: 'Judge: {document} Now.',
    ...change,
  });
const scale = { lowest: 0, highest: 5 };
const edu = { label: 'Educational score:', scale };

describe('scores in generations (JQL: last match, whole numbers on the scale only)', () => {
  const cases: readonly (readonly [string, string, number | null, string])[] = [
    ['plain', 'Educational score: 3', 3, 'success'],
    ['the last one wins', 'Educational score: 1 … no, Educational score: 4', 4, 'success'],
    [
      'a faulty last one is not replaced by an earlier one',
      'Educational score: 2\nEducational score: 3.5',
      null,
      'error_faulty_score',
    ],
    ['half points', 'Educational score: 3.5', null, 'error_faulty_score'],
    ['a whole number written with decimals', 'Educational score: 4.0', 4, 'success'],
    ['too much', 'Educational score: 6', null, 'error_faulty_score'],
    ['no space', 'Educational score:0', 0, 'success'],
    ['on the next line', 'Educational score:\n  5', 5, 'success'],
    ['out of five', 'Educational score: 4/5', 4, 'success'],
    ['below zero has no match', 'Educational score: -1', null, 'error_faulty_score'],
    ['another label', 'Adult score: 3', null, 'error_faulty_score'],
    ['announced only', "Conclude with 'Educational score: <total points>'", null, 'error_faulty_score'],
    ['nothing', ' \n ', null, 'error_no_generated_text'],
  ];
  it.each(cases)('%s', (_, text, score, status) => {
    expect(scoreParser(edu, 'exact').parse(text)).toMatchObject({ score, status });
  });
  it.each([
    ['Educational score: 3.5', 4],
    ['Educational score: 2.4', 2],
    ['Educational score: 17', 5],
  ])('round and clamp: %s is %d', (text, score) => {
    expect(scoreParser(edu, 'round-and-clamp').parse(text).score).toBe(score);
  });
  it('says where the score stands, and takes a label with signs of patterns as it is', () => {
    const { match } = scoreParser({ label: 'Score (0-5):', scale }, 'exact').parse('So. Score (0-5): 2.');
    expect(match).toEqual({ start: 4, end: 18, written: '2' });
  });
});

describe('judges as files', () => {
  it('those that are shipped are whole and come back from their text', () => {
    const names = readdirSync(shipped);
    expect(names.sort()).toEqual([
      'adult-content.yaml',
      'code-quality.yaml',
      'educational.yaml',
      'mathematics.yaml',
    ]);
    for (const name of names) {
      const parsed = parseJudge(readFileSync(join(shipped, name), 'utf8'), name);
      expect(parsed.sampling).toEqual({
        samples: 3,
        temperature: 0.7,
        top_p: 0.9,
        max_tokens: 500,
        context: 8192,
        seed: null,
      });
      expect(parsed.prompt, name).toContain(`${parsed.label} <total points>`);
      expect(parseJudge(judgeText(parsed), name)).toEqual(parsed);
    }
  });
  it.each([
    ['a: [', 'not valid YAML'],
    ['', 'the file'],
    ['title: A\nlabel: "S:"\nprompt: no place', 'prompt must contain {document} exactly once'],
    ['title: A\nlabel: "S:"\nprompt: "{document} {document}"', 'exactly once'],
    ['title: A\nlabel: "S:"\nprompt: "{document}"\nsampling: { temperature: hot }', 'sampling.temperature'],
    ['title: A\nlabel: "S:"\nprompt: "{document}"\nscale: { lowest: 5, highest: 5 }', 'lowest score'],
    ['title: A\nlabel: "S:"\nprompt: "{document}"\ntypo: 1', 'typo'],
  ])('refuses %j', (text, words) => {
    expect(() => parseJudge(text, 'mine')).toThrow(words);
  });
});

describe('imported prompts', () => {
  it('reads plain text and YAML with prompt and prompt_name', () => {
    const plain = importPrompt(
      "Rate it.\n<EXAMPLE>\nEnd with 'Educational score: <total points>'",
      'a/prompt.txt',
    );
    expect(plain.judge).toMatchObject({ title: 'prompt', label: 'Educational score:', scale });
    expect(plain.judge.prompt).toBe("Rate it.\n{document}\nEnd with 'Educational score: <total points>'");
    const yaml = importPrompt(
      'prompt: |\n  One\\nTwo {placeholder}.\n  Adult score: <n>\nprompt_name: adult_en\n',
      'p.yaml',
    );
    expect(yaml.judge).toMatchObject({ title: 'adult_en', label: 'Adult score:' });
    expect(yaml.judge.prompt).toBe('One\nTwo {document}.\nAdult score: <n>\n');
    expect(yaml.remarks.join(' ')).toContain('{placeholder} became {document}');
  });
  it('says when it had to guess the label, and refuses a prompt without a place or with two', () => {
    expect(importPrompt('{text}', 'p.txt').remarks.join(' ')).toContain('“Score:” was assumed');
    expect(() => importPrompt('nothing here', 'p.txt')).toThrow('no place for the document');
    expect(() => importPrompt('{text} and {text}', 'p.txt')).toThrow('2 places');
  });
});

describe('prompts', () => {
  it('collapse white space, put the document in its place, and keep other braces and replacement signs', async () => {
    expect(collapseWhitespace(' a\n\n\tb\u00a0 c ')).toBe('a b c');
    const braces = await promptBuilder(judge({ prompt: '{"a": $1} {document} {end}' }), estimatedMeter);
    const built = await braces.build('x $& {document}');
    expect(built.text).toBe('{"a": $1} x $& {document} {end}');
    expect(built.truncated).toBe(false);
    const keeping = await promptBuilder(judge({ whitespace: 'keep' }), estimatedMeter);
    expect((await keeping.build('a\n  b\n')).text).toBe('Judge: a\n  b Now.');
  });
  it('are never longer than the context leaves, by whole characters', async () => {
    const small = judge({ sampling: { context: 200, max_tokens: 50 } });
    const builder = await promptBuilder(small, estimatedMeter);
    for (const text of ['word '.repeat(500), 'ж'.repeat(2000), '語'.repeat(2000), '😀'.repeat(2000)]) {
      const built = await builder.build(text);
      expect(estimatedPrompt(small, text)).toEqual(built);
      expect(built.truncated).toBe(true);
      expect(built.tokens + 50).toBeLessThanOrEqual(200);
      expect(built.text).not.toContain('\uFFFD');
      expect(built.documentCharacters).toBeGreaterThan(0);
    }
    expect((await builder.build('short')).truncated).toBe(false);
    await expect(
      promptBuilder(judge({ sampling: { context: 100, max_tokens: 90 } }), estimatedMeter),
    ).rejects.toThrow('no room');
  });
  it('are cut by the tokens of a tokenizer', async () => {
    // A token a character: what a cut must be is plain to see.
    const characters = {
      encode: (text: string) => Uint32Array.from(Array.from(text, (one) => one.codePointAt(0) ?? 0)),
      decode: (ids: Uint32Array) => String.fromCodePoint(...ids),
    };
    expect(cutText(characters, 'abcdef', 4)).toEqual({ text: 'abcd', tokens: 4 });
    expect(cutText(characters, '😀😀😀', 2)).toEqual({ text: '😀😀', tokens: 2 });
    expect(cutText(characters, 'abc', 3)).toEqual({ text: 'abc', tokens: 3 });
    expect(cutText(characters, 'abc', -1)).toEqual({ text: '', tokens: 0 });
  });
});

const line = (change: Partial<JudgementLine>): JudgementLine => ({
  document_id: 'a',
  language: null,
  scores: [],
  explanations: [],
  errors: [],
  time_stamps: [],
  document_processing_status: [],
  meta_information: {
    prompt_name: 'p',
    prompt_lang: 'en',
    model_name: 'm',
    raw_data_file_path: 'f',
    out_tokens_per_second: null,
  },
  ...change,
});

describe('lines', () => {
  it.each([
    [[3, 3, 1], 3],
    [[4, 1, 0], 5 / 3],
    [[1, 2, null], 1.5],
    [[2, null, null], 2],
    [[null, null, null], null],
  ])('aggregate %j to %j (JQL)', (scores, score) => {
    expect(aggregateLine(line({ scores })).score).toBe(score);
  });
  it('are read with what ml_filter leaves out, and refused when they are something else', () => {
    const foreign = JSON.stringify({ ...line({ scores: [1.5] }), language: undefined });
    expect(parseJudgementLine(foreign)).toMatchObject({ document_id: 'a', language: null, scores: [1.5] });
    for (const text of ['', '{', '{"document_id":"a"', '[]', '{"document_id":1}', '\u0000'])
      expect(parseJudgementLine(text)).toBeNull();
  });
  it('read again by another rule, without making answers of errors', () => {
    const before = line({
      scores: [null, 2, null],
      explanations: ['Educational score: 3.5', 'Educational score: 2', ''],
      document_processing_status: ['error_faulty_score', 'success', 'error_server'],
    });
    const after = reparseLine(before, edu, 'round-and-clamp');
    expect(after.scores).toEqual([4, 2, null]);
    expect(after.document_processing_status).toEqual(['success', 'success', 'error_server']);
  });
});

describe('tally and estimate', () => {
  it('count samples, documents without any valid one, and agreement', () => {
    const tally = createTally();
    tally.add(
      line({
        language: 'deu',
        scores: [3, 3, 1],
        document_processing_status: ['success', 'success', 'success'],
      }),
    );
    tally.add(
      line({
        language: 'deu',
        scores: [null, null],
        document_processing_status: ['error_faulty_score', 'error_server'],
      }),
    );
    tally.add(
      line({
        language: 'ita',
        scores: [2, null],
        document_processing_status: ['success', 'error_no_generated_text'],
      }),
    );
    expect(tally.snapshot()).toMatchObject({
      documents: 3,
      invalidDocuments: 1,
      samples: 7,
      statuses: { success: 4, error_server: 1, error_no_generated_text: 1, error_faulty_score: 1 },
      classes: [0, 0, 1, 1, 0, 0],
      mean: 2.5,
      comparedDocuments: 1,
      majorityAgreement: 1,
      fullAgreement: 0,
      languages: [
        { language: 'deu', documents: 2, invalidDocuments: 1, invalidSamples: 2, mean: 3 },
        { language: 'ita', documents: 1, invalidDocuments: 0, invalidSamples: 1, mean: 2 },
      ],
    });
    expect(tally.snapshot().meanStandardDeviation).toBeCloseTo(Math.sqrt(8 / 9), 12);
  });
  it('multiplies prompts by requests and answers by samples', () => {
    const input = {
      documents: 1000,
      samples: 3,
      meanPromptTokens: 900,
      meanAnswerTokens: 100,
      pricePerMillion: { input: 0.5, output: 2 },
      documentsPerSecond: 4,
    };
    expect(estimateJudging({ ...input, sharedPrompt: false })).toEqual({
      documents: 1000,
      requests: 3000,
      inputTokens: 2_700_000,
      outputTokens: 300_000,
      cost: 1.95,
      seconds: 250,
    });
    expect(
      estimateJudging({ ...input, sharedPrompt: true, pricePerMillion: null, documentsPerSecond: null }),
    ).toMatchObject({
      requests: 1000,
      inputTokens: 900_000,
      cost: null,
      seconds: null,
    });
  });
});
