// The remote loop's frames: any bytes, cut anywhere; the shell's own reading of what is quoted; why ssh failed.
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFollow } from '../../../../../core/lib/remote/follow.ts';
import { createFrameReader } from '../../../../../core/lib/remote/frame-reader.ts';
import { quoteWords } from '../../../../../core/lib/remote/quote.ts';
import { remoteCommand } from '../../../../../core/lib/remote/remote-loop.ts';
import { explainSshFailure } from '../../../../../core/lib/remote/ssh-failure.ts';

const NONCE = '0123456789abcdef0123456789abcdef';

function read(chunks: readonly Uint8Array[]): {
  outputs: Buffer[];
  ends: [number, string][];
  ready: string[][];
} {
  const outputs: Buffer[] = [];
  const ends: [number, string][] = [];
  const ready: string[][] = [];
  let output = Buffer.alloc(0);
  const reader = createFrameReader(NONCE, {
    onReady: (words) => ready.push([...words]),
    onBytes: (bytes) => {
      output = Buffer.concat([output, bytes]);
    },
    onEnd: (id, words) => {
      outputs.push(output);
      output = Buffer.alloc(0);
      ends.push([id, words.join(' ')]);
    },
  });
  for (const chunk of chunks) reader.push(chunk);
  return { outputs, ends, ready };
}

describe('frames', () => {
  it('give back any outputs, whatever pieces they arrive in', () => {
    // Bytes that look like the beginning of a mark are the hard ones.
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc
        .constantFrom('\n', `\n${NONCE}`, `\n${NONCE.slice(0, 9)}`, `${NONCE} `)
        .map((text) => Buffer.from(text)),
    );
    const output = fc.array(piece, { maxLength: 6 }).map((parts) => Buffer.concat(parts));
    fc.assert(
      fc.property(
        fc.array(output, { maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 40 })),
        (outputs, cuts) => {
          fc.pre(
            outputs.every(
              (bytes) => !bytes.includes(`\n${NONCE} `) && !bytes.toString('latin1').endsWith(`\n${NONCE}`),
            ),
          );
          const stream = Buffer.concat([
            Buffer.from(`Welcome\nto the cluster\n${NONCE} ready 42 /tmp/a b\n`),
            ...outputs.flatMap((bytes, index) => [bytes, Buffer.from(`\n${NONCE} ${index} ${index % 3}\n`)]),
          ]);
          const chunks: Uint8Array[] = [];
          for (let at = 0, turn = 0; at < stream.length; turn += 1) {
            const length = cuts[turn % Math.max(1, cuts.length)] ?? 7;
            chunks.push(stream.subarray(at, at + length));
            at += length;
          }
          const got = read(chunks);
          expect(got.ready).toEqual([['42', '/tmp/a', 'b']]);
          expect(got.ends).toEqual(outputs.map((_, index) => [index, String(index % 3)]));
          expect(got.outputs.map((bytes) => bytes.toString('hex'))).toEqual(
            outputs.map((bytes) => bytes.toString('hex')),
          );
        },
      ),
    );
  });

  it('refuse a mark that makes no sense', () => {
    expect(() => read([Buffer.from(`\n${NONCE} ready 1\n\n${NONCE} what\n`)])).toThrow(RangeError);
    expect(() => read([Buffer.from(`\n${NONCE} ${'x'.repeat(10_000)}`)])).toThrow(RangeError);
  });

  it('come from a loop that any login shell takes as one word', () => {
    const command = remoteCommand(NONCE);
    const inside = command.slice(command.indexOf("'") + 1, -1);
    expect(inside).not.toMatch(/['!\n]/);
    expect(spawnSync('sh', ['-n', '-c', inside]).status).toBe(0);
  });
});

describe('quoted words', () => {
  it('reach a program as they are', () => {
    const word = fc
      .string({ unit: 'binary', maxLength: 30 })
      .filter((text) => !text.includes('\0') && text.isWellFormed());
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (words) => {
        const { stdout } = spawnSync('sh', ['-c', `printf '%s\\0' ${quoteWords(words)}`], {
          encoding: 'utf8',
        });
        expect(stdout.split('\0').slice(0, -1)).toEqual(words);
      }),
      { numRuns: 40 },
    );
  });
});

describe('answers about growing files', () => {
  const mark = 'abcdef0123456789';
  const whole = Buffer.from(`0 10 77 4\ndata${mark}\n2 - - 0\n${mark}\n`);

  it('say what grew, what is missing and what stayed', () => {
    const [first, second, third] = parseFollow(whole, 3, mark);
    expect(first).toMatchObject({ kind: 'grown', size: 10, inode: '77' });
    expect([second?.kind, third?.kind]).toEqual(['same', 'missing']);
  });

  it('are refused as a whole when they break off or a file shrank meanwhile', () => {
    for (let length = 1; length < whole.length; length += 1) {
      if (length === `0 10 77 4\ndata${mark}\n`.length) continue;
      expect(() => parseFollow(whole.subarray(0, length), 3, mark), String(length)).toThrow(RangeError);
    }
    expect(() => parseFollow(Buffer.from(`0 10 77 9\nshort${mark}\n1 5 6 0\n${mark}\n`), 3, mark)).toThrow(
      RangeError,
    );
  });
});

describe('why ssh failed', () => {
  it.each([
    [
      'user@host: Permission denied (publickey,keyboard-interactive).',
      true,
      'The host did not accept the login',
    ],
    ['ssh: Could not resolve hostname x: Name or service not known', false, 'There is no host of that name'],
    [
      '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nHost key verification failed.',
      true,
      'The host shows another key than before',
    ],
    [
      'kex_exchange_identification: Connection closed by remote host',
      false,
      'The host closed the connection',
    ],
    ['something new', false, 'The connection could not be made'],
  ])('%s', (printed, needsPerson, message) => {
    expect(explainSshFailure(printed)).toMatchObject({ needsPerson, message });
  });

  it('of a login that asked nothing is that it would have to, unless a key alone is taken', () => {
    const refused = (methods: string) =>
      explainSshFailure(`me@host: Permission denied (${methods}).`, true).message;
    expect(refused('publickey,keyboard-interactive')).toBe('The login asks for something');
    expect(refused('publickey,password')).toBe('The login asks for something');
    expect(refused('publickey')).toBe('The host did not accept the login');
  });
});
