// Logs read by line in a real child: windows of long files, growth, replacement, search against grep, hostile bytes, a child that dies.
import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, rename, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LogSearchState, LogSource, LogState } from '../../core/api/logs.ts';
import type { SearchPattern } from '../../core/lib/log-view/search-pattern.ts';
import { createLogPool } from '../../core/services/logs/log-pool.ts';
import { spawnChild } from '../../core/services/native/spawn-child.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import {
  repositoryFolder,
  startTestCore,
  temporaryFolder,
  type TestClient,
  waitFor,
  writeFiles,
} from '../support/test-core.ts';
import { signalProcess } from '../support/processes.ts';

const source: LogSource = { kind: 'file', path: 'a.log' };

beforeAll(() => ensureChildBuilt('native-logs', 'core/services/logs'));

async function openWith(files: Readonly<Record<string, string>>) {
  const folder = await temporaryFolder();
  await writeFiles(folder.path, files);
  const studio = await startTestCore();
  await studio.client.workspace.open({ path: folder.path });
  return {
    path: folder.path,
    log: join(folder.path, 'a.log'),
    client: studio.client,
    async [Symbol.asyncDispose]() {
      await studio[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Collects what a stream gives until closed. */
function follow<T>(open: (signal: AbortSignal) => Promise<AsyncIterable<T>>) {
  const abort = new AbortController();
  const items: T[] = [];
  let failure: unknown = null;
  const reading = (async () => {
    for await (const item of await open(abort.signal)) items.push(item);
  })().catch((error: unknown) => {
    if (!abort.signal.aborted) failure = error;
  });
  return {
    items,
    latest: () => {
      if (failure) throw failure;
      return items.at(-1);
    },
    async [Symbol.asyncDispose]() {
      abort.abort();
      await reading;
    },
  };
}
const watching = (client: TestClient) =>
  follow<LogState>((signal) => client.logs.watch({ source }, { signal }));
const searching = (client: TestClient, pattern: Partial<SearchPattern> & { text: string }) =>
  follow<LogSearchState>((signal) => client.logs.search({ source, pattern }, { signal }));
const textOf = async (client: TestClient, firstRow: number, count: number, isFolded = false) =>
  (await client.logs.rows({ source, firstRow, count, folding: { isFolded } })).rows.map(({ text }) => text);

describe('rows', () => {
  it('are read anywhere in a long log, and grow with it', async () => {
    const lines = Array.from({ length: 50_000 }, (_, n) => `line ${n} ${'x'.repeat(n % 90)}`);
    await using workspace = await openWith({ 'a.log': `${lines.join('\n')}\n` });
    const { client } = workspace;
    await using feed = watching(client);
    await waitFor(() => feed.latest()?.isComplete);
    expect(feed.latest()).toMatchObject({ lines: 50_000, troubleCount: 0, rootLine: null });
    for (const first of [0, 1, 63, 64, 31_337, 49_990])
      expect(await textOf(client, first, 10)).toEqual(lines.slice(first, first + 10));
    await appendFile(workspace.log, 'half');
    await waitFor(() => feed.latest()?.lines === 50_001);
    expect(await textOf(client, 49_999, 5)).toEqual([lines[49_999], 'half']);
    await appendFile(workspace.log, ' a line\nnext\n');
    await waitFor(() => feed.latest()?.lines === 50_002);
    expect(await textOf(client, 50_000, 5)).toEqual(['half a line', 'next']);
    const tail = await client.logs.tail({ source, count: 2 });
    expect(tail.rows.map(({ text, line }) => [text, line])).toEqual([
      ['half a line', null],
      ['next', null],
    ]);
  });

  it('show the last state of progress bars, cut what is too long, and survive garbage', async () => {
    const bar = Array.from({ length: 1000 }, (_, n) => `${n}/1000`).join('\r');
    await using workspace = await openWith({ 'a.log': `${bar}\nwindows\r\nend\n` });
    const { client, log } = workspace;
    await using feed = watching(client);
    await waitFor(() => feed.latest()?.isComplete);
    const { rows } = await client.logs.rows({ source, firstRow: 0, count: 9 });
    expect(rows.map(({ text, updates }) => [text, updates])).toEqual([
      ['999/1000', 999],
      ['windows', 0],
      ['end', 0],
    ]);
    const long = Buffer.alloc(10_000_000, 0x61);
    const garbage = Buffer.from([0xff, 0xfe, 0x00, 0x1b, 0x5b, 0x33, 0x0a, 0xc3, 0x0a]);
    await appendFile(log, Buffer.concat([long, Buffer.from('\n'), garbage]));
    await waitFor(() => feed.latest()?.lines === 6);
    const more = (await client.logs.rows({ source, firstRow: 3, count: 9 })).rows;
    expect(more[0]).toMatchObject({ isCut: true, sizeBytes: 10_000_000, text: 'a'.repeat(4000) });
    expect(more[1]?.text).toBe('\ufffd\ufffd\u0000\u001b[3');
    expect(more[2]?.text).toBe('\ufffd');
    const { text } = await client.logs.text({ source, first: 3, last: 3, limitBytes: 16_000_000 });
    expect(text).toBe('a'.repeat(10_000_000));
    expect((await client.logs.text({ source, first: 0, last: 2, limitBytes: 1_000_000 })).text).toBe(
      '999/1000\nwindows\nend',
    );
    const raw = await client.logs.text({ source, first: 1, last: 1, form: 'raw', limitBytes: 1000 });
    expect(raw).toEqual({ text: 'windows\r', nextLine: null });
  });

  it('fold repeats and unfold one of them; places are found in both', async () => {
    const repeated = Array.from({ length: 40 }, (_, rank) => `[rank${rank}]: Warning: slow`);
    await using workspace = await openWith({
      'a.log': ['a', ...repeated, 'b', ...repeated, 'c', ''].join('\n'),
    });
    const { client } = workspace;
    await using feed = watching(client);
    await waitFor(() => feed.latest()?.isComplete);
    expect(feed.latest()).toMatchObject({ lines: 83, foldedRows: 5 });
    expect(await textOf(client, 0, 99, true)).toEqual(['a', repeated[0], 'b', repeated[0], 'c']);
    const folding = { isFolded: true, unfolded: [1] };
    const { rows, totalRows } = await client.logs.rows({ source, firstRow: 0, count: 99, folding });
    expect(totalRows).toBe(44);
    expect(rows[1]?.repeat).toEqual({ firstLine: 1, period: 1, times: 40, isUnfolded: true });
    expect(rows.at(-2)?.repeat).toMatchObject({ firstLine: 42, times: 40, isUnfolded: false });
    const at = { kind: 'line' as const, line: 82 };
    expect(await client.logs.locate({ source, at, folding })).toMatchObject({ row: 43, hiddenBy: null });
    const hidden = { kind: 'line' as const, line: 60 };
    expect(await client.logs.locate({ source, at: hidden, folding })).toMatchObject({ hiddenBy: 42 });
  });

  it('start over when the file is cut or replaced, and wait for one that is not there', async () => {
    await using workspace = await openWith({ 'a.log': 'one\ntwo\n' });
    const { client, log } = workspace;
    await using feed = watching(client);
    await waitFor(() => feed.latest()?.lines === 2);
    const before = feed.latest()?.generation;
    await truncate(log, 0);
    await appendFile(log, 'new\n');
    await waitFor(() => feed.latest()?.lines === 1);
    expect(feed.latest()?.generation).not.toBe(before);
    await writeFile(`${log}.aside`, 'a\nb\nc\n');
    await rename(`${log}.aside`, log);
    await waitFor(() => feed.latest()?.lines === 3);
    expect(await textOf(client, 0, 9)).toEqual(['a', 'b', 'c']);
  });

  it('are found by time, in logs of programs that print one', async () => {
    const stamp = (n: number) => new Date(Date.UTC(2026, 2, 1) + n * 1000).toISOString();
    const lines = Array.from({ length: 3000 }, (_, n) => `${stamp(n)} INFO x\n  without one\n`);
    await using workspace = await openWith({ 'a.log': lines.join('') });
    await using feed = watching(workspace.client);
    await waitFor(() => feed.latest()?.isComplete);
    const at = { kind: 'time' as const, atMs: Date.UTC(2026, 2, 1) + 1_234_400 };
    expect((await workspace.client.logs.locate({ source, at })).line).toBe(2468);
    const early = { kind: 'time' as const, atMs: 0 };
    expect((await workspace.client.logs.locate({ source, at: early })).line).toBe(0);
  });

  it('are refused outside of the workspace and of the folder of a run, and for folders', async () => {
    await using elsewhere = await temporaryFolder();
    await writeFiles(elsewhere.path, { 'x.log': 'secret\n' });
    await using workspace = await openWith({ 'runs/r-1/run.json': '{}', 'other.log': 'x\n' });
    await mkdir(join(workspace.path, 'folder'));
    await symlink(join(elsewhere.path, 'x.log'), join(workspace.path, 'link.log'));
    const tail = (wanted: LogSource) => workspace.client.logs.tail({ source: wanted });
    for (const path of ['link.log', 'folder'])
      await expect(tail({ kind: 'file', path })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(tail({ kind: 'file', path: 'none.log' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const id = 'r-1' as Extract<LogSource, { kind: 'run' }>['id'];
    for (const file of ['../../other.log', '/etc/passwd', '.'])
      await expect(tail({ kind: 'run', id, file })).rejects.toMatchObject({
        code: /NOT_FOUND|INVALID_INPUT/,
      });
    expect(await tail({ kind: 'run', id })).toMatchObject({ rows: [], totalRows: 0 });
  });
});

describe('search', () => {
  /** Line numbers from 0, as grep finds them. */
  const grep = (path: string, ...words: readonly string[]): readonly number[] => {
    try {
      // It reads bytes as UTF-8 only in such a locale.
      const env = { ...process.env, LC_ALL: 'C.UTF-8' };
      const found = execFileSync('grep', ['-n', ...words, path], { encoding: 'latin1', maxBuffer: 1e9, env });
      return found
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => Number(line.slice(0, line.indexOf(':'))) - 1);
    } catch {
      return [];
    }
  };

  it('finds the lines that grep finds: text, case, words, patterns, letters beyond ASCII', async () => {
    const words = [
      'loss',
      'LOSS',
      'glossary',
      'Ação',
      'ação',
      'a.b',
      'axb',
      '  end',
      '',
      '🙂 smile',
      'tab\there',
    ];
    const lines = Array.from(
      { length: 40_000 },
      (_, n) => `${n % 7} ${words[(n * 31) % words.length]} ${n % 13}`,
    );
    await using workspace = await openWith({ 'a.log': `${lines.join('\n')}\n` });
    const { client, log } = workspace;
    const cases: readonly (readonly [Partial<SearchPattern> & { text: string }, readonly string[]])[] = [
      [{ text: 'loss', matchesCase: true }, ['-F', 'loss']],
      [{ text: 'loss' }, ['-iF', 'loss']],
      [{ text: 'loss', wholeWord: true, matchesCase: true }, ['-wF', 'loss']],
      [{ text: 'AÇÃO' }, ['-i', '-E', 'a(ç|Ç)(ã|Ã)o']],
      [{ text: 'Ação', matchesCase: true }, ['-F', 'Ação']],
      [{ text: 'a.b', matchesCase: true }, ['-F', 'a.b']],
      [{ text: 'a.b', isRegex: true, matchesCase: true }, ['-E', 'a.b']],
      [{ text: '^3 .*1$', isRegex: true }, ['-E', '^3 .*1$']],
      [{ text: '\\s+end\\s+5', isRegex: true }, ['-E', '[[:space:]]+end[[:space:]]+5']],
      [{ text: '[^0-9 ]{6}', isRegex: true }, ['-P', '[^0-9 ]{6}']],
      [{ text: '🙂', matchesCase: true }, ['-F', '🙂']],
      [{ text: 'nowhere' }, ['-F', 'nowhere']],
    ];
    for (const [pattern, flags] of cases) {
      await using search = searching(client, pattern);
      const state = await waitFor(() => (search.latest()?.isComplete ? search.latest() : null));
      const expected = grep(log, ...flags);
      expect([pattern.text, state.matches]).toEqual([pattern.text, expected.length]);
      if (expected.length === 0) continue;
      const { searchId } = state;
      const lineOf = async (offset: number) =>
        (await client.logs.locate({ source, at: { kind: 'offset', offset } })).line;
      const first = await client.logs.match({ searchId, offset: 0, direction: 'next' });
      expect(await lineOf(first.offset)).toBe(expected[0]);
      const second = await client.logs.match({ searchId, offset: first.offset + 1, direction: 'next' });
      expect(await lineOf(second.offset)).toBe(expected[1]);
      const last = await client.logs.match({ searchId, offset: first.offset, direction: 'previous' });
      expect([last.index, await lineOf(last.offset)]).toEqual([expected.length - 1, expected.at(-1)]);
    }
  }, 240_000);

  it('sees words through colours, and what is written later, also without an end', async () => {
    await using workspace = await openWith({ 'a.log': '\u001b[31mER\u001b[1mROR\u001b[0m 31m\nplain\n' });
    const { client, log } = workspace;
    await using search = searching(client, { text: 'error' });
    await waitFor(() => search.latest()?.isComplete);
    expect(search.latest()?.matches).toBe(1);
    const { searchId = '' } = search.latest() ?? {};
    const texts = ['an Error, an error', 'none'];
    expect(await client.logs.highlight({ searchId, texts })).toEqual({ ranges: [[3, 8, 13, 18], []] });
    await appendFile(log, 'one more error');
    await waitFor(() => search.latest()?.matches === 2);
    await appendFile(log, ' and on\nerror\n');
    await waitFor(() => search.latest()?.matches === 3);
    await truncate(log, 0);
    await appendFile(log, 'an error\n');
    await waitFor(() => search.latest()?.matches === 1);
  });

  it('stops a pattern that would take for ever, and refuses one that is none', async () => {
    await using workspace = await openWith({ 'a.log': `${'a'.repeat(60)}!\n` });
    const { client } = workspace;
    await using bad = searching(client, { text: '(a+)+$', isRegex: true });
    await expect(waitFor(() => bad.latest()?.isComplete)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('longer than 5 seconds'),
    });
    await using none = searching(client, { text: '(', isRegex: true });
    await expect(waitFor(() => none.latest())).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await using good = searching(client, { text: 'a!' });
    await waitFor(() => good.latest()?.matches === 1);
  });
});

describe('troubles', () => {
  it('are listed with the first cause, for a whole log', async () => {
    const log = [
      'start',
      '[rank1]: Traceback (most recent call last):',
      '[rank1]:   File "x.py", line 1, in f',
      '[rank1]: torch.OutOfMemoryError: CUDA out of memory.',
      ...Array.from({ length: 3000 }, (_, n) => `[rank0]: waiting ${n}`),
      '[rank0]: [Rank 0] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=1)',
    ].join('\n');
    await using workspace = await openWith({ 'a.log': `${log}\n` });
    const { troubles, root } = await workspace.client.logs.troubles({ source });
    expect(troubles.map(({ kind, line, rank }) => [kind, line, rank])).toEqual([
      ['gpu-memory', 1, 'rank 1'],
      ['nccl-timeout', 3004, 'rank 0'],
    ]);
    expect(root).toMatchObject({ line: 1, lines: 3, isConsequence: false });
  });
});

describe('the child', () => {
  it('is started again when it dies, and ends when nobody reads', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a.log');
    await writeFile(path, 'one\n');
    const pool = createLogPool(() => spawnChild(repositoryFolder, 'native-logs'), 100);
    const lease = await pool.lease(path);
    await waitFor(() => lease.state?.lines === 1);
    const { pid } = pool;
    const generation = lease.state?.generation;
    signalProcess(pid, 'SIGKILL');
    await appendFile(path, 'two\n');
    await waitFor(() => lease.state?.lines === 2);
    expect(pool.pid).not.toBe(pid);
    expect(lease.state?.generation).not.toBe(generation);
    lease[Symbol.dispose]();
    await waitFor(() => pool.openCount === 0 && pool.pid === null);
    await pool.dispose();
  });
});
