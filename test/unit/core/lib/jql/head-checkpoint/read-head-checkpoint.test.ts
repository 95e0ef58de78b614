// Checkpoints that PyTorch wrote (test/fixtures/head-checkpoint), whole, cut and altered.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readHeadCheckpoint } from '../../../../../../core/lib/jql/head-checkpoint/read-head-checkpoint.ts';
import { CheckpointRefusal } from '../../../../../../core/lib/jql/head-checkpoint/refusal.ts';
import { readZipEntries } from '../../../../../../core/lib/jql/head-checkpoint/zip-entries.ts';
import { scoreDocuments } from '../../../../../../core/lib/jql/head.ts';
import { zipFile } from '../../../../../support/zip-file.ts';

const folder = join(import.meta.dirname, '../../../../../fixtures/head-checkpoint');
const numbers = z.array(z.number());
const weights = z.object({
  layer1Weight: numbers,
  layer1Bias: numbers,
  layer2Weight: numbers,
  layer2Bias: numbers,
  scores: numbers,
});
const files = ['lightning.ckpt', 'views.ckpt', 'state.pt'] as const;
const expected = z
  .object({
    inputs: z.number(),
    hidden: z.number(),
    features: numbers,
    'lightning.ckpt': weights,
    'views.ckpt': weights,
    'state.pt': weights,
  })
  .parse(JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')));
const bytesOf = (name: string): Uint8Array<ArrayBuffer> => Uint8Array.from(readFileSync(join(folder, name)));

describe('a checkpoint of PyTorch', () => {
  it.each(files)('%s gives the weights and scores that PyTorch has', (name) => {
    const head = readHeadCheckpoint(bytesOf(name));
    const wanted = expected[name];
    expect([head.inputs, head.hidden]).toEqual([expected.inputs, expected.hidden]);
    expect([...head.layer1Weight]).toEqual(wanted.layer1Weight);
    expect([...head.layer1Bias]).toEqual(wanted.layer1Bias);
    expect([...head.layer2Weight]).toEqual(wanted.layer2Weight);
    expect([...head.layer2Bias]).toEqual(wanted.layer2Bias);
    const scores = scoreDocuments(head, Float32Array.from(expected.features));
    for (const [index, score] of scores.entries()) expect(score).toBeCloseTo(wanted.scores[index] ?? 0, 5);
  });

  it('cut anywhere is refused, never read wrongly', () => {
    const bytes = bytesOf('lightning.ckpt');
    for (let length = 0; length < bytes.length; length += 61) {
      expect(() => readHeadCheckpoint(bytes.subarray(0, length)), `${length} bytes`).toThrow(
        CheckpointRefusal,
      );
    }
    expect(() => readHeadCheckpoint(bytes.subarray(0, 4000))).toThrow(
      /damaged or cut off: the archive has no end/,
    );
  });

  it('with one bit turned is refused or says the same', () => {
    const bytes = bytesOf('state.pt');
    const whole = readHeadCheckpoint(bytes);
    let refused = 0;
    for (let place = 0; place < bytes.length; place += 1) {
      const turned = bytes.slice();
      turned[place] = (turned[place] ?? 0) ^ 4;
      try {
        expect(readHeadCheckpoint(turned)).toEqual(whole);
      } catch (error) {
        if (!(error instanceof CheckpointRefusal)) throw error;
        refused += 1;
      }
    }
    // All of the description and the weights: 487 + 452 bytes.
    expect(refused).toBeGreaterThan(900);
  });

  it('says what is wrong with an archive of something else', () => {
    const text = new TextEncoder();
    const pickle = (body: string) => Uint8Array.from(body, (character) => character.charCodeAt(0));
    const cases: readonly (readonly [Uint8Array, RegExp])[] = [
      [text.encode('not a zip archive, but long enough to look for one'), /not a zip archive as torch.save/],
      [zipFile({ 'a/other.txt': text.encode('x') }), /not one that torch.save has written/],
      [
        zipFile({ 'a/data.pkl': pickle('\x80\x02}.'), 'b/data.pkl': pickle('\x80\x02}.') }),
        /not one that torch.save/,
      ],
      [zipFile({ 'a/data.pkl': pickle('\x80\x02}.'), 'a/byteorder': text.encode('big') }), /big-endian/],
      [zipFile({ 'a/data.pkl': pickle('\x80\x02}.') }), /this has no tensors/],
      [zipFile({ 'a/data.pkl': pickle('\x80\x02].') }), /not a dictionary of weights/],
    ];
    for (const [bytes, reason] of cases) expect(() => readHeadCheckpoint(bytes)).toThrow(reason);
    const deflated = zipFile({ 'a/data.pkl': pickle('\x80\x02}.') });
    deflated[deflated.length - 22 - 46 - 'a/data.pkl'.length + 10] = 8;
    expect(() => readHeadCheckpoint(deflated)).toThrow(/compressed/);
  });

  it('refuses storages that are missing, too short or reached beyond', () => {
    const entries = Object.fromEntries(
      [...readZipEntries(bytesOf('state.pt'))].map(([name, entry]) => [name, entry.read()]),
    );
    expect(readHeadCheckpoint(zipFile(entries)).hidden).toBe(8);
    const { 'state/data/0': _, ...without } = entries;
    expect(() => readHeadCheckpoint(zipFile(without))).toThrow(/the numbers of layer1.weight are missing/);
    expect(() => readHeadCheckpoint(zipFile({ ...entries, 'state/data/0': new Uint8Array(380) }))).toThrow(
      /another length/,
    );
    // The first BININT1 pair of shape (8, 12) becomes (9, 12): more than the storage holds, and a bias that does not fit.
    const pickle = entries['state/data.pkl']?.slice() ?? new Uint8Array();
    const place = pickle.findIndex((_byte, at) =>
      [0x4b, 8, 0x4b, 12].every((wanted, step) => pickle[at + step] === wanted),
    );
    expect(place).toBeGreaterThan(0);
    pickle[place + 1] = 9;
    expect(() => readHeadCheckpoint(zipFile({ ...entries, 'state/data.pkl': pickle }))).toThrow(
      /do not fit together/,
    );
    // Its offset, BININT1 0 just before the shape's mark, becomes 200.
    const shifted = entries['state/data.pkl']?.slice() ?? new Uint8Array();
    expect([...shifted.subarray(place - 2, place)]).toEqual([0x4b, 0]);
    shifted[place - 1] = 200;
    expect(() => readHeadCheckpoint(zipFile({ ...entries, 'state/data.pkl': shifted }))).toThrow(
      /beyond its storage/,
    );
  });
});
