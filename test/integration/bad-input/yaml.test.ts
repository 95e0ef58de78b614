// YAML that is broken, huge, foreign or hostile, through core and the command line: a line, a reason, and the file as it was.
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ensureBuilt } from '../../../scripts/ensure-built.mjs';
import {
  startTestCore,
  type TestCore,
  type TestFolder,
  temporaryFolder,
  writeFiles,
} from '../../support/test-core.ts';
import { expectRefusal, runNesso } from '../cli-process.ts';

/** The user without rights on Linux and macOS. */
const NOBODY = 65_534;

let state: TestFolder;
let folder: TestFolder;
let studio: TestCore;
const nesso = (...words: readonly string[]) => runNesso(state.path, ...words, '--json');
const at = (name: string) => join(folder.path, name);

beforeAll(async () => {
  ensureBuilt();
  state = await temporaryFolder();
  folder = await temporaryFolder();
  studio = await startTestCore();
  await studio.client.workspace.open({ path: folder.path });
});
afterAll(async () => {
  await studio[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
  await state[Symbol.asyncDispose]();
});

const checked = z.object({
  findings: z.array(
    z.object({ code: z.string(), severity: z.string(), line: z.number(), message: z.string() }),
  ),
});
async function check(name: string, text: string) {
  await writeFile(at(name), text);
  const ended = await nesso('config', 'check', at(name));
  expect(ended.stderr).toBe('');
  return { code: ended.code, ...checked.parse(ended.json()) };
}

/** `a: [*b, *b, …]` ten times over: ten billion values when unfolded. */
function aliasBomb(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 11; level += 1) {
    lines.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(', ')}]`);
  }
  return lines.join('\n');
}

describe('a YAML file', () => {
  it.each([
    ['an open bracket', 'seed: 1\nlist: [1, 2\nnext: 3\n', 2, /bracket/],
    ['an open quote', 'a: 1\nb: "never closed\nc: 3\n', 2, /quote/],
    ['a tab', 'a:\n\tb: 1\n', 2, /[Tt]ab/],
    ['a key twice', 'a: 1\nb: 2\na: 3\n', 1, /written twice/],
    ['no colon', 'a: 1\nwords\nb: 2\n', 2, /:/],
    ['an unknown alias', 'a: 1\nb: *nothing\n', 2, /anchor/],
  ] as const)('with %s is explained at its line', async (name, text, line, message) => {
    const { code, findings } = await check(`${name}.yaml`, text);
    expect(code).toBe(1);
    expect(findings.find((finding) => finding.line === line)?.message).toMatch(message);
  });

  it('that is nested 10,000 deep or unfolds without end is refused quickly, with the line', async () => {
    const deep = await check('deep.yaml', `ok: 1\na: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`);
    expect(deep).toMatchObject({ code: 1, findings: [{ code: 'yaml-too-deep', line: 2 }] });
    const started = performance.now();
    const bomb = await check('bomb.yaml', aliasBomb());
    expect(bomb.code).toBe(1);
    expect(bomb.findings[0]).toMatchObject({ code: 'yaml-alias-limit', severity: 'error' });
    // Unfolded it would take all memory, or longer than anybody waits.
    expect(performance.now() - started).toBeLessThan(60_000);
    // The list of the window checks the same files, in core's own process.
    expect(
      (await studio.client.configs.list()).find(({ path }) => path === 'bomb.yaml')?.errors,
    ).toBeGreaterThan(0);
  });

  it('that is empty or only a comment is no error', async () => {
    expect(await check('empty.yaml', '')).toMatchObject({ code: 0, findings: [] });
    expect(await check('comment.yaml', '# nothing yet\n')).toMatchObject({ code: 0, findings: [] });
    const read = await studio.client.configs.read({ path: 'empty.yaml' });
    expect(read.text).toBe('');
  });

  it('of 50 MB, of foreign bytes or of another encoding is refused by every command and by core, unchanged', async () => {
    const cases = [
      ['big.yaml', Buffer.alloc(50_000_000, 'a: 1\n'), 'TOO_LARGE', /big\.yaml is 50 MB/],
      [
        'picture.yaml',
        Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0xff, 0xd8]),
        'CORRUPT_FILE',
        /not UTF-8/,
      ],
      [
        'wide.yaml',
        Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('a: 1\n', 'utf16le')]),
        'CORRUPT_FILE',
        /not UTF-8/,
      ],
    ] as const;
    await writeFile(at('other.yaml'), 'a: 1\n');
    for (const [name, bytes, code, message] of cases) {
      await writeFile(at(name), bytes);
      const answers = [
        await nesso('config', 'check', at(name)),
        await nesso('config', 'set', at(name), 'a', '2'),
        await nesso('config', 'diff', at(name), at('other.yaml')),
      ];
      for (const answer of answers) {
        const error = expectRefusal(answer);
        expect(error).toMatchObject({ code, message: expect.stringMatching(message) as string });
      }
      await expect(studio.client.configs.read({ path: name })).rejects.toMatchObject({ code });
      expect((await readFile(at(name))).equals(bytes)).toBe(true);
      await rm(at(name));
    }
  });

  it('that does not parse is changed only where asked, and not by a fix', async () => {
    const text = 'a: 1\nlist: [1, 2\nb: 3\n';
    await writeFile(at('half.yaml'), text);
    const set = await nesso('config', 'set', at('half.yaml'), 'list', '7');
    // The open bracket is the value itself, so replacing it mends the file and touches no other line.
    expect(set.json()).toMatchObject({ changed: true, line: 2 });
    expect(await readFile(at('half.yaml'), 'utf8')).toBe('a: 1\nlist: 7\nb: 3\n');
    await writeFile(at('half.yaml'), text);
    expect((await nesso('config', 'check', at('half.yaml'), '--fix')).code).toBe(1);
    expect(await readFile(at('half.yaml'), 'utf8')).toBe(text);
  });
});

describe('a path', () => {
  it('that is a folder, a pipe, a socket-like device or nothing is answered at once at every door', async () => {
    await mkdir(at('folder.yaml'), { recursive: true });
    const places = [
      at('folder.yaml'),
      at('nothing.yaml'),
      ...(process.platform === 'win32' ? [] : ['/dev/zero']),
    ];
    if (process.platform !== 'win32') {
      execFileSync('mkfifo', [at('pipe.yaml')]);
      places.push(at('pipe.yaml'));
    }
    for (const place of places) {
      for (const words of [
        ['config', 'check', place],
        ['config', 'set', place, 'a', '1'],
        ['data', 'head', place],
        ['log', 'series', place],
        ['model', 'inspect', place],
      ]) {
        const { code } = expectRefusal(await nesso(...words));
        expect(['INVALID_INPUT', 'NOT_FOUND'], words.join(' ')).toContain(code);
      }
    }
    // In a workspace: the pipe is not listed, and asking for it does not hang core.
    expect((await studio.client.configs.list()).map(({ path }) => path)).not.toContain('pipe.yaml');
    for (const path of ['folder.yaml', 'pipe.yaml']) {
      await expect(studio.client.configs.read({ path }), path).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
      await expect(
        studio.client.configs.save({ path, text: 'a: 1\n', baseVersion: null }),
        path,
      ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    }
  });

  it.each([
    `quote ' and ".yaml`,
    'spazi e più.yaml',
    '設定 🙂.yaml',
    'line\nbreak.yaml',
    '-rf.yaml',
    '$(touch x).yaml',
  ])('with the name %j is read, saved, renamed and restored as it is', async (name) => {
    const { configs } = studio.client;
    await writeFiles(folder.path, { [`names/${name}`]: 'a: 1\n' });
    const path = `names/${name}`;
    const { version } = await configs.read({ path });
    expect((await configs.save({ path, text: 'a: 2\n', baseVersion: version })).kind).toBe('saved');
    await configs.rename({ from: path, to: `moved/${name}` });
    const { restoreToken } = await configs.remove({ path: `moved/${name}` });
    expect(await configs.restore({ restoreToken })).toEqual({ path: `moved/${name}` });
    expect(await readFile(at(`moved/${name}`), 'utf8')).toBe('a: 2\n');
    expect((await nesso('config', 'check', at(`moved/${name}`))).code).toBe(0);
  });

  it('that leads out of the workspace is refused by every door of core', async () => {
    await using elsewhere = await temporaryFolder();
    await writeFiles(elsewhere.path, {
      'secret.yaml': 'password: 1\n',
      'secret.jsonl': '{"a":1}\n',
      'secret.log': 'x',
    });
    await symlink(elsewhere.path, at('out'));
    const { configs, datasets, models, conversations, series } = studio.client;
    const refused = { code: 'INVALID_INPUT' };
    for (const way of ['out/secret', '../secret', '/etc/secret', 'C:\\secret', 'a/../../secret', 'a\0b']) {
      await expect(configs.read({ path: `${way}.yaml` }), way).rejects.toMatchObject(refused);
      await expect(
        configs.save({ path: `${way}.yaml`, text: 'x', baseVersion: null }),
        way,
      ).rejects.toMatchObject(refused);
      await expect(configs.rename({ from: 'empty.yaml', to: `${way}.yaml` }), way).rejects.toMatchObject(
        refused,
      );
      await expect(configs.remove({ path: `${way}.yaml` }), way).rejects.toMatchObject(refused);
      await expect(
        datasets.page({ path: `${way}.jsonl`, firstRow: 0, limit: 1, columns: ['a'] }),
        way,
      ).rejects.toMatchObject(refused);
      await expect(models.inspect({ path: `${way}.gguf` }), way).rejects.toMatchObject(refused);
      await expect(series.log({ source: { kind: 'file', path: `${way}.log` } }), way).rejects.toMatchObject(
        refused,
      );
    }
    for (const id of ['../x', 'a/b', '..']) {
      await expect(conversations.read({ id })).rejects.toMatchObject(refused);
      await expect(studio.client.runs.stop({ id: id as never })).rejects.toMatchObject(refused);
    }
    expect(await readFile(join(elsewhere.path, 'secret.yaml'), 'utf8')).toBe('password: 1\n');
  });

  it('that vanishes while it is open, or was replaced by a folder, loses no text', async () => {
    const { configs } = studio.client;
    await writeFiles(folder.path, { 'gone/a.yaml': 'a: 1\n' });
    const { version } = await configs.read({ path: 'gone/a.yaml' });
    await rm(at('gone'), { recursive: true });
    const save = (baseVersion: string | null) =>
      configs.save({ path: 'gone/a.yaml', text: 'a: mine\n', baseVersion });
    await expect(save(version)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      data: { hint: expect.stringContaining('new file') as string },
    });
    expect((await save(null)).kind).toBe('saved');
    await rm(at('gone/a.yaml'));
    await mkdir(at('gone/a.yaml'));
    await expect(save(version)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('that may not be read is PERMISSION_DENIED', async ({ skip }) => {
    await writeFiles(folder.path, {
      'private.yaml': 'a: 1\n',
      'private.jsonl': '{"a":1}\n',
      'private.log': 'x',
    });
    for (const name of ['private.yaml', 'private.jsonl', 'private.log']) await chmod(at(name), 0o200);
    const isRoot = process.geteuid?.() === 0;
    // Root may read everything, so for this test it becomes nobody.
    if (isRoot && process.seteuid === undefined) return skip('root may read everything');
    if (isRoot) {
      await chmod(folder.path, 0o755);
      process.seteuid?.(NOBODY);
    }
    const { configs, datasets } = studio.client;
    const refused = { code: 'PERMISSION_DENIED', message: expect.stringContaining('private') as string };
    try {
      await expect(configs.read({ path: 'private.yaml' })).rejects.toMatchObject(refused);
      const page = { path: 'private.jsonl', firstRow: 0, limit: 1, columns: ['a'] };
      await expect(datasets.page(page)).rejects.toMatchObject(refused);
      expect((await configs.list()).find(({ path }) => path === 'private.yaml')?.errors).toBe(1);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });
});
