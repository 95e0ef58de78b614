// The sample training run as a real process: metrics appended while it runs, a head that learned, a clean stop.
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { recipe } from '../../core/api/runs.ts';
import { scoreDocuments } from '../../core/lib/jql/head.ts';
import { spearman } from '../../core/lib/statistics/spearman.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { repositoryFolder, temporaryFolder, waitFor } from '../support/test-core.ts';
import { readMetrics, startTrainer } from '../support/trainer-process.ts';
import { decodeHead, ngramFeatures } from '../support/plain-head.ts';

const sampleFolder = join(repositoryFolder, 'resources', 'sample-workspace', 'data');
const sampleDocument = z.object({ text: z.string(), rating: z.number() });

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('training run', () => {
  beforeAll(() => ensureChildBuilt('native-train-head', 'native/trainer'));

  it('learns from the sample documents and leaves metrics, head and card', async () => {
    await using folder = await temporaryFolder();
    const data = `--data=${join(sampleFolder, 'documents.jsonl')}`;
    const { code, log } = await startTrainer(folder.path, [data, '--epochs=6', '--hidden=256']).done;
    expect(log).toMatch(/448 documents read, 0 skipped/);
    expect(code).toBe(0);

    const metrics = await readMetrics(folder.path);
    expect(metrics[0]?.total_steps).toBe(6 * 26);
    const losses = metrics.flatMap((line) => line.loss ?? []);
    expect(losses).toHaveLength(6 * 26);
    expect(mean(losses.slice(-20))).toBeLessThan(mean(losses.slice(0, 20)) / 2);
    expect(metrics.flatMap((line) => line.val_spearman ?? []).at(-1)).toBeGreaterThan(0.6);
    const times = metrics.map((line) => line.time);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(Math.abs((times[0] ?? 0) - Date.now() / 1000)).toBeLessThan(60);

    const head = decodeHead(new Uint8Array(await readFile(join(folder.path, 'head.safetensors'))));
    expect([head.inputs, head.hidden]).toEqual([512, 256]);
    const lines = (await readFile(join(sampleFolder, 'documents.jsonl'), 'utf8')).trimEnd().split('\n');
    const documents = lines.map((line) => sampleDocument.parse(JSON.parse(line)));
    const scores = documents.map(({ text }) => scoreDocuments(head, ngramFeatures(text))[0] ?? Number.NaN);
    const ratings = documents.map(({ rating }) => rating);
    expect(spearman(scores, ratings).coefficient).toBeGreaterThan(0.7);
    const card: unknown = JSON.parse(await readFile(join(folder.path, 'head.json'), 'utf8'));
    expect(card).toMatchObject({
      kind: 'jql-head',
      hidden: 256,
      training: { steps: 156, endedBy: 'completed', batchSize: 16 },
    });
  });

  it('reads Parquet and gives the same numbers for the same seed', async () => {
    await using first = await temporaryFolder();
    await using second = await temporaryFolder();
    const options = ['--epochs=1', '--hidden=32', '--seed=4'];
    const jsonl = startTrainer(first.path, [
      ...options,
      `--data=${join(sampleFolder, 'documents.jsonl')}`,
    ]).done;
    const parquet = startTrainer(second.path, [
      ...options,
      `--data=${join(sampleFolder, 'documents.parquet')}`,
    ]).done;
    expect([(await jsonl).code, (await parquet).code]).toEqual([0, 0]);
    const losses = async (path: string) =>
      (await readMetrics(path)).map((line) => line.loss ?? line.val_loss);
    expect(await losses(second.path)).toEqual(await losses(first.path));
  });

  it('stops on SIGTERM, saves what it has and says so', async () => {
    await using folder = await temporaryFolder();
    const data = `--data=${join(sampleFolder, 'documents.jsonl')}`;
    const running = startTrainer(folder.path, [data, '--hidden=32', '--pause-ms=20', '--epochs=1000']);
    await waitFor(async () => (await readMetrics(folder.path)).length > 10);
    running.child.kill('SIGTERM');
    const { code, log } = await running.done;
    expect(code).toBe(143);
    expect(log).toMatch(/stopped by request at step \d+; the best head so far is saved/);
    const steps = (await readMetrics(folder.path)).flatMap((line) =>
      line.loss === undefined ? [] : (line.step ?? []),
    );
    expect(steps).toEqual(steps.map((_, index) => index + 1));
    expect(decodeHead(new Uint8Array(await readFile(join(folder.path, 'head.safetensors')))).hidden).toBe(32);
  });

  it('fails with a reason: missing file, wrong option, wrong column, too little data', async () => {
    await using folder = await temporaryFolder();
    const few = join(folder.path, 'few.jsonl');
    await writeFile(few, '{"text":"a","rating":1}\nnot json\n');
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['--data=/nowhere.jsonl'], /failed: .*no such file/i],
      [['--data=x', '--epochs=-1'], /failed: --epochs/],
      [
        [`--data=${join(sampleFolder, 'documents.parquet')}`, '--label-column=stars'],
        /no column stars; there are: id, text/,
      ],
      [
        [
          `--data=${join(repositoryFolder, 'test/fixtures/datasets/documents.jsonl.zst')}`,
          '--label-column=none',
        ],
        /no column none; there are: id, text, score/,
      ],
      [[`--data=${few}`], /Only 1 documents have both text and rating; at least 20/],
    ];
    for (const [options, reason] of cases) {
      const { code, log } = await startTrainer(join(folder.path, 'run'), options).done;
      expect(log).toMatch(reason);
      expect(code).toBe(1);
    }
  });

  it('has a recipe whose parameters the contract accepts and whose command names each of them', () => {
    const text = readFileSync(join(repositoryFolder, 'resources/recipes/train-head/recipe.yaml'), 'utf8');
    const file = z
      .object({ command: z.array(z.string()) })
      .and(recipe)
      .parse(parse(text));
    for (const parameter of file.parameters) {
      expect(file.command.filter((word) => word.endsWith(`={${parameter.name}}`))).toHaveLength(1);
    }
  });
});
