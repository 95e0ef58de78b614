// What a launch that was killed leaves, and what came too late for a run that is gone.
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeIntoRun, writeRemote } from '../../core/services/runs/remote/remote-file.ts';
import { removeHalfLaunched } from '../../core/services/runs/half-launched.ts';
import { temporaryFolder, writeFiles } from '../support/test-core.ts';

const HOUR_MS = 3_600_000;

test('folders of launches that were killed go away, and nothing else', async () => {
  await using workspace = await temporaryFolder();
  await writeFiles(workspace.path, {
    'runs/half/job.sh': 'x',
    'runs/half/.0123456789ab.tmp': '{',
    'runs/half-here/programs/train.mjs': 'x',
    'runs/new/job.sh': 'x',
    'runs/whole/job.sh': 'x',
    'runs/whole/run.json': '{}',
    'runs/mine/job.sh': 'x',
    'runs/mine/notes.md': 'x',
    'runs/damaged/log.txt': 'x',
    'runs/a-file': 'x',
  });
  mkdirSync(join(workspace.path, 'runs', 'empty'));
  const nowMs = Date.now();
  for (const name of readdirSync(join(workspace.path, 'runs'))) {
    const ageMs = name === 'new' ? 1000 : HOUR_MS;
    utimesSync(join(workspace.path, 'runs', name), (nowMs - ageMs) / 1000, (nowMs - ageMs) / 1000);
  }
  expect((await removeHalfLaunched(workspace.path, nowMs)).sort()).toEqual(['half', 'half-here']);
  expect(readdirSync(join(workspace.path, 'runs')).sort()).toEqual([
    'a-file',
    'damaged',
    'empty',
    'mine',
    'new',
    'whole',
  ]);
  expect(await removeHalfLaunched(join(workspace.path, 'nowhere'))).toEqual([]);
});

test('a late word about a run does not bring its folder back', async () => {
  await using workspace = await temporaryFolder();
  const there = join(workspace.path, 'runs', 'there');
  const gone = join(workspace.path, 'runs', 'gone');
  mkdirSync(there, { recursive: true });
  for (const folder of [there, gone]) {
    await writeRemote(folder, { jobId: '7' });
    await writeIntoRun(join(folder, 'exit.json'), '{}');
  }
  expect(JSON.parse(readFileSync(join(there, 'remote.json'), 'utf8'))).toMatchObject({ jobId: '7' });
  expect(readFileSync(join(there, 'exit.json'), 'utf8')).toBe('{}');
  expect(existsSync(gone)).toBe(false);
  // Any other reason is still told.
  writeFileSync(join(workspace.path, 'file'), '');
  await expect(writeIntoRun(join(workspace.path, 'file', 'exit.json'), '{}')).rejects.toMatchObject({
    code: 'ENOTDIR',
  });
});
