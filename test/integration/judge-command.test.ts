// `nesso judge` as a person runs it, against a real HTTP server in every mood: what is written, what is asked again, what is not.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aggregatedLine, judgementLine } from '../../core/lib/judges/judgement-line.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import {
  generation,
  type JudgeServer,
  type JudgeServerOptions,
  scoresWanted,
  startJudgeServer,
} from '../support/judge-server.ts';
import { type TestFolder, temporaryFolder, waitFor } from '../support/test-core.ts';
import { expectRefusal, startNesso } from './cli-process.ts';

let folder: TestFolder;
const at = (...names: string[]): string => join(folder.path, ...names);

beforeAll(async () => {
  ensureChildBuilt('nesso', 'cli');
  ensureChildBuilt('native-duckdb', 'native/duckdb');
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

/** A server that gives the scores a document asks for, all in one answer. */
const obliging: JudgeServerOptions['reply'] = ({ prompt, n }) => ({
  kind: 'texts',
  texts: Array.from({ length: n }, (_, index) => generation(scoresWanted(prompt)[index] ?? '0')),
});

function corpus(name: string, documents: readonly (readonly [string, string, string?])[]): string {
  const lines = documents.map(([id, text, language = 'deu']) => JSON.stringify({ id, text, language }));
  writeFileSync(at(name), `${lines.join('\n')}\n`);
  return name;
}

const many = (name: string, count: number, scores = '3 3 1'): string =>
  corpus(
    name,
    Array.from({ length: count }, (_, index) => [`d${index}`, `Text ${index} [scores ${scores}]`]),
  );

function judge(words: readonly string[], environment: Record<string, string> = {}) {
  for (const [name, value] of Object.entries(environment)) process.env[name] = value;
  const started = startNesso(at('state'), ['judge', ...words, '--json'], folder.path);
  for (const name of Object.keys(environment)) Reflect.deleteProperty(process.env, name);
  return started;
}

const run = (file: string, server: Pick<JudgeServer, 'baseUrl'>, output: string, ...more: string[]) => [
  ...[
    'run',
    file,
    '--judge',
    'educational',
    '--endpoint',
    server.baseUrl,
    '--model',
    'judge-1',
    '-o',
    output,
  ],
  ...more,
];

const linesOf = <T>(schema: z.ZodType<T>, path: string): readonly T[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => schema.parse(JSON.parse(line)));
const annotations = (output: string) => linesOf(judgementLine, at(output, 'annotations.jsonl'));
const ids = (output: string): readonly string[] => annotations(output).map(({ document_id: id }) => id);

/** Every byte below the folder, and what the command said. */
function everythingWritten(): string {
  return readdirSync(folder.path, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(at(name)).isFile())
    .map((name) => readFileSync(at(name), 'latin1'))
    .join('\n');
}

describe('a judgement', () => {
  it('is written in the format of ml_filter, aggregated, and read by the agreement and bench commands', async () => {
    await using server = await startJudgeServer({ reply: obliging });
    const file = corpus('plain.jsonl', [
      ['a', 'one [scores 3 3 1]'],
      ['b', 'two [scores 4 1 0]'],
      ['c', 'three [scores 1 2 none]', 'ita'],
      ['d', 'four [scores 2 empty 3.5]', 'ita'],
      ['e', 'five [scores 6 none empty]', 'ita'],
      ['f', '   '],
    ]);
    const ended = await judge(run(file, server, 'plain')).ended;
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
    const byId = new Map(annotations('plain').map((line) => [line.document_id, line]));
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
      linesOf(aggregatedLine, at('plain', 'aggregated.jsonl')).map(({ id, score }) => [id, score]),
    );
    expect(scores).toEqual({ a: 3, b: 5 / 3, c: 1.5, d: 2, e: null });
    const agreement = await startNesso(
      at('state'),
      ['quality', 'agreement', 'plain/annotations.jsonl', '--json'],
      folder.path,
    ).ended;
    expect(agreement.json()).toMatchObject({ documents: 5, ratings: 9, invalidDocuments: 1 });
    const evaluated = await startNesso(
      at('state'),
      ['quality', 'evaluate', 'plain/aggregated.jsonl', 'plain/aggregated.jsonl', '--json'],
      folder.path,
    ).ended;
    expect(evaluated.code, evaluated.stdout).toBe(0);
    const report = await judge(['report', 'plain']).ended;
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
    const parsed = await judge([
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
    expect(linesOf(aggregatedLine, at('again.jsonl')).find(({ id }) => id === 'e')?.score).toBe(5);
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
    const ended = await judge(
      run(
        many('single.jsonl', 4),
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
    for (const line of annotations('single')) {
      expect([...line.scores].sort()).toEqual([2, 3, 4]);
      expect(line.usage).toMatchObject({ counted_by: 'estimate', requests: 3 });
    }
  });

  it('never has more requests under way than it may', async () => {
    await using server = await startJudgeServer({ reply: obliging, delayMs: 30 });
    const ended = await judge(run(many('crowd.jsonl', 40), server, 'crowd', '--concurrency', '6')).ended;
    expect(ended.code, ended.stdout).toBe(0);
    expect(server.mostAtOnce()).toBeLessThanOrEqual(6);
    expect(server.mostAtOnce()).toBeGreaterThanOrEqual(4);
    expect(new Set(ids('crowd')).size).toBe(40);
  });

  it('draws the same sample for the same seed, and takes documents by id and language', async () => {
    await using server = await startJudgeServer({ reply: obliging });
    const file = corpus(
      'twins.jsonl',
      Array.from({ length: 40 }, (_, index) => [
        `d${index % 20}`,
        `t [scores 1 1 1]`,
        index < 20 ? 'deu' : 'ita',
      ]),
    );
    await judge(run(file, server, 'first', '--sample', '15', '--seed', '7')).ended;
    await judge(run(file, server, 'second', '--sample', '15', '--seed', '7')).ended;
    await judge(run(file, server, 'other', '--sample', '15', '--seed', '8')).ended;
    await judge(run(file, server, 'whole')).ended;
    const keys = (output: string) =>
      annotations(output)
        .map(({ document_id: id, language }) => `${id} ${language}`)
        .sort();
    expect(keys('first')).toHaveLength(15);
    expect(keys('second')).toEqual(keys('first'));
    expect(keys('other')).not.toEqual(keys('first'));
    expect(keys('whole')).toHaveLength(40);
  });
});

describe('a server that fails', () => {
  it('is asked again for what may pass, waits as long as it says, and is never asked again for what it refused', async () => {
    const seen: number[] = [];
    await using server = await startJudgeServer({
      reply: (request, attempt) => {
        const text = /\[mood (\w+)\]/.exec(request.prompt)?.[1] ?? 'fine';
        if (text === 'busy') seen.push(performance.now());
        if (text === 'refused')
          return { kind: 'status', status: 400, body: { error: { message: 'This text is not allowed' } } };
        if (attempt > 1) return obliging(request, attempt);
        if (text === 'busy') return { kind: 'status', status: 429, headers: { 'retry-after': '1' } };
        if (text === 'broken') return { kind: 'status', status: 500 };
        if (text === 'garbled') return { kind: 'raw', text: '{"choices": [' };
        if (text === 'leaves') return { kind: 'hang-up' };
        return text === 'silent' ? { kind: 'silence' } : obliging(request, attempt);
      },
    });
    const moods = ['fine', 'busy', 'broken', 'garbled', 'leaves', 'silent', 'refused'];
    const file = corpus(
      'moods.jsonl',
      moods.map((mood) => [mood, `[mood ${mood}] [scores 2 2 2]`]),
    );
    const ended = await judge(run(file, server, 'moods', '--concurrency', '4', '--timeout', '1')).ended;
    expect(ended.code, ended.stdout).toBe(0);
    const byId = new Map(annotations('moods').map((line) => [line.document_id, line]));
    for (const mood of moods.slice(0, -1)) expect(byId.get(mood)?.scores, mood).toEqual([2, 2, 2]);
    expect(byId.get('refused')).toMatchObject({
      scores: [null, null, null],
      document_processing_status: ['error_server', 'error_server', 'error_server'],
      errors: Array.from({ length: 3 }, () => ['The server answered 400: This text is not allowed']),
    });
    const asked = (mood: string) =>
      server.requests.filter(({ prompt }) => prompt.includes(`[mood ${mood}]`)).length;
    expect(moods.map(asked)).toEqual([1, 2, 2, 2, 2, 2, 1]);
    expect((seen[1] ?? 0) - (seen[0] ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it('that refuses several samples at once is asked for one at a time', async () => {
    await using server = await startJudgeServer({
      reply: (request, attempt) =>
        request.n > 1
          ? { kind: 'status', status: 422, body: { detail: 'n must be 1' } }
          : obliging(request, attempt),
    });
    const ended = await judge(run(many('one.jsonl', 3), server, 'one', '--concurrency', '1')).ended;
    expect(ended.json()).toMatchObject({ documents: 3, invalidDocuments: 0 });
    expect(server.requests.map(({ n }) => n)).toEqual([3, ...Array.from({ length: 9 }, () => 1)]);
  });

  it('that is not there, or fails on everything, ends the run in words; nothing is lost and it can be resumed', async () => {
    const file = many('away.jsonl', 30);
    const server = await startJudgeServer({ reply: obliging });
    await server.stop();
    const nobody = await judge(run(file, server, 'away', '--retries', '1')).ended;
    expect(expectRefusal(nobody)).toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('There is no server at') as string,
    });
    await using failing = await startJudgeServer({
      reply: () => ({ kind: 'status', status: 500 }),
      port: Number(new URL(server.baseUrl).port),
    });
    const failed = await judge(run(file, failing, 'away', '--retries', '0', '--concurrency', '1')).ended;
    expect(expectRefusal(failed).code).toBe('UNAVAILABLE');
    expect(annotations('away').length).toBe(10);
    await failing.stop();
    await using back = await startJudgeServer({
      reply: obliging,
      port: Number(new URL(server.baseUrl).port),
    });
    const resumed = await judge(['resume', 'away']).ended;
    expect(resumed.json()).toMatchObject({
      ended: 'finished',
      asked: 30,
      documents: 30,
      invalidDocuments: 0,
    });
    expect(back.requests).toHaveLength(30);
  });

  it('that does not know the model or the key ends the run at once', async () => {
    await using unknown = await startJudgeServer({
      reply: () => ({ kind: 'status', status: 404, body: { error: { message: 'no such model' } } }),
    });
    const ended = await judge(run(many('unknown.jsonl', 20), unknown, 'unknown', '--concurrency', '2')).ended;
    expect(expectRefusal(ended)).toMatchObject({
      code: 'NOT_FOUND',
      message: 'The server answered 404: no such model',
    });
    expect(unknown.requests.length).toBeLessThanOrEqual(2);
  });
});

describe('a key', () => {
  const key = 'sk-very-secret-0123456789';
  it('is sent, and lands in no file, no message and no error, whatever the server does with it', async () => {
    await using server = await startJudgeServer({
      key,
      reply: ({ authorization, n }) => ({
        kind: 'texts',
        texts: Array.from({ length: n }, () => `You sent ${authorization} Educational score: 2`),
      }),
    });
    const file = many('keyed.jsonl', 5);
    const right = await judge(run(file, server, 'keyed', '--key-env', 'JUDGE_KEY'), { JUDGE_KEY: key }).ended;
    expect(right.code, right.stdout).toBe(0);
    expect(annotations('keyed')[0]?.explanations[0]).toBe('You sent Bearer [key] Educational score: 2');
    const wrong = await judge(run(file, server, 'wrong', '--key-env', 'JUDGE_KEY'), {
      JUDGE_KEY: `${key}-wrong`,
    }).ended;
    expect(expectRefusal(wrong)).toMatchObject({
      code: 'PERMISSION_DENIED',
      message: 'The server answered 401: Incorrect API key provided: Bearer [key]',
    });
    const missing = await judge(run(file, server, 'missing', '--key-env', 'JUDGE_KEY')).ended;
    expect(expectRefusal(missing).message).toContain('JUDGE_KEY is not set');
    const inUrl = await judge(run(file, { baseUrl: `http://me:${key}@localhost/v1` }, 'url')).ended;
    expect(expectRefusal(inUrl).code).toBe('INVALID_INPUT');
    const said = [right, wrong, missing, inUrl].map(({ stdout, stderr }) => stdout + stderr).join('\n');
    expect(said + everythingWritten()).not.toContain(key);
    expect(readFileSync(at('keyed', 'judgement.json'), 'utf8')).toContain('"keyName": "JUDGE_KEY"');
  });
});

describe('ends and going on', () => {
  it('kill -9 loses what was under way at most, and nothing that was answered is asked again', async () => {
    const file = many('killed.jsonl', 60);
    // One sample an answer: documents are complete after three.
    const reply: JudgeServerOptions['reply'] = (_, attempt) => ({
      kind: 'texts',
      texts: [generation(String(attempt % 6))],
    });
    await using server = await startJudgeServer({ reply, delayMs: 25 });
    const words = run(file, server, 'killed', '--concurrency', '3');
    for (const least of [5, 20]) {
      const { process: child, ended } = judge(words);
      await waitFor(() => countLines('killed') >= least && child.pid !== undefined, 30_000);
      process.kill(-(child.pid ?? 0), 'SIGKILL');
      expect((await ended).signal).toBe('SIGKILL');
      // As if the machine had stopped in the middle of a line.
      writeFileSync(at('killed', 'annotations.jsonl'), '{"document_id": "d5', { flag: 'a' });
    }
    const before = await judge(['report', 'killed']).ended;
    expect(before.json()).toMatchObject({ state: 'stopped', brokenLines: 1 });
    const ended = await judge(words).ended;
    expect(ended.json(), ended.stdout).toMatchObject({ ended: 'finished', documents: 60 });
    expect([...ids('killed')].sort()).toEqual(Array.from({ length: 60 }, (_, index) => `d${index}`).sort());
    // Two kills, three requests under way each: no more than six answers were lost.
    expect(server.requests.length).toBeGreaterThanOrEqual(180);
    expect(server.requests.length).toBeLessThanOrEqual(186 + 3);
    expect(readdirSync(at('killed')).sort()).toEqual([
      'aggregated.jsonl',
      'annotations.jsonl',
      'judgement.json',
    ]);
    const again = await judge(words).ended;
    expect(again.json()).toMatchObject({ asked: 0, documents: 60 });
  });

  it('Ctrl-C stops in order; another question in the same folder, or a changed source, is refused in words', async () => {
    await using server = await startJudgeServer({ reply: obliging, delayMs: 40 });
    const file = many('stopped.jsonl', 60);
    const { process: child, ended } = judge(run(file, server, 'stopped', '--concurrency', '2'));
    await waitFor(() => countLines('stopped') >= 3, 30_000);
    child.kill('SIGINT');
    const stopped = await ended;
    expect(stopped.code).toBe(1);
    expect(stopped.json()).toMatchObject({ ended: 'stopped', documents: countLines('stopped') });
    const other = await judge(run(file, server, 'stopped', '--temperature', '0')).ended;
    expect(expectRefusal(other)).toMatchObject({
      code: 'ALREADY_EXISTS',
      message: expect.stringContaining('the prompt or sampling') as string,
    });
    many('stopped.jsonl', 61);
    const changed = await judge(['resume', 'stopped']).ended;
    expect(expectRefusal(changed)).toMatchObject({ code: 'CONFLICT' });
    many('stopped.jsonl', 60);
    const resumed = await judge(['resume', 'stopped', '--concurrency', '8']).ended;
    expect(resumed.json()).toMatchObject({ ended: 'finished', documents: 60 });
    expect(new Set(ids('stopped')).size).toBe(60);
  });

  it('stops by itself when too many documents have no valid score', async () => {
    await using server = await startJudgeServer({ reply: obliging });
    const ended = await judge(
      run(
        many('bad.jsonl', 200, 'none none none'),
        server,
        'bad',
        '--stop-invalid',
        '0.5',
        '--concurrency',
        '4',
      ),
    ).ended;
    expect(ended.code).toBe(1);
    expect(ended.json()).toMatchObject({ ended: 'invalid' });
    expect(annotations('bad').length).toBeGreaterThanOrEqual(20);
    expect(annotations('bad').length).toBeLessThanOrEqual(26);
  });

  it('two at once on one folder: the second is told', async () => {
    await using server = await startJudgeServer({ reply: obliging, delayMs: 40 });
    const words = run(many('both.jsonl', 60), server, 'both', '--concurrency', '1');
    const first = judge(words);
    await waitFor(() => countLines('both') >= 2, 30_000);
    const second = await judge(words).ended;
    expect(expectRefusal(second)).toMatchObject({
      code: 'CONFLICT',
      message: 'both is being judged already',
    });
    first.process.kill('SIGINT');
    expect((await first.ended).code).toBe(1);
  });
});

describe('nesso judge estimate and bad input', () => {
  it('counts prompts and prices without a server', async () => {
    const estimate = await judge([
      'estimate',
      many('cost.jsonl', 50),
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
    many('cost.jsonl', 5);
    writeFileSync(at('cost.jsonl.yaml'), 'title: x\n');
    const ended = await judge(['estimate', 'cost.jsonl', ...words]).ended;
    expect(expectRefusal(ended)).toMatchObject({ code, message: expect.stringContaining(message) as string });
  });
});

function countLines(output: string): number {
  try {
    return readFileSync(at(output, 'annotations.jsonl'), 'utf8').split('\n').length - 1;
  } catch {
    return 0;
  }
}
