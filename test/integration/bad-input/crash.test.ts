// A full disk, a read-only workspace, two studios and kill -9 at random moments: what was saved is whole, what was not is as before.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ErrorCode } from '../../../core/api/errors.ts';
import type { StudioClient } from '../../../core/api/contract.ts';
import type { Conversation } from '../../../core/api/conversations.ts';
import { sampling } from '../../../core/api/generation.ts';
import { emptyConversation } from '../../../core/lib/conversations/new-conversation.ts';
import { makeFolder, makeFolderSync } from '../../../core/services/files/make-folder.ts';
import { explainOutput } from '../../../core/services/files/whole-output.ts';
import { channelLink, createClient } from '../../../core/rpc/client.ts';
import { webSocketChannel } from '../../../core/rpc/web-socket-channel.ts';
import { ensureBuilt } from '../../../scripts/ensure-built.mjs';
import { WebSocket } from 'ws';
import { childPids } from '../../support/processes.ts';
import { mountReadOnly, mountSmallDisk } from '../../support/small-disk.ts';
import {
  repositoryFolder,
  startTestCore,
  temporaryFolder,
  waitFor,
  writeFiles,
} from '../../support/test-core.ts';
import { expectRefusal, runNesso, startNesso } from '../cli-process.ts';

const sample = join(repositoryFolder, 'resources', 'sample-workspace');
const code = (wanted: ErrorCode) => expect.objectContaining({ code: wanted }) as Error;

beforeAll(() => ensureBuilt());

/** Everything below a folder, without the caches of the studio. */
async function leftovers(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith('.tmp') || /(^|\/)\.[0-9a-f]{12}\.tmp$/.test(name));
}

const conversation = (title: string, text: string): Conversation => ({
  ...emptyConversation('talk', null, 1),
  title,
  turns: [{ id: 'a', parentId: null, role: 'user', text, createdMs: 1 }],
});
const saved = (title: string, text: string) => ({
  conversation: conversation(title, text),
  baseVersion: null,
});

describe('a full disk', () => {
  it('keeps every old file byte for byte, leaves nothing half-made, and saving works again with space', async ({
    skip,
  }) => {
    await using folder = await temporaryFolder();
    await using state = await temporaryFolder();
    using disk = mountSmallDisk(join(folder.path, 'disk'), 256 * 1024);
    if (!disk) return skip('mounting a small disk needs root on Linux');
    await using studio = await startTestCore();
    const { workspace, configs, conversations, runs } = studio.client;
    await writeFiles(disk.path, { 'studio.yaml': 'name: Full\n', 'a.yaml': '# mine\na: 1\n' });
    await workspace.open({ path: disk.path });
    await conversations.save(saved('Kept', 'Ciao'));
    const { version } = await configs.read({ path: 'a.yaml' });
    const { version: talk } = await conversations.read({ id: 'talk' });
    const before = [
      await readFile(join(disk.path, 'a.yaml')),
      await readFile(join(disk.path, 'chats/talk.json')),
    ];
    await writeFile(join(disk.path, 'ballast'), Buffer.alloc(220 * 1024)).catch(() => {});

    const large = `# mine\na: "${'x'.repeat(300_000)}"\n`;
    await expect(configs.save({ path: 'a.yaml', text: large, baseVersion: version })).rejects.toThrow(
      code('DISK_FULL'),
    );
    await expect(configs.save({ path: 'new.yaml', text: large, baseVersion: null })).rejects.toThrow(
      code('DISK_FULL'),
    );
    await expect(
      conversations.save({ ...saved('Lost', 'y'.repeat(300_000)), baseVersion: talk }),
    ).rejects.toThrow(code('DISK_FULL'));
    const filled = await nessoSet(state.path, join(disk.path, 'a.yaml'), 'x'.repeat(100_000));
    expect(filled).toBe('DISK_FULL');
    const launched = await runs
      .launch({ recipe: 'command', name: 'No space', parameters: { command: `"${process.execPath}" -e 0` } })
      .catch((error: unknown) => error);
    if (launched instanceof Error) expect(launched).toMatchObject({ code: 'DISK_FULL' });

    expect(await readFile(join(disk.path, 'a.yaml'))).toEqual(before[0]);
    expect(await readFile(join(disk.path, 'chats/talk.json'))).toEqual(before[1]);
    expect(existsSync(join(disk.path, 'new.yaml'))).toBe(false);
    // A lock that is being taken at this moment is no leftover.
    await expect.poll(() => leftovers(disk.path)).toEqual([]);
    expect((await configs.read({ path: 'a.yaml' })).version).toBe(version);

    await writeFile(join(disk.path, 'ballast'), '');
    expect((await configs.save({ path: 'a.yaml', text: 'a: 2\n', baseVersion: version })).kind).toBe('saved');
    // Leave the disk before it is taken away.
    await workspace.create({ path: join(folder.path, 'elsewhere'), name: 'Elsewhere' });
  });
});

async function nessoSet(state: string, path: string, value: string): Promise<ErrorCode> {
  return expectRefusal(await runNesso(state, 'config', 'set', path, 'a', value, '--json')).code;
}

describe('a read-only workspace', () => {
  it('opens, shows everything, and refuses each change in words', async ({ skip }) => {
    await using folder = await temporaryFolder();
    await using state = await temporaryFolder();
    const source = join(folder.path, 'source');
    await writeFiles(source, {
      'studio.yaml': 'name: Archive\n',
      'a.yaml': 'a: 1\n',
      'd.jsonl': '{"text":"uno","n":1}\n{"text":"due","n":2}\n',
      'chats/talk.json': JSON.stringify(conversation('Kept', 'Ciao')),
    });
    using view = mountReadOnly(source, join(folder.path, 'view'));
    if (!view) return skip('a read-only mount needs root on Linux');
    await using studio = await startTestCore();
    const { workspace, configs, conversations, runs, datasets } = studio.client;
    expect(await workspace.open({ path: view.path })).toMatchObject({ readOnly: true, name: 'Archive' });
    expect((await configs.list()).map(({ path }) => path)).toEqual(['a.yaml', 'studio.yaml']);
    expect((await datasets.histogram({ path: 'd.jsonl', column: 'n', bins: 2 })).counts).toEqual([1, 1]);
    expect((await conversations.read({ id: 'talk' })).conversation.title).toBe('Kept');
    expect(await runs.list()).toEqual([]);

    const { version } = await configs.read({ path: 'a.yaml' });
    const { version: talk } = await conversations.read({ id: 'talk' });
    const command = { command: `"${process.execPath}" -e 0` };
    const changes: readonly (() => Promise<unknown>)[] = [
      () => configs.save({ path: 'a.yaml', text: 'a: 2\n', baseVersion: version }),
      () => configs.save({ path: 'new/b.yaml', text: 'b: 2\n', baseVersion: null }),
      () => configs.rename({ from: 'a.yaml', to: 'b.yaml' }),
      () => configs.remove({ path: 'a.yaml' }),
      () => conversations.save({ ...saved('Changed', 'x'), baseVersion: talk }),
      () => conversations.remove({ id: 'talk' }),
      () => runs.launch({ recipe: 'command', name: 'No', parameters: command }),
    ];
    for (const change of changes) await expect(change(), String(change)).rejects.toThrow(code('READ_ONLY'));
    expect(await nessoSet(state.path, join(view.path, 'a.yaml'), '2')).toBe('READ_ONLY');
    const output = join(view.path, 'x.parquet');
    const exported = await runNesso(
      state.path,
      'data',
      'export',
      join(source, 'd.jsonl'),
      '-o',
      output,
      '--json',
    );
    expect(expectRefusal(exported)).toMatchObject({
      code: 'READ_ONLY',
      message: 'x.parquet cannot be written into this folder',
      path: output,
    });
    const listed = await runNesso(state.path, 'workspace', 'files', view.path, '--json');
    expect([listed.code, listed.stderr]).toEqual([0, '']);
    expect(await readFile(join(source, 'a.yaml'), 'utf8')).toBe('a: 1\n');
    expect((await readdir(source)).sort()).toEqual(['a.yaml', 'chats', 'd.jsonl', 'studio.yaml']);
    await workspace.create({ path: join(folder.path, 'elsewhere'), name: 'Elsewhere' });
  });
});

describe('a folder that cannot be made', () => {
  it('is refused at once, whoever asks', async ({ skip }) => {
    if (process.platform !== 'linux') return skip('there is no /proc');
    await expect(makeFolder('/proc/nesso/of/nobody')).rejects.toMatchObject({ code: 'ENOENT' });
    expect(() => makeFolderSync('/proc/nesso/of/nobody')).toThrow(/ENOENT/);
    const aside = Object.assign(new Error('mkdir'), { code: 'ENOTDIR', path: '/dev/full/.0123456789ab.tmp' });
    expect(explainOutput(aside, '/dev/full/x.parquet')).toMatchObject({
      code: 'PERMISSION_DENIED',
      message: 'x.parquet cannot be written into this folder',
    });
  });

  it('is made with its parents by several at once, and a file in its place is said', async () => {
    await using folder = await temporaryFolder();
    const deep = join(folder.path, 'a', 'b', 'c');
    await Promise.all([makeFolder(deep), makeFolder(deep), makeFolder(join(deep, 'd'))]);
    makeFolderSync(join(folder.path, 'e', 'f'));
    expect((await readdir(folder.path, { recursive: true })).length).toBe(6);
    // A parent that another has just made, at every moment of one's own making.
    for (let turn = 0; turn < 50; turn += 1) {
      const wanted = ['x/y/z', 'x/y', 'x', 'x/y/z/w'].map((path) => join(folder.path, String(turn), path));
      await Promise.all(wanted.map((path) => makeFolder(path)));
    }
    await writeFile(join(folder.path, 'file'), '');
    await expect(makeFolder(join(folder.path, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolder(join(folder.path, 'file', 'x'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });
});

describe('two studios on one workspace', () => {
  it('neither overwrites the other, and both see each other’s runs and their end', async () => {
    await using folder = await temporaryFolder();
    await writeFiles(folder.path, { 'a.yaml': 'a: 1\n' });
    await using first = await startTestCore();
    await using second = await startTestCore();
    await first.client.workspace.open({ path: folder.path });
    await second.client.workspace.open({ path: folder.path });
    const base = await second.client.configs.read({ path: 'a.yaml' });
    const ours = await first.client.configs.save({
      path: 'a.yaml',
      text: 'a: first\n',
      baseVersion: base.version,
    });
    expect(ours.kind).toBe('saved');
    const theirs = await second.client.configs.save({
      path: 'a.yaml',
      text: 'a: second\n',
      baseVersion: base.version,
    });
    expect(theirs).toMatchObject({ kind: 'conflict', current: { text: 'a: first\n' } });
    expect(await readFile(join(folder.path, 'a.yaml'), 'utf8')).toBe('a: first\n');

    const launch = (client: typeof first.client, name: string) =>
      client.runs.launch({
        recipe: 'command',
        name,
        parameters: { command: `"${process.execPath}" -e "setTimeout(() => process.exit(3), 500)"` },
      });
    const runs = await Promise.all([launch(first.client, 'Same name'), launch(second.client, 'Same name')]);
    expect(new Set(runs.map((run) => run.id)).size).toBe(2);
    for (const studio of [first, second]) {
      await waitFor(async () => {
        const listed = await studio.client.runs.list();
        return (
          listed.length === 2 && listed.every((run) => run.state === 'failed' && run.end?.exitCode === 3)
        );
      }, 180_000);
    }
  });
});

describe('kill -9', () => {
  it('of the llama process in mid-answer is a typed error, and the next question is answered', async () => {
    await using studio = await startTestCore();
    await studio.client.workspace.open({ path: sample });
    const ask = (text: string, maxTokens: number) =>
      studio.client.chat.answer({
        modelPath: 'models/nesso-tiny/nesso-tiny-f16.gguf',
        prompt:
          maxTokens > 100 ? { kind: 'raw', text } : { kind: 'chat', messages: [{ role: 'user', text }] },
        sampling: sampling.parse({
          temperature: maxTokens > 100 ? 1.5 : 0,
          topK: 0,
          topP: 1,
          seed: 4,
          maxTokens,
          tokenBias: maxTokens > 100 ? [{ token: '<|end_of_text|>', bias: -100 }] : [],
        }),
      });
    for await (const event of await ask('Ciao!', 50)) expect(event.kind).toBeTruthy();
    const pids = await childPids('native-llama');
    const killed = (async () => {
      for await (const event of await ask('Anna', 100_000)) {
        if (event.kind === 'prompt') for (const pid of pids) process.kill(pid, 'SIGKILL');
      }
    })();
    await expect(killed).rejects.toMatchObject({
      code: 'RUNTIME_DIED',
      data: { hint: expect.stringContaining('Ask again') as string },
    });
    let answer = '';
    for await (const event of await ask('What is the capital of France?', 50)) {
      if (event.kind === 'text') answer += event.text;
    }
    expect(answer).toBe('The capital of France is Paris.');
  });

  it('of the server while it saves 200 times leaves one of the versions, never a half, and the next start works', async () => {
    await using folder = await temporaryFolder();
    await using state = await temporaryFolder();
    const path = join(folder.path, 'ws');
    await mkdir(path);
    const textOf = (number: number) =>
      `# version ${number}\nvalue: "${String(number % 10).repeat(200_000)}"\n`;
    await writeFile(join(path, 'a.yaml'), textOf(0));
    let saved = 0;
    let rounds = 0;
    while (saved < 200) {
      rounds += 1;
      const server = startNesso(state.path, ['serve', path, '--json']);
      const client = await connect(server, state.path);
      // A moment of a later save, however long saves take here.
      const savesUntilKill = 5 + Math.floor(Math.random() * 25);
      let timer: NodeJS.Timeout | undefined;
      let begunMs = performance.now();
      let { version } = await client.configs.read({ path: 'a.yaml' }).catch(() => ({ version: '' }));
      let last = saved;
      try {
        for (;;) {
          if (last - saved === savesUntilKill) {
            const saveMs = (performance.now() - begunMs) / savesUntilKill;
            timer = setTimeout(() => server.process.kill('SIGKILL'), Math.random() * 2 * saveMs);
          }
          if (last === saved) begunMs = performance.now();
          const result = await client.configs.save({
            path: 'a.yaml',
            text: textOf(last + 1),
            baseVersion: version,
          });
          if (result.kind !== 'saved') throw new Error('somebody else saved');
          last += 1;
          version = result.version;
        }
      } catch (error) {
        expect(String(error)).not.toContain('somebody else');
      }
      clearTimeout(timer);
      server.process.kill('SIGKILL');
      await server.ended;
      const text = await readFile(join(path, 'a.yaml'), 'utf8');
      // The last save that was confirmed, or the one that was under way.
      expect([textOf(last), textOf(last + 1)].includes(text), `round ${rounds}, after save ${last}`).toBe(
        true,
      );
      saved = Number(/^# version (\d+)/.exec(text)?.[1]);
      if (rounds > 200) break;
    }
    expect(saved).toBeGreaterThanOrEqual(200);
    // A new studio is not kept waiting by what the killed ones left, and saves at once.
    await using studio = await startTestCore();
    await studio.client.workspace.open({ path });
    const { version } = await studio.client.configs.read({ path: 'a.yaml' });
    const result = await studio.client.configs.save({
      path: 'a.yaml',
      text: 'a: end\n',
      baseVersion: version,
    });
    expect(result.kind).toBe('saved');
    expect((await studio.client.workspace.files()).files.map((file) => file.path)).toEqual(['a.yaml']);
  });
});

/** A client of a served studio that authenticates with the token file, as scripts on the same machine may. */
async function connect(server: ReturnType<typeof startNesso>, state: string): Promise<StudioClient> {
  const text = await new Promise<string>((resolve) =>
    server.process.stdout?.once('data', (data: string) => resolve(String(data))),
  );
  const { port } = z.object({ port: z.number() }).parse(JSON.parse(text));
  const [name] = (await readdir(state)).filter((entry) => entry.includes('token'));
  const token = (await readFile(join(state, name ?? 'token'), 'utf8')).trim();
  const socket = new WebSocket(`ws://127.0.0.1:${port}/rpc`, {
    headers: { authorization: `Bearer ${token}` },
  });
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('open', resolve));
  return createClient<StudioClient>(channelLink(webSocketChannel(socket)));
}
