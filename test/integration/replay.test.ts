// Replay through core: a run's models asked the same questions, kept, taken up again, and steps that cannot answer.
import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampling } from '../../core/api/generation.ts';
import type { ReplayGrid, ReplayRequest } from '../../core/api/replay.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { writeSampleSteps } from '../support/sample-steps.ts';
import { slowChildren } from '../support/slow-child.ts';
import {
  startTestCore,
  type TestCore,
  type TestFolder,
  temporaryFolder,
  writeFiles,
} from '../support/test-core.ts';

let studio: TestCore;
let folder: TestFolder;
let models: readonly string[];
const at = (path: string): string => join(folder.path, path);
const replay = () => studio.client.replay;

const request = (
  change: Partial<ReplayRequest['script']> = {},
  rest: Partial<ReplayRequest> = {},
): ReplayRequest => ({
  script: {
    id: 'capitals',
    mode: 'chat',
    systemPrompt: '',
    template: null,
    addBos: true,
    sampling: sampling.parse({ temperature: 0, maxTokens: 24 }),
    turns: [
      { question: "Qual è la capitale d'Italia?", answer: 'Roma.' },
      { question: 'What is the capital of France?', answer: null },
    ],
    before: 'own',
    ...change,
  },
  runId: 'run-a',
  type: null,
  reference: null,
  ...rest,
});

async function run(asked: ReplayRequest, onProgress?: (done: number) => void): Promise<ReplayGrid> {
  for await (const event of await replay().run(asked)) {
    if (event.kind === 'result') return event.result;
    onProgress?.(event.done);
  }
  throw new Error('no result');
}
const kinds = (grid: ReplayGrid) =>
  grid.steps.map(({ cells }) => cells.map((cell) => cell?.mark.kind ?? null));
const files = async () => {
  const names = await readdir(at('evals/replays/capitals')).catch(() => []);
  return Promise.all(
    names
      .toSorted((a, b) => a.localeCompare(b))
      .map((name) => readFile(at(`evals/replays/capitals/${name}`), 'utf8')),
  );
};

beforeAll(async () => {
  ensureChildBuilt('native-llama', 'native/llama');
  studio = await startTestCore();
  folder = await temporaryFolder();
  await writeFiles(folder.path, { 'studio.yaml': 'name: test\n' });
  models = await writeSampleSteps(folder.path, 'run-a', [
    { step: 1000, trained: 0.7 },
    { step: 2000, trained: 0.9 },
    { step: 3000, trained: 1 },
  ]);
  await studio.client.workspace.open({ path: folder.path });
});
afterAll(async () => {
  await studio[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

describe('a replay', () => {
  it('is known to be possible, and nothing is answered before', async () => {
    expect(await replay().runs()).toEqual([{ runId: 'run-a', runName: 'run-a', steps: 3, types: ['f16'] }]);
    const grid = await replay().read(request());
    expect(grid).toMatchObject({ reference: null, answered: 0, wanted: 6 });
    expect(grid.steps.map(({ step }) => step)).toEqual([1000, 2000, 3000]);
  });

  it('stopped on the way keeps what was answered, newest step first', async () => {
    const abort = new AbortController();
    using slow = slowChildren('native-llama');
    const stopped = async () => {
      for await (const event of await replay().run(request(), { signal: abort.signal })) {
        if (event.kind !== 'progress' || event.done < 2) continue;
        abort.abort();
        slow[Symbol.dispose]();
      }
    };
    await expect(stopped()).rejects.toThrow();
    const grid = await replay().read(request());
    expect(grid.answered).toBeGreaterThanOrEqual(2);
    expect(grid.answered).toBeLessThan(6);
    expect(grid.reference).toBe(3000);
  });

  it('marks where each step parts from the newest, token by token', async () => {
    const grid = await run(request());
    expect(grid).toMatchObject({ answered: 6, wanted: 6, reference: 3000 });
    expect(kinds(grid)[2]).toEqual(['reference', 'reference']);
    const [babbling] = grid.steps;
    expect(babbling?.cells[0]?.mark).toMatchObject({ unit: 'token' });
    expect(['parts', 'loops']).toContain(babbling?.cells[0]?.mark.kind);
    const other = await replay().read(request({}, { reference: 1000 }));
    expect(kinds(other)[0]?.[0]).not.toBe('parts');
    expect(kinds(other)[2]?.[0]).toBe('parts');
  });

  it('gives whole answers with their tokens side by side', async () => {
    const answers = await replay().answers({ ...request(), turn: 0, steps: [1000, 3000, 4000] });
    expect(answers.map(({ step }) => step)).toEqual([1000, 3000]);
    expect(answers[1]?.text).toContain('Roma');
    expect(answers[0]?.vocabulary).toBe(answers[1]?.vocabulary);
    for (const { text, tokenIds, tokenTexts, special, logProbabilities } of answers) {
      expect(tokenIds.length).toBe(logProbabilities.length);
      expect(tokenTexts.filter((_, index) => !special.includes(index)).join('')).toBe(text);
      expect(Math.max(...logProbabilities)).toBeLessThanOrEqual(0);
    }
  });

  it('asks nothing twice, and another way of asking anew', async () => {
    const before = await files();
    expect((await run(request())).answered).toBe(6);
    expect(await files()).toEqual(before);
    const kept = await run(request({ before: 'kept' }));
    expect(kept.answered).toBe(6);
    // The first question is the same either way; the second follows another answer.
    const lines = (texts: readonly string[]) =>
      texts.reduce((sum, text) => sum + text.trim().split('\n').length, 0);
    expect(lines(await files()) - lines(before)).toBe(3);
    const warm = { sampling: sampling.parse({ temperature: 0.8, seed: 7, maxTokens: 8 }) };
    expect(await replay().read(request(warm))).toMatchObject({ answered: 0 });
  });

  it('half a line of a crash is asked again', async () => {
    const [name = ''] = (await readdir(at('evals/replays/capitals'))).toSorted();
    const path = at(`evals/replays/capitals/${name}`);
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.slice(0, text.indexOf('\n') - 20));
    expect((await replay().read(request())).answered).toBeLessThan(6);
    expect((await run(request())).answered).toBe(6);
  });
});

describe('what goes wrong', () => {
  it('answers that are drawn anew every time are refused', async () => {
    const random = request({ sampling: sampling.parse({ temperature: 0.8 }) });
    await expect(run(random)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('a model that is damaged or gone says why, and the others answer', async () => {
    const path = at(models[0] ?? '');
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, bytes.length / 2));
    const damaged = await run(request({ id: 'damaged' }));
    expect(damaged.steps[0]?.problem).toBeTruthy();
    expect(damaged.answered).toBe(4);
    await rm(path);
    const gone = await run(request({ id: 'gone' }));
    expect(gone.steps.map(({ step }) => step)).toEqual([2000, 3000]);
    await writeFile(path, bytes);
  });

  it('foreign lines between the answers do no harm', async () => {
    const [name = ''] = (await readdir(at('evals/replays/capitals'))).toSorted();
    await appendFile(at(`evals/replays/capitals/${name}`), '<<<<<<< HEAD\n\u0000\u0001\n{"key":1}\n');
    expect((await replay().read(request())).answered).toBe(6);
  });

  it('a run without models, and ids that leave the folder', async () => {
    expect(await replay().read(request({}, { runId: 'nothing' }))).toMatchObject({ steps: [], wanted: 0 });
    await expect(replay().read(request({ id: '../../x' }))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(replay().read(request({ turns: [] }))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});
