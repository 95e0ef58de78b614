// The list of a workspace's files that is kept while other programs change them: always what a walk finds, and quiet while runs write.
import { appendFile, chmod, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSignalBus } from '../../core/services/signal-bus.ts';
import { walkFiles } from '../../core/services/workspace/list-files.ts';
import { startWatcher, type Watcher } from '../../core/services/workspace/watcher.ts';
import { startTestCore, temporaryFolder, waitFor, writeFiles } from '../support/test-core.ts';

/** Many files as another program unpacks them: written by nobody of ours, in any order. */
const many = (folder: string, count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`${folder}/${index % 9}/f${index}.txt`, 'x']),
  );

interface Watched extends AsyncDisposable {
  readonly watcher: Watcher;
  readonly told: Set<string>;
}

async function watched(root: string, polling = false): Promise<Watched> {
  const changes = createSignalBus<readonly string[]>();
  const told = new Set<string>();
  changes.subscribe((paths) => {
    for (const path of paths) told.add(path);
  });
  const watcher = startWatcher({ root, changes, onPolling: () => {}, polling });
  await watcher.ready;
  return { watcher, told, [Symbol.asyncDispose]: () => watcher.close() };
}

/** Nobody in particular: root may read everything. */
const NOBODY = 65_534;

it('names a folder that may not be read, until it may be', async ({ skip }) => {
  if (process.geteuid === undefined) return skip('Nothing is forbidden to anybody here');
  const isRoot = process.geteuid() === 0;
  await using folder = await temporaryFolder();
  const secret = join(folder.path, 'data/secret');
  await writeFiles(folder.path, {
    'studio.yaml': 'name: test\n',
    'data/open.jsonl': '{"a":1}\n',
    'data/secret/a.jsonl': '{"a":1}\n',
    'data/secret/below/b.yaml': 'a: 1\n',
  });
  if (isRoot) for (const name of ['', 'data']) await chmod(join(folder.path, name), 0o777);
  await chmod(secret, 0o000);
  // Root opens the workspace, which writes into it; nobody looks.
  if (isRoot) process.seteuid?.(NOBODY);
  try {
    expect(await walkFiles(folder.path)).toMatchObject({ unread: ['data/secret'] });
    await using kept = await watched(folder.path);
    const { files, unread } = await kept.watcher.files();
    expect(unread).toEqual(['data/secret']);
    expect(files.map(({ path }) => path)).toEqual(['data/open.jsonl', 'studio.yaml']);
    if (isRoot) process.seteuid?.(0);
    await chmod(secret, 0o755);
    if (isRoot) process.seteuid?.(NOBODY);
    const now = await waitFor(async () => {
      const found = await kept.watcher.files();
      return found.unread.length === 0 ? found : null;
    });
    expect(now.files.map(({ path }) => path)).toContain('data/secret/below/b.yaml');
    expect(await walkFiles(folder.path)).toEqual(now);
  } finally {
    if (isRoot) process.seteuid?.(0);
    await chmod(secret, 0o755);
  }
});

describe.each([
  ['watched', false],
  ['polled', true],
])('a workspace that is %s', (_, polling) => {
  it('lists what a walk finds, whatever other programs do to it', async () => {
    await using folder = await temporaryFolder();
    const at = (path: string) => join(folder.path, path);
    await writeFiles(folder.path, {
      ...many('data', 90),
      'configs/a.yaml': 'a: 1',
      'runs/one/run.json': '{}',
      'runs/one/outputs/model.gguf': 'x',
      'checkpoints/r/10/weights/model.safetensors': 'x',
      'step/model/part.safetensors': 'x',
      '.studio/cache.json': '{}',
    });
    await using outside = await temporaryFolder();
    await writeFile(join(outside.path, 'far.txt'), 'x');
    await using open = await watched(folder.path, polling);
    const steps: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['as it was', async () => {}],
      ['three hundred files of a checkout', () => writeFiles(folder.path, many('new/deep', 300))],
      ['a folder under another name', () => rename(at('data'), at('data-2'))],
      ['a folder in the place of the former', () => writeFiles(folder.path, many('data', 20))],
      ['changes in the one that moved', () => writeFile(at('data-2/3/late.csv'), 'a,b')],
      ['and in the new one', () => writeFile(at('data/3/late.csv'), 'a,b')],
      ['a folder that is gone', () => rm(at('new'), { recursive: true })],
      [
        'a file where a folder was',
        async () => {
          await rm(at('configs'), { recursive: true });
          await writeFile(at('configs'), 'text');
        },
      ],
      [
        'and a folder again',
        async () => {
          await rm(at('configs'));
          await writeFiles(folder.path, { 'configs/b.yaml': 'b: 1' });
        },
      ],
      [
        'links inside, to outside and to nowhere',
        async () => {
          await symlink(at('configs/b.yaml'), at('inside.yaml'));
          await symlink(join(outside.path, 'far.txt'), at('outside.txt'));
          await symlink(at('nothing'), at('dangling.txt'));
        },
      ],
      ['a run that writes', () => appendFile(at('runs/one/log.txt'), 'a line\n')],
      ['a run that writes more', () => appendFile(at('runs/one/log.txt'), 'another line\n')],
      ['a run of another program', () => writeFiles(folder.path, { 'runs/two/out/deep/a.jsonl': '{}' })],
      ['a step whose parts are listed no more', () => writeFile(at('step/model_config.json'), '{}')],
      ['and are again', () => rm(at('step/model_config.json'))],
      [
        'folders that are not listed',
        () => writeFiles(folder.path, { '.git/HEAD': 'x', 'node_modules/a/b.js': 'x' }),
      ],
      [
        'pulled weights',
        () => writeFiles(folder.path, { 'checkpoints/r/20/weights/model.safetensors': 'x' }),
      ],
      [
        'a swap within one moment',
        async () => {
          await rename(at('data-2'), at('aside'));
          await rename(at('data'), at('data-2'));
          await rename(at('aside'), at('data'));
        },
      ],
    ];
    for (const [what, change] of steps) {
      await change();
      expect(await open.watcher.files(), what).toEqual(await walkFiles(folder.path));
    }
    await waitFor(() => open.told.has('data/3/late.csv') && open.told.has('configs/b.yaml'));
    expect([...open.told].filter((path) => path.startsWith('.') || path.startsWith('node_modules'))).toEqual(
      [],
    );
  });
});

it('tells of a file that grows line by line, to its last line, and not at each', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'annotations.jsonl');
  await writeFile(path, '');
  const changes = createSignalBus<readonly string[]>();
  const sizes: number[] = [];
  const watcher = startWatcher({ root: folder.path, changes, onPolling: () => {} });
  await watcher.ready;
  changes.subscribe(() => void watcher.files().then(({ files }) => sizes.push(files[0]?.sizeBytes ?? 0)));
  for (let line = 0; line < 200; line += 1) await appendFile(path, 'ten bytes\n');
  await waitFor(() => sizes.at(-1) === 2000);
  expect(sizes.length).toBeLessThan(200);
  await watcher.close();
});

it('nobody is told what runs write, but of their record and their end', async () => {
  await using folder = await temporaryFolder();
  await writeFiles(folder.path, { 'runs/a/run.json': '{}', 'runs/a/log.txt': '' });
  await using open = await watched(folder.path);
  const touches: string[] = [];
  open.watcher.runs.subscribe(({ id, isOutput }) => touches.push(`${id} ${isOutput}`));
  await appendFile(join(folder.path, 'runs/a/log.txt'), 'a line\n');
  await waitFor(() => touches.includes('a true'));
  await writeFile(join(folder.path, 'runs/a/exit.json'), '{}');
  await mkdir(join(folder.path, 'runs/b'));
  await writeFile(join(folder.path, 'runs/b/run.json'), '{}');
  await waitFor(() => open.told.has('runs/a/exit.json') && open.told.has('runs/b/run.json'));
  expect(touches).toContain('a false');
  expect(touches).toContain('b false');
  expect(open.told.has('runs/a/log.txt')).toBe(false);
});

it('more files than are kept are walked, and kept again once there is room', async () => {
  await using folder = await temporaryFolder();
  await writeFiles(folder.path, many('data', 90));
  const watcher = startWatcher({
    root: folder.path,
    changes: createSignalBus(),
    onPolling: () => {},
    maxFiles: 60,
  });
  expect(await watcher.files()).toMatchObject({ truncated: true });
  await rm(join(folder.path, 'data/0'), { recursive: true });
  await rm(join(folder.path, 'data/1'), { recursive: true });
  await rm(join(folder.path, 'data/2'), { recursive: true });
  expect(await watcher.files()).toEqual(await walkFiles(folder.path));
  await writeFile(join(folder.path, 'data/8/f8.txt'), 'longer');
  expect(await watcher.files()).toEqual(await walkFiles(folder.path));
  await watcher.close();
});

it('a run that another program begins is seen, whenever its record comes, and its end too', async () => {
  await using folder = await temporaryFolder();
  await using studio = await startTestCore();
  await studio.client.workspace.open({ path: folder.path });
  await studio.core.context.workspace.require().watching;
  const leaving = new AbortController();
  const seen: string[] = [];
  const watching = (async () => {
    for await (const event of await studio.client.runs.watch(undefined, { signal: leaving.signal })) {
      if (event.kind === 'changed') seen.push(`${event.run.id} ${event.run.state}`);
      if (event.kind === 'removed') seen.push(`${event.id} removed`);
    }
  })().catch(() => undefined);
  await mkdir(join(folder.path, 'runs/r'), { recursive: true });
  await waitFor(async () => (await studio.client.workspace.files()).files.length === 0);
  const record = {
    format: 1,
    id: 'r',
    name: 'r',
    recipe: 'command',
    target: 'this-computer',
    createdMs: 1,
    parameters: {},
    command: ['true'],
    workingFolder: '.',
    environment: {},
    config: null,
    git: { branch: null, commit: null },
    mainMetrics: [],
    exitCodes: {},
    host: 'elsewhere',
    history: [],
    end: null,
    remote: null,
  };
  await writeFile(join(folder.path, 'runs/r/run.json'), JSON.stringify(record));
  await waitFor(() => seen.length > 0);
  await writeFile(join(folder.path, 'runs/r/exit.json'), '{"exitCode":0,"signal":null,"endedMs":5}');
  await waitFor(() => seen.includes('r done'));
  expect((await studio.client.runs.list()).map(({ state }) => state)).toEqual(['done']);
  await rm(join(folder.path, 'runs/r'), { recursive: true });
  await waitFor(() => seen.includes('r removed'));
  expect(await studio.client.runs.list()).toEqual([]);
  leaving.abort();
  await watching;
});
