// Configs on real files: conflicts, links, large and damaged files, a full disk, a read-only workspace.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, readdir, readFile, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../support/build-program.ts';
import { checkConfig } from '../../core/lib/config/check.ts';
import { mountReadOnly, mountSmallDisk } from '../support/small-disk.ts';
import { startTestCore, temporaryFolder, writeFiles } from '../support/test-core.ts';

async function openWith(files: Readonly<Record<string, string>>) {
  const folder = await temporaryFolder();
  await writeFiles(folder.path, files);
  const studio = await startTestCore();
  await studio.client.workspace.open({ path: folder.path });
  return {
    path: folder.path,
    configs: studio.client.configs,
    async [Symbol.asyncDispose]() {
      await studio[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe('saving', () => {
  it('saves on the version it was based on, and reports a conflict otherwise without writing', async () => {
    await using workspace = await openWith({ 'configs/a.yaml': 'a: 1\n' });
    const path = 'configs/a.yaml';
    const first = await workspace.configs.read({ path });
    const saved = await workspace.configs.save({ path, text: 'a: 2\n', baseVersion: first.version });
    expect(saved.kind).toBe('saved');
    const conflict = await workspace.configs.save({ path, text: 'a: 3\n', baseVersion: first.version });
    expect(conflict).toMatchObject({ kind: 'conflict', current: { text: 'a: 2\n' } });
    expect(await readFile(join(workspace.path, path), 'utf8')).toBe('a: 2\n');
  });

  it('does not overwrite an existing file that should be new, nor bring back a removed one unasked', async () => {
    await using workspace = await openWith({ 'a.yaml': 'a: 1\n' });
    expect(await workspace.configs.save({ path: 'a.yaml', text: 'b: 1', baseVersion: null })).toMatchObject({
      kind: 'conflict',
    });
    const version = '0'.repeat(64);
    await expect(
      workspace.configs.save({ path: 'gone.yaml', text: 'b: 1', baseVersion: version }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(
      await workspace.configs.save({ path: 'new/b.yaml', text: 'b: 1', baseVersion: null }),
    ).toMatchObject({
      kind: 'saved',
    });
  });

  it('lets one of two studios win when both save at once', async () => {
    await using workspace = await openWith({ 'a.yaml': 'a: 0\n' });
    await using second = await startTestCore();
    await second.client.workspace.open({ path: workspace.path });
    const { version } = await workspace.configs.read({ path: 'a.yaml' });
    const results = await Promise.all(
      [1, 2, 3, 4, 5, 6].map((value) => {
        const { configs } = value % 2 === 0 ? workspace : second.client;
        return configs.save({ path: 'a.yaml', text: `a: ${value}\n`, baseVersion: version });
      }),
    );
    expect(results.filter((result) => result.kind === 'saved')).toHaveLength(1);
    expect(await readdir(join(workspace.path, '.studio/locks'))).toEqual([]);
  });

  it('keeps the file mode and writes through a link inside the workspace', async () => {
    await using workspace = await openWith({ 'real.yaml': 'a: 1\n' });
    await chmod(join(workspace.path, 'real.yaml'), 0o600);
    await symlink('real.yaml', join(workspace.path, 'link.yaml'));
    const { version } = await workspace.configs.read({ path: 'link.yaml' });
    await workspace.configs.save({ path: 'link.yaml', text: 'a: 2\n', baseVersion: version });
    expect(await readFile(join(workspace.path, 'real.yaml'), 'utf8')).toBe('a: 2\n');
    expect((await stat(join(workspace.path, 'real.yaml'))).mode & 0o777).toBe(0o600);
  });
});

describe('refusals', () => {
  it('refuses a 50 MB YAML before reading it, and still lists it', async () => {
    await using workspace = await openWith({ 'big.yaml': 'a: 1\n', 'small.yaml': 'a: 1\n' });
    await truncate(join(workspace.path, 'big.yaml'), 50_000_000);
    await expect(workspace.configs.read({ path: 'big.yaml' })).rejects.toMatchObject({
      code: 'TOO_LARGE',
      message: expect.stringContaining('50 MB'),
      data: { hint: expect.stringContaining('Split') },
    });
    const list = await workspace.configs.list();
    expect(list.map((config) => [config.path, config.errors])).toEqual([
      ['big.yaml', 1],
      ['small.yaml', 0],
    ]);
  });

  it('says where a file stops being UTF-8', async () => {
    await using workspace = await openWith({});
    await writeFile(join(workspace.path, 'latin.yaml'), Buffer.from('a: 1\nb: perch\xe9\n', 'latin1'));
    await expect(workspace.configs.read({ path: 'latin.yaml' })).rejects.toMatchObject({
      code: 'CORRUPT_FILE',
      message: expect.stringContaining('offset 13, line 2'),
    });
  });

  it('refuses paths outside, links that lead out, and what is no config', async () => {
    await using elsewhere = await temporaryFolder();
    await writeFiles(elsewhere.path, { 'secret.yaml': 'password: 1' });
    await using workspace = await openWith({ 'a.txt': 'x', '.git/config.yaml': 'x' });
    await symlink(join(elsewhere.path, 'secret.yaml'), join(workspace.path, 'link.yaml'));
    const { configs } = workspace;
    for (const path of ['../x.yaml', 'link.yaml', 'a.txt', '.git/config.yaml']) {
      await expect(configs.read({ path }), path).rejects.toBeDefined();
    }
    await expect(configs.read({ path: 'link.yaml' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(configs.save({ path: 'link.yaml', text: 'mine', baseVersion: null })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    expect(await readFile(join(elsewhere.path, 'secret.yaml'), 'utf8')).toBe('password: 1');
  });

  it('keeps the old file when the disk is full', async ({ skip }) => {
    await using folder = await temporaryFolder();
    using disk = mountSmallDisk(join(folder.path, 'disk'), 65_536);
    if (!disk) return skip('mounting a small disk needs root on Linux');
    await writeFiles(disk.path, { 'a.yaml': 'a: 1\n' });
    await using studio = await startTestCore();
    await studio.client.workspace.open({ path: disk.path });
    const { version } = await studio.client.configs.read({ path: 'a.yaml' });
    const text = `a: "${'x'.repeat(200_000)}"\n`;
    await expect(
      studio.client.configs.save({ path: 'a.yaml', text, baseVersion: version }),
    ).rejects.toMatchObject({ code: 'DISK_FULL' });
    expect(await readFile(join(disk.path, 'a.yaml'), 'utf8')).toBe('a: 1\n');
    expect((await readdir(disk.path)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    await studio.client.workspace.create({ path: join(folder.path, 'other'), name: 'leaves the disk' });
  });

  it('opens a read-only workspace, shows everything, writes nothing', async ({ skip }) => {
    await using folder = await temporaryFolder();
    await writeFiles(folder.path, { 'source/a.yaml': 'a: 1\n' });
    using view = mountReadOnly(join(folder.path, 'source'), join(folder.path, 'view'));
    if (!view) return skip('a read-only mount needs root on Linux');
    await using studio = await startTestCore();
    expect(await studio.client.workspace.open({ path: view.path })).toMatchObject({ readOnly: true });
    const file = await studio.client.configs.read({ path: 'a.yaml' });
    expect(file.readOnly).toBe(true);
    const { configs, workspace } = studio.client;
    await expect(
      configs.save({ path: 'a.yaml', text: 'a: 2', baseVersion: file.version }),
    ).rejects.toMatchObject({ code: 'READ_ONLY' });
    await expect(configs.remove({ path: 'a.yaml' })).rejects.toMatchObject({ code: 'READ_ONLY' });
    await workspace.changeState({ workspace: view.path, changes: [{ path: ['route'], value: '/data' }] });
    expect((await workspace.readState()).state).toEqual({ route: '/data' });
    expect(existsSync(join(folder.path, 'source/.studio'))).toBe(false);
    await workspace.create({ path: join(folder.path, 'other'), name: 'leaves the view' });
  });
});

describe('kill -9 while saving', () => {
  it('leaves the old file or the new one, whole, and the next save works at once', async () => {
    await using folder = await temporaryFolder();
    const program = await buildProgram('test/support/save-loop.ts', join(folder.path, 'bundle'));
    await using workspace = await openWith({ 'a.yaml': 'turn: 0\nend: 0\n' });
    const path = join(workspace.path, 'a.yaml');
    for (const afterMs of [3, 11, 23, 37, 53, 71]) {
      const child = spawn(process.execPath, [program, workspace.path, 'a.yaml'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      await sleep(afterMs);
      child.kill('SIGKILL');
      await once(child, 'exit');
      const text = await readFile(path, 'utf8');
      expect(/^turn: (\d)\n(?:# a line of a long config\n)*end: (\d)\n$/.exec(text)?.slice(1, 3)).toEqual(
        text.startsWith('turn: 0') ? ['0', '0'] : ['1', '1'],
      );
      const { version } = await workspace.configs.read({ path: 'a.yaml' });
      const saved = await workspace.configs.save({
        path: 'a.yaml',
        text: 'turn: 1\nend: 1\n',
        baseVersion: version,
      });
      expect(saved.kind).toBe('saved');
    }
    expect((await workspace.configs.list()).map((config) => config.path)).toEqual(['a.yaml']);
  });
});

describe('moving', () => {
  it('renames, never onto another file', async () => {
    await using workspace = await openWith({ 'a.yaml': 'a', 'b.yaml': 'b' });
    await expect(workspace.configs.rename({ from: 'a.yaml', to: 'b.yaml' })).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
    });
    await workspace.configs.rename({ from: 'a.yaml', to: 'sub/c.yaml' });
    expect((await workspace.configs.list()).map((config) => config.path)).toEqual(['b.yaml', 'sub/c.yaml']);
    await expect(workspace.configs.rename({ from: 'a.yaml', to: 'd.yaml' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('removes to the trash and restores, but not over a new file', async () => {
    await using workspace = await openWith({ 'a.yaml': 'old' });
    const { restoreToken } = await workspace.configs.remove({ path: 'a.yaml' });
    expect(await workspace.configs.list()).toEqual([]);
    await writeFile(join(workspace.path, 'a.yaml'), 'new');
    await expect(workspace.configs.restore({ restoreToken })).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
    });
    await workspace.configs.rename({ from: 'a.yaml', to: 'b.yaml' });
    expect(await workspace.configs.restore({ restoreToken })).toEqual({ path: 'a.yaml' });
    expect((await workspace.configs.read({ path: 'a.yaml' })).text).toBe('old');
    await expect(workspace.configs.restore({ restoreToken })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('templates', () => {
  it('ships templates that are what they say', async () => {
    await using studio = await startTestCore();
    const templates = await studio.client.configs.templates();
    expect(templates.length).toBeGreaterThan(8);
    for (const { id, kind, text } of templates) expect([id, checkConfig(text).kind]).toEqual([id, kind]);
  });

  it('ships a sample whose configs are all recognised', async () => {
    await using studio = await startTestCore();
    expect(await studio.client.workspace.openSample()).toMatchObject({ sample: true, readOnly: false });
    const configs = (await studio.client.configs.list()).filter(({ path }) => path.startsWith('configs/'));
    expect(configs.length).toBeGreaterThan(0);
    expect(configs.filter(({ kind }) => kind === 'unknown')).toEqual([]);
  });

  it('reads them inline or from files beside the list', async () => {
    await using app = await temporaryFolder();
    const base = { title: 't', kind: 'nanotron', description: 'd' };
    await writeFiles(app.path, {
      'resources/templates/templates.json': JSON.stringify([
        { ...base, id: 'one', text: 'a: 1' },
        { ...base, id: 'two', file: 'two.yaml' },
      ]),
      'resources/templates/two.yaml': 'b: 2',
    });
    await using studio = await startTestCore({ appFolder: app.path });
    expect((await studio.client.configs.templates()).map(({ id, text }) => [id, text])).toEqual([
      ['one', 'a: 1'],
      ['two', 'b: 2'],
    ]);
  });
});
