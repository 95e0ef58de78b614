// A folder for the hub as the hub and transformers want it, and its way there: what is sent, to whom, what a second time sends,
// and what the hub's refusals say.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askWeights } from '../../core/services/conversion/weights-child.ts';
import { planPublishing } from '../../core/services/conversion/publish-folder.ts';
import { spawnChild } from '../../core/services/native/spawn-child.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { writeNanotronCheckpoint } from '../support/nanotron-checkpoint.ts';
import { copyTokenizer, type RandomModel, readConversionExpectations } from '../support/random-model.ts';
import { repositoryFolder, temporaryFolder, type TestFolder } from '../support/test-core.ts';
import { startUploadHub, type UploadHub } from '../support/upload-hub.ts';

const TOKEN = 'hf_test';
const options = { spawn: () => spawnChild(repositoryFolder, 'native-weights') };

let folder: TestFolder;
let model: RandomModel;
let ready: string;
let hub: UploadHub;

beforeAll(async () => {
  ensureChildBuilt('native-weights', 'core/services/conversion');
  folder = await temporaryFolder();
  hub = await startUploadHub({ token: TOKEN });
  model = (await readConversionExpectations()).cases['llama-tied'] as RandomModel;
  const step = join(folder.path, 'checkpoints', '500');
  await writeNanotronCheckpoint(step, model, { tensorParallel: 2, names: 'new', interleaved: false });
  await copyTokenizer(model, step);
  await writeFile(
    join(step, 'checkpoint_metadata.json'),
    JSON.stringify({
      metas: {
        last_train_step: 500,
        consumed_train_samples: 128_000,
        data_stages: [
          { name: 'stable', sequence_length: 4096 },
          { name: 'annealing', sequence_length: 4096 },
        ],
      },
    }),
  );
  ready = join(folder.path, 'ready');
  await askWeights(
    {
      kind: 'convert',
      request: {
        source: step,
        output: ready,
        format: 'huggingface',
        type: 'bf16',
        tokenizer: null,
        preTokenizer: null,
        name: 'Piccolo | 0.1M',
        replace: false,
        shardBytes: 60_000,
        card: {
          languages: ['it', 'no'],
          license: 'apache-2.0',
          baseModels: [],
          datasets: ['my-team/corpus', 'libri vecchi'],
          summary: 'A model of tests.',
          metrics: [{ name: 'ARC-it, 5 shots', value: '25.1 ± 1.2' }],
        },
      },
    },
    options,
  );
}, 180_000);
afterAll(async () => {
  await hub[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

function publish(changes: Partial<Parameters<typeof request>[0]> = {}, signal?: AbortSignal) {
  return askWeights({ kind: 'publish', request: request(changes) }, { ...options, signal });
}
const request = (changes: { token?: string; repository?: string; folder?: string; endpoint?: string }) => ({
  folder: ready,
  repository: 'my-team/piccolo',
  visibility: 'private' as const,
  token: TOKEN,
  message: null,
  endpoint: hub.endpoint,
  ...changes,
});

describe('a folder for the hub', () => {
  it('has its weights in shards with an index that names every tensor once', async () => {
    const names = await readdir(ready);
    const shards = names.filter((name) => /^model-\d{5}-of-\d{5}\.safetensors$/.test(name)).sort();
    expect(shards.length).toBeGreaterThan(2);
    const index = JSON.parse(await readFile(join(ready, 'model.safetensors.index.json'), 'utf8'));
    expect(Object.keys(index.weight_map).sort()).toEqual(Object.keys(model.shapes).sort());
    expect(new Set(Object.values(index.weight_map))).toEqual(new Set(shards));
    const values = Object.values(model.shapes).reduce(
      (sum, shape) => sum + shape.reduce((a, b) => a * b, 1),
      0,
    );
    expect(index.metadata.total_size).toBe(values * 2);
    for (const shard of shards) {
      const bytes = await readFile(join(ready, shard));
      const header = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE())).toString());
      const { __metadata__, ...tensors } = header;
      expect(__metadata__).toEqual({ format: 'pt' });
      for (const name of Object.keys(tensors)) expect(index.weight_map[name]).toBe(shard);
    }
    expect(JSON.parse(await readFile(join(ready, 'generation_config.json'), 'utf8'))).toEqual({
      bos_token_id: 1,
      eos_token_id: 2,
    });
  });

  it('has a card with what a person said, what the training says, and nothing that YAML reads otherwise', async () => {
    const card = await readFile(join(ready, 'README.md'), 'utf8');
    expect(card).toContain('language:\n- it\n- "no"\nlicense: apache-2.0\nlibrary_name: transformers');
    expect(card).toContain('datasets:\n- my-team/corpus\n');
    expect(card).toContain('# Piccolo | 0.1M\n\nA model of tests.');
    expect(card).toContain(
      '| Tokens seen | 524,288,000 |\n| Sequence length | 4,096 tokens |\n| Stages | stable, annealing |',
    );
    expect(card).toContain('- libri vecchi');
    expect(card).toContain('| ARC-it, 5 shots | 25.1 ± 1.2 |');
  });

  it('can be converted again to the same weights', async () => {
    const { result } = await askWeights(
      { kind: 'diff', request: { a: ready, b: join(folder.path, 'checkpoints', '500') } },
      options,
    );
    expect(result.total.changed).toBe(0);
  });
});

describe('publishing', () => {
  it('lists first what would be sent, and what is left out', async () => {
    await writeFile(join(ready, 'notes.txt'), 'not for others');
    await writeFile(join(ready, '.env'), 'SECRET=1');
    const plan = planPublishing(ready);
    expect(plan.leftOut).toEqual(['.env', 'notes.txt']);
    expect(plan.files.map(({ path }) => path)).toContain('model.safetensors.index.json');
    expect(plan.warnings).toEqual(['The card has parts that wait to be filled in']);
    expect(() => planPublishing(join(folder.path, 'checkpoints', '500'))).toThrow(
      'no weights that can be published',
    );
  });

  it('goes on where it broke off, and sends nothing twice', async () => {
    hub.failUploads(503, 1);
    await expect(publish()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      data: { hint: expect.stringContaining('not sent again') },
    });
    expect(hub.repositories.get('my-team/piccolo')?.files.size).toBe(0);
    const arrived = hub.stored.size;
    const puts = () => hub.requests.filter((line) => line.startsWith('PUT')).length;
    const before = puts();
    const { result } = await publish();
    const large = planPublishing(ready).files.filter(({ sizeBytes }) => sizeBytes > 10_000).length;
    expect(puts() - before).toBe(large - arrived);
    expect(result).toMatchObject({ url: `${hub.endpoint}/my-team/piccolo`, commit: 'c'.repeat(40) });
    const repository = hub.repositories.get('my-team/piccolo');
    expect(repository?.private).toBe(true);
    expect([...(repository?.files.keys() ?? [])].sort()).toEqual(
      planPublishing(ready)
        .files.map(({ path }) => path)
        .sort(),
    );
    for (const [name, bytes] of repository?.files ?? []) {
      expect(bytes.equals(await readFile(join(ready, name)))).toBe(true);
    }
    const again = await publish();
    expect(again.result.sentBytes).toBe(0);
  });

  it('says what to do about tokens, rights and hubs that are not there', async () => {
    for (const token of ['hf_wrong', 'a password'])
      await expect(publish({ token })).rejects.toMatchObject({
        code: 'PERMISSION_DENIED',
        message: 'The hub does not know this token',
      });
    await expect(publish({ repository: 'others/piccolo' })).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
      message: 'The token may not write to others/piccolo',
    });
    const failure: unknown = await publish({ endpoint: 'http://127.0.0.1:9' }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('127.0.0.1:9') });
    expect(JSON.stringify(failure)).not.toContain(TOKEN);
  });
});
