// Blind votes through core with two real models: answers that are made once and go on where they were stopped, what a voter may
// see, several voters at once, damaged files.
import { execFileSync } from 'node:child_process';
import { appendFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampling } from '../../core/api/generation.ts';
import type { NewVote, VoteSummary } from '../../core/api/votes.ts';
import { connectionClosed } from '../../core/rpc/connection-closed.ts';
import { voteText } from '../../core/lib/votes/vote-state.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { eventOf } from '../support/event-of.ts';
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
const votes = () => studio.client.votes;
const at = (path: string): string => join(folder.path, path);

const questions = ["Qual è la capitale d'Italia?", 'What is the capital of France?', 'Chi sei?', 'Ciao'];
const wish = (change: Partial<NewVote> = {}): NewVote => {
  const side = (index: number, label: string) => ({
    label,
    modelPath: models[index] ?? '',
    mode: 'chat' as const,
    sampling: sampling.parse({ temperature: 0, maxTokens: 24 }),
    systemPrompt: '',
    template: null,
  });
  return {
    vote: 'pilot',
    name: 'Old against new',
    seed: 5,
    source: null,
    sides: [side(0, 'first-label'), side(1, 'second-label')],
    prompts: questions.map((text, index) => ({ id: `q${index}`, messages: [{ role: 'user', text }] })),
    ...change,
  };
};

async function prepared(name: string): Promise<VoteSummary> {
  return (await eventOf(votes().prepare({ vote: name }), 'result')).result;
}

beforeAll(async () => {
  ensureChildBuilt('native-llama', 'native/llama');
  studio = await startTestCore();
  folder = await temporaryFolder();
  await writeFiles(folder.path, { 'studio.yaml': 'name: test\n' });
  models = await writeSampleSteps(folder.path, 'run-a', [
    { step: 1000, trained: 0.7 },
    { step: 2000, trained: 1 },
  ]);
  await studio.client.workspace.open({ path: folder.path });
});
afterAll(async () => {
  await studio[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

describe('a vote from beginning to end', () => {
  it('is made with the hashes of both models', async () => {
    const { sides, progress } = await votes().create(wish());
    expect(sides[0].weightsSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(sides[0].modelKey).not.toBe(sides[1].modelKey);
    expect(progress).toMatchObject({ items: 4, waiting: 4, ready: 0 });
    await expect(votes().create(wish())).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    expect(await votes().next({ vote: 'pilot', voter: 'ada', after: -1 })).toEqual({ position: null });
  });

  it('stopped while answers are made, keeps them and goes on with the rest', async () => {
    const abort = new AbortController();
    using slow = slowChildren('native-llama');
    const read = async () => {
      for await (const event of await votes().prepare({ vote: 'pilot' }, { signal: abort.signal })) {
        if (event.kind !== 'progress' || event.done < 2) continue;
        abort.abort();
        slow[Symbol.dispose]();
      }
    };
    await expect(read()).rejects.toThrow();
    const before = await readFile(at('votes/pilot/vote.json'), 'utf8');
    const { progress } = await votes().read({ vote: 'pilot' });
    expect(progress.waiting).toBeGreaterThan(0);
    const after = await prepared('pilot');
    expect(after.progress.waiting).toBe(0);
    const kept = (text: string): readonly (readonly unknown[])[] =>
      JSON.parse(text).items.map((item: { answers: unknown[] }) => item.answers);
    const whole = kept(await readFile(at('votes/pilot/vote.json'), 'utf8'));
    for (const [index, answers] of kept(before).entries()) {
      if (answers[0] !== null) expect(whole[index]?.[0]).toEqual(answers[0]);
    }
  });

  it('goes on without the window that began it, and a second window is told so', async () => {
    const window = new AbortController();
    await votes().create(wish({ vote: 'alone' }));
    using slow = slowChildren('native-llama');
    const read = async () => {
      for await (const event of await votes().prepare({ vote: 'alone' }, { signal: window.signal })) {
        if (event.kind === 'progress') window.abort(connectionClosed());
      }
    };
    const began = read().catch(() => undefined);
    const running = () => studio.core.context.activities.list().find(({ key }) => key === 'votes/alone');
    await expect.poll(() => window.signal.aborted, { timeout: 120_000 }).toBe(true);
    await expect(prepared('alone')).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(running()).toMatchObject({ state: 'running', cancellable: true });
    slow[Symbol.dispose]();
    await began;
    await expect.poll(() => running()?.state, { timeout: 120_000 }).toBe('done');
    expect((await votes().read({ vote: 'alone' })).progress.waiting).toBe(0);
    await votes().remove({ vote: 'alone' });
  });

  it('what a voter is sent does not say whose answer is whose', async () => {
    const ballot = await votes().at({ vote: 'pilot', voter: 'ada', position: 0 });
    expect(ballot).toMatchObject({ state: 'ready', leftSide: null, mine: null });
    expect(JSON.stringify(ballot)).not.toMatch(/first-label|second-label|gguf|run-a/);
    expect([ballot.left?.text, ballot.right?.text].some((text) => text?.includes('Roma'))).toBe(true);
    await expect(votes().result({ vote: 'pilot' })).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('three people vote at once and no choice is lost', async () => {
    const cast = async (voter: string) => {
      let position = (await votes().next({ vote: 'pilot', voter, after: -1 })).position;
      while (position !== null) {
        const { id, left } = await votes().at({ vote: 'pilot', voter, position });
        const choice = left?.text.includes('Roma') || left?.text.includes('Paris') ? 'left' : 'right';
        position = (await votes().cast({ vote: 'pilot', voter, item: id, choice })).next;
      }
    };
    await Promise.all(['ada', 'bob', 'eve'].map(cast));
    const { progress } = await votes().read({ vote: 'pilot' });
    expect(progress.voters.map(({ decided }) => decided)).toEqual([
      progress.ready,
      progress.ready,
      progress.ready,
    ]);
  });

  it('half a line of a crash and the marks of a merge spoil nothing else', async () => {
    const file = at('votes/pilot/eve.jsonl');
    await appendFile(file, '<<<<<<< HEAD\n{"item":"q0","cho');
    await votes().cast({ vote: 'pilot', voter: 'eve', item: 'q0', choice: 'tie' });
    const { progress } = await votes().read({ vote: 'pilot' });
    expect(progress.voters.find(({ voter }) => voter === 'eve')).toMatchObject({ brokenLines: 2 });
    const ballot = await votes().at({ vote: 'pilot', voter: 'eve', position: 0 });
    expect(ballot.mine).toBe('tie');
  });

  it('git merges what two copies of one voter said', async () => {
    const git = (...words: readonly string[]) =>
      execFileSync('git', ['-C', folder.path, '-c', 'user.name=t', '-c', 'user.email=t@t', ...words]);
    git('init', '-q', '-b', 'main');
    git('add', 'votes');
    git('commit', '-qm', 'before');
    git('checkout', '-qb', 'other');
    const line = (choice: 'left' | 'right', atMs: number) => voteText({ item: 'q1', choice, left: 0, atMs });
    await appendFile(at('votes/pilot/ada.jsonl'), line('left', 1));
    git('commit', '-qam', 'other');
    git('checkout', '-q', 'main');
    await appendFile(at('votes/pilot/ada.jsonl'), line('right', 2));
    git('commit', '-qam', 'here');
    git('merge', '-q', '--no-edit', 'other');
    const { progress } = await votes().read({ vote: 'pilot' });
    expect(progress.voters[0]?.brokenLines).toBe(0);
  });

  it('ends for everybody, and then says who is better', async () => {
    const ended = await votes().unblind({ vote: 'pilot', voter: 'ada' });
    expect(ended.unblinded?.by).toBe('ada');
    expect((await votes().unblind({ vote: 'pilot', voter: 'bob' })).unblinded?.by).toBe('ada');
    await expect(
      votes().cast({ vote: 'pilot', voter: 'bob', item: 'q0', choice: 'left' }),
    ).rejects.toMatchObject({ code: 'CONFLICT' });
    const result = await votes().result({ vote: 'pilot' });
    const bob = result.voters.find(({ voter }) => voter === 'bob');
    expect(bob?.second).toBeGreaterThan(0);
    expect((bob?.first ?? 0) + (bob?.second ?? 0)).toBe(ended.progress.ready);
    const ballot = await votes().at({ vote: 'pilot', voter: 'bob', position: 0 });
    const left = ballot.leftSide === 1;
    expect((left ? ballot.left : ballot.right)?.text).toContain('Roma');
  });
});

describe('what goes wrong', () => {
  it('a model that is another one now is not mixed in', async () => {
    await votes().create(wish({ vote: 'changed' }));
    await rename(at(models[0] ?? ''), at('kept.gguf'));
    await expect(prepared('changed')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await writeFile(at(models[0] ?? ''), await readFile(at(models[1] ?? '')));
    await expect(prepared('changed')).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('first-label'),
    });
    await rename(at('kept.gguf'), at(models[0] ?? ''));
    expect((await prepared('changed')).progress.waiting).toBe(0);
  });

  it('a damaged vote is named, and hides no other', async () => {
    const text = await readFile(at('votes/changed/vote.json'), 'utf8');
    await writeFile(at('votes/changed/vote.json'), text.slice(0, text.length / 2));
    const list = await votes().list();
    expect(list.find((entry) => entry.vote === 'changed')).toMatchObject({
      kind: 'problem',
      problem: expect.stringContaining('not valid JSON'),
    });
    expect(list.find((entry) => entry.vote === 'pilot')).toMatchObject({ kind: 'vote' });
    await writeFile(at('votes/changed/vote.json'), text.replace('"q1"', '7'));
    await expect(votes().read({ vote: 'changed' })).rejects.toMatchObject({
      code: 'CORRUPT_FILE',
      message: expect.stringContaining('items.1.id'),
    });
    await rm(at('votes/changed'), { recursive: true });
  });

  it('names that leave the folder, items and places that are not there', async () => {
    await expect(votes().read({ vote: '../pilot' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(
      votes().cast({ vote: 'pilot', voter: 'con', item: 'q0', choice: 'tie' }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(votes().at({ vote: 'pilot', voter: 'ada', position: 99 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(votes().read({ vote: 'nothing' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('empty answers and equal ones: nobody is asked about what is the same', async () => {
    const name = 'empty';
    const side = wish().sides[1];
    await votes().create(
      wish({ vote: name, sides: [side, { ...side, sampling: { ...side.sampling, stopTexts: ['R'] } }] }),
    );
    const file = at(`votes/${name}/vote.json`);
    const vote = JSON.parse(await readFile(file, 'utf8'));
    const answers = [
      ['', 'Roma'],
      ['Paris', 'Paris\n'],
      ['', '  '],
      ['Ciao', 'Salve'],
    ];
    for (const [index, texts] of answers.entries()) {
      vote.items[index].answers = texts.map((text) => ({ text, stopReason: 'end', tokens: text.length }));
    }
    await writeFile(file, JSON.stringify(vote));
    const { progress } = await votes().read({ vote: name });
    expect(progress).toMatchObject({ ready: 2, same: 2, waiting: 0 });
    await expect(votes().cast({ vote: name, voter: 'ada', item: 'q1', choice: 'tie' })).rejects.toMatchObject(
      { code: 'NOT_FOUND' },
    );
    expect(await votes().next({ vote: name, voter: 'ada', after: 0 })).toEqual({ position: 3 });
  });
});
