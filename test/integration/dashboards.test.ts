// Dashboards as files of a workspace: saved without losing somebody else's edit, listed with what is wrong, removed and back.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../core/api/errors.ts';
import { type Dashboard, dashboard, dashboardText } from '../../core/lib/dashboards/dashboard.ts';
import {
  startTestCore,
  type TestCore,
  type TestFolder,
  temporaryFolder,
  writeFiles,
} from '../support/test-core.ts';

let studio: TestCore;
let folder: TestFolder;
const code = (wanted: ErrorCode) => expect.objectContaining({ code: wanted }) as Error;
const path = 'dashboards/team/rates.json';
const board = (note: string): Dashboard =>
  dashboard.parse({
    kind: 'nesso-dashboard',
    version: 1,
    note,
    sections: [{ id: 'main', charts: [{ id: 'loss', tags: ['loss'] }] }],
  });
const save = (note: string, baseVersion: string | null) =>
  studio.client.dashboards.save({ path, saved: board(note), baseVersion });

beforeEach(async () => {
  studio = await startTestCore();
  folder = await temporaryFolder();
  await writeFiles(folder.path, { 'studio.yaml': 'name: test\n' });
  await studio.client.workspace.open({ path: folder.path });
});
afterEach(async () => {
  await studio[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

describe('dashboards', () => {
  it('are saved, listed, and never over somebody else’s change', async () => {
    const first = await save('mine', null);
    expect(await readFile(join(folder.path, path), 'utf8')).toBe(dashboardText(board('mine')));
    expect(await studio.client.dashboards.list()).toMatchObject([
      { path, problem: null, file: { saved: board('mine') } },
    ]);
    await writeFile(join(folder.path, path), dashboardText(board('theirs')));
    const version = first.kind === 'saved' ? first.file.version : '';
    expect(await save('mine again', version)).toMatchObject({
      kind: 'conflict',
      current: { saved: { note: 'theirs' } },
    });
    expect(await readFile(join(folder.path, path), 'utf8')).toContain('theirs');
    expect(await save('new', null)).toMatchObject({ kind: 'conflict' });
  });

  it('that cannot be read are listed with the reason, and touch no other', async () => {
    await save('good', null);
    await mkdir(join(folder.path, 'dashboards'), { recursive: true });
    const files = {
      'dashboards/empty.json': '',
      'dashboards/binary.json': '\u0000\u0001\u0002',
      'dashboards/git.json': '<<<<<<< ours\n{}\n=======\n',
      'dashboards/columns.json': dashboardText(board('x')).replace('"columns": 2', '"columns": 9'),
    };
    await writeFiles(folder.path, files);
    const listed = await studio.client.dashboards.list();
    const problems = Object.fromEntries(listed.map((one) => [one.path, one.problem]));
    expect(problems[path]).toBeNull();
    expect(problems['dashboards/git.json']).toMatch(/git left a conflict/);
    expect(problems['dashboards/columns.json']).toMatch(/columns/);
    expect(problems['dashboards/empty.json']).toMatch(/not valid JSON/);
    expect(problems['dashboards/binary.json']).toBeTruthy();
  });

  it('are renamed, removed and brought back, and stay below dashboards/', async () => {
    await save('kept', null);
    await studio.client.dashboards.rename({ from: path, to: 'dashboards/other.json' });
    const { restoreToken } = await studio.client.dashboards.remove({ path: 'dashboards/other.json' });
    expect(await studio.client.dashboards.list()).toEqual([]);
    await studio.client.dashboards.restore({ restoreToken });
    expect((await studio.client.dashboards.list()).map((one) => one.path)).toEqual(['dashboards/other.json']);
    const bad = { saved: board(''), baseVersion: null };
    for (const wrong of ['views/a.json', 'dashboards/a.yaml', 'dashboards/../studio.json'])
      await expect(studio.client.dashboards.save({ path: wrong, ...bad })).rejects.toThrow();
    await expect(studio.client.dashboards.save({ path, ...bad, baseVersion: 'x' })).rejects.toThrow(
      code('NOT_FOUND'),
    );
  });
});
