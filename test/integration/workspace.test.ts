// Workspaces on real folders: open, create, sample, recent, listing, watching, presence, state.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../core/lib/config/check.ts';
import { resolveInside } from '../../core/services/files/resolve-inside.ts';
import { createSignalBus } from '../../core/services/signal-bus.ts';
import { startWatcher } from '../../core/services/workspace/watcher.ts';
import { buildProgram } from '../support/build-program.ts';
import { mountSmallDisk } from '../support/small-disk.ts';
import { startTestCore, temporaryFolder, waitFor, writeFiles } from '../support/test-core.ts';

describe('a folder that is moved away while it is open', () => {
  it('is said to be gone, is not made anew by what is saved, and goes on where it was when it is back', async () => {
    await using folder = await temporaryFolder();
    await using studio = await startTestCore();
    const path = join(folder.path, 'here');
    await writeFiles(path, { 'studio.yaml': 'name: here\n', 'configs/a.yaml': 'a: 1\n' });
    const { client } = studio;
    await client.workspace.open({ path });
    const { version } = await client.configs.read({ path: 'configs/a.yaml' });
    await rename(path, join(folder.path, 'there'));
    const gone = { code: 'NO_WORKSPACE', data: { path } };
    await expect.poll(() => client.datasets.list().catch((error: unknown) => error)).toMatchObject(gone);
    const save = () => client.configs.save({ path: 'configs/a.yaml', text: 'a: 2\n', baseVersion: version });
    await expect(save()).rejects.toMatchObject(gone);
    await client.workspace.changeState({
      workspace: path,
      changes: [{ path: ['values', 'draft'], value: 'kept' }],
    });
    expect(existsSync(path)).toBe(false);
    expect(await client.workspace.readState()).toMatchObject({ state: { values: { draft: 'kept' } } });
    await rename(join(folder.path, 'there'), path);
    await save();
    expect(await readFile(join(path, 'configs', 'a.yaml'), 'utf8')).toBe('a: 2\n');
  });
});

describe('opening', () => {
  it('opens a folder without studio.yaml under its own name and lists it as recent', async () => {
    await using folder = await temporaryFolder();
    await using studio = await startTestCore();
    const path = join(folder.path, 'my-models');
    await mkdir(path);
    const info = await studio.client.workspace.open({ path });
    expect(info).toMatchObject({ path, name: 'my-models', readOnly: false, sample: false, gitBranch: null });
    expect((await studio.client.workspace.recent())[0]).toMatchObject({
      path,
      name: 'my-models',
      exists: true,
    });
    await studio.client.workspace.forget({ path });
    expect(await studio.client.workspace.recent()).toEqual([]);
  });

  it('takes the name from studio.yaml and the branch from git', async () => {
    await using folder = await temporaryFolder();
    await using studio = await startTestCore();
    await writeFiles(folder.path, {
      'studio.yaml': 'name: "Zagreus: team"\n',
      '.git/HEAD': 'ref: refs/heads/main\n',
    });
    expect(await studio.client.workspace.open({ path: folder.path })).toMatchObject({
      name: 'Zagreus: team',
      gitBranch: 'main',
    });
  });

  it('opens a folder whose studio.yaml does not parse, and says so with the line', async () => {
    await using folder = await temporaryFolder();
    await using studio = await startTestCore();
    const notices: string[] = [];
    studio.core.context.notices.bus.subscribe((notice) => notices.push(notice.detail));
    await writeFiles(folder.path, { 'studio.yaml': 'name: ok\ntargets: [a, b\n' });
    await studio.client.workspace.open({ path: folder.path });
    expect(notices.join('\n')).toMatch(/studio\.yaml line \d+/);
  });

  it('removes what a killed save left behind, once it is old', async () => {
    await using folder = await temporaryFolder();
    await using studio = await startTestCore();
    await writeFiles(folder.path, {
      'configs/.0123456789ab.tmp': 'half',
      'configs/.ba9876543210.tmp': 'new',
    });
    const longAgo = new Date(Date.now() - 7_200_000);
    await utimes(join(folder.path, 'configs/.0123456789ab.tmp'), longAgo, longAgo);
    await studio.client.workspace.open({ path: folder.path });
    await waitFor(() => !existsSync(join(folder.path, 'configs/.0123456789ab.tmp')));
    expect(existsSync(join(folder.path, 'configs/.ba9876543210.tmp'))).toBe(true);
  });

  it('answers clearly for what is no folder, is missing, or is relative', async () => {
    await using folder = await temporaryFolder();
    await using studio = await startTestCore();
    await writeFiles(folder.path, { 'a.txt': 'x' });
    const open = (path: string) => studio.client.workspace.open({ path });
    await expect(open(join(folder.path, 'a.txt'))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(open(join(folder.path, 'missing'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(open('models')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(studio.client.workspace.files()).rejects.toMatchObject({ code: 'NO_WORKSPACE' });
  });
});

describe('creating', () => {
  it('makes the folders, a valid studio.yaml and ignores .studio, once', async () => {
    await using folder = await temporaryFolder();
    await using studio = await startTestCore();
    const path = join(folder.path, 'new');
    const info = await studio.client.workspace.create({ path, name: 'Ours: "the first"' });
    expect(info.name).toBe('Ours: "the first"');
    expect(existsSync(join(path, 'configs'))).toBe(true);
    expect(checkConfig(await readFile(join(path, 'studio.yaml'), 'utf8'))).toMatchObject({
      kind: 'studio',
      findings: [],
    });
    expect(await readFile(join(path, '.gitignore'), 'utf8')).toContain('.studio/');
    await expect(studio.client.workspace.create({ path, name: 'Again' })).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
    });
  });

  it('copies the sample once and keeps what a person changed in it', async () => {
    await using app = await temporaryFolder();
    await writeFiles(app.path, { 'resources/sample-workspace/studio.yaml': 'name: Sample\n' });
    await using studio = await startTestCore({ appFolder: app.path });
    const first = await studio.client.workspace.openSample();
    expect(first).toMatchObject({ name: 'Sample', sample: true });
    await writeFile(join(first.path, 'studio.yaml'), 'name: Mine\n');
    expect(await studio.client.workspace.openSample()).toMatchObject({ name: 'Mine', sample: true });
  });
});

describe('listing', () => {
  it('classifies files by name and leaves caches out', async () => {
    await using folder = await temporaryFolder();
    await using studio = await startTestCore();
    await writeFiles(folder.path, {
      'configs/a.yaml': 'a: 1',
      'data/d.jsonl.zst': '',
      'models/m.gguf': '',
      'runs/r1/log.txt': '',
      'runs/r1/metrics.jsonl': '',
      'notes.md': '',
      'picture.bin': '',
      // A whole step of Nanotron: a file a tensor, that nobody opens by itself.
      'runs/r1/checkpoints/500/model_config.json': '{}',
      'runs/r1/checkpoints/500/model/decoder/a.safetensors': '',
      'runs/r1/checkpoints/500/optimizer/b.pt': '',
      'data/model/d.jsonl': '',
      'node_modules/x/y.yaml': '',
      '.studio/window-state.json': '{}',
    });
    await studio.client.workspace.open({ path: folder.path });
    const { files, truncated } = await studio.client.workspace.files();
    expect(truncated).toBe(false);
    expect(Object.fromEntries(files.map((file) => [file.path, file.kind]))).toEqual({
      'configs/a.yaml': 'config',
      'data/d.jsonl.zst': 'dataset',
      'data/model/d.jsonl': 'dataset',
      'models/m.gguf': 'model',
      'runs/r1/checkpoints/500/model_config.json': 'text',
      'notes.md': 'text',
      'picture.bin': 'other',
      'runs/r1/log.txt': 'log',
      'runs/r1/metrics.jsonl': 'log',
    });
  });

  it('browses folders and marks workspaces', async () => {
    await using folder = await temporaryFolder();
    await using studio = await startTestCore();
    await writeFiles(folder.path, { 'b/studio.yaml': 'name: b', 'a/x.txt': '', 'file.txt': '' });
    const listing = await studio.client.workspace.browse({ path: folder.path });
    expect(listing.entries.map(({ name, workspace }) => [name, workspace])).toEqual([
      ['a', false],
      ['b', true],
    ]);
  });
});

describe('watching', () => {
  it('reports created, edited and replaced files, many at once, without .studio', async () => {
    await using folder = await temporaryFolder();
    await using studio = await startTestCore();
    await writeFiles(folder.path, { 'configs/a.yaml': 'a: 1' });
    await studio.client.workspace.open({ path: folder.path });
    await studio.core.context.workspace.require().watching;
    const abort = new AbortController();
    const seen = new Set<string>();
    const events = await studio.client.workspace.events(undefined, { signal: abort.signal });
    const reading = (async () => {
      for await (const event of events)
        if (event.kind === 'files') for (const path of event.paths) seen.add(path);
    })().catch(() => {});
    await writeFiles(folder.path, { 'configs/b.yaml': 'b: 1', '.studio/x.json': '{}' });
    await writeFile(join(folder.path, 'configs/aside'), 'a: 2');
    await rename(join(folder.path, 'configs/aside'), join(folder.path, 'configs/a.yaml'));
    await waitFor(() => seen.has('configs/a.yaml') && seen.has('configs/b.yaml'));
    expect([...seen].some((path) => path.startsWith('.studio'))).toBe(false);
    abort.abort();
    await reading;
  });

  it('notices changes by polling where there are no watches', async () => {
    await using folder = await temporaryFolder();
    await writeFiles(folder.path, { 'a.yaml': 'a: 1' });
    const changes = createSignalBus<readonly string[]>();
    const seen: string[] = [];
    changes.subscribe((paths) => seen.push(...paths));
    const watcher = startWatcher({ root: folder.path, changes, onPolling: () => {}, polling: true });
    await watcher.ready;
    await writeFile(join(folder.path, 'a.yaml'), 'a: 22');
    await waitFor(() => seen.includes('a.yaml'));
    await watcher.close();
  });
});

describe('what happens around the files', () => {
  it('another branch is told of, also when no file changed with it', async () => {
    await using folder = await temporaryFolder();
    await using studio = await startTestCore();
    const git = (...words: readonly string[]) => execFileSync('git', words, { cwd: folder.path });
    git('init', '-q', '-b', 'first');
    await studio.client.workspace.open({ path: folder.path });
    const abort = new AbortController();
    const branches: (string | null | undefined)[] = [];
    const events = await studio.client.workspace.events(undefined, { signal: abort.signal });
    const reading = (async () => {
      for await (const event of events)
        if (event.kind === 'opened') branches.push(event.workspace?.gitBranch);
    })().catch(() => {});
    // What it was before is known once it was read: until then nothing is other.
    let turn = 0;
    await waitFor(async () => {
      turn += 1;
      git('checkout', '-q', '-b', `branch-${turn}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
      return branches.length > 0;
    });
    git('checkout', '-q', '-b', 'last');
    await waitFor(() => branches.includes('last'));
    abort.abort();
    await reading;
  });

  it('another folder in the place of the open one is followed, as after a disk came back', async () => {
    await using folder = await temporaryFolder();
    await using studio = await startTestCore();
    const path = join(folder.path, 'here');
    await writeFiles(path, { 'configs/a.yaml': 'a: 1' });
    const { client } = studio;
    await client.workspace.open({ path });
    await studio.core.context.workspace.require().watching;
    const abort = new AbortController();
    const seen = new Set<string>();
    const events = await client.workspace.events(undefined, { signal: abort.signal });
    const reading = (async () => {
      for await (const event of events)
        if (event.kind === 'files') for (const one of event.paths) seen.add(one);
    })().catch(() => {});
    await writeFiles(join(folder.path, 'other'), { 'configs/b.yaml': 'b: 1' });
    await rename(path, join(folder.path, 'away'));
    await rename(join(folder.path, 'other'), path);
    await waitFor(() => seen.has('configs/a.yaml') && seen.has('configs/b.yaml'));
    const { files } = await client.workspace.files();
    expect(files.map((file) => file.path).filter((one) => one.endsWith('.yaml'))).toEqual(['configs/b.yaml']);
    await writeFile(join(path, 'configs/c.yaml'), 'c: 1');
    await waitFor(() => seen.has('configs/c.yaml'));
    abort.abort();
    await reading;
  });
});

describe('a system without file watches left', () => {
  it('polls instead, says so, and still notices changes', async ({ skip }) => {
    if (process.platform !== 'linux' || spawnSync('unshare', ['-Ur', 'true']).status !== 0) {
      return skip('needs Linux with user namespaces, where the number of watches can be set');
    }
    await using folder = await temporaryFolder();
    await writeFiles(folder.path, { 'w/a.yaml': 'a: 1', 'w/b.yaml': 'b: 1', 'w/c/d.yaml': 'd: 1' });
    const program = await buildProgram('test/support/watch-folder.ts', join(folder.path, 'bundle'));
    const command = 'echo 1 > /proc/sys/user/max_inotify_watches && exec "$0" "$1" "$2"';
    const words = ['-Ur', 'sh', '-c', command, process.execPath, program, join(folder.path, 'w')];
    const child = spawn('unshare', words, { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      await waitFor(() => output.includes('"ready"'));
      expect(output).toContain('no file watches left');
      await writeFile(join(folder.path, 'w/c/d.yaml'), 'd: 22');
      await waitFor(() => output.includes('c/d.yaml'));
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe('several studios and state', () => {
  it('reports another studio while it is there, and ignores killed ones', async () => {
    await using folder = await temporaryFolder();
    await using first = await startTestCore();
    await first.client.workspace.open({ path: folder.path });
    await writeFiles(folder.path, {
      '.studio/presence/1-gone.json': JSON.stringify({
        pid: 1,
        host: 'far',
        sinceMs: 1,
        beatMs: Date.now() - 60_000,
      }),
      '.studio/presence/broken.json': '{',
    });
    {
      await using second = await startTestCore();
      const info = await second.client.workspace.open({ path: folder.path });
      expect(info.otherStudios).toMatchObject([{ pid: process.pid }]);
      const { workspace } = await first.client.workspace.current();
      expect(workspace?.otherStudios).toHaveLength(1);
    }
    expect((await first.client.workspace.current()).workspace?.otherStudios).toEqual([]);
  });

  it('keeps the window state over a restart, and starts empty when it is damaged', async () => {
    await using folder = await temporaryFolder();
    {
      await using studio = await startTestCore();
      await studio.client.workspace.open({ path: folder.path });
      const changes = [
        { path: ['route'], value: '/runs' },
        { path: ['panes'], value: [1, 2] },
      ];
      await studio.client.workspace.changeState({ workspace: folder.path, changes });
    }
    await using studio = await startTestCore();
    await studio.client.workspace.open({ path: folder.path });
    expect((await studio.client.workspace.readState()).state).toEqual({ route: '/runs', panes: [1, 2] });
    await writeFile(join(folder.path, '.studio/window-state.json'), '{"route":');
    await studio.client.workspace.open({ path: folder.path });
    expect((await studio.client.workspace.readState()).state).toEqual({});
  });
});

describe('two studios that remember different things of one workspace', () => {
  it('keep both, also when .studio was deleted under them, and tell nothing of one workspace to another', async () => {
    await using folder = await temporaryFolder();
    await using elsewhere = await temporaryFolder();
    await using first = await startTestCore();
    await using second = await startTestCore();
    const workspace = folder.path;
    for (const { client } of [first, second]) await client.workspace.open({ path: workspace });
    const keep = (studio: typeof first, file: string, value: string | undefined) =>
      studio.client.workspace.changeState({
        workspace,
        changes: [{ path: ['values', 'drafts', file], value }],
      });
    await keep(first, 'a.yaml', 'of the first');
    await keep(second, 'b.yaml', 'of the second');
    await Promise.all(['c', 'd', 'e'].map((name, at) => keep(at % 2 === 0 ? first : second, name, name)));
    await keep(first, 'c', undefined);
    const both = {
      values: { drafts: { 'a.yaml': 'of the first', 'b.yaml': 'of the second', d: 'd', e: 'e' } },
    };
    for (const { client } of [first, second])
      expect((await client.workspace.readState()).state).toEqual(both);
    await rm(join(workspace, '.studio'), { recursive: true });
    await keep(first, 'e', 'after');
    const file = JSON.parse(
      await readFile(join(workspace, '.studio', 'window-state.json'), 'utf8'),
    ) as object;
    expect(file).toEqual({ values: { drafts: { ...both.values.drafts, e: 'after' } } });

    await first.client.workspace.open({ path: elsewhere.path });
    await expect(keep(first, 'a.yaml', 'late')).rejects.toMatchObject({ code: 'NO_WORKSPACE' });
    expect((await first.client.workspace.readState()).state).toEqual({});
  });

  it('a disk that is full refuses, keeps what was told in memory, and has it all once there is room', async ({
    skip,
  }) => {
    await using folder = await temporaryFolder();
    using disk = mountSmallDisk(join(folder.path, 'disk'), 65_536);
    if (!disk) return skip('mounting a small disk needs root on Linux');
    await using studio = await startTestCore();
    const { client } = studio;
    await client.workspace.open({ path: disk.path });
    const keep = (file: string, value: string) =>
      client.workspace.changeState({ workspace: disk.path, changes: [{ path: ['values', file], value }] });
    await keep('a', 'before');
    await writeFile(join(disk.path, 'filler'), Buffer.alloc(65_536)).catch(() => undefined);
    const long = 'x'.repeat(20_000);
    await expect(keep('b', long)).rejects.toMatchObject({ code: 'DISK_FULL' });
    const all = { values: { a: 'before', b: long, c: 'after' } };
    expect((await client.workspace.readState()).state).toEqual({ values: { a: 'before', b: long } });
    await rm(join(disk.path, 'filler'));
    await keep('c', 'after');
    await using other = await startTestCore();
    await other.client.workspace.open({ path: disk.path });
    expect((await other.client.workspace.readState()).state).toEqual(all);
  });
});

describe('path safety', () => {
  it('refuses every way out of the workspace', async () => {
    await using folder = await temporaryFolder();
    await using elsewhere = await temporaryFolder();
    await writeFiles(elsewhere.path, { 'secret.yaml': 'a: 1' });
    await writeFiles(folder.path, { 'in/a.yaml': 'a: 1' });
    await symlink(elsewhere.path, join(folder.path, 'link'));
    await symlink(join(elsewhere.path, 'new.yaml'), join(folder.path, 'dangling.yaml'));
    await symlink('in', join(folder.path, 'inner'));
    const bad = [
      '../x',
      'in/../../x',
      '/etc/passwd',
      'link/secret.yaml',
      'link/new/deep.yaml',
      'dangling.yaml',
      'a\0b',
    ];
    for (const path of bad) {
      await expect(resolveInside(folder.path, path), path).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    }
    expect(await resolveInside(folder.path, 'inner/a.yaml')).toBe(join(folder.path, 'in/a.yaml'));
    expect(await resolveInside(folder.path, 'not/yet/there.yaml')).toBe(
      join(folder.path, 'not/yet/there.yaml'),
    );
    await rm(join(folder.path, 'link'));
  });
});
