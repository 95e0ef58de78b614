// A run whose loss is no number any more is still listed, by every transport.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../core/api/runs.ts';
import { createLatestReader } from '../../core/services/runs/latest.ts';

test.each([
  [
    'metrics.jsonl',
    '{"step": 1, "loss": 2.5, "grad_norm": 1}\n{"step": 2, "loss": NaN, "grad_norm": Infinity}\n',
  ],
])('the newest values in %s may be NaN and fit the contract', async (name, text) => {
  const folder = await mkdtemp(join(tmpdir(), 'nesso-diverged-'));
  await writeFile(join(folder, name), text);
  const { values, step } = await createLatestReader()(folder, ['loss', 'grad_norm']);
  await rm(folder, { recursive: true });
  expect(step).toBe(2);
  expect(values).toEqual({ loss: Number.NaN, grad_norm: Number.NaN });
  expect(run.shape.latest.safeParse(values).success).toBe(true);
});
