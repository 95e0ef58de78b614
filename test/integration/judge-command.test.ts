// `nesso judge` as a person runs it, against a real HTTP server: what is asked, what is written, what it is said to cost.
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aggregatedLine } from '../../core/lib/judges/judgement-line.ts';
import { generation, scoresWanted, startJudgeServer } from '../support/judge-server.ts';
import { type JudgingFolder, obliging, openJudgingFolder, runWords } from '../support/judging-folder.ts';
import { expectRefusal } from './cli-process.ts';

let folder: JudgingFolder;
beforeAll(async () => {
  folder = await openJudgingFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('a judgement', () => {
  it('is written in the format of ml_filter, aggregated, and read by the agreement and bench commands', async () => {
    await using server = await startJudgeServer({ reply: obliging });
    const file = folder.corpus('plain.jsonl', [
      ['a', 'one [scores 3 3 1]'],
      ['b', 'two [scores 4 1 0]'],
      ['c', 'three [scores 1 2 none]', 'ita'],
      ['d', 'four [scores 2 empty 3.5]', 'ita'],
      ['e', 'five [scores 6 none empty]', 'ita'],
      ['f', '   '],
    ]);
    const ended = await folder.judge(runWords(file, server, 'plain')).ended;
    expect(ended.code, ended.stderr + ended.stdout).toBe(0);
    expect(ended.json()).toMatchObject({
      ended: 'finished',
      asked: 5,
      documents: 5,
      invalidDocuments: 1,
      promptTokens: 500,
      completionTokens: 150,
    });
    expect(server.requests).toHaveLength(5);
    expect(server.requests[0]).toMatchObject({ path: '/v1/chat/completions', n: 3, authorization: null });
    expect(server.requests[0]?.body).toMatchObject({
      model: 'judge-1',
      temperature: 0.7,
      top_p: 0.9,
      max_tokens: 500,
    });
    const byId = new Map(folder.annotations('plain').map((line) => [line.document_id, line]));
    expect(byId.get('d')).toMatchObject({
      language: 'ita',
      scores: [2, null, null],
      explanations: [generation('2'), '', generation('3.5')],
      errors: [[], [], []],
      document_processing_status: ['success', 'error_no_generated_text', 'error_faulty_score'],
      meta_information: {
        prompt_name: 'educational',
        prompt_lang: 'en',
        model_name: 'judge-1',
        raw_data_file_path: 'plain.jsonl',
      },
      usage: {
        prompt_tokens: 100,
        completion_tokens: 30,
        counted_by: 'server',
        requests: 1,
        truncated: false,
      },
    });
    const scores = Object.fromEntries(
      folder.linesOf(aggregatedLine, 'plain/aggregated.jsonl').map(({ id, score }) => [id, score]),
    );
    expect(scores).toEqual({ a: 3, b: 5 / 3, c: 1.5, d: 2, e: null });
    const agreement = await folder.nesso(['quality', 'agreement', 'plain/annotations.jsonl', '--json']).ended;
    expect(agreement.json()).toMatchObject({ documents: 5, ratings: 9, invalidDocuments: 1 });
    const evaluated = await folder.nesso([
      'quality',
      'evaluate',
      'plain/aggregated.jsonl',
      'plain/aggregated.jsonl',
      '--json',
    ]).ended;
    expect(evaluated.code, evaluated.stdout).toBe(0);
    const report = await folder.judge(['report', 'plain']).ended;
    expect(report.json()).toMatchObject({
      state: 'finished',
      documents: 5,
      invalidDocuments: 1,
      statuses: { success: 9, error_no_generated_text: 2, error_faulty_score: 4, error_server: 0 },
      languages: [
        { language: 'deu', documents: 2, invalidDocuments: 0 },
        { language: 'ita', documents: 3, invalidDocuments: 1 },
      ],
    });
    const parsed = await folder.judge([
      'parse',
      'plain',
      '--judge',
      'educational',
      '--rule',
      'round-and-clamp',
      '--aggregated',
      'again.jsonl',
    ]).ended;
    expect(parsed.json()).toMatchObject({ changedDocuments: 2, now: { invalidDocuments: 0 } });
    expect(folder.linesOf(aggregatedLine, 'again.jsonl').find(({ id }) => id === 'e')?.score).toBe(5);
  });

  it('asks one sample at a time when the server gives one, in completions too', async () => {
    await using server = await startJudgeServer({
      reply: ({ prompt, body }, attempt) => ({
        kind: 'texts',
        texts: [
          generation(
            body['seed'] === undefined
              ? (scoresWanted(prompt)[attempt - 1] ?? '0')
              : String(Number(body['seed']) % 6),
          ),
        ],
        usage: false,
      }),
    });
    const ended = await folder.judge(
      runWords(
        folder.many('single.jsonl', 4),
        server,
        'single',
        '--api',
        'completions',
        '--request-seed',
        '2',
        '--concurrency',
        '2',
      ),
    ).ended;
    expect(ended.code, ended.stdout).toBe(0);
    expect(server.requests).toHaveLength(12);
    expect(server.requests.every(({ path }) => path === '/v1/completions')).toBe(true);
    expect(server.mostAtOnce()).toBeLessThanOrEqual(2);
    for (const line of folder.annotations('single')) {
      expect([...line.scores].sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual([2, 3, 4]);
      expect(line.usage).toMatchObject({ counted_by: 'estimate', requests: 3 });
    }
  });

  it('never has more requests under way than it may', async () => {
    await using server = await startJudgeServer({ reply: obliging, delayMs: 30 });
    const ended = await folder.judge(
      runWords(folder.many('crowd.jsonl', 40), server, 'crowd', '--concurrency', '6'),
    ).ended;
    expect(ended.code, ended.stdout).toBe(0);
    expect(server.mostAtOnce()).toBeLessThanOrEqual(6);
    expect(server.mostAtOnce()).toBeGreaterThanOrEqual(4);
    expect(new Set(folder.annotations('crowd').map(({ document_id: id }) => id)).size).toBe(40);
  });

  it('draws the same sample for the same seed, and takes documents by id and language', async () => {
    await using server = await startJudgeServer({ reply: obliging });
    const file = folder.corpus(
      'twins.jsonl',
      Array.from({ length: 40 }, (_, index) => [
        `d${index % 20}`,
        `t [scores 1 1 1]`,
        index < 20 ? 'deu' : 'ita',
      ]),
    );
    await folder.judge(runWords(file, server, 'first', '--sample', '15', '--seed', '7')).ended;
    await folder.judge(runWords(file, server, 'second', '--sample', '15', '--seed', '7')).ended;
    await folder.judge(runWords(file, server, 'other', '--sample', '15', '--seed', '8')).ended;
    await folder.judge(runWords(file, server, 'whole')).ended;
    const keys = (output: string) =>
      folder
        .annotations(output)
        .map(({ document_id: id, language }) => `${id} ${language}`)
        .sort();
    expect(keys('first')).toHaveLength(15);
    expect(keys('second')).toEqual(keys('first'));
    expect(keys('other')).not.toEqual(keys('first'));
    expect(keys('whole')).toHaveLength(40);
  });
});

describe('nesso judge estimate and bad input', () => {
  it('counts prompts and prices without a server', async () => {
    const estimate = await folder.judge([
      'estimate',
      folder.many('cost.jsonl', 50),
      '--judge',
      'educational',
      '--sample',
      '20',
      '--price-in',
      '1',
      '--price-out',
      '2',
      '--rate',
      '4',
      '--answer-tokens',
      '100',
    ]).ended;
    const found = estimate.json() as Record<string, number>;
    expect(found).toMatchObject({
      documents: 20,
      requests: 60,
      lookedAt: 20,
      outputTokens: 6000,
      seconds: 5,
    });
    expect(found['cost']).toBeCloseTo(((found['inputTokens'] ?? 0) + 12_000) / 1e6, 9);
  });

  it.each([
    ['a judge that is not there', ['--judge', 'nobody'], 'NOT_FOUND', 'There is no judge nobody'],
    [
      'a context without room',
      ['--judge', 'educational', '--context', '600'],
      'INVALID_INPUT',
      'leaves no room',
    ],
    [
      'a column that is not there',
      ['--judge', 'educational', '--text-column', 'words'],
      'INVALID_INPUT',
      'no column words',
    ],
    ['a judge that is not one', ['--judge', './cost.jsonl.yaml'], 'INVALID_INPUT', 'cannot be used'],
  ])('%s', async (_, words, code, message) => {
    folder.many('cost.jsonl', 5);
    writeFileSync(folder.at('cost.jsonl.yaml'), 'title: x\n');
    const ended = await folder.judge(['estimate', 'cost.jsonl', ...words]).ended;
    expect(expectRefusal(ended)).toMatchObject({ code, message: expect.stringContaining(message) as string });
  });
});
