// `nesso vote`, `nesso replay` and `nesso model quantizations` as a person runs them, on two steps of a run.
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replayGrid } from '../../core/api/replay.ts';
import { quantizationTable } from '../../core/api/quantizations.ts';
import { voteResult, voteSummary } from '../../core/api/votes.ts';
import { emptyConversation } from '../../core/lib/conversations/new-conversation.ts';
import { voteText } from '../../core/lib/votes/vote-state.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import type { RunId } from '../../core/api/runs.ts';
import { writeSampleCheckpoint, writeSampleTokenizer } from '../support/sample-checkpoint.ts';
import { writeSavingRun } from '../support/saved-steps.ts';
import { writeSampleSteps } from '../support/sample-steps.ts';
import { type TestFolder, temporaryFolder, writeFiles } from '../support/test-core.ts';
import { startNesso } from './cli-process.ts';

let folder: TestFolder;
let state: TestFolder;
let models: readonly string[];
const nesso = (...words: readonly string[]) => startNesso(state.path, words, folder.path).ended;

beforeAll(async () => {
  ensureChildBuilt('nesso', 'cli');
  ensureChildBuilt('native-llama', 'native/llama');
  folder = await temporaryFolder();
  state = await temporaryFolder();
  const turn = { id: 'a', parentId: null, role: 'user' as const, text: 'Ciao', createdMs: 0 };
  const conversation = { ...emptyConversation('greeting', null, 0), turns: [turn] };
  await writeFiles(folder.path, {
    'studio.yaml': 'name: test\n',
    'prompts.txt': "Qual è la capitale d'Italia?\nCiao\n",
    'chats/greeting.json': JSON.stringify({
      ...conversation,
      sampling: { ...conversation.sampling, maxTokens: 8 },
    }),
  });
  models = await writeSampleSteps(folder.path, 'run-a', [
    { step: 1000, trained: 0.7 },
    { step: 2000, trained: 1, types: ['f16', 'q8_0'] },
  ]);
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
  await state[Symbol.asyncDispose]();
});

describe('the command line', () => {
  it('makes a vote, keeps its result until it is ended, then tells it', async () => {
    const [a = '', b = ''] = models;
    const made = await nesso(
      'vote',
      'create',
      'pilot',
      a,
      b,
      '--prompts',
      'prompts.txt',
      '--max-tokens',
      '16',
      '--json',
    );
    const summary = voteSummary.parse(made.json());
    expect(summary.progress).toMatchObject({ items: 2, waiting: 0 });
    const blind = await nesso('vote', 'result', 'pilot', '--json');
    expect(blind.code).toBe(1);
    expect(blind.json()).toMatchObject({ error: { code: 'CONFLICT' } });
    const line = voteText({ item: '1', choice: 'left', left: 1, atMs: 1 });
    await writeFile(join(folder.path, 'votes/pilot/ada.jsonl'), line);
    expect((await nesso('vote', 'unblind', 'pilot', '--by', 'ada')).code).toBe(0);
    const told = await nesso('vote', 'result', 'pilot', '--json');
    const { result } = told.json() as { result: unknown };
    expect(voteResult.parse(result).total).toMatchObject({ first: 0, second: 1 });
    const csv = await nesso('vote', 'result', 'pilot', '--format', 'csv');
    expect(csv.stdout).toBe('Item,Voter,Preferred\n1,ada,model-f16\n');
    expect(
      (
        await nesso('vote', 'create', 'other', a, 'models/none.gguf', '--prompts', 'prompts.txt', '--json')
      ).json(),
    ).toMatchObject({
      error: { code: 'NOT_FOUND' },
    });
  });

  it('replays a conversation through a run', async () => {
    const told = await nesso('replay', 'greeting', '--run', 'run-a', '--json');
    const grid = replayGrid.parse(told.json());
    expect(told.code).toBe(0);
    expect(grid).toMatchObject({ reference: 2000, answered: 2, wanted: 2 });
    const text = await nesso('replay', 'greeting', '--run', 'run-a');
    expect(text.stdout).toMatch(/1,000 +1,000,000 +[/∞] .*(Answers part at token|Loops)/);
    expect((await nesso('replay', 'greeting', '--run', 'nothing', '--json')).json()).toMatchObject({
      error: { code: 'NOT_FOUND' },
    });
    expect((await nesso('replay', 'none', '--run', 'run-a', '--json')).code).toBe(1);
    expect((await nesso('replay', 'greeting')).code).toBe(2);
  });

  it('replays through steps that it pulls and converts first', async () => {
    const id = 'saving-2026-11-22' as RunId;
    const checkpoints = join(folder.path, 'runs', id, 'saved');
    await writeSavingRun(folder.path, { id, target: null, checkpoints: 'saved', tokenizer: 'own' });
    await writeSampleTokenizer(join(folder.path, 'tokenizers', 'own'));
    for (const [step, trained] of [
      [10, 0.9],
      [20, 0.95],
    ] as const)
      await writeSampleCheckpoint(join(checkpoints, String(step)), { trained });
    await writeFile(join(checkpoints, 'latest.txt'), '20');
    // Without being told to, nothing is made.
    const closed = await nesso('replay', 'greeting', '--run', id, '--json');
    expect(replayGrid.parse(closed.json())).toMatchObject({ answered: 0 });
    const opened = await nesso('replay', 'greeting', '--run', id, '--open', '--type', 'f16', '--json');
    const grid = replayGrid.parse(opened.json());
    expect(grid).toMatchObject({
      reference: 20,
      answered: 2,
      wanted: 2,
      steps: [{ step: 10 }, { step: 20 }],
    });
    for (const step of [10, 20])
      expect(existsSync(join(folder.path, `checkpoints/${id}/${step}/model-f16.gguf`))).toBe(true);
  }, 120_000);

  it('measures quantizations', async () => {
    const told = await nesso(
      'model',
      'quantizations',
      models[1] ?? '',
      '--threads',
      '1',
      '--repeats',
      '1',
      '--json',
    );
    const table = quantizationTable.parse(told.json());
    expect(table.rows.map(({ quantization }) => quantization)).toEqual(['F16', 'Q8_0']);
    expect(table.device).toEqual({ threads: 1, memoryBytes: null });
    const wrong = await nesso('model', 'quantizations', models[1] ?? '', '--make', 'q9_9', '--json');
    expect(wrong.json()).toMatchObject({ error: { code: 'INVALID_INPUT' } });
  });
});
