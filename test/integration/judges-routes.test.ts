// Judgements through core as the window uses it: started, watched, stopped and resumed by name against a real HTTP server,
// with folders of languages as the source, and their results page by page.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JudgementBoard, JudgeQuestion } from '../../core/api/judges.ts';
import { wholeDataset } from '../../core/lib/datasets/view.ts';
import { judgementLine } from '../../core/lib/judges/judgement-line.ts';
import { judgeEffort } from '../../core/lib/judges/judgement.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import {
  generation,
  type JudgeServerOptions,
  scoresWanted,
  startJudgeServer,
} from '../support/judge-server.ts';
import { obliging } from '../support/judging-folder.ts';
import {
  startTestCore,
  type TestCore,
  type TestFolder,
  temporaryFolder,
  writeFiles,
} from '../support/test-core.ts';

/** Documents of two languages, told by their folders alone; an id stands in both. */
const GERMAN = 30;
const ITALIAN = 20;
const scoresOf = (row: number): string =>
  row % 6 === 0 ? 'none none none' : row % 5 === 0 ? '1 3 5' : '3 3 2';
const documentsOf = (count: number, word: string): string =>
  Array.from(
    { length: count },
    (_, row) => `${JSON.stringify({ id: `d${row}`, text: `${word} ${row} [scores ${scoresOf(row)}]` })}\n`,
  ).join('');
const ALL = GERMAN + ITALIAN;
const rows = [...Array.from({ length: GERMAN }).keys(), ...Array.from({ length: ITALIAN }).keys()];
const INVALID = rows.filter((row) => row % 6 === 0).length;
const CONTESTED = rows.filter((row) => row % 6 !== 0 && row % 5 === 0).length;

let studio: TestCore;
let folder: TestFolder;
const judges = () => studio.client.judges;

async function questionFor(baseUrl: string, change: Partial<JudgeQuestion> = {}): Promise<JudgeQuestion> {
  const { text } = await judges().template({ name: 'educational' });
  return {
    dataset: 'data/corpus',
    textColumn: null,
    view: wholeDataset,
    selection: { kind: 'all' },
    judge: 'educational',
    template: text,
    rule: 'exact',
    endpoint: { baseUrl, api: 'chat', model: 'judge-1' },
    keyName: null,
    tokenizer: null,
    effort: judgeEffort.parse({ concurrency: 2, timeoutSeconds: 10, retries: 1 }),
    price: { input: 2, output: 10 },
    ...change,
  };
}

/** Boards as they come, until one is what was waited for. */
async function boardWhere(
  judgement: string,
  isIt: (board: JudgementBoard) => boolean,
  seen: JudgementBoard[] = [],
): Promise<JudgementBoard> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Error('the board did not come')), 90_000);
  try {
    for await (const board of await judges().watch({ judgement }, { signal: controller.signal })) {
      seen.push(board);
      if (isIt(board)) return board;
    }
    throw new Error(`the board ended as ${seen.at(-1)?.state ?? 'nothing'}`);
  } finally {
    clearTimeout(timer);
    controller.abort();
  }
}

beforeAll(async () => {
  ensureChildBuilt('native-duckdb', 'native/duckdb');
  studio = await startTestCore();
});
afterAll(() => studio[Symbol.asyncDispose]());
beforeEach(async () => {
  folder = await temporaryFolder();
  await writeFiles(folder.path, {
    'studio.yaml': 'name: test\n',
    'data/corpus/deu_Latn/000.jsonl': documentsOf(GERMAN, 'Ein Text'),
    'data/corpus/ita_Latn/000.jsonl': documentsOf(ITALIAN, 'Un testo'),
  });
  await studio.client.workspace.open({ path: folder.path });
  return () => folder[Symbol.asyncDispose]();
});

/** Answers so many requests, and the others only when the test lets it. */
function gated(answers: number): {
  readonly reply: JudgeServerOptions['reply'];
  readonly release: () => void;
} {
  let release = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  let asked = 0;
  return {
    release: () => release(),
    reply: async ({ prompt, n }) => {
      asked += 1;
      if (asked > answers) await gate;
      return {
        kind: 'texts',
        texts: Array.from({ length: n }, (_, at) => generation(scoresWanted(prompt)[at] ?? '0')),
      };
    },
  };
}

describe('a judgement of a folder of languages', () => {
  it('is estimated and tried without a trace, started, followed on its board, and finished', async () => {
    // Three to try, ten of the run.
    const { reply, release } = gated(13);
    await using server = await startJudgeServer({ reply });
    const question = await questionFor(server.baseUrl);
    const estimate = await judges().estimate({
      question,
      answerTokens: 10,
      documentsPerSecond: 4,
      sharedPrompt: true,
    });
    expect(estimate).toMatchObject({ documents: ALL, emptyDocuments: 0 });
    const tried = [];
    for await (const one of await judges().tryOut({ question, key: null, documents: 3 })) tried.push(one);
    expect(tried).toHaveLength(3);
    expect(await judges().list()).toEqual([]);
    const before = server.requests.length;

    expect(await judges().start({ judgement: 'first', question, key: null })).toEqual({ judgement: 'first' });
    const seen: JudgementBoard[] = [];
    const running = await boardWhere('first', ({ tally }) => tally.documents >= 3, seen);
    expect(running).toMatchObject({ state: 'running', isHere: true });
    expect(running.run?.limit).toBe(2);
    expect(running.newest.length).toBeGreaterThanOrEqual(3);
    await expect(judges().start({ judgement: 'first', question, key: null })).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
    });
    await expect(judges().resume({ judgement: 'first', key: null, effort: null })).rejects.toMatchObject({
      code: 'CONFLICT',
    });

    release();
    const done = await boardWhere('first', ({ state }) => state === 'finished', seen);
    expect(done).toMatchObject({ isHere: false, run: null, failure: null, brokenLines: 0 });
    expect(done.tally).toMatchObject({ documents: ALL, invalidDocuments: INVALID, samples: 3 * ALL });
    expect(done.tally.languages).toMatchObject([
      { language: 'deu_Latn', documents: GERMAN },
      { language: 'ita_Latn', documents: ITALIAN },
    ]);
    // Prices are per million tokens; this server counts 100 in and 30 out a document.
    expect(done.cost).toBeCloseTo((ALL * (100 * 2 + 30 * 10)) / 1e6, 9);
    const counts = seen.map(({ tally }) => tally.documents);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(server.requests.length - before).toBe(ALL);
    expect(await judges().list()).toMatchObject([
      {
        kind: 'judgement',
        judgement: 'first',
        state: 'finished',
        documents: ALL,
        ended: { kind: 'finished' },
      },
    ]);
  });

  it('is stopped with everything on disk that was answered, and resumed without asking twice', async () => {
    const { reply, release } = gated(6);
    await using server = await startJudgeServer({ reply });
    const question = await questionFor(server.baseUrl);
    await judges().start({ judgement: 'halted', question, key: null });
    await boardWhere('halted', ({ tally }) => tally.documents >= 5);
    await judges().stop({ judgement: 'halted' });
    release();
    const lines = async () =>
      (await readFile(join(folder.path, 'judgements', 'halted', 'annotations.jsonl'), 'utf8'))
        .trimEnd()
        .split('\n')
        .map((line) => judgementLine.parse(JSON.parse(line)));
    const kept = await lines();
    const stopped = await boardWhere('halted', ({ state }) => state !== 'running');
    expect(stopped).toMatchObject({ state: 'stopped', isHere: false, failure: null });
    expect(stopped.tally.documents).toBe(kept.length);
    expect(kept.length).toBeLessThan(ALL);
    // Stopping what does not run is no error.
    await judges().stop({ judgement: 'halted' });
    const asked = server.requests.length;
    const faster = judgeEffort.parse({ concurrency: 8, timeoutSeconds: 10, retries: 1 });
    await judges().resume({ judgement: 'halted', key: null, effort: faster });
    const done = await boardWhere('halted', ({ state }) => state === 'finished');
    expect(done.judgement.effort.concurrency).toBe(8);
    expect(server.requests.length - asked).toBe(ALL - kept.length);
    const all = await lines();
    expect(new Set(all.map(({ document_id: id, language }) => `${id} ${language}`)).size).toBe(ALL);
    expect(all).toHaveLength(ALL);
    expect(all.slice(0, kept.length)).toEqual(kept);
  });

  it('turns its results page by page: all, without a valid score, and those the samples disagree on', async () => {
    await using server = await startJudgeServer({ reply: obliging });
    await judges().start({ judgement: 'paged', question: await questionFor(server.baseUrl), key: null });
    await boardWhere('paged', ({ state }) => state === 'finished');
    const page = (only: 'all' | 'invalid' | 'contested', first: number, limit = 20) =>
      judges().results({ judgement: 'paged', only, first, limit });
    const pages = await Promise.all([page('all', 0), page('all', 20), page('all', 40), page('all', 60)]);
    expect(pages.map(({ total, lines }) => [total, lines.length])).toEqual([
      [ALL, 20],
      [ALL, 20],
      [ALL, 10],
      [ALL, 0],
    ]);
    const keys = pages.flatMap(({ lines }) =>
      lines.map(({ line }) => `${line.document_id} ${line.language}`),
    );
    expect(new Set(keys).size).toBe(ALL);
    const invalid = await page('invalid', 0, 100);
    expect(invalid.total).toBe(INVALID);
    expect(invalid.lines.every(({ score }) => score === null)).toBe(true);
    const contested = await page('contested', 0, 100);
    expect(contested.total).toBe(CONTESTED);
    expect(contested.lines.every(({ line }) => line.scores.join() === '1,3,5')).toBe(true);
    const { result } = await judges().result({ judgement: 'paged', document: 'd25' });
    expect(result).toMatchObject({ score: 3, line: { document_id: 'd25', language: 'deu_Latn' } });
    expect(await judges().result({ judgement: 'paged', document: 'nobody' })).toEqual({ result: null });
  });
});

describe('what cannot be judged', () => {
  it('ends on the board in words when the server goes away, and leaves what was judged', async () => {
    const server = await startJudgeServer({ reply: gated(4).reply });
    await judges().start({ judgement: 'left', question: await questionFor(server.baseUrl), key: null });
    await boardWhere('left', ({ tally }) => tally.documents >= 2);
    await server.stop();
    const board = await boardWhere('left', ({ failure }) => failure !== null);
    expect(board).toMatchObject({ state: 'stopped', judgement: { ended: { kind: 'server' } } });
    expect(board.failure?.hint).toContain('resume');
    expect(board.tally.documents).toBeGreaterThanOrEqual(2);
  });

  it('is refused before anything is written: a missing dataset, a broken prompt, a name that leads outside', async () => {
    await using server = await startJudgeServer({ reply: obliging });
    const start = async (change: Partial<JudgeQuestion>, judgement = 'refused') =>
      judges().start({ judgement, question: await questionFor(server.baseUrl, change), key: null });
    await expect(start({ dataset: 'data/none.jsonl' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(start({ template: 'prompt: no place for it\n' })).rejects.toMatchObject({
      code: expect.stringMatching(/INVALID_INPUT|CORRUPT_FILE/) as string,
    });
    await expect(start({}, '../outside')).rejects.toThrow();
    await expect(judges().stop({ judgement: 'nothing' })).resolves.toEqual({});
    await expect(judges().resume({ judgement: 'nothing', key: null, effort: null })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await judges().list()).toEqual([]);
    expect(server.requests).toHaveLength(0);
  });
});
