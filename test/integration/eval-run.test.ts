// `nesso eval run` on the sample model against what lm-eval 0.4.13 measured with the same weights in float32 and the same rows:
// test/fixtures/evaluations/make_lm_eval.py. Stopped and killed runs go on.
import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ChoiceDocument, choiceTask } from '../../core/lib/evaluations/tasks/choice-tasks.ts';
import { readSample } from '../../core/lib/evaluations/reading/read-sample.ts';
import { type ChatEngine, createChatEngine } from '../../core/services/model-runtime/engine.ts';
import { compareEvaluations } from '../../core/services/evaluations/progress/compare-files.ts';
import { EVALUATION_SEQUENCES } from '../../core/services/evaluations/local/evaluate-cell.ts';
import { type FoundResult, readEvaluations } from '../../core/services/evaluations/results/read-files.ts';
import { readRows } from '../../core/services/evaluations/tasks/read-rows.ts';
import { type ChoiceRun, runChoices } from '../support/run-choices.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { repositoryFolder, temporaryFolder } from '../support/test-core.ts';
import { expectRefusal, runNesso, startNesso } from './cli-process.ts';

const fixtures = join(repositoryFolder, 'test/fixtures/evaluations');
const modelPath = join(repositoryFolder, 'resources/sample-workspace/models/nesso-tiny/nesso-tiny-f16.gguf');
const TIME = '2026-11-22T12-00-00';
let engine: ChatEngine;

beforeAll(() => {
  ensureChildBuilt('native-llama', 'native/llama');
  ensureChildBuilt('nesso', 'cli');
  engine = createChatEngine({
    appFolder: repositoryFolder,
    settings: () => Promise.resolve({ llamaDevice: 'cpu' as const, llamaThreads: 1 }),
    sequences: EVALUATION_SEQUENCES,
  });
});
afterAll(() => engine.dispose());

const noEngine = () => {
  throw new Error('Rows of JSON need no engine');
};

async function runOf(name: string, questions: string, shots: number, folder: string): Promise<ChoiceRun> {
  const task = choiceTask(name);
  if (!task) throw new Error(`No task ${name}`);
  const rows = async (split: string): Promise<ChoiceDocument[]> =>
    (await readRows(join(fixtures, `questions/${questions}-${split}.jsonl`), noEngine)).flatMap(
      (row) => task.documentOf(row) ?? [],
    );
  const documents = await rows('test');
  return {
    task,
    model: { path: modelPath, name: 'nesso-tiny', key: 'tiny' },
    documents,
    available: documents.length,
    examples: (await rows('train')).slice(0, shots),
    contextTokens: null,
    folder,
    engine,
    studioVersion: '1.2.3',
  };
}

/** Apart by more than the two may differ, also when divided by lengths of up to 30 characters. */
function isClear(values: readonly number[]): boolean {
  const [first = 0, second = 0] = values.toSorted((a, b) => b - a);
  return first - second > 0.1;
}

const samplesOf = async (path: string) =>
  (await readFile(path, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => {
      const sample = readSample(JSON.parse(line));
      if (!sample) throw new Error('No sample');
      return sample;
    });

it('likelihoods, greedy marks and scores of all kinds of tasks are lm-eval’s', async () => {
  await using folder = await temporaryFolder();
  const cases = [
    ['m_mmlu_it', 'm_mmlu', 2, 'two-shot'],
    ['mmlu_world_religions', 'mmlu', 2, 'two-shot'],
    ['arc_it', 'm_arc', 0, 'zero-shot'],
    ['hellaswag_it', 'hellaswag', 0, 'zero-shot'],
    ['arc_challenge', 'arc', 0, 'zero-shot'],
  ] as const;
  let largest = 0;
  let choices = 0;
  for (const [name, questions, shots, place] of cases) {
    const outcome = await runChoices(await runOf(name, questions, shots, join(folder.path, name)));
    const found = await samplesOf(join(folder.path, name, outcome.samples));
    const wanted = await samplesOf(
      join(fixtures, `lm-eval/nesso-tiny/${place}/samples_local_${name}_${TIME}.jsonl`),
    );
    expect(found).toHaveLength(wanted.length);
    for (const [index, sample] of wanted.entries()) {
      const own = found[index];
      expect([own?.documentHash, own?.promptHash, own?.target]).toEqual([
        sample.documentHash,
        sample.promptHash,
        sample.target,
      ]);
      expect(own?.choices.map(({ text }) => text)).toEqual(sample.choices.map(({ text }) => text));
      for (const [choice, { logLikelihood, isGreedy }] of sample.choices.entries()) {
        const mine = own?.choices[choice];
        choices += 1;
        largest = Math.max(largest, Math.abs((mine?.logLikelihood ?? 0) / logLikelihood - 1));
        expect(mine?.isGreedy).toBe(isGreedy);
      }
      if (isClear(sample.choices.map(({ logLikelihood }) => logLikelihood)))
        expect(own?.scores).toEqual(sample.scores);
    }
  }
  expect(choices).toBeGreaterThan(300);
  // The runtime keeps keys and values in 16 bits, the harness in 32.
  expect(largest).toBeLessThan(0.005);
  const mine = await readEvaluations([join(folder.path, 'arc_it')]);
  expect(mine.problems).toEqual([]);
  expect(mine.results[0]).toMatchObject({
    harness: 'nesso',
    harnessVersion: '1.2.3',
    task: 'arc_it',
    version: '2',
    shots: 0,
    limit: 'none',
    chatTemplate: 'none',
    systemPrompt: 'none',
    samples: 17,
    available: 17,
    model: 'nesso-tiny',
  });
  // lm-eval's file names its copy of the task otherwise; all else is compared question by question.
  const theirs = await readEvaluations([join(fixtures, 'lm-eval/nesso-tiny-12000/zero-shot')]);
  const renamed: FoundResult[] = theirs.results.map((one) => ({
    ...one,
    task: one.task.replace('local_', ''),
  }));
  const { comparisons } = await compareEvaluations(
    renamed.filter(({ task }) => task === 'arc_it'),
    mine.results,
    { resamples: 100, seed: 1 },
  );
  expect(comparisons.map(({ settings }) => settings.map(({ name, weight }) => `${name} ${weight}`))).toEqual([
    ['harness remark'],
    ['harness remark'],
  ]);
}, 120_000);

it('a run that was stopped goes on where it was, and half a line is asked again', async () => {
  await using folder = await temporaryFolder();
  const run = await runOf('arc_it', 'm_arc', 0, folder.path);
  const whole = await runChoices({ ...run, folder: join(folder.path, 'whole') });
  const stop = new AbortController();
  const stopped = runChoices({ ...run, signal: stop.signal, onProgress: () => stop.abort() });
  await expect(stopped).rejects.toThrow();
  const [part = ''] = (await readdir(folder.path)).filter((name) => name.endsWith('.part'));
  expect(part).toMatch(/^\.arc_it-[0-9a-f]{16}\.part$/);
  await appendFile(join(folder.path, part), '{"doc_id": 16, "doc": {"instr');
  const again = await runChoices(run);
  expect(again.resumed).toBe(16);
  expect(again.metrics).toEqual(whole.metrics);
  const left = await readdir(folder.path);
  expect(left.filter((name) => name.endsWith('.part'))).toEqual([]);
  expect(await readFile(join(folder.path, again.samples), 'utf8')).toBe(
    await readFile(join(folder.path, 'whole', whole.samples), 'utf8'),
  );
  // A part of other questions is not gone on with.
  await writeFile(join(folder.path, part), 'not a sample\n');
  expect((await runChoices(run)).resumed).toBe(0);
  const fewer = await runChoices({ ...run, documents: run.documents.slice(0, 3) });
  const { results } = await readEvaluations([join(folder.path, fewer.results)]);
  expect(results[0]).toMatchObject({ limit: 3, samples: 3, available: 17 });
}, 180_000);

it('as a command, with what is wrong said before the model is loaded', async () => {
  await using folder = await temporaryFolder();
  const nesso = (...words: readonly string[]) =>
    runNesso(join(folder.path, 'state'), 'eval', 'run', ...words);
  const questions = ['--questions', join(fixtures, 'questions/m_mmlu-test.jsonl')];
  const out = ['--out', join(folder.path, 'out')];
  const told = await nesso(
    'm_mmlu_it',
    modelPath,
    ...questions,
    '--examples',
    join(fixtures, 'questions/m_mmlu-train.jsonl'),
    '--shots',
    '2',
    '--limit',
    '5',
    ...out,
    '--json',
  );
  expect(told.json()).toMatchObject({ task: 'm_mmlu_it', questions: 5, resumed: 0, leftOut: 0 });
  const parquet = await nesso(
    'arc_challenge',
    modelPath,
    '--questions',
    join(fixtures, 'questions/arc-test.parquet'),
    ...out,
    '--json',
  );
  const { samples } = parquet.json() as { samples: string };
  const answers = await samplesOf(join(folder.path, 'out', samples));
  const wanted = join(fixtures, `lm-eval/nesso-tiny/zero-shot/samples_local_arc_challenge_${TIME}.jsonl`);
  expect(answers.map(({ documentHash }) => documentHash)).toEqual(
    (await samplesOf(wanted)).map(({ documentHash }) => documentHash),
  );
  expect(expectRefusal(await nesso('mmlu_it', modelPath, ...questions, ...out, '--json')).message).toContain(
    'mmlu_it is no',
  );
  expect(
    expectRefusal(await nesso('hellaswag_it', modelPath, ...questions, ...out, '--json')).message,
  ).toContain('No row of the file');
  expect(
    expectRefusal(await nesso('arc_it', modelPath, ...questions, '--shots', '3', ...out, '--json')).message,
  ).toContain('without examples only');
}, 180_000);

/** Questions of the fixture with numbers, so that each is another one. */
async function writeQuestions(path: string, count: number): Promise<void> {
  const rows = (await readFile(join(fixtures, 'questions/m_arc-test.jsonl'), 'utf8')).trim().split('\n');
  const lines = Array.from({ length: count }, (_, index) => {
    const row = JSON.parse(rows[index % rows.length] ?? '{}') as { id: string; instruction: string };
    return JSON.stringify({ ...row, id: `${row.id} ${index}`, instruction: `${index}. ${row.instruction}` });
  });
  await writeFile(path, `${lines.join('\n')}\n`);
}

const answered = async (folder: string): Promise<number> => {
  const [part] = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.part'));
  if (part === undefined) return 0;
  return (await readFile(join(folder, part), 'utf8').catch(() => '')).split('\n').length - 1;
};

it('a command that was killed while it evaluates goes on where it was, with the same values', async () => {
  await using folder = await temporaryFolder();
  const out = join(folder.path, 'out');
  const questions = join(folder.path, 'questions.jsonl');
  const words = (to: string) => [
    'eval',
    'run',
    'arc_it',
    modelPath,
    '--questions',
    questions,
    '--out',
    to,
    '--json',
  ];
  const state = join(folder.path, 'state');
  let count = 40;
  // Where it is done before it could be killed, there are more questions the next time.
  for (;;) {
    await writeQuestions(questions, count);
    await rm(out, { recursive: true, force: true });
    const { process: child, ended } = startNesso(state, words(out));
    let isOver = false;
    void ended.finally(() => {
      isOver = true;
    });
    await expect.poll(async () => isOver || (await answered(out)) > 0, { timeout: 120_000 }).toBe(true);
    if (!isOver && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    const { signal, stderr } = await ended;
    if (signal === 'SIGKILL' && (await answered(out)) > 0) break;
    expect(stderr).toBe('');
    expect((count *= 4)).toBeLessThan(100_000);
  }
  const before = await answered(out);
  expect(before).toBeLessThan(count);
  const again = (await runNesso(state, ...words(out))).json();
  const whole = (await runNesso(state, ...words(join(folder.path, 'whole')))).json();
  const { samples, metrics } = whole as { samples: string; metrics: object };
  expect(again).toMatchObject({ questions: count, resumed: before, metrics });
  expect(whole).toMatchObject({ questions: count, resumed: 0 });
  expect((await readdir(out)).filter((name) => name.endsWith('.part'))).toEqual([]);
  expect(await readFile(join(out, (again as { samples: string }).samples), 'utf8')).toBe(
    await readFile(join(folder.path, 'whole', samples), 'utf8'),
  );
});
