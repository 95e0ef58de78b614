// `nesso judge` when things go wrong: servers in every mood, keys, kills, two at once. Nothing is lost, nothing is paid twice.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generation, type JudgeServerOptions, startJudgeServer } from '../support/judge-server.ts';
import { type JudgingFolder, obliging, openJudgingFolder, runWords } from '../support/judging-folder.ts';
import { waitFor } from '../support/test-core.ts';
import { expectRefusal } from './cli-process.ts';
import { signalGroup } from '../support/processes.ts';

let folder: JudgingFolder;
beforeAll(async () => {
  folder = await openJudgingFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

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
    const file = folder.corpus(
      'moods.jsonl',
      moods.map((mood) => [mood, `[mood ${mood}] [scores 2 2 2]`]),
    );
    const ended = await folder.judge(runWords(file, server, 'moods', '--concurrency', '4', '--timeout', '3'))
      .ended;
    expect(ended.code, ended.stdout).toBe(0);
    const byId = new Map(folder.annotations('moods').map((line) => [line.document_id, line]));
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
    const ended = await folder.judge(
      runWords(folder.many('one.jsonl', 3), server, 'one', '--concurrency', '1'),
    ).ended;
    expect(ended.json()).toMatchObject({ documents: 3, invalidDocuments: 0 });
    expect(server.requests.map(({ n }) => n)).toEqual([3, ...Array.from({ length: 9 }, () => 1)]);
  });

  it('that is not there, or fails on everything, ends the run in words; nothing is lost and it can be resumed', async () => {
    const file = folder.many('away.jsonl', 30);
    const server = await startJudgeServer({ reply: obliging });
    await server.stop();
    const nobody = await folder.judge(runWords(file, server, 'away', '--retries', '1')).ended;
    expect(expectRefusal(nobody)).toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('There is no server at') as string,
    });
    await using failing = await startJudgeServer({
      reply: () => ({ kind: 'status', status: 500 }),
      port: Number(new URL(server.baseUrl).port),
    });
    const failed = await folder.judge(runWords(file, failing, 'away', '--retries', '0', '--concurrency', '1'))
      .ended;
    expect(expectRefusal(failed).code).toBe('UNAVAILABLE');
    expect(folder.annotations('away').length).toBe(10);
    await failing.stop();
    await using back = await startJudgeServer({
      reply: obliging,
      port: Number(new URL(server.baseUrl).port),
    });
    const resumed = await folder.judge(['resume', 'away']).ended;
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
    const ended = await folder.judge(
      runWords(folder.many('unknown.jsonl', 20), unknown, 'unknown', '--concurrency', '2'),
    ).ended;
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
    const file = folder.many('keyed.jsonl', 5);
    const right = await folder.judge(runWords(file, server, 'keyed', '--key-env', 'JUDGE_KEY'), {
      JUDGE_KEY: key,
    }).ended;
    expect(right.code, right.stdout).toBe(0);
    expect(folder.annotations('keyed')[0]?.explanations[0]).toBe(
      'You sent Bearer [key] Educational score: 2',
    );
    const wrong = await folder.judge(runWords(file, server, 'wrong', '--key-env', 'JUDGE_KEY'), {
      JUDGE_KEY: `${key}-wrong`,
    }).ended;
    expect(expectRefusal(wrong)).toMatchObject({
      code: 'PERMISSION_DENIED',
      message: 'The server answered 401: Incorrect API key provided: Bearer [key]',
    });
    const missing = await folder.judge(runWords(file, server, 'missing', '--key-env', 'JUDGE_KEY')).ended;
    expect(expectRefusal(missing).message).toContain('JUDGE_KEY is not set');
    const inUrl = await folder.judge(runWords(file, { baseUrl: `http://me:${key}@localhost/v1` }, 'url'))
      .ended;
    expect(expectRefusal(inUrl).code).toBe('INVALID_INPUT');
    const said = [right, wrong, missing, inUrl].map(({ stdout, stderr }) => stdout + stderr).join('\n');
    expect(said + folder.everything()).not.toContain(key);
    expect(readFileSync(folder.at('keyed', 'judgement.json'), 'utf8')).toContain('"keyName": "JUDGE_KEY"');
  });
});

describe('ends and going on', () => {
  it('kill -9 loses what was under way at most, and nothing that was answered is asked again', async () => {
    const file = folder.many('killed.jsonl', 60);
    // One sample an answer: documents are complete after three. What is asked beyond these answers waits for the kill.
    let answers = 0;
    let most = 0;
    const reply: JudgeServerOptions['reply'] = (_, attempt) => {
      if (answers >= most) return { kind: 'silence' };
      answers += 1;
      return { kind: 'texts', texts: [generation(String(attempt % 6))] };
    };
    await using server = await startJudgeServer({ reply });
    const words = runWords(file, server, 'killed', '--concurrency', '3');
    for (const least of [5, 20]) {
      most = 3 * least + 15;
      const { process: child, ended } = folder.judge(words);
      await waitFor(() => folder.countLines('killed') >= least && child.pid !== undefined, 150_000);
      signalGroup(child.pid, 'SIGKILL');
      expect((await ended).signal).toBe('SIGKILL');
      // As if the machine had stopped in the middle of a line.
      writeFileSync(folder.at('killed', 'annotations.jsonl'), '{"document_id": "d5', { flag: 'a' });
    }
    most = Number.POSITIVE_INFINITY;
    const before = await folder.judge(['report', 'killed']).ended;
    expect(before.json()).toMatchObject({ state: 'stopped', brokenLines: 1 });
    const ended = await folder.judge(words).ended;
    expect(ended.json(), ended.stdout).toMatchObject({ ended: 'finished', documents: 60 });
    const judged = folder.annotations('killed').map(({ document_id: id }) => id);
    expect(judged).toHaveLength(60);
    expect(new Set(judged)).toEqual(new Set(Array.from({ length: 60 }, (_, index) => `d${index}`)));
    // Two kills, three documents of three requests under way each.
    expect(server.requests.length).toBeGreaterThanOrEqual(180);
    expect(server.requests.length).toBeLessThanOrEqual(180 + 18);
    expect(readdirSync(folder.at('killed')).sort()).toEqual([
      'aggregated.jsonl',
      'annotations.jsonl',
      'judgement.json',
    ]);
    const again = await folder.judge(words).ended;
    expect(again.json()).toMatchObject({ asked: 0, documents: 60 });
  });

  it('Ctrl-C stops in order; another question in the same folder, or a changed source, is refused in words', async () => {
    let answers = 0;
    let isSilent = true;
    await using server = await startJudgeServer({
      reply: (request, attempt) => {
        answers += 1;
        return isSilent && answers > 5 ? { kind: 'silence' } : obliging(request, attempt);
      },
    });
    const file = folder.many('stopped.jsonl', 60);
    const { process: child, ended } = folder.judge(runWords(file, server, 'stopped', '--concurrency', '2'));
    await waitFor(() => folder.countLines('stopped') >= 3, 150_000);
    child.kill('SIGINT');
    const stopped = await ended;
    isSilent = false;
    expect(stopped.code).toBe(1);
    expect(stopped.json()).toMatchObject({ ended: 'stopped', documents: folder.countLines('stopped') });
    const other = await folder.judge(runWords(file, server, 'stopped', '--temperature', '0')).ended;
    expect(expectRefusal(other)).toMatchObject({
      code: 'ALREADY_EXISTS',
      message: expect.stringContaining('the prompt or sampling') as string,
    });
    folder.many('stopped.jsonl', 61);
    const changed = await folder.judge(['resume', 'stopped']).ended;
    expect(expectRefusal(changed)).toMatchObject({ code: 'CONFLICT' });
    folder.many('stopped.jsonl', 60);
    const resumed = await folder.judge(['resume', 'stopped', '--concurrency', '8']).ended;
    expect(resumed.json()).toMatchObject({ ended: 'finished', documents: 60 });
    expect(new Set(folder.annotations('stopped').map(({ document_id: id }) => id)).size).toBe(60);
  });

  it('stops by itself when too many documents have no valid score', async () => {
    await using server = await startJudgeServer({ reply: obliging });
    const ended = await folder.judge(
      runWords(
        folder.many('bad.jsonl', 200, 'none none none'),
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
    expect(folder.annotations('bad').length).toBeGreaterThanOrEqual(20);
    expect(folder.annotations('bad').length).toBeLessThanOrEqual(26);
  });

  it('several at once on one folder: all but the first are told', async () => {
    let answers = 0;
    // Answers two documents, then keeps the first run waiting for as long as the second one takes to start.
    await using server = await startJudgeServer({
      reply: (request, attempt) => {
        answers += 1;
        return answers > 2 ? { kind: 'silence' } : obliging(request, attempt);
      },
    });
    const words = runWords(folder.many('both.jsonl', 60), server, 'both', '--concurrency', '1');
    const first = folder.judge(words);
    await waitFor(() => folder.countLines('both') >= 2, 150_000);
    // Several, because what is thrown while a command closes its engine once ended the process without a word.
    const others = await Promise.all([folder.judge(words).ended, folder.judge(words).ended]);
    others.push(await folder.judge(['resume', 'both']).ended);
    for (const other of others) {
      expect(expectRefusal(other)).toMatchObject({
        code: 'CONFLICT',
        message: 'both is being judged already',
      });
    }
    first.process.kill('SIGINT');
    expect((await first.ended).code).toBe(1);
  });
});
