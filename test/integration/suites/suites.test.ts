// Suites over real models: what is asked, kept, resumed after a kill, judged, and what moves from checkpoint to checkpoint.
import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runId } from '../../../core/api/launches.ts';
import type { SuiteTable } from '../../../core/api/suites.ts';
import { parseResult, type SuiteResult } from '../../../core/lib/suites/result.ts';
import { slowChildren } from '../../support/slow-child.ts';
import { addStages, modelOfStep, RUN, sampleWorkspace, TINY } from '../../support/suite-folder.ts';
import {
  startTestCore,
  type TestClient,
  type TestCore,
  waitFor,
  writeFiles,
} from '../../support/test-core.ts';
import { runNesso, startNesso } from '../cli-process.ts';

const QUICK = `title: Quick
language: en
maxTokens: 16
samplers: [greedy, { temperature: 0.8, seeds: [7] }]
prompts:
  - { id: italy, user: "What is the capital of Italy?", checks: [{ contains: Rome }, ends] }
  - { id: japan, user: "What is the capital of Japan?", checks: [{ contains: Tokyo }, ends] }
  - { id: france, text: "The capital of France is", checks: [{ contains: Paris }] }
  - { id: seven, user: "What is 3 plus 4?", checks: [{ regex: "\\\\b7\\\\b" }] }
  - { id: dog, user: "What sound does a dog make?", checks: [{ regex: "bark|woof" }] }
  - { id: snow, user: "What colour is snow?", checks: [{ contains: white }] }
  - { id: free, user: "Hello!" }
`;
const ANSWERS = 14;

let workspace: Awaited<ReturnType<typeof sampleWorkspace>>;
let core: TestCore;
let client: TestClient;
beforeAll(async () => {
  workspace = await sampleWorkspace();
  await addStages(workspace.path);
  await writeFiles(workspace.path, { 'suites/quick.yaml': QUICK });
  core = await startTestCore();
  client = core.client;
  await client.workspace.open({ path: workspace.path });
}, 120_000);
afterAll(async () => {
  await core[Symbol.asyncDispose]();
  await workspace[Symbol.asyncDispose]();
});

const folder = () => join(workspace.path, 'evals/suites/quick');
async function run(models: string[], suite = 'quick') {
  await client.suites.start({ suite, models });
  for await (const state of await client.suites.watch({ suite })) if (state.running === null) return state;
  throw new Error('the watch ended first');
}
async function lines(): Promise<readonly SuiteResult[]> {
  const names = await readdir(folder()).catch(() => []);
  const texts = await Promise.all(names.map((name) => readFile(join(folder(), name), 'utf8')));
  return texts.flatMap((text) => text.split('\n').flatMap((line) => parseResult(line) ?? []));
}
const greedy = (all: readonly SuiteResult[]) =>
  Object.fromEntries(
    all.filter(({ sampler }) => sampler === 'greedy').map(({ prompt, text }) => [prompt, text]),
  );

describe('a run over the checkpoints of a training', () => {
  const models = [1000, 2000, 3000].map(modelOfStep);
  let table: SuiteTable;

  it('asks every model once and tells which answers pass', async () => {
    const state = await run(models);
    expect(state).toMatchObject({ failure: null, skipped: [] });
    expect(await lines()).toHaveLength(3 * ANSWERS);
    table = await client.suites.table({ suite: 'quick' });
    expect(table.models.map(({ run: of, answers }) => [of?.step, answers])).toEqual([
      [1000, ANSWERS],
      [2000, ANSWERS],
      [3000, ANSWERS],
    ]);
    const last = table.models[2];
    expect(last?.marks[table.prompts.findIndex(({ id }) => id === 'italy')]?.[0]).toBe('p');
    expect(last?.marks[table.prompts.findIndex(({ id }) => id === 'free')]).toBe('uu');
    expect(last?.passed).toBeGreaterThan(table.models[0]?.passed ?? 0);
  });

  it('warns of what moved more than its noise, with the prompts that did', () => {
    const score = table.alerts.filter(({ kind }) => kind === 'score');
    expect(score.length).toBeGreaterThan(0);
    for (const alert of score) {
      expect(alert.direction).toBe('better');
      expect(Math.abs(alert.after - alert.before)).toBeGreaterThan(alert.noise);
      expect(alert.moved.length).toBeGreaterThan(0);
    }
  });

  it('gives the run its curve', async () => {
    const [own, ...others] = await client.suites.ofRun({ run: runId.parse(RUN) });
    expect(others).toEqual([]);
    expect(own?.points.map(({ step }) => step)).toEqual([1000, 2000, 3000]);
    const scores = own?.points.map(
      ({ measures }) => measures.find(({ kind }) => kind === 'score')?.value ?? -1,
    );
    expect(scores?.[2]).toBeGreaterThan(scores?.[0] ?? 1);
  });

  it('asks nothing again, not even when checks change', async () => {
    await run(models);
    expect(await lines()).toHaveLength(3 * ANSWERS);
    await writeFiles(workspace.path, {
      'suites/quick.yaml': QUICK.replace('contains: Rome }', 'contains: Atlantis }'),
    });
    const changed = await client.suites.table({ suite: 'quick' });
    expect(changed.models[2]?.marks[0]).toBe('ff');
    const { answers } = await client.suites.answers({
      suite: 'quick',
      model: modelOfStep(3000),
      prompt: 'italy',
    });
    expect(answers[0]?.checks[0]).toEqual({
      words: 'contains “Atlantis”',
      passed: false,
      reason: 'none of them is there',
    });
    await writeFiles(workspace.path, { 'suites/quick.yaml': QUICK });
  });

  it('asks again where the prompt, the sampler or the limit changed', async () => {
    await writeFiles(workspace.path, {
      'suites/quick.yaml': QUICK.replace('of Italy?', 'of Spain?').replace('seeds: [7]', 'seeds: [8]'),
    });
    const { models: after } = await client.suites.table({ suite: 'quick' });
    // Of seven greedy answers one is of another prompt; the seeded ones are all of another seed.
    expect(after[0]?.answers).toBe(6);
    await writeFiles(workspace.path, { 'suites/quick.yaml': QUICK });
  });

  it('gives the same greedy answers again, whatever was asked before', async () => {
    const before = (await lines()).filter(({ model }) => model === modelOfStep(2000));
    const [file] = (await readdir(folder())).filter((name) => name.includes('-f16'));
    expect(file).toBeDefined();
    await rm(folder(), { recursive: true });
    // The other way round, so that the process has seen other prompts before each.
    const reversed = QUICK.split('\n');
    const start = reversed.findIndex((line) => line.startsWith('  - { id'));
    const prompts = reversed.slice(start, start + 7).reverse();
    await writeFiles(workspace.path, {
      'suites/quick.yaml': [...reversed.slice(0, start), ...prompts, ''].join('\n'),
    });
    await run([modelOfStep(2000)]);
    expect(greedy(await lines())).toEqual(greedy(before));
    await writeFiles(workspace.path, { 'suites/quick.yaml': QUICK });
  });
});

describe('a run that ends early', () => {
  it('goes on where a kill left it, without the half line', async () => {
    await rm(folder(), { recursive: true, force: true });
    await run([TINY]);
    const whole = await lines();
    await rm(folder(), { recursive: true });
    const started = startNesso(core.stateFolder, [
      'suite',
      'run',
      'quick',
      '--models',
      TINY,
      '-w',
      workspace.path,
    ]);
    using slow = slowChildren('native-llama', started.process.pid);
    await waitFor(async () => (await lines()).length >= 3);
    started.process.kill('SIGKILL');
    slow[Symbol.dispose]();
    await started.ended;
    const kept = await lines();
    expect(kept.length).toBeLessThan(ANSWERS);
    const [file] = await readdir(folder());
    await appendFile(join(folder(), file ?? ''), '{"key":"half a li');
    const ended = await runNesso(
      core.stateFolder,
      'suite',
      'run',
      'quick',
      '--models',
      TINY,
      '-w',
      workspace.path,
      '--json',
    );
    expect(ended.code, ended.stderr + ended.stdout).toBe(0);
    const resumed = await lines();
    expect(resumed).toHaveLength(ANSWERS);
    expect(resumed.slice(0, kept.length)).toEqual(kept);
    expect(greedy(resumed)).toEqual(greedy(whole));
  });

  it('keeps what was answered when it is stopped', async () => {
    await rm(folder(), { recursive: true });
    using slow = slowChildren('native-llama');
    await client.suites.start({ suite: 'quick', models: [TINY, modelOfStep(1000), modelOfStep(2000)] });
    await expect(client.suites.start({ suite: 'quick', models: [TINY] })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await waitFor(async () => (await lines()).length > 0);
    slow.hold();
    const stopping = client.suites.stop({ suite: 'quick' });
    slow[Symbol.dispose]();
    await stopping;
    const kept = (await lines()).length;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(3 * ANSWERS);
    const state = await run([TINY]);
    expect(state.failure).toBeNull();
    expect((await lines()).filter(({ model }) => model === TINY)).toHaveLength(ANSWERS);
  });
});

describe('what is wrong', () => {
  it('with a suite is said with the line, and nothing is asked', async () => {
    await writeFiles(workspace.path, {
      'suites/broken.yaml': 'title: B\nprompts:\n  - { id: a, user: x, checks: [{ regex: "(" }] }\n',
      'suites/empty.yaml': '',
      'suites/twice.jsonl': '{"id":"a","user":"x"}\n{"id":"a","user":"y"}\n',
    });
    await expect(client.suites.start({ suite: 'broken', models: [TINY] })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/suites\/broken\.yaml.*regular expression.*\(line 3\)/),
    });
    const list = await client.suites.list();
    const problems = Object.fromEntries(list.map(({ name, problem }) => [name, problem]));
    expect(problems).toMatchObject({
      quick: null,
      empty: expect.stringContaining('empty'),
      twice: expect.stringContaining('Two prompts have the id a'),
    });
    await rm(join(workspace.path, 'suites/broken.yaml'));
    await rm(join(workspace.path, 'suites/empty.yaml'));
    await rm(join(workspace.path, 'suites/twice.jsonl'));
  });

  it('with a pattern that goes on for ever ends within its limit, once', async () => {
    await writeFiles(workspace.path, {
      'suites/slow.yaml': [
        'maxTokens: 32',
        'prompts:',
        '  - { id: a, user: "What is the capital of Italy?", checks: [{ regex: "^(?:[^§]|[^°]|[^€]|[^¥]|.|\\\\s)*§$" }] }',
        '  - { id: b, user: "What is the capital of France?", checks: [{ regex: "^(?:[^§]|[^°]|[^€]|[^¥]|.|\\\\s)*§$" }] }',
      ].join('\n'),
    });
    await run([TINY], 'slow');
    const started = performance.now();
    const { models } = await client.suites.table({ suite: 'slow' });
    // Without a limit each of them would take longer than anybody lives.
    expect(performance.now() - started).toBeLessThan(30_000);
    expect(models[0]?.marks).toEqual(['f', 'f']);
    const { answers } = await client.suites.answers({ suite: 'slow', model: TINY, prompt: 'a' });
    expect(answers[0]?.checks[0]?.reason).toMatch(/too long/);
    await rm(join(workspace.path, 'suites/slow.yaml'));
  });

  it('with a model leaves it out and goes on with the next', async () => {
    await writeFile(join(workspace.path, 'models/torn.gguf'), 'GGUF nothing more');
    const candidates = await client.suites.candidates({ suite: 'quick', run: null });
    expect(candidates.find(({ path }) => path === 'models/torn.gguf')?.problem).toBeTruthy();
    await expect(client.suites.start({ suite: 'quick', models: ['models/torn.gguf'] })).rejects.toMatchObject(
      {
        code: 'CORRUPT_FILE',
      },
    );
    await rm(join(workspace.path, 'models/torn.gguf'));
  });
});
