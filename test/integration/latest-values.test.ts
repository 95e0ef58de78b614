// The newest values of a run in the list: of a run whose loss is no number any more, and of files that grow, are cut or replaced.
import { appendFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { run } from '../../core/api/runs.ts';
import { createLatestReader, type LatestReader } from '../../core/services/runs/latest.ts';

let folder: string;
let metrics: string;
let latestOf: LatestReader;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nesso-latest-'));
  metrics = join(folder, 'metrics.jsonl');
  latestOf = createLatestReader();
});
afterEach(() => rm(folder, { recursive: true }));

const line = (step: number, loss: number): string => `${JSON.stringify({ step, loss })}\n`;
/** More than is read of a file at first. */
const manyLines = (from: number): string =>
  Array.from({ length: 6000 }, (_, index) => line(from + index, index / 6000)).join('');

test('the newest values may be NaN and fit the contract', async () => {
  await writeFile(
    metrics,
    '{"step": 1, "loss": 2.5, "grad_norm": 1}\n{"step": 2, "loss": NaN, "grad_norm": Infinity}\n',
  );
  const { values, step } = await latestOf(folder, ['loss', 'grad_norm']);
  expect(step).toBe(2);
  expect(values).toEqual({ loss: Number.NaN, grad_norm: Number.NaN });
  expect(run.shape.latest.safeParse(values).success).toBe(true);
});

test('a file that grows by pieces of lines says the same as one that is read at once', async () => {
  const text = `{"step": 1, "loss": 3, "total_steps": 900}\n${line(2, 2.5)}${line(3, 2.25)}{"step": 4, "eval": 1}\n`;
  await writeFile(metrics, '');
  for (let at = 0; at < text.length; at += 7) {
    await appendFile(metrics, text.slice(at, at + 7));
    await latestOf(folder, ['loss', 'eval']);
  }
  const grown = await latestOf(folder, ['loss', 'eval']);
  expect(grown).toEqual(await createLatestReader()(folder, ['loss', 'eval']));
  expect(grown).toMatchObject({ step: 4, totalSteps: 900, values: { loss: 2.25, eval: 1 } });
});

test('several that ask at once while it grows get what the file says', async () => {
  await writeFile(metrics, line(1, 1));
  await latestOf(folder, ['loss']);
  for (let step = 2; step < 40; step += 1) {
    await appendFile(metrics, `{"step": ${step},`);
    const asked = [latestOf(folder, ['loss']), latestOf(folder, ['loss'])];
    await appendFile(metrics, ` "loss": ${step}}\n`);
    asked.push(latestOf(folder, ['loss']));
    await Promise.all(asked);
    expect(await latestOf(folder, ['loss'])).toMatchObject({ step, values: { loss: step } });
  }
});

test('of a long file the end is read, and the number of steps from its first line', async () => {
  await writeFile(metrics, `{"step": 0, "loss": 9, "total_steps": 12000}\n${manyLines(1)}`);
  expect(await latestOf(folder, ['loss'])).toMatchObject({ step: 6000, totalSteps: 12_000 });
  await appendFile(metrics, manyLines(6001));
  await appendFile(metrics, line(12_001, 0.5));
  expect(await latestOf(folder, ['loss'])).toMatchObject({
    step: 12_001,
    totalSteps: 12_000,
    values: { loss: 0.5 },
  });
});

test('steps that begin again, a file that was cut and one in its place are read as they are', async () => {
  await writeFile(metrics, line(100, 1) + line(101, 1));
  await latestOf(folder, ['loss']);
  await appendFile(metrics, line(90, 2));
  expect(await latestOf(folder, ['loss'])).toMatchObject({ step: 90, values: { loss: 2 } });
  await truncate(metrics, 0);
  await appendFile(metrics, line(5, 3));
  expect(await latestOf(folder, ['loss'])).toMatchObject({ step: 5, values: { loss: 3 } });
  const other = join(folder, 'other');
  await writeFile(other, `${line(1, 7)}${line(2, 8)}${line(3, 9)}`);
  await rename(other, metrics);
  expect(await latestOf(folder, ['loss'])).toMatchObject({ step: 3, values: { loss: 9 } });
});
