// Saved views as files of a workspace: saved without losing somebody else's edit, listed with what is wrong, removed and back.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../core/api/errors.ts';
import { type SavedView, savedView } from '../../core/lib/datasets/saved-view.ts';
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
const path = 'views/italian.json';

function saved(values: readonly string[], note = ''): SavedView {
  return savedView.parse({
    kind: 'nesso-view',
    version: 1,
    dataset: 'data/a.jsonl',
    note,
    view: { filters: [{ kind: 'oneOf', column: 'language', values }] },
    columns: { hidden: ['id'], widths: { text: 300 } },
  });
}

beforeEach(async () => {
  studio = await startTestCore();
  folder = await temporaryFolder();
  await writeFiles(folder.path, { 'studio.yaml': 'name: test\n', 'data/a.jsonl': '{"id":1}\n' });
  await studio.client.workspace.open({ path: folder.path });
});
afterEach(async () => {
  await studio[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

async function save(value: SavedView, baseVersion: string | null) {
  return studio.client.views.save({ path, saved: value, baseVersion });
}

describe('saved views', () => {
  it('are small JSON files, and come back as they were', async () => {
    const result = await save(saved(['ita'], 'For the weekly look'), null);
    expect(result.kind).toBe('saved');
    expect(await readFile(join(folder.path, path), 'utf8')).toBe(
      `${JSON.stringify(
        {
          kind: 'nesso-view',
          version: 1,
          dataset: 'data/a.jsonl',
          note: 'For the weekly look',
          view: { filters: [{ kind: 'oneOf', column: 'language', values: ['ita'] }] },
          columns: { hidden: ['id'], widths: { text: 300 } },
        },
        null,
        2,
      )}\n`,
    );
    const [listed] = await studio.client.views.list();
    expect(listed).toMatchObject({ path, problem: null, hasDataset: true });
    expect(listed?.file?.saved).toEqual(saved(['ita'], 'For the weekly look'));
  });

  it('of two studios never overwrite each other', async () => {
    const first = await save(saved(['ita']), null);
    expect((await save(saved(['spa']), null)).kind).toBe('conflict');
    if (first.kind !== 'saved') throw new Error('not saved');
    const second = await save(saved(['spa']), first.file.version);
    expect(second.kind).toBe('saved');
    const late = await save(saved(['deu']), first.file.version);
    expect(late).toMatchObject({ kind: 'conflict' });
    if (late.kind === 'conflict') expect(late.current?.saved).toEqual(saved(['spa']));
    expect((await save(saved(['spa']), first.file.version)).kind).toBe('saved');
    await writeFile(join(folder.path, path), '<<<<<<< ours\n{}\n');
    expect(await save(saved(['deu']), first.file.version)).toEqual({ kind: 'conflict', current: null });
    await rm(join(folder.path, path));
    await expect(save(saved(['deu']), first.file.version)).rejects.toThrow(code('NOT_FOUND'));
  });

  it('say what is wrong with them', async () => {
    await writeFiles(folder.path, {
      'views/broken.json': '{"kind":',
      'views/merge.json': '<<<<<<< ours\n{}\n=======\n{}\n>>>>>>> theirs\n',
      'views/other.json': '{"kind":"something else"}',
      'views/odd.json': JSON.stringify({ ...saved(['a']), view: { filters: [{ kind: 'range' }] } }),
      'views/binary.json': '\0\u0001\u0002',
      'views/team/gone.json': JSON.stringify({ ...saved(['a']), dataset: 'data/gone.parquet' }),
      'views/outside.json': JSON.stringify({ ...saved(['a']), dataset: '../../etc/passwd' }),
      'views/huge.json': ' '.repeat(5_000_000),
      'views/notes.txt': 'not a view',
    });
    const listed = await studio.client.views.list();
    const problems = Object.fromEntries(listed.map((view) => [view.path, view.problem ?? view.hasDataset]));
    expect(problems).toEqual({
      'views/binary.json': expect.any(String),
      'views/broken.json': expect.stringContaining('not valid JSON'),
      'views/huge.json': expect.any(String),
      'views/merge.json': expect.stringContaining('git left a conflict'),
      'views/odd.json': expect.stringContaining('view.filters'),
      'views/other.json': expect.stringContaining('kind'),
      'views/outside.json': false,
      'views/team/gone.json': false,
    });
  });

  it('are renamed, removed and brought back, and stay below views/', async () => {
    await save(saved(['ita']), null);
    await studio.client.views.rename({ from: path, to: 'views/team/roma.json' });
    await save(saved(['spa']), null);
    await expect(studio.client.views.rename({ from: path, to: 'views/team/roma.json' })).rejects.toThrow(
      code('ALREADY_EXISTS'),
    );
    const { restoreToken } = await studio.client.views.remove({ path: 'views/team/roma.json' });
    expect((await studio.client.views.list()).map((view) => view.path)).toEqual([path]);
    expect(await studio.client.views.restore({ restoreToken })).toEqual({ path: 'views/team/roma.json' });
    for (const bad of ['data/a.jsonl', 'views/a.txt', 'studio.yaml']) {
      await expect(studio.client.views.remove({ path: bad })).rejects.toThrow(code('INVALID_INPUT'));
      await expect(
        studio.client.views.save({ path: bad, saved: saved(['a']), baseVersion: null }),
      ).rejects.toThrow(code('INVALID_INPUT'));
    }
    await expect(
      studio.client.views.save({ path: '../views/a.json', saved: saved(['a']), baseVersion: null }),
    ).rejects.toThrow(code('INVALID_INPUT'));
  });
});
