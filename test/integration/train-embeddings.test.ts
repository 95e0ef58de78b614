// Training from embedding sets as a real process: what it reaches, what it writes, and what it refuses.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readHeadCheckpoint } from '../../core/lib/jql/head-checkpoint/read-head-checkpoint.ts';
import { decodeHeadFile } from '../../core/lib/jql/head-file.ts';
import { scoreDocuments } from '../../core/lib/jql/head.ts';
import { spearman } from '../../core/lib/statistics/spearman.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { makeSet, writeSet } from '../support/embedding-set.ts';
import { mountSmallDisk } from '../support/small-disk.ts';
import { temporaryFolder, waitFor } from '../support/test-core.ts';
import { readCard, readMetrics, startTrainer } from '../support/trainer-process.ts';

const quick = ['--hidden=128', '--epochs=6', '--batch-size=64', '--learning-rate=0.005', '--threads=1'];

describe('training from embedding sets', () => {
  beforeAll(() => ensureChildBuilt('native-train-head', 'native/trainer'));

  it('ranks unseen documents, and its three files are one head', async () => {
    await using folder = await temporaryFolder();
    const [set, test] = [join(folder.path, 'set.safetensors'), join(folder.path, 'test.safetensors')];
    await writeSet(set, makeSet(4000));
    const unseen = makeSet(600, { seed: 99 });
    await writeSet(test, unseen);
    const run = join(folder.path, 'run');
    const { code, log } = await startTrainer(run, [`--data=${set}`, `--test=${test}`, ...quick]).done;
    expect(log).toMatch(/4000 embedded documents read, 0 skipped/);
    expect(log).toMatch(/3600 documents for training, 400 held out, 342 steps planned/);
    expect(code).toBe(0);

    const { head, metadata } = decodeHeadFile(new Uint8Array(await readFile(join(run, 'head.safetensors'))));
    expect(metadata).toMatchObject({ features: 'test-encoder', embedder_variant: 'fp32' });
    expect(readHeadCheckpoint(new Uint8Array(await readFile(join(run, 'head.ckpt'))))).toEqual(head);

    const card = await readCard(run);
    const scores = scoreDocuments(head, unseen.embeddings);
    const reached = spearman(scores, unseen.labels).coefficient;
    // The labels carry noise of ±0.5, rounded: the best there is lies near 0.9.
    expect(reached).toBeGreaterThan(0.8);
    expect(card.test?.spearman).toBeCloseTo(reached, 4);
    expect(card.test?.languages.map(({ language, documents }) => [language, documents])).toEqual([
      ['deu', 200],
      ['fra', 200],
      ['ita', 200],
    ]);
    for (const [index, { spearman: ours }] of (card.test?.languages ?? []).entries()) {
      const rows = scores.map((_, row) => row).filter((row) => row % 3 === index);
      const [left, right] = [scores, unseen.labels].map((values) => [...rows].map((row) => values[row] ?? 0));
      expect(ours).toBeCloseTo(spearman(left ?? [], right ?? []).coefficient, 4);
    }
    expect(card).toMatchObject({
      embedder: { id: 'test-encoder', variant: 'fp32', dimensions: 32 },
      data: { file: 'set.safetensors', source: 'made.parquet', languages: ['deu', 'fra', 'ita'] },
      rows: { train: 3600, validation: 400 },
      training: { endedBy: 'completed', epochsDone: 6, steps: 342, vectors: 'float32' },
    });

    const metrics = await readMetrics(run);
    const curve = metrics.flatMap((line) => line.val_spearman ?? []);
    expect(curve).toHaveLength(6);
    expect(card.validation?.spearman).toBe(Math.max(...curve));
    expect(metrics.filter((line) => line.val_spearman_mean !== undefined)).toHaveLength(6);
    const languages = (await readFile(join(run, 'languages.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(languages).toHaveLength(18);
  });

  it('learns the same from half-precision vectors, within their precision', async () => {
    await using folder = await temporaryFolder();
    const set = join(folder.path, 'set.safetensors');
    await writeSet(set, makeSet(2000));
    const spearmen: (number | null | undefined)[] = [];
    for (const vectors of ['float32', 'float16']) {
      const run = join(folder.path, vectors);
      const { code } = await startTrainer(run, [`--data=${set}`, `--vectors=${vectors}`, ...quick]).done;
      expect(code).toBe(0);
      const card = await readCard(run);
      expect(card.training.vectors).toBe(vectors);
      spearmen.push(card.validation?.spearman);
    }
    expect(Math.abs((spearmen[0] ?? 0) - (spearmen[1] ?? 1))).toBeLessThan(0.01);
  });

  it('balances ratings, keeps languages apart and cuts to a number of documents', async () => {
    await using folder = await temporaryFolder();
    const set = join(folder.path, 'set.safetensors');
    await writeSet(set, makeSet(3000));
    const run = join(folder.path, 'run');
    const { code, log } = await startTrainer(run, [
      `--data=${set}`,
      '--sampling=balanced',
      '--limit=600',
      '--languages=deu, ita',
      ...quick,
    ]).done;
    expect(code).toBe(0);
    const { data, rows, validation } = await readCard(run);
    expect(data.languages).toEqual(['deu', 'ita']);
    expect(rows.train).toBe(600);
    expect(validation?.languages.map(({ language }) => language)).toEqual(['deu', 'ita']);
    for (const { available, taken } of data.classes) {
      expect(taken.reduce((sum, count) => sum + count, 0)).toBe(300);
      const most = Math.max(...taken);
      for (const [rating, count] of taken.entries()) {
        // A rating that gave less than the others gave all it had.
        if (count < most - 1) expect(count).toBe(available[rating]);
      }
    }
    expect(log).toMatch(/sample deu \| 0: \d+ of \d+ \| 1: /);
  });

  it('stops within a moment and keeps the best so far', async () => {
    await using folder = await temporaryFolder();
    const set = join(folder.path, 'set.safetensors');
    await writeSet(set, makeSet(4000));
    const run = join(folder.path, 'run');
    const running = startTrainer(run, [
      `--data=${set}`,
      '--epochs=5000',
      '--batch-size=64',
      '--patience=5000',
    ]);
    await waitFor(async () => (await readMetrics(run)).some((line) => line.val_spearman !== undefined));
    running.child.kill('SIGTERM');
    const { code, log } = await running.done;
    expect(code).toBe(143);
    expect(log).toMatch(/the best head so far is saved/);
    const card = await readCard(run);
    expect(card.training.endedBy).toBe('stopped');
    expect(card.validation?.spearman).toBeGreaterThan(0);
    expect(readHeadCheckpoint(new Uint8Array(await readFile(join(run, 'head.ckpt')))).inputs).toBe(32);
  });

  it('leaves out rows without a finite label or vector', async () => {
    await using folder = await temporaryFolder();
    const set = join(folder.path, 'set.safetensors');
    const made = makeSet(500);
    made.labels[3] = Number.NaN;
    made.labels[499] = Number.POSITIVE_INFINITY;
    made.embeddings[10 * 32 + 5] = Number.NaN;
    made.embeddings[11 * 32] = Number.NEGATIVE_INFINITY;
    await writeSet(set, made);
    for (const vectors of ['float32', 'float16']) {
      const run = join(folder.path, vectors);
      const { code, log } = await startTrainer(run, [`--data=${set}`, `--vectors=${vectors}`, ...quick]).done;
      expect(log).toMatch(/496 embedded documents read, 4 skipped/);
      expect(code).toBe(0);
      expect((await readCard(run)).data.skipped).toBe(4);
    }
  });

  it('refuses damaged and foreign files, too little data and a test set of another embedder', async () => {
    await using folder = await temporaryFolder();
    const at = (name: string): string => join(folder.path, name);
    const bytes = await writeSet(at('whole.safetensors'), makeSet(200));
    await writeFile(at('cut.safetensors'), bytes.subarray(0, bytes.length - 100));
    await writeFile(at('head.safetensors'), bytes.subarray(0, 40));
    await writeFile(at('long.safetensors'), Buffer.concat([bytes, Buffer.alloc(8)]));
    await writeFile(at('empty.safetensors'), '');
    await writeFile(at('binary.safetensors'), Buffer.alloc(4096, 0xff));
    await writeSet(at('few.safetensors'), makeSet(12));
    await writeSet(at('other.safetensors'), { ...makeSet(60), variant: 'int8' });
    const lost = makeSet(100);
    await writeSet(at('lost.safetensors'), { ...lost, languages: lost.languages.map((one) => one + 9) });
    await writeSet(at('one.safetensors'), { ...makeSet(60), documents: new Uint32Array(60) });
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['cut'], /failed: cut\.safetensors is damaged or cut off: 200 documents of 32 values take \d+ bytes/],
      [['head'], /failed: head\.safetensors cannot be read as an embedding set: its header is cut off/],
      [['long'], /failed: long\.safetensors is damaged/],
      [['empty'], /failed: empty\.safetensors cannot be read as an embedding set/],
      [['binary'], /failed: binary\.safetensors cannot be read as an embedding set/],
      [['few'], /failed: Only 12 documents have a vector and a label; at least 20/],
      [['lost'], /failed: The embedding set is damaged: row 0 is of a language/],
      [['one'], /failed: All rows are of one document/],
      [['whole', '--languages=xx'], /failed: There are no documents in xx; there are: deu, fra, ita/],
      [
        ['whole', `--test=${at('other.safetensors')}`],
        /failed: .* of test-encoder int8, .* test-encoder fp32/,
      ],
    ];
    for (const [[name, ...options], reason] of cases) {
      const arguments_ = [`--data=${at(`${name}.safetensors`)}`, ...quick, ...options];
      const { code, log } = await startTrainer(at('run'), arguments_).done;
      expect(log).toMatch(reason);
      expect(code).toBe(1);
    }
  });

  it('says that the disk is full and leaves no half head', async (context) => {
    await using folder = await temporaryFolder();
    using disk = mountSmallDisk(join(folder.path, 'disk'), 65_536);
    if (!disk) return context.skip('needs permission to mount');
    const set = join(folder.path, 'set.safetensors');
    await writeSet(set, makeSet(400));
    const run = join(disk.path, 'run');
    const { code, log } = await startTrainer(run, [`--data=${set}`, ...quick, '--hidden=1000']).done;
    expect(log).toMatch(/failed: .*(ENOSPC|no space left)/i);
    expect(code).toBe(1);
    await expect(readFile(join(run, 'head.safetensors'))).rejects.toThrow('ENOENT');
  });
});
