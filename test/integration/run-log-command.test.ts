// `nesso run log` as a person uses it: whole, followed to the end of a run, of one rank, only what went wrong.
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureChildBuilt } from '../support/built-child.ts';
import { temporaryFolder, writeFiles } from '../support/test-core.ts';
import { expectRefusal, runNesso } from './cli-process.ts';

beforeAll(() => {
  ensureChildBuilt('native-logs', 'core/services/logs');
  ensureChildBuilt('nesso', 'cli');
});

const log = [
  'plain start',
  '[rank0]: \u001b[32mhello\u001b[0m',
  '[rank1]: Traceback (most recent call last):',
  '[rank1]:   File "x.py", line 1, in f',
  '[rank1]: ValueError: no such thing',
  '[rank0]: [Rank 0] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=1)',
  'not ended',
].join('\n');

async function workspaceWith(files: Readonly<Record<string, string>>) {
  const folder = await temporaryFolder();
  await writeFiles(folder.path, { 'ws/studio.yaml': 'name: test\n', ...files });
  const state = join(folder.path, 'state');
  const workspace = join(folder.path, 'ws');
  return {
    workspace,
    nesso: (...words: readonly string[]) => runNesso(state, 'run', ...words, '-w', workspace),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

describe('nesso run log', () => {
  it('prints the log as it was written, of one rank, and the errors with their first cause', async () => {
    await using test = await workspaceWith({ 'ws/runs/r-1/run.json': '{}', 'ws/runs/r-1/log.txt': log });
    const whole = await test.nesso('log', 'r-1');
    expect([whole.code, whole.stdout, whole.stderr]).toEqual([0, log, '']);
    const one = await test.nesso('log', 'r-1', '--rank', '1');
    expect(one.stdout).toBe(`${log.split('\n').slice(2, 5).join('\n')}\n`);
    const errors = await test.nesso('log', 'r-1', '--errors');
    expect(errors.code).toBe(1);
    expect(errors.stdout).toMatch(/^First cause: ValueError: no such thing \(line 3\)/);
    const json = await test.nesso('log', 'r-1', '--errors', '--json');
    expect(json.json()).toMatchObject({
      id: 'r-1',
      count: 2,
      root: { kind: 'traceback', line: 2, lines: 3, rank: 'rank 1' },
      troubles: [{ kind: 'traceback' }, { kind: 'nccl-timeout', isConsequence: true }],
    });
  });

  it('takes the log of a rank of its own, and the first cause of all ranks whichever log it is in', async () => {
    const at = (second: number) => `2026-03-01 10:00:${second}`;
    await using test = await workspaceWith({
      'ws/runs/r-1/run.json': '{}',
      'ws/runs/r-1/log.txt': `${at(30)} ERROR rank 0 lost its peer\n`,
      'ws/runs/r-1/rank-1.log': `${at(20)} ERROR disk is full\n`,
    });
    const own = await test.nesso('log', 'r-1', '--rank', '1');
    expect(own.stdout).toBe(`${at(20)} ERROR disk is full\n`);
    const errors = await test.nesso('log', 'r-1', '--errors');
    expect(errors.stdout).toMatch(/^First cause: .*disk is full \(line 1 of rank-1\.log\)/);
    const one = await test.nesso('log', 'r-1', '--errors', '--rank', '1', '--json');
    expect(one.json()).toMatchObject({ count: 1, root: { file: 'rank-1.log' } });
  });

  it('follows a run until it ends, and says what is wrong with the words', async () => {
    await using test = await workspaceWith({});
    const command = 'for i in 1 2 3 4; do echo "line $i"; sleep 0.4; done; printf end';
    const launched = await test.nesso('launch', 'command', '-p', `command=sh -c '${command}'`, '--json');
    const { id } = launched.json() as { id: string };
    const followed = await test.nesso('log', id, '--follow');
    expect(followed.stdout).toBe('line 1\nline 2\nline 3\nline 4\nend');
    expect((await test.nesso('log', id, '--errors')).code).toBe(0);
    expect(expectRefusal(await test.nesso('log', id, '--follow', '--json')).code).toBe('INVALID_INPUT');
    expect(expectRefusal(await test.nesso('log', 'none', '--json')).code).toBe('NOT_FOUND');
    expect((await test.nesso('log', id, '--rank', 'x')).code).toBe(2);
  });
});
