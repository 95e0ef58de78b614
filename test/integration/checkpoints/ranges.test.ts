// Parts of files through a pipe: the same bytes under every shell a cluster may have, and over a connection that can have no other
// session. What is asked wrongly, or changes meanwhile, is said.
import { createHash, randomBytes } from 'node:crypto';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import {
  createRangeReader,
  type RangeAnswer,
  rangeCommand,
  rangeLine,
} from '../../../core/lib/checkpoints/range-protocol.ts';
import { framedChannel, openSession } from '../../../core/services/checkpoints/range-channel.ts';
import { createConnection } from '../../../core/services/targets/connection.ts';
import { noSshServer, startSshServer } from '../../support/ssh-server.ts';
import { repositoryFolder, temporaryFolder } from '../../support/test-core.ts';

const NONCE = 'abcdef0123456789';
const shells = ['dash', 'bash', 'busybox sh'].filter((shell) =>
  existsSync(join('/usr/bin', shell.split(' ')[0] ?? '')),
);
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Every byte that the far side sends for these lines. */
function answersOf(shell: string, lines: string): Promise<Buffer> {
  const command = rangeCommand(NONCE).replace('exec sh ', `exec ${shell} `);
  const child = spawn('/bin/sh', ['-c', command], { stdio: ['pipe', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.end(lines);
  return new Promise((resolve) => {
    child.once('close', () => resolve(Buffer.concat(chunks)));
  });
}

interface Read {
  readonly answer: RangeAnswer;
  readonly bytes: Buffer;
}

/** As the reader takes it when it comes in pieces of this size. */
function readAll(sent: Uint8Array, expected: readonly number[], pieceBytes: number): readonly Read[] {
  const done: Read[] = [];
  let bytes: Buffer[] = [];
  let answer: RangeAnswer | null = null;
  const reader = createRangeReader(NONCE, {
    onReady: () => undefined,
    expected: () => expected[done.length] ?? 0,
    onAnswer: (said) => {
      answer = said;
    },
    onBytes: (part) => bytes.push(Buffer.from(part)),
    onEnd: () => {
      if (answer) done.push({ answer, bytes: Buffer.concat(bytes) });
      bytes = [];
    },
  });
  for (let at = 0; at < sent.length; at += pieceBytes) reader.push(sent.subarray(at, at + pieceBytes));
  return done;
}

describe.each(shells)('%s', (shell) => {
  it('sends exactly what was asked for, whatever the bytes and the name', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, `a 'b' "c" $(d) ; é`);
    const bytes = Buffer.concat([
      randomBytes(300_000),
      Buffer.from(`\n${NONCE}\n= 1 2 3 4\n`),
      randomBytes(1000),
    ]);
    writeFileSync(path, bytes);
    const asked = [
      [0, bytes.length],
      [1, 1],
      [262_144, 20_000],
      [bytes.length, 0],
      [bytes.length - 1, 2],
    ] as const;
    const lines = [
      ...asked.map(([offset, count]) => rangeLine(offset, count, path)),
      rangeLine(0, 'h', path),
      rangeLine(0, 5, join(folder.path, 'nothing')),
      rangeLine(0, 2, path),
    ].join('');
    const sent = await answersOf(shell, lines);
    const read = readAll(sent, [...asked.map(([, count]) => count), 0, 5, 2], 10_000);
    for (const [index, [offset, count]] of asked.slice(0, 4).entries()) {
      expect(read[index]?.answer.kind).toBe('bytes');
      expect(read[index]?.bytes.equals(bytes.subarray(offset, offset + count))).toBe(true);
    }
    expect(read.slice(4).map(({ answer }) => answer)).toMatchObject([
      { kind: 'refused', reason: 'short' },
      { kind: 'hash', sha256: hashOf(bytes) },
      { kind: 'refused', reason: 'missing' },
      { kind: 'bytes', stamp: expect.stringMatching(/^\d+ \d+ \d+ \d+$/) as string },
    ]);
    expect(read[7]?.bytes.equals(bytes.subarray(0, 2))).toBe(true);
  });
});

test('answers are the same in whatever pieces they come, and fewer bytes than were said are noticed', () => {
  const sent = Buffer.from(`motd\n\n${NONCE} ready\n= 9 1 2 3\nab\ncd\n${NONCE}\n- missing\n\n${NONCE}\n`);
  for (let piece = 1; piece <= sent.length; piece += 1) {
    const read = readAll(sent, [5, 4], piece);
    expect(read.map(({ bytes }) => bytes.toString())).toEqual(['ab\ncd', '']);
  }
  expect(() => readAll(sent, [4, 4], 1)).toThrow(/fewer bytes/);
  expect(() => readAll(sent, [7, 4], 1)).toThrow(RangeError);
});

describe.skipIf(noSshServer !== null)(`over ssh${noSshServer === null ? '' : ` (${noSshServer})`}`, () => {
  it('without other sessions the connection itself carries them, and other commands come in between', async () => {
    await using server = await startSshServer();
    const connection = createConnection({
      destination: { host: 'cluster' },
      appFolder: repositoryFolder,
      configFile: server.configFile,
      ask: async () => null,
      onState: () => undefined,
    });
    try {
      const path = join(server.home, 'a file');
      const bytes = randomBytes(5_000_000);
      writeFileSync(path, bytes);
      execFileSync('chmod', ['a+r', path]);
      await connection.connect({ interactive: false });
      const channel = framedChannel(connection);
      const parts: Buffer[] = [];
      for (let start = 0; start < bytes.length; start += channel.maxBytes) {
        const length = Math.min(channel.maxBytes, bytes.length - start);
        await channel.ask({ path, start, length, onBytes: (part) => void parts.push(Buffer.from(part)) });
        const { stdout } = await connection.run({ script: 'echo between' });
        expect(new TextDecoder().decode(stdout)).toBe('between\n');
      }
      expect(Buffer.concat(parts).equals(bytes)).toBe(true);
      expect(await channel.ask({ path, start: 0, length: 'h' })).toEqual({
        kind: 'hash',
        sha256: hashOf(bytes),
      });
      // Another session never logs in by itself.
      const session = await openSession(connection, 1_000_000);
      expect((await session?.ask({ path, start: 0, length: 'h' }))?.kind).toBe('hash');
      await connection.disconnect();
      await expect(session?.ask({ path, start: 0, length: 1 })).rejects.toMatchObject({
        code: 'UNAVAILABLE',
      });
      expect(await openSession(connection, 1_000_000)).toBeNull();
    } finally {
      await connection.disconnect();
    }
  });
});
