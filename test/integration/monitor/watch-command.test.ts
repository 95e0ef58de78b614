// `nesso run show` and `nesso run watch` over a run that nobody has watched: numbers, findings, checkpoints, exit code.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder, writeFiles } from '../../support/test-core.ts';
import { startNesso } from '../cli-process.ts';

const id = 'spiky-2026-11-22';

function logText(): string {
  const lines = Array.from({ length: 300 }, (_, index) => {
    const step = index + 1;
    const loss = step === 200 ? '7.9' : (2.05 + 0.01 * Math.sin(step * 3)).toFixed(2);
    return `11/22 10:00:00 [INFO|DP=0]: iteration: ${step} / 300 | consumed_tokens: 1M | time_per_iteration_ms: 1.05K | tokens_per_sec: 1M | grad_norm: 0.4 | lm_loss: ${loss} | lr: 0.003`;
  });
  return `${lines.join('\n')}\n`;
}

function recordText(endedMs: number): string {
  return JSON.stringify({
    format: 1,
    id,
    name: 'spiky',
    recipe: 'command',
    target: 'this-computer',
    createdMs: endedMs - 1000,
    parameters: {},
    command: ['python', 'train.py'],
    workingFolder: '.',
    environment: {},
    config: null,
    git: { branch: null, commit: null },
    mainMetrics: ['lm_loss'],
    exitCodes: {},
    host: 'elsewhere',
    history: [],
    end: { endedMs, exitCode: 0, signal: null, reason: 'Finished' },
  });
}

test('they say what was found, and the exit code tells it to a script', async () => {
  await using state = await temporaryFolder();
  await using folder = await temporaryFolder();
  await writeFiles(folder.path, {
    'studio.yaml': 'name: w\n',
    [`runs/${id}/run.json`]: recordText(Date.now() - 60_000),
    [`runs/${id}/log.txt`]: logText(),
    [`runs/${id}/checkpoints/200/config.yaml`]: 'general: {}\n',
  });
  const run = (...words: readonly string[]) =>
    startNesso(join(state.path, 'state'), ['run', ...words, '-w', folder.path]).ended;
  const shown = await run('show', id, '--json');
  expect(shown.code).toBe(0);
  expect(shown.json()).toMatchObject({
    id,
    numbers: { step: 300, loss: { value: expect.any(Number) as number }, speed: { tokensPerSecond: 1e6 } },
    findings: [{ id: 'loss-spike@200', isOver: true }],
    checkpoints: [{ step: 200, problem: expect.stringContaining('model_config.json') as string }],
  });
  const watched = await run('watch', id);
  expect(watched.code).toBe(1);
  expect(watched.stdout).toContain('Loss spike at step 200 (over)');
  expect(watched.stdout).toContain('step 300 · Loss 2.0');
  const unknown = await run('watch', 'nothing-of-the-kind');
  expect(unknown.code).not.toBe(0);
  expect(unknown.stderr).toContain('There is no run');
});
