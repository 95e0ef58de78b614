// Models from a hub: whole and checked or not there, resumed where they stopped, tokens kept to the hub, and errors that say what
// to do.
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type PullRequest, pullModel } from '../../core/services/embedders/pull-model.ts';
import { listEmbedders } from '../../core/services/embedders/list-embedders.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { mountSmallDisk } from '../support/small-disk.ts';
import { startSmallHub } from '../support/small-hub.ts';
import { repositoryFolder, startTestCore, type TestFolder, temporaryFolder } from '../support/test-core.ts';

const fixture = join(repositoryFolder, 'test/fixtures/embedder');
const id = 'someone/small-embedder';
const read = (name: string): Uint8Array => new Uint8Array(readFileSync(join(fixture, name)));
const files = {
  'config.json': read('config.json'),
  'tokenizer.json': read('tokenizer.json'),
  'onnx/model.onnx': read('onnx/model.onnx'),
  'onnx/model_int8.onnx': read('onnx/model.onnx').slice(0, 20_000),
  'pytorch_model.bin': new Uint8Array(50_000),
};
let folder: TestFolder;
const at = (name: string): string => join(folder.path, name);

beforeAll(async () => {
  ensureChildBuilt('nesso', 'cli');
  ensureChildBuilt('native-onnx', 'native/onnx');
  folder = await temporaryFolder();
  writeFileSync(at('studio.yaml'), 'name: test\n');
});
afterAll(() => folder[Symbol.asyncDispose]());

const request = (endpoint: string, name: string, change: Partial<PullRequest> = {}): PullRequest => ({
  id,
  revision: 'main',
  variant: null,
  folder: at(name),
  access: { endpoint, token: null },
  ...change,
});

describe('pulling a model', () => {
  it('fetches what an embedder needs, checked, and says where it came from', async () => {
    await using hub = await startSmallHub({ id, files });
    const seen: number[] = [];
    const pulled = await pullModel(
      request(hub.endpoint, 'models/one', { onProgress: (done) => seen.push(done) }),
    );
    const bytes =
      files['config.json'].length + files['tokenizer.json'].length + files['onnx/model.onnx'].length;
    expect(pulled).toMatchObject({ variant: 'fp32', revision: 'a'.repeat(40), downloadedBytes: bytes });
    expect([seen[0], seen.at(-1)]).toEqual([0, bytes]);
    expect(readdirSync(at('models/one'), { recursive: true }).map(String).toSorted()).toEqual([
      'config.json',
      'nesso-source.json',
      'onnx',
      'onnx/model.onnx',
      'tokenizer.json',
    ]);
    expect(readFileSync(at('models/one/onnx/model.onnx'))).toEqual(Buffer.from(files['onnx/model.onnx']));
    const again = await pullModel(request(hub.endpoint, 'models/one'));
    expect(again.downloadedBytes).toBe(0);
    const both = await pullModel(request(hub.endpoint, 'models/one', { variant: 'int8' }));
    expect(both.downloadedBytes).toBe(20_000);
    expect(await listEmbedders(folder.path)).toMatchObject([
      {
        path: 'models/one',
        id,
        revision: 'a'.repeat(40),
        variants: [{ name: 'fp32' }, { name: 'int8' }],
        problem: null,
      },
    ]);
  });

  it('is not lost where the hub closes a connection that was kept, just when it is used again', async () => {
    await using hub = await startSmallHub({ id, files });
    hub.closesKept = true;
    const pulled = await pullModel(request(hub.endpoint, 'models/kept'));
    expect(pulled).toMatchObject({ variant: 'fp32', revision: 'a'.repeat(40) });
    expect(readFileSync(at('models/kept/config.json'))).toEqual(Buffer.from(files['config.json']));
  });

  it('goes on where it broke off, within one try and after another', async () => {
    await using hub = await startSmallHub({ id, files });
    hub.breakAfter(100_000);
    const pulled = await pullModel(request(hub.endpoint, 'broken'));
    // What was on the way when the connection broke may be lost, so it need not go on exactly where the hub stopped.
    const ranges = hub.requests.filter(({ host }) => host === 'storage').map(({ range }) => range ?? '');
    expect(ranges).toContainEqual(expect.stringMatching(/^bytes=[1-9]\d*-$/));
    expect(pulled.downloadedBytes).toBe(pulled.files.reduce((sum, file) => sum + file.sizeBytes, 0));

    hub.breakAfter(150_000);
    const controller = new AbortController();
    const stopped = pullModel(
      request(hub.endpoint, 'stopped', {
        signal: controller.signal,
        onProgress: (done) => done > 100_000 && controller.abort(),
      }),
    );
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect(existsSync(at('stopped/onnx/model.onnx'))).toBe(false);
    const rest = await pullModel(request(hub.endpoint, 'stopped'));
    expect(rest.downloadedBytes).toBeLessThan(pulled.downloadedBytes - 50_000);
    expect(readFileSync(at('stopped/onnx/model.onnx'))).toEqual(Buffer.from(files['onnx/model.onnx']));

    // A hub that cannot start in the middle sends everything again.
    hub.ignoreRanges = true;
    hub.breakAfter(100_000);
    await pullModel(request(hub.endpoint, 'rangeless'));
    expect(readFileSync(at('rangeless/onnx/model.onnx'))).toEqual(Buffer.from(files['onnx/model.onnx']));
  });

  it('keeps nothing that arrived damaged', async () => {
    await using hub = await startSmallHub({ id, files, damaged: 'onnx/model.onnx' });
    await expect(pullModel(request(hub.endpoint, 'damaged'))).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
    expect(existsSync(at('damaged/onnx/model.onnx'))).toBe(false);
    expect(readdirSync(at('damaged/.partial'))).toEqual([]);
    await using small = await startSmallHub({ id, files, damaged: 'config.json' });
    await expect(pullModel(request(small.endpoint, 'damaged2'))).rejects.toThrow(
      /config\.json arrived damaged/,
    );
  });

  it('gives the token to the hub and to nobody else', async () => {
    await using hub = await startSmallHub({ id, files, token: 'hf_secret' });
    const refused = pullModel(request(hub.endpoint, 'private'));
    await expect(refused).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
      data: { hint: expect.stringContaining('HF_TOKEN') },
    });
    const wrong = pullModel(
      request(hub.endpoint, 'private', { access: { endpoint: hub.endpoint, token: 'hf_other' } }),
    );
    await expect(wrong).rejects.toThrow(/refuses someone\/small-embedder to this token/);
    await pullModel(
      request(hub.endpoint, 'private', { access: { endpoint: hub.endpoint, token: 'hf_secret' } }),
    );
    const stored = hub.requests.filter(({ host }) => host === 'storage');
    expect(stored.length).toBeGreaterThan(0);
    expect(stored.every(({ token }) => token === null)).toBe(true);
  });

  it('says what to do about names, networks and servers', async () => {
    await using hub = await startSmallHub({ id, files });
    const fails = (change: Partial<PullRequest>, code: string, message: RegExp) =>
      expect(pullModel(request(hub.endpoint, 'fails', change)), String(message)).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message) as string,
      });
    await fails({ id: 'someone/else' }, 'NOT_FOUND', /no someone\/else/);
    await fails({ id: '../etc' }, 'INVALID_INPUT', /not the name of a model/);
    await fails({ id: 'alone' }, 'INVALID_INPUT', /not the name of a model/);
    await fails({ variant: 'q4' }, 'INVALID_INPUT', /no variant q4/);
    await fails(
      { access: { endpoint: 'http://127.0.0.1:9', token: null } },
      'UNAVAILABLE',
      /cannot be reached/,
    );
    hub.failWith(503, 99);
    await fails({ variant: 'int8' }, 'UNAVAILABLE', /answered 503/);
    await using bare = await startSmallHub({ id, files: { 'config.json': files['config.json'] } });
    await expect(pullModel(request(bare.endpoint, 'bare'))).rejects.toThrow(/no ONNX file/);
    await using odd = await startSmallHub({ id, files: { ...files, '../outside.txt': new Uint8Array(3) } });
    await pullModel(request(odd.endpoint, 'odd'));
    expect(existsSync(at('outside.txt'))).toBe(false);
  }, 180_000);

  it('asks for space before it starts', async (test) => {
    mkdirSync(at('small'), { recursive: true });
    using disk = mountSmallDisk(at('small'), 128 * 1024);
    if (!disk) return test.skip('no permission to mount');
    await using hub = await startSmallHub({ id, files });
    await expect(pullModel(request(hub.endpoint, 'small/model'))).rejects.toMatchObject({
      code: 'DISK_FULL',
    });
    expect(hub.requests.filter(({ host }) => host === 'storage')).toEqual([]);
  });

  it('says that the disk became full on the way, keeps what came, and goes on once there is space', async (test) => {
    mkdirSync(at('filling'), { recursive: true });
    using disk = mountSmallDisk(at('filling'), 1024 * 1024);
    if (!disk) return test.skip('no permission to mount');
    await using hub = await startSmallHub({ id, files });
    const others = at('filling/others');
    const fill = (): void => {
      // Others leave 96 kB of the disk: less than the model, no multiple of what arrives at a time.
      const { bavail, bsize } = statfsSync(at('filling'));
      writeFileSync(others, new Uint8Array(Math.max(0, bavail * bsize - 96 * 1024)));
    };
    let isFilled = false;
    const onProgress = (done: number): void => {
      if (isFilled || done < files['config.json'].length) return;
      isFilled = true;
      fill();
    };
    const wish = request(hub.endpoint, 'filling/model', { onProgress });
    await expect(pullModel(wish)).rejects.toMatchObject({ code: 'DISK_FULL' });
    expect(isFilled).toBe(true);
    expect(existsSync(at('filling/model/nesso-source.json'))).toBe(false);
    rmSync(others);
    const pulled = await pullModel(request(hub.endpoint, 'filling/model'));
    expect(pulled.downloadedBytes).toBeLessThan(
      files['tokenizer.json'].length + files['onnx/model.onnx'].length,
    );
    for (const name of ['tokenizer.json', 'onnx/model.onnx'] as const) {
      expect(readFileSync(join(at('filling/model'), name)).equals(files[name]), name).toBe(true);
    }
  });

  it('says which proxy it does not go through', async () => {
    for (const name of ['https_proxy', 'http_proxy', 'all_proxy'])
      for (const one of [name, name.toUpperCase()]) vi.stubEnv(one, undefined);
    vi.stubEnv('https_proxy', 'http://127.0.0.1:9');
    try {
      const wish = request('https://127.0.0.1:9', 'models/proxied');
      const refused = await pullModel(wish).catch((error: unknown) => error);
      expect(refused).toMatchObject({
        code: 'UNAVAILABLE',
        data: { hint: expect.stringContaining('https_proxy is set') },
      });
      const plain = await pullModel(request('http://127.0.0.1:9', 'models/plain')).catch(
        (error: unknown) => error,
      );
      expect(plain).toMatchObject({ data: { hint: expect.not.stringContaining('proxy') } });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('is a command and a call of the window; what it fetched works', async () => {
    await using hub = await startSmallHub({ id, files, token: 'hf_secret' });
    const command = join(repositoryFolder, 'out/main/nesso.js');
    const nesso = (...words: readonly string[]) =>
      new Promise<{ code: number | null; json: unknown }>((resolve) => {
        const child = spawn(process.execPath, [command, 'embedder', ...words, '--json'], {
          cwd: folder.path,
          env: {
            ...process.env,
            HF_ENDPOINT: hub.endpoint,
            HF_TOKEN: 'hf_secret',
            NESSO_STATE_FOLDER: at('state'),
          },
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        let text = '';
        child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
        child.on('close', (code) => resolve({ code, json: JSON.parse(text) }));
      });
    expect(await nesso('pull', id)).toMatchObject({
      code: 0,
      json: { folder: 'models/small-embedder', variant: 'fp32' },
    });
    expect(await nesso('check', 'models/small-embedder')).toMatchObject({
      code: 0,
      json: { identity: { id, dimensions: 48 }, warnings: [] },
    });
    expect((await nesso('pull', 'someone/else')).code).toBe(1);
    expect(await nesso('cache')).toMatchObject({ code: 0, json: { folders: [] } });

    process.env['HF_ENDPOINT'] = hub.endpoint;
    await using core = await startTestCore();
    await core.client.workspace.open({ path: folder.path });
    const kinds: string[] = [];
    const input = { id, revision: null, variant: 'int8', token: 'hf_secret' };
    for await (const event of await core.client.embedders.pull(input)) kinds.push(event.kind);
    expect(kinds.at(-1)).toBe('done');
    expect(statSync(at('models/small-embedder/onnx/model_int8.onnx')).size).toBe(20_000);
    delete process.env['HF_ENDPOINT'];
  });
});
