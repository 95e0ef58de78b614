// Quantizations of one checkpoint, made by conversion and measured with the real runtime.
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QuantizationTable } from '../../core/api/quantizations.ts';
import { outputOf } from '../../core/services/quantizations/make-type.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { writeSampleCheckpoint, writeSampleTokenizer } from '../support/sample-checkpoint.ts';
import { writeSampleSteps } from '../support/sample-steps.ts';
import {
  startTestCore,
  type TestCore,
  type TestFolder,
  temporaryFolder,
  writeFiles,
} from '../support/test-core.ts';

let studio: TestCore;
let folder: TestFolder;
let model = '';
const quantizations = () => studio.client.quantizations;
const at = (path: string): string => join(folder.path, path);

async function measure(
  paths: readonly string[],
  device = { threads: 1, memoryBytes: null as number | null },
) {
  let table: QuantizationTable | null = null;
  for await (const event of await quantizations().measure({ paths: [...paths], device, repeats: 1 })) {
    if (event.kind === 'result') table = event.result;
  }
  if (table === null) throw new Error('no result');
  return table;
}

beforeAll(async () => {
  ensureChildBuilt('native-llama', 'native/llama');
  ensureChildBuilt('native-weights', 'core/services/conversion');
  studio = await startTestCore();
  folder = await temporaryFolder();
  await writeFiles(folder.path, { 'studio.yaml': 'name: test\n' });
  [model = ''] = await writeSampleSteps(folder.path, 'run-a', [{ step: 1000, trained: 1, types: ['f16'] }]);
  await writeSampleCheckpoint(at('checkpoints/run-a/1000/weights'), { trained: 1 });
  await writeSampleTokenizer(at('checkpoints/run-a/1000/weights'));
  await studio.client.workspace.open({ path: folder.path });
});
afterAll(async () => {
  await studio[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

describe('one checkpoint', () => {
  it('makes the types that are missing beside the model, of the same weights', async () => {
    const before = await quantizations().group({ path: model });
    expect(before).toMatchObject({ source: 'checkpoints/run-a/1000/weights' });
    expect(before.missing).toContain('q4_0');
    for (const type of ['q8_0', 'q4_0'] as const) {
      for await (const event of await quantizations().make({ path: model, type })) {
        if (event.kind === 'result') expect(event.result.path).toBe(outputOf(model, type));
      }
    }
    const after = await quantizations().group({ path: model });
    expect(after.members.map(({ quantization }) => quantization)).toEqual(['F16', 'Q8_0', 'Q4_0']);
    await expect(
      (async () => {
        for await (const _ of await quantizations().make({ path: model, type: 'q4_0' }));
      })(),
    ).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
  });

  it('says what each costs and loses, and remembers it', async () => {
    const { members } = await quantizations().group({ path: model });
    const table = await measure(members.map(({ path }) => path));
    const [whole, eight, four] = table.rows;
    expect(table.reference).toBe(model);
    for (const row of table.rows) {
      expect(row.problem).toBeNull();
      expect(row.tokensPerSecond).toBeGreaterThan(0);
      expect(row.promptTokensPerSecond).toBeGreaterThan(0);
      expect(row.loadMs).toBeGreaterThan(0);
      expect(row.memoryBytes).toBeGreaterThan(1e6);
      expect(row.bitsPerByte.map(({ text }) => text)).toEqual(['italian', 'english']);
    }
    expect(whole?.loss).toBeNull();
    expect(eight?.loss?.agreement).toBeGreaterThan(0.9);
    // Rounding of 8 bits moves less than rounding of 4, whatever the direction.
    expect(Math.abs(eight?.loss?.bitsPerByte ?? 1)).toBeLessThan(Math.abs(four?.loss?.bitsPerByte ?? 0));
    expect(eight?.loss?.agreement ?? 0).toBeGreaterThan(four?.loss?.agreement ?? 1);
    expect(table.device).toEqual({ threads: 1, memoryBytes: null });
    expect(await quantizations().last({ path: outputOf(model, 'q4_0') })).toEqual(table);
  });

  it('a limit of memory and a damaged file are named in their rows', async () => {
    const broken = 'models/broken.gguf';
    await writeFiles(folder.path, { 'models/readme.txt': '' });
    await copyFile(at(model), at(broken));
    const limited = await measure([model], { threads: 1, memoryBytes: 1_000_000 });
    expect(limited.rows[0]?.problem).toMatch(/memory/i);
    await writeFile(at(broken), (await readFile(at(model))).subarray(0, 100_000));
    await expect(measure([broken])).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
  });
});
