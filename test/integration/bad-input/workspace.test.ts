// A workspace in which pipes, folders and rubbish stand where the studio's own files should be: everything else is shown.
import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { ensureBuilt } from '../../../scripts/ensure-built.mjs';
import { temporaryFolder, writeFiles } from '../../support/test-core.ts';
import { runNesso } from '../cli-process.ts';

beforeAll(() => {
  ensureBuilt();
});

const listed = z.array(
  z.object({ id: z.string(), state: z.string(), end: z.object({ reason: z.string() }) }),
);

it('opens, lists its files and its runs, and never waits for a pipe', async ({ skip }) => {
  if (process.platform === 'win32') return skip('Windows has no named pipes in folders');
  await using folder = await temporaryFolder();
  await using state = await temporaryFolder();
  const at = (path: string) => join(folder.path, path);
  await writeFiles(folder.path, {
    'configs/good.yaml': 'a: 1\n',
    'runs/rubbish/run.json': 'not json',
    '.studio/window-state.json': '{',
    '.studio/presence/other.json': '{"pid":"x"}',
  });
  for (const path of ['studio.yaml', 'runs/folder/run.json', 'chats/talk.json']) {
    await mkdir(at(path), { recursive: true });
  }
  for (const path of ['.git', 'runs/pipe']) await mkdir(at(path), { recursive: true });
  for (const path of ['.git/HEAD', 'runs/pipe/run.json', 'configs/pipe.yaml', 'chats/pipe.json']) {
    execFileSync('mkfifo', [at(path)]);
  }
  const files = await runNesso(state.path, 'workspace', 'files', folder.path, '--json');
  expect([files.code, files.stderr]).toEqual([0, '']);
  expect(files.stdout).toContain('configs/good.yaml');
  expect(files.stdout).not.toContain('pipe.yaml');
  const runs = await runNesso(state.path, 'run', 'list', '-w', folder.path, '--json');
  expect(runs.code).toBe(0);
  const found = listed.parse(runs.json());
  expect(found.map(({ id }) => id).sort()).toEqual(['folder', 'pipe', 'rubbish']);
  for (const { state: shown, end } of found) {
    expect([shown, end.reason]).toEqual(['lost', expect.stringContaining('run.json cannot be read')]);
  }
});
