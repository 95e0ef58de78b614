// The command line as scripts use it: the exact JSON of each command, exit codes, and only JSON on stdout.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { modelDetail } from '../../core/api/models.ts';
import { recipe, run } from '../../core/api/runs.ts';
import { doctorReport } from '../../core/api/system.ts';
import { workspaceInfo } from '../../core/api/workspace.ts';
import { ensureBuilt } from '../../scripts/ensure-built.mjs';
import { childPids, signalGroup } from '../support/processes.ts';
import { slowChildren } from '../support/slow-child.ts';
import {
  repositoryFolder,
  type TestFolder,
  temporaryFolder,
  waitFor,
  writeFiles,
} from '../support/test-core.ts';
import { type Ended, expectRefusal, runNesso, startNesso } from './cli-process.ts';

const sample = join(repositoryFolder, 'resources', 'sample-workspace');
const zagreus = join(sample, 'configs', 'zagreus-0.4B-ita.yaml');
const smol = join(sample, 'configs', 'smollm2-135m.yaml');
const documents = join(sample, 'data', 'documents.jsonl');
const model = join(sample, 'models', 'nesso-tiny', 'nesso-tiny-f16.gguf');

let state: TestFolder;
let folder: TestFolder;
const nesso = (...words: readonly string[]) => runNesso(state.path, ...words);
const inFolder = (name: string) => join(folder.path, name);

beforeAll(async () => {
  ensureBuilt();
  state = await temporaryFolder();
  folder = await temporaryFolder();
});
afterAll(async () => {
  await state[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** Exit code and document of a command that printed nothing else. */
function parsed<T extends z.ZodType>(ended: Ended, code: 0 | 1, schema: T): z.output<T> {
  expect([ended.code, ended.signal], ended.stdout + ended.stderr).toEqual([code, null]);
  expect(ended.stderr).toBe('');
  return schema.parse(ended.json());
}

const finding = z.object({
  code: z.string().min(1),
  severity: z.enum(['error', 'warning', 'info']),
  line: z.number().int().min(1),
  column: z.number().int().min(1),
  message: z.string().min(1),
  fix: z.object({ title: z.string() }).optional(),
});
const checked = z.object({
  kind: z.string(),
  findings: z.array(finding),
  derived: z
    .object({
      parameters: z.number(),
      tokensPerStep: z.number().nullable(),
      totalTokens: z.number().nullable(),
      flopsPerToken: z.number(),
      memoryPerGpuBytes: z.record(z.string(), z.unknown()),
    })
    .nullable(),
});

describe('nesso config', () => {
  it('check: findings with their places, and the derived numbers of the published config', async () => {
    const { kind, findings, derived } = parsed(
      await nesso('config', 'check', zagreus, '--gpus', '64', '--json'),
      1,
      checked,
    );
    expect(kind).toBe('nanotron');
    expect(findings.length).toBeGreaterThan(3);
    expect(findings.some((one) => one.fix !== undefined)).toBe(true);
    expect(derived).toMatchObject({ parameters: 437_760_960, tokensPerStep: 1_048_576 });
    expect(derived?.flopsPerToken).toBeCloseTo(4.136141e9, -4);
    expect(derived?.totalTokens).toBe(1_048_576 * 2_000_000);
    const { total, ...parts } = z.record(z.string(), z.unknown()).parse(derived?.memoryPerGpuBytes);
    const sum = Object.values(parts)
      .filter((part) => typeof part === 'number')
      .reduce((a, b) => a + b, 0);
    expect(sum).toBe(total);
    expect(sum).toBeGreaterThan(437_760_960 * 12);
  });

  it('check: a different number of GPUs is a finding of its own', async () => {
    const right = parsed(await nesso('config', 'check', zagreus, '--gpus', '64', '--json'), 1, checked);
    const wrong = parsed(await nesso('config', 'check', zagreus, '--gpus', '24', '--json'), 1, checked);
    const codes = (result: typeof right) => new Set(result.findings.map((one) => one.code));
    expect([...codes(wrong)].filter((code) => !codes(right).has(code)).length).toBeGreaterThan(0);
  });

  it('check --fix: leaves a clean file and says so with 0', async () => {
    await copyFile(zagreus, inFolder('fixed.yaml'));
    const fixed = await nesso('config', 'check', inFolder('fixed.yaml'), '--fix', '--json');
    const { findings } = checked.parse(fixed.json());
    expect(findings.filter((one) => one.severity !== 'info')).toEqual([]);
    expect(fixed.code).toBe(0);
  });

  it('set: changes one line, keeps every comment, and reports what stood there', async () => {
    const path = inFolder('set.yaml');
    await copyFile(zagreus, path);
    const before = (await readFile(path, 'utf8')).split('\n');
    const result = parsed(
      await nesso('config', 'set', path, 'tokens.micro_batch_size', '8', '--json'),
      0,
      z.object({
        key: z.string(),
        changed: z.boolean(),
        before: z.string(),
        after: z.string(),
        line: z.number(),
      }),
    );
    expect(result).toMatchObject({ key: 'tokens.micro_batch_size', changed: true, before: '4', after: '8' });
    const after = (await readFile(path, 'utf8')).split('\n');
    expect(after).toHaveLength(before.length);
    const changed = after.flatMap((line, index) => (line === before[index] ? [] : [index + 1]));
    expect(changed).toEqual([result.line]);
    expect(after[result.line - 1]).toBe(before[result.line - 1]?.replace('4', '8'));
    const comments = (lines: readonly string[]) => lines.filter((line) => line.includes('#'));
    expect(comments(after)).toEqual(comments(before));
  });

  it('set: refuses a key that does not fit and leaves the bytes alone', async () => {
    const path = inFolder('kept.yaml');
    await copyFile(zagreus, path);
    expectRefusal(await nesso('config', 'set', path, 'tokens.micro_batch_size.deeper', '8', '--json'));
    expectRefusal(await nesso('config', 'set', path, 'tokens[', '8', '--json'));
    expect(await readFile(path)).toEqual(await readFile(zagreus));
  });

  it('diff: key by key and in words; 0 only when nothing differs', async () => {
    const shape = z.object({
      summary: z.string().min(1),
      changes: z.array(z.object({ kind: z.enum(['added', 'removed', 'changed']), path: z.string() })),
    });
    const different = parsed(await nesso('config', 'diff', zagreus, smol, '--json'), 1, shape);
    expect(different.changes.some((change) => change.path.includes('hidden_size'))).toBe(true);
    expect(parsed(await nesso('config', 'diff', smol, smol, '--json'), 0, shape).changes).toEqual([]);
  });
});

describe('nesso data', () => {
  it('histogram: agrees with a count made here from the lines of the file', async () => {
    const shape = z.strictObject({
      column: z.string(),
      rows: z.number(),
      nulls: z.number(),
      edges: z.array(z.number()),
      counts: z.array(z.number()),
    });
    const bins = 17;
    const words = [
      'data',
      'histogram',
      documents,
      '--column',
      'score_gemma',
      '--bins',
      String(bins),
      '--json',
    ];
    const histogram = parsed(await nesso(...words), 0, shape);
    const row = z.object({ score_gemma: z.number() });
    const lines = (await readFile(documents, 'utf8')).trimEnd().split('\n');
    const values = lines.map((line) => row.parse(JSON.parse(line)).score_gemma);
    const low = Math.min(...values);
    const high = Math.max(...values);
    expect(histogram).toMatchObject({ column: 'score_gemma', rows: lines.length, nulls: 0 });
    expect(histogram.edges).toHaveLength(bins + 1);
    expect(histogram.edges[0]).toBe(low);
    expect(histogram.edges[bins]).toBe(high);
    const counts = histogram.counts.map((_, bin) => {
      const from = histogram.edges[bin] ?? Number.NaN;
      const to = histogram.edges[bin + 1] ?? Number.NaN;
      return values.filter((value) => value >= from && (bin === bins - 1 ? value <= to : value < to)).length;
    });
    expect(histogram.counts).toEqual(counts);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(lines.length);
  });

  it('head: as many rows as asked for, as objects', async () => {
    const shape = z.object({
      rows: z.number(),
      head: z.array(z.object({ id: z.string(), text: z.string() })),
    });
    const { rows, head } = parsed(await nesso('data', 'head', documents, '--limit', '3', '--json'), 0, shape);
    expect(head).toHaveLength(3);
    expect(rows).toBeGreaterThanOrEqual(360);
  });
});

describe('nesso log series', () => {
  const line = (prefix: string, step: number, loss: string) =>
    `${prefix}iteration: ${step} / 1500000 | consumed_tokens: 480B | time_per_iteration_ms: 8.79K | tokens_per_sec: 182K | tokens_per_sec_per_gpu: 699 | global_batch_size: 1.6M | grad_norm: 0.112 | lm_loss: ${loss} | lr: 0.0001 | model_tflops_per_gpu: 15.4 | eta: 1 day, 2:03:04`;

  it('reads every dress of a Nanotron line, skips what is broken, and prints NaN as null', async () => {
    const colour = '\u001b[2;3m12/21 01:39:51 [INFO|DP=0|TP=0|node1]\u001b[0m: ';
    const log = [
      '==================================================',
      line('12/21 01:39:51 [INFO|DP=0|TP=0|node1]: ', 1, '2.04'),
      line(`[default0]:${colour}`, 2, '2.06'),
      line('0: 12/21 01:40:00 [INFO]: ', 3, 'nan'),
      '12/04/2024 13:14:12 [INFO|DP=0|PP=0|TP=0]: iteration: 4 / 1500 | consumed_tokens: 2.87M | elapsed_time_per_iteration_ms: 255 | lm_loss: 6.67 | lr: 4.37e-05',
      '12/21 01:40:09 [INFO]: iteration: 5 / 1500 | lm_loss: abc | lr: 0.1',
      '12/21 01:40:18 [INFO]: iteration: 6 / 15',
    ];
    await writeFile(inFolder('nanotron.log'), log.join('\n'));
    const column = z.object({ step: z.array(z.number()), value: z.array(z.number().nullable()) });
    const shape = z.strictObject({ series: z.record(z.string(), column), skippedLines: z.number() });
    const { series, skippedLines } = parsed(
      await nesso('log', 'series', inFolder('nanotron.log'), '--json'),
      0,
      shape,
    );
    expect(series['lm_loss']).toEqual({ step: [1, 2, 3, 4], value: [2.04, 2.06, null, 6.67] });
    expect(series['lr']).toEqual({ step: [1, 2, 3, 4, 5], value: [0.0001, 0.0001, 0.0001, 4.37e-5, 0.1] });
    expect(series['tokens_per_sec']?.value[0]).toBe(182_000);
    // The loss that is no number, and the line that was cut.
    expect(skippedLines).toBe(2);
  });
});

describe('nesso chat and model', () => {
  it('chat: one answer with its figures', async () => {
    const words = ['--prompt', 'What is the capital of France?', '--seed', '1', '--temperature', '0'];
    const answer = parsed(
      await nesso('chat', '--model', model, ...words, '--json'),
      0,
      z.object({
        text: z.string(),
        tokens: z.number().int().positive(),
        stopReason: z.enum(['end', 'max-tokens', 'stopped']),
        timeToFirstTokenMs: z.number().positive(),
        tokensPerSecond: z.number().positive(),
      }),
    );
    expect(answer).toMatchObject({ text: 'The capital of France is Paris.', stopReason: 'end' });
  });

  it('model inspect: what the file says about itself', async () => {
    const detail = parsed(
      await nesso('model', 'inspect', model, '--json'),
      0,
      modelDetail.omit({ path: true }),
    );
    expect(detail).toMatchObject({ architecture: 'llama', parameters: 2_361_408, problem: null });
  });
});

describe('nesso doctor and workspace', () => {
  it('doctor: versions, runtimes, tools, disk and memory', async () => {
    const report = parsed(await nesso('doctor', '--json'), 0, doctorReport);
    expect(report.runtimes.map((check) => check.name)).toContain('DuckDB');
    expect(report.tools.map((check) => check.name)).toContain('OpenSSH');
  });

  it('create, files, recent; a second create is refused', async () => {
    const path = inFolder('my models');
    const made = parsed(
      await nesso('workspace', 'create', path, '--name', 'Ours', '--json'),
      0,
      workspaceInfo,
    );
    expect(made).toMatchObject({ path, name: 'Ours', readOnly: false });
    expect(expectRefusal(await nesso('workspace', 'create', path, '--json')).code).toBe('ALREADY_EXISTS');
    const files = z.object({
      files: z.array(z.object({ path: z.string(), kind: z.string() })),
      truncated: z.boolean(),
    });
    expect(parsed(await nesso('workspace', 'files', path, '--json'), 0, files).files).toContainEqual(
      expect.objectContaining({ path: 'studio.yaml', kind: 'config' }),
    );
    const recent = parsed(
      await nesso('workspace', 'recent', '--json'),
      0,
      z.array(z.object({ path: z.string() })),
    );
    expect(recent.map((entry) => entry.path)).toContain(path);
  });
});

describe('nesso run', () => {
  it('recipes, launch, list, stop; a run goes on after the command', async () => {
    const path = inFolder('runs here');
    await mkdir(path);
    await writeFiles(path, { 'studio.yaml': 'name: Runs\n' });
    const recipes = parsed(await nesso('run', 'recipes', '-w', path, '--json'), 0, z.array(recipe));
    expect(recipes.map((one) => one.id)).toContain('command');
    const command = `"${process.execPath}" -e "setInterval(() => {}, 1000)"`;
    const launched = parsed(
      await nesso(
        'run',
        'launch',
        'command',
        '-w',
        path,
        '-n',
        'Waiting',
        '-p',
        `command=${command}`,
        '--json',
      ),
      0,
      run,
    );
    const listed = async () => parsed(await nesso('run', 'list', '-w', path, '--json'), 0, z.array(run));
    expect(await listed()).toMatchObject([{ id: launched.id, name: 'Waiting', state: 'running' }]);
    const stopped = await nesso('run', 'stop', launched.id, '-w', path, '--grace', '1', '--json');
    expect(parsed(stopped, 0, z.object({ id: z.string() })).id).toBe(launched.id);
    await waitFor(async () => (await listed())[0]?.state === 'stopped', 150_000);
  });

  it('refuses unknown recipes, parameters and runs in words', async () => {
    const here = ['-w', inFolder('runs here'), '--json'];
    expect(expectRefusal(await nesso('run', 'launch', 'nothing', ...here)).hint).toContain('command');
    expect(expectRefusal(await nesso('run', 'launch', 'command', '-p', 'no=1', ...here)).code).toBe(
      'INVALID_INPUT',
    );
    expect(expectRefusal(await nesso('run', 'stop', 'no-such-run', ...here)).code).toBe('NOT_FOUND');
    expect(expectRefusal(await nesso('run', 'stop', '../x', ...here)).code).toBe('NOT_FOUND');
  });
});

describe('wrong usage', () => {
  it.each([
    [['nothing']],
    [['config', 'nothing']],
    [['config']],
    [[]],
    [['config', 'check']],
    [['config', 'check', 'a', 'b']],
    [['config', 'check', 'a', '--nothing']],
    [['config', 'check', 'a', '--gpus', 'many']],
    [['data', 'histogram', 'a']],
    [['data', 'head', 'a', '--limit', '-1']],
    [['chat', '--model', 'a']],
    [['chat', '--model', 'a', '--prompt', 'b', '--temperature', 'hot']],
    [['serve', '--port', '70000']],
    [['run', 'launch']],
  ])('is 2 with words: nesso %j', async (words) => {
    const error = expectRefusal(await nesso(...words, '--json'), 2);
    expect(error).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/^[A-Z][^\n]+$/) as string,
    });
  });

  it('goes to stderr without --json, and help is no mistake', async () => {
    const wrong = await nesso('config', 'nothing');
    expect(wrong).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('nothing') as string,
    });
    expect(await nesso('--help')).toMatchObject({ code: 0, stderr: '' });
    expect((await nesso('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('signals and pipes', () => {
  it('Ctrl-C ends a server cleanly, with its runtimes', async () => {
    const serving = startNesso(state.path, ['serve', '--json']);
    await new Promise((resolve) => serving.process.stdout?.once('data', resolve));
    signalGroup(serving.process.pid, 'SIGINT');
    const ended = await serving.ended;
    expect([ended.code, ended.signal, ended.stderr]).toEqual([0, null, '']);
    expect(ended.json()).toMatchObject({ host: '127.0.0.1', pid: serving.process.pid });
  });

  it('Ctrl-C stops an answer and keeps what was said', async () => {
    const endless = [
      '--raw',
      '--prompt',
      'Anna',
      '--temperature',
      '1.5',
      '--top-p',
      '1',
      '--top-k',
      '0',
      '--seed',
      '4',
    ];
    const asking = startNesso(state.path, [
      'chat',
      '--model',
      model,
      ...endless,
      '--max-tokens',
      '100000',
      '--json',
    ]);
    // However quick this computer is, the answer is under way, and not over, once its process is there.
    const { pid = 0 } = asking.process;
    using slow = slowChildren('native-llama', pid);
    await waitFor(async () => (await childPids('native-llama', pid)).length > 0);
    process.kill(-pid, 'SIGINT');
    slow[Symbol.dispose]();
    const ended = await asking.ended;
    expect([ended.code, ended.signal, ended.stderr]).toEqual([0, null, '']);
    expect(ended.json()).toMatchObject({
      stopReason: 'stopped',
    });
  });

  it('a reader that leaves early sees no stack trace', async () => {
    const reading = startNesso(state.path, ['data', 'head', documents, '--limit', '400', '--json']);
    reading.process.stdout?.once('data', () => reading.process.stdout?.destroy());
    const ended = await reading.ended;
    expect(ended).toMatchObject({ code: 0, stderr: '' });
  });
});
